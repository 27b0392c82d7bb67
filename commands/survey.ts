import { surveyCard, surveysCard } from '../src/core/cards/survey-card.ts';
import { type Answer, answeredBy, type Call, type Command } from '../src/core/command.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { count } from '../src/core/numbers/format.ts';
import { actorInAudit } from '../src/core/people.ts';
import type { SurveyQuestion } from '../src/core/playbook/team.ts';
import { closeSurvey, placesOfSurvey, subjectOfSurvey } from '../src/core/reports/keep-survey.ts';
import { peopleOf, refuseWithoutRole, rolesInWords } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { nameOfSurvey, resultOf, type Survey, type SurveyResult, told } from '../src/core/surveys/survey.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '[name] [open | close] [--share]';
const lookedBackOn = 100;
const day = 86_400_000;

/** The surveys of the playbook: what came of them; opens and closes one (L51, L66). */
export const survey: Command = {
  name: 'survey',
  usage,
  summary: 'Shows the surveys and their results, opens one or closes it',
  examples: ['survey', 'survey satisfaction', 'survey satisfaction open', 'survey satisfaction close'],

  async run(call, services) {
    const { playbook, store } = services;
    const hint = `${call.prefix} survey ${usage}`;
    const { words, flags } = readArguments(call.arguments, { flags: ['share'], words: 2, hint });
    const [name, verb] = words.map((word) => word.toLowerCase());
    const share = flags.has('share');
    if (name === undefined) {
      const newest = await store.transaction(newestOfEach);
      const json = {
        surveys: [...newest.values()].map(({ survey: one, result }) => ({ ...one, result: told(one, result) })),
      };
      return { card: surveysCard(playbook.surveys, newest), share, json };
    }
    const question = questionOf(name, services, hint);
    if (verb !== undefined && verb !== 'open' && verb !== 'close') {
      throw new UsageError(`"${verb}" is nothing that can be done with a survey.`, hint);
    }
    if (verb !== undefined) {
      refuseWithoutRole(call.request.actor, Object.keys(playbook.roles), playbook, `${verb} a survey`);
      const write = (tx: Transaction): Promise<Answer> =>
        verb === 'open' ? open(tx, question, call, services) : close(tx, question, call, services);
      return answeredBy(write, share);
    }
    const found = (await store.transaction(newestOfEach)).get(name);
    if (found === undefined) {
      throw new UsageError(`${question.title} was never asked.`, `${call.prefix} survey ${name} open asks it.`);
    }
    const card = surveyCard(found.survey, found.result, playbook.timeZone);
    return { card, share, json: { ...found.survey, result: told(found.survey, found.result) } };
  },
};

function questionOf(name: string, { playbook }: Services, hint: string): SurveyQuestion {
  const found = playbook.surveys.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = playbook.surveys.map((one) => one.name);
  const meant = closest(name, names);
  throw new UsageError(
    `There is no survey "${name}" in the playbook.`,
    meant === undefined
      ? names.length === 0
        ? hint
        : `The surveys are ${names.join(', ')}.`
      : `Did you mean ${meant}?`,
  );
}

async function newestOfEach(tx: Transaction): Promise<Map<string, { survey: Survey; result: SurveyResult }>> {
  const newest = new Map<string, { survey: Survey; result: SurveyResult }>();
  for (const one of await tx.surveys.list(lookedBackOn)) {
    if (!newest.has(one.name))
      newest.set(one.name, { survey: one, result: resultOf(await tx.surveys.answers(one.number)) });
  }
  return newest;
}

async function open(tx: Transaction, question: SurveyQuestion, { request }: Call, services: Services): Promise<Answer> {
  const { playbook, clock, deliveryClock } = services;
  const now = clock.now();
  const by = actorInAudit(request.actor);
  const opened = {
    name: question.name,
    title: question.title,
    question: question.question,
    anonymous: question.anonymous,
    people: peopleAsked(question, playbook),
    openedBy: by,
    openedAt: now.toISOString(),
    closesAt: new Date(now.getTime() + question.days * day).toISOString(),
    closedAt: null,
  };
  const number = await tx.surveys.open(opened);
  if (number === undefined) {
    throw new UsageError(
      `${question.title} is open already: nothing was changed.`,
      'Its card hangs where it was asked.',
    );
  }
  const asked: Survey = { ...opened, number };
  const subject = subjectOfSurvey(asked);
  const card = surveyCard(asked, resultOf([]), playbook.timeZone);
  for (const place of placesOfSurvey(asked, playbook)) {
    const key = asked.people.length === 0 ? subject : `${subject}/${place.channel}`;
    await tx.outbox.post({ key, subject, place, content: { kind: 'card', card } }, deliveryClock.now());
  }
  await tx.audit.append({
    at: opened.openedAt,
    actor: by,
    action: 'survey.opened',
    subject,
    details: { name: question.name, anonymous: question.anonymous, people: asked.people.length },
  });
  const title = `${nameOfSurvey(asked)} is open: ${question.title}`;
  const text =
    asked.people.length === 0
      ? 'Its question is on its way to the channel.'
      : `Its question is on its way to ${count(asked.people.length, 'person', 'people')}, each by themselves.`;
  return { card: { title, tone: 'good', summary: `${title}. ${text}`, body: [{ kind: 'text', text }] }, json: asked };
}

/** Throws UsageError where nobody has the roles that it asks. */
function peopleAsked({ title, roles }: SurveyQuestion, playbook: Services['playbook']): string[] {
  if (roles === undefined) return [];
  const people = [...new Set(roles.flatMap((role) => peopleOf(role, playbook)))];
  if (people.length > 0) return people;
  throw new UsageError(
    `${title} asks ${rolesInWords(roles, playbook)}, and that is nobody yet: nothing was changed.`,
    'Who has which role is in the playbook.',
  );
}

async function close(
  tx: Transaction,
  { name, title }: SurveyQuestion,
  { request }: Call,
  services: Services,
): Promise<Answer> {
  const found = (await tx.surveys.list(lookedBackOn)).find((one) => one.name === name && one.closedAt === null);
  const locked = found === undefined ? undefined : await tx.surveys.lock(found.number);
  if (locked === undefined || locked.closedAt !== null) {
    throw new UsageError(`${title} is not open: nothing was changed.`, 'Only an open survey can be closed.');
  }
  const closed = await closeSurvey(tx, locked, actorInAudit(request.actor), services);
  const result = resultOf(await tx.surveys.answers(closed.number));
  return {
    card: surveyCard(closed, result, services.playbook.timeZone),
    json: { ...closed, result: told(closed, result) },
  };
}
