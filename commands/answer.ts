import type { Answer, Command, FormCall } from '../src/core/command.ts';
import { type Form, readForm } from '../src/core/form.ts';
import { readArguments } from '../src/core/grammar.ts';
import { personOf } from '../src/core/people.ts';
import { personBehind } from '../src/core/roles.ts';
import { showSurvey } from '../src/core/reports/keep-survey.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { nameOfSurvey, type Score, scores, type Survey } from '../src/core/surveys/survey.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '<S-3> <1 to 5> [--comment "…"]';

/** Somebody's answer to a survey; the newest counts, until it closes. Pressed on its card, so `help` does not list it. */
export const answer: Command = {
  name: 'answer',
  usage,
  summary: 'Answers a survey',
  examples: ['answer S-3 4', 'answer S-3 5 --comment "Much faster"'],
  hidden: true,

  async form(call) {
    const { number, values } = read(call);
    return values['score'] !== undefined || call.request.form !== undefined ? undefined : formOf(number);
  },

  async run(call, services) {
    const { number, values } = read(call);
    const given = readForm(formOf(number), values, `${call.prefix} answer ${usage}`);
    return {
      card: thanks,
      // What was asked holds who answered what: it is forgotten with the answer.
      forget: true,
      write: (tx) => keep(tx, number, given, call, services),
    };
  },
};

const thanks = {
  title: 'Thank you, your answer counts',
  tone: 'good',
  summary: 'Thank you, your answer counts. It can be changed until the survey closes.',
  body: [{ kind: 'text', text: 'It can be changed until the survey closes.' }],
} as const;

function read(call: FormCall): { readonly number: number; readonly values: Readonly<Record<string, string>> } {
  const hint = `${call.prefix} answer ${usage}`;
  const { words, options } = readArguments(call.arguments, { flags: [], options: ['comment'], words: 2, hint });
  const [name = '', score] = words;
  const number = Number(/^s?-?(\d{1,9})$/i.exec(name)?.[1]);
  if (!Number.isInteger(number)) throw new UsageError(`"${name}" is no survey: their names are such as S-3.`, hint);
  const typed = score === undefined ? {} : { score };
  return { number, values: { ...typed, ...Object.fromEntries(options), ...call.request.form } };
}

function formOf(number: number): Form {
  return {
    title: 'Your answer',
    submit: 'Answer',
    intro: `${nameOfSurvey({ number })}: 1 is not at all, 5 is very much.`,
    fields: [
      {
        name: 'score',
        label: 'How much?',
        kind: 'choice',
        required: true,
        options: scores.map((score) => ({ value: String(score), label: String(score) })),
      },
      { name: 'comment', label: 'Why', kind: 'text', lines: 'many', maxLength: 1_000, required: false },
    ],
  };
}

async function keep(
  tx: Transaction,
  number: number,
  { score, comment = '' }: Readonly<Record<string, string>>,
  { request }: FormCall,
  services: Services,
): Promise<Answer | undefined> {
  const survey = await tx.surveys.lock(number);
  if (survey === undefined) throw new UsageError(`There is no S-${number}.`, 'Nothing was written down.');
  if (survey.closedAt !== null || survey.closesAt <= services.clock.now().toISOString()) {
    throw new UsageError(`${survey.title} is closed: nothing was changed.`, 'Its result stands in the channel.');
  }
  const person = personBehind(personOf(request.actor), services.playbook);
  if (survey.people.length > 0 && !survey.people.includes(person)) {
    throw new UsageError(`${survey.title} asks somebody else: nothing was changed.`, 'Whoever is asked got its card.');
  }
  const respondent = respondentOf(survey, person, services);
  await tx.surveys.answer(number, { respondent, score: Number(score) as Score, comment });
  await showSurvey(tx, survey, services);
  return undefined;
}

function respondentOf(survey: Survey, person: string, { anonymous }: Services): string {
  if (!survey.anonymous) return person;
  if (anonymous !== undefined) return anonymous(`${survey.number}/${person}`);
  throw new UsageError('An anonymous survey is answered in chat.', 'Here nothing could keep you anonymous.');
}
