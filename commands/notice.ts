import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { type Form, readForm, stillAsked } from '../src/core/form.ts';
import { readArguments } from '../src/core/grammar.ts';
import { draftCard, type Notice } from '../src/core/notices/notice.ts';
import { actorInAudit } from '../src/core/people.ts';
import { findNotice, findSent, sendNotice } from '../src/core/reports/keep-notice.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '<DEC-3 | R-2> [send]';
const longestText = 2_000;

/** What the stakeholders are told of a vote (L73) or a rollback (L129): the bot drafts it, a person sends it. */
export const notice: Command = {
  name: 'notice',
  usage,
  summary: 'Shows what the stakeholders are to be told of a decision or a rollback, and sends it',
  examples: [
    'notice DEC-3',
    'notice DEC-3 send',
    'notice R-2 send --text "Please work in the old system until Monday"',
  ],

  async form(call, services) {
    const { one, sends, values } = await understand(call, services);
    if (!sends || call.request.form !== undefined) return undefined;
    refuseOthers(one, call, services);
    return stillAsked(formOf(one, services), values);
  },

  async run(call, services) {
    const { one, sends, values } = await understand(call, services);
    if (!sends) return answeredBy((tx) => shownAnswer(tx, one, services));
    refuseOthers(one, call, services);
    const { text = '' } = readForm(formOf(one, services), values, hintOf(call));
    return answeredBy((tx) => send(tx, one, text, call, services));
  },
};

const hintOf = ({ prefix }: FormCall): string => `${prefix} notice ${usage}`;

async function understand(
  call: FormCall,
  services: Services,
): Promise<{ readonly one: Notice; readonly sends: boolean; readonly values: Readonly<Record<string, string>> }> {
  const hint = hintOf(call);
  const { words, options } = readArguments(call.arguments, { flags: [], options: ['text'], words: 2, hint });
  const [name, verb] = words;
  if (name === undefined || (verb !== undefined && verb.toLowerCase() !== 'send')) {
    throw new UsageError('What about which notice?', hint);
  }
  const one = await services.store.transaction((tx) => findNotice(tx, name, services));
  if (one === undefined) {
    throw new UsageError(
      `No notice was drafted for "${name}".`,
      'There is one after a vote and after a rollback began.',
    );
  }
  return { one, sends: verb !== undefined, values: { ...Object.fromEntries(options), ...call.request.form } };
}

const refuseOthers = ({ roles }: Notice, { request }: FormCall, { playbook }: Services): void =>
  refuseWithoutRole(request.actor, roles, playbook, 'tell the stakeholders');

const formOf = ({ text }: Notice, { playbook }: Services): Form => ({
  title: 'Tell the stakeholders',
  submit: 'Send it',
  intro: `It goes to the ${playbook.channels.stakeholders === undefined ? 'channel of the daily reports' : "stakeholders' channel"}, once, under your name.`,
  fields: [
    {
      name: 'text',
      label: 'What they are told',
      kind: 'text',
      lines: 'many',
      maxLength: longestText,
      required: true,
      initial: text,
    },
  ],
});

async function shownAnswer(tx: Transaction, one: Notice, { playbook }: Services): Promise<Answer> {
  const sent = await findSent(tx, one);
  return { card: draftCard(one, sent, playbook), json: { ...one, sent: sent ?? null } };
}

async function send(
  tx: Transaction,
  one: Notice,
  text: string,
  { request }: FormCall,
  services: Services,
): Promise<Answer> {
  await sendNotice(tx, one, { by: actorInAudit(request.actor), text }, services);
  return shownAnswer(tx, one, services);
}
