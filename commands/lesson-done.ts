import { lessonCard } from '../src/core/cards/lesson-card.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { type Form, readForm, stillAsked } from '../src/core/form.ts';
import { readArguments } from '../src/core/grammar.ts';
import { actorInAudit } from '../src/core/people.ts';
import { nameOfLesson } from '../src/core/records/lesson.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '<L-3> ["evidence"]';
const longestEvidence = 2_000;
const lessonsReadBack = 1_000;

/** Says that the action of a lesson is done, with evidence: a phase that it blocks may then be left. */
export const lessonDone: Command = {
  name: 'lesson-done',
  usage,
  summary: 'Says that the action of a lesson is done, with evidence',
  examples: ['lesson-done L-3 "https://wiki.example.com/idempotent"'],

  async form(call) {
    const { number, values } = read(call);
    return call.request.form === undefined ? stillAsked(formOf(number), values) : undefined;
  },

  async run(call, services) {
    const { number, values } = read(call);
    const { evidence = '' } = readForm(formOf(number), values, `${call.prefix} lesson-done ${usage}`);
    return answeredBy((tx) => finish(tx, number, evidence, call, services));
  },
};

function read(call: FormCall): { readonly number: number; readonly values: Readonly<Record<string, string>> } {
  const hint = `${call.prefix} lesson-done ${usage}`;
  const { words } = readArguments(call.arguments, { flags: [], words: 2, hint });
  const [name = '', evidence] = words;
  const number = Number(/^l?-?(\d{1,9})$/i.exec(name)?.[1]);
  if (!Number.isInteger(number)) throw new UsageError(`"${name}" is no lesson: their names are such as L-3.`, hint);
  return { number, values: { ...(evidence === undefined ? {} : { evidence }), ...call.request.form } };
}

function formOf(number: number): Form {
  return {
    title: 'It is done',
    submit: 'Write it down',
    intro: `The action of ${nameOfLesson({ number })}`,
    fields: [
      { name: 'evidence', label: 'Evidence', kind: 'text', lines: 'many', maxLength: longestEvidence, required: true },
    ],
  };
}

/** By its owner's role; where nobody owns the action, by anybody with a role. */
async function finish(
  tx: Transaction,
  number: number,
  evidence: string,
  { request }: FormCall,
  { playbook, clock }: Services,
): Promise<Answer> {
  const found = (await tx.lessons.list(lessonsReadBack)).find((one) => one.number === number);
  if (found === undefined) throw new UsageError(`There is no L-${number}.`, 'Nothing was changed.');
  if (found.action === '') {
    throw new UsageError(`L-${number} has no action: there is nothing to be done.`, 'Nothing was changed.');
  }
  const roles = found.owner === null ? Object.keys(playbook.roles) : [found.owner];
  refuseWithoutRole(request.actor, roles, playbook, `say that the action of L-${number} is done`);
  const done = { evidence, by: actorInAudit(request.actor), at: clock.now().toISOString() };
  if (!(await tx.lessons.finish(number, done))) {
    throw new UsageError(`The action of L-${number} is done already: nothing was changed.`, found.done?.evidence ?? '');
  }
  const subject = `lesson/${number}`;
  await tx.audit.append({ at: done.at, actor: done.by, action: 'lesson.done', subject, details: {} });
  const after = { ...found, done };
  return { card: lessonCard(after, playbook), json: { ...after, name: nameOfLesson(after) } };
}
