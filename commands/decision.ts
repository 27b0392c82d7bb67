import { decisionsCard } from '../src/core/cards/decisions-card.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { decisionKindList, decisionKindOf } from '../src/core/decision-kinds/index.ts';
import { codeHash } from '../src/core/decisions/codes.ts';
import { type DecisionRecord, nameOfDecision, type Option } from '../src/core/decisions/decision.ts';
import type { DecisionKind } from '../src/core/decisions/kind.ts';
import { refuseEnded } from '../src/core/decisions/refusals.ts';
import { byPersons, seatsOf } from '../src/core/decisions/tally.ts';
import { type Form, readForm, stillAsked, type Values } from '../src/core/form.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { withPeopleMeant } from '../src/core/mentioned.ts';
import { actorInAudit, personOf } from '../src/core/people.ts';
import { answerDecision, delegateAnswer } from '../src/core/reports/answer-decision.ts';
import { reasonLength } from '../src/core/records/verbs.ts';
import { inPassing } from '../src/core/cards/in-passing.ts';
import { lookAgainCard } from '../src/core/cards/look-again-card.ts';
import { changedItems } from '../src/core/decisions/changed-items.ts';
import {
  answerOfDecision,
  answerToAsker,
  askDecision,
  endDecision,
  lockDecision,
} from '../src/core/reports/keep-decision.ts';
import { personBehind, refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '[DEC-3] [<answer> | delegate | withdraw] | ask <what>';
const options = ['reason', 'confirm', 'seen', 'to', 'code', 'until', 'people'];
const listed = 20;

/** Questions that people with given roles decide (L39, L71, L120): lists them, shows one, asks one, answers one. */
export const decision: Command = {
  name: 'decision',
  usage,
  summary: 'Shows what is to be decided; answers, delegates, asks',
  examples: [
    'decision',
    'decision DEC-3',
    'decision DEC-3 approve --seen 1 --reason "All checks pass"',
    'decision DEC-3 delegate --to @ben --reason "On the plane until four"',
    'decision DEC-3 withdraw --reason "Asked too early"',
    'decision ask writeAccess',
  ],

  async form(call, services) {
    const asked = await understand(call, services);
    if (asked.kind === 'list' || asked.kind === 'show' || call.request.form !== undefined) return undefined;
    return stillAsked(asked.form, asked.values);
  },

  async run(call, services) {
    const asked = await understand(call, services);
    const { store } = services;
    if (asked.kind === 'list') return store.transaction((tx) => list(tx, services));
    if (asked.kind === 'show') return answerOfDecision(asked.record, services);
    const values = readForm(asked.form, asked.values, hintOf(call));
    if (asked.kind === 'ask') return answeredBy((tx) => ask(tx, asked.about, values, call, services));
    await refuseOutsider(call, services);
    const act: Act = { call, services, values, number: asked.record.decision.number };
    switch (asked.kind) {
      case 'delegate':
        return answeredBy((tx) => delegate(tx, act));
      case 'withdraw':
        return answeredBy((tx) => withdraw(tx, act));
      case 'answer':
        return answeredBy((tx) => answer(tx, act, asked.option, Number(asked.values['seen'] ?? '0')));
    }
  },
};

interface Act {
  readonly call: FormCall;
  readonly services: Services;
  readonly values: Values;
  readonly number: number;
}

type Filled = { readonly form: Form; readonly values: Values };
type Asked =
  | { readonly kind: 'list' }
  | { readonly kind: 'show'; readonly record: DecisionRecord }
  | ({ readonly kind: 'ask'; readonly about: DecisionKind } & Filled)
  | ({ readonly kind: 'answer'; readonly record: DecisionRecord; readonly option: Option } & Filled)
  | ({ readonly kind: 'delegate' | 'withdraw'; readonly record: DecisionRecord } & Filled);

const hintOf = ({ prefix }: FormCall): string => `${prefix} help decision shows examples.`;

/** What is asked for. Throws UsageError for words that mean nothing, and for what can't be answered any more. */
async function understand(call: FormCall, services: Services): Promise<Asked> {
  const hint = hintOf(call);
  const read = readArguments(call.arguments, { flags: [], options, words: 2, hint });
  const [name, word] = read.words;
  const values = { ...Object.fromEntries(read.options), ...call.request.form };
  if (name === undefined) return { kind: 'list' };
  if (name.toLowerCase() === 'ask') return understandAsking(word, values, call, services);
  const number = Number(/^(?:dec)?-?(\d{1,9})$/i.exec(name)?.[1]);
  if (!Number.isInteger(number)) {
    throw new UsageError(`"${name}" is no decision: their names are such as DEC-3.`, hint);
  }
  const record = await services.store.transaction((tx) => tx.decisions.find(number));
  if (record === undefined) {
    throw new UsageError(`There is no DEC-${number}.`, `${call.prefix} decision lists what is to be decided.`);
  }
  if (word === undefined) return { kind: 'show', record };
  refuseEnded(record.decision, services.clock.now(), services.playbook);
  const act = understandAct(word.toLowerCase(), record, values, call);
  return { ...act, values: withPeopleMeant(act.form, values, call.request.actor, services.playbook) };
}

function understandAsking(
  word: string | undefined,
  values: Values,
  { request }: FormCall,
  { playbook }: Services,
): Asked {
  const known = decisionKindList.filter(({ ask: asking }) => asking !== undefined);
  const names = known.map(({ name }) => name);
  const about = known.find(({ name }) => name.toLowerCase() === word?.toLowerCase());
  if (about?.ask === undefined) {
    const meant = word === undefined ? undefined : closest(word, names);
    throw new UsageError(
      word === undefined ? 'What is to be decided?' : `"${word}" is nothing that can be asked.`,
      meant === undefined ? `One of ${names.join(', ')}.` : `Did you mean ${meant}?`,
    );
  }
  refuseWithoutRole(request.actor, Object.keys(playbook.roles), playbook, 'ask for a decision');
  const { title, fields } = about.ask;
  return { kind: 'ask', about, form: { title, submit: 'Ask', fields }, values };
}

function understandAct(word: string, record: DecisionRecord, values: Values, call: FormCall): Extract<Asked, Filled> {
  const { decision: one } = record;
  const intro = `${nameOfDecision(one)}: ${one.question}`;
  const code = codeField(call);
  const reason = (required: boolean): Form['fields'][number] => ({
    name: 'reason',
    label: 'Why',
    kind: 'text',
    lines: 'many',
    maxLength: reasonLength,
    required,
  });
  if (word === 'delegate') {
    const to = { name: 'to', label: 'Who answers in your place', kind: 'person', required: true } as const;
    const form = { title: 'Let somebody answer', submit: 'Let them', intro, fields: [to, reason(true), ...code] };
    return { kind: 'delegate', record, form, values };
  }
  if (word === 'withdraw') {
    const form = { title: 'Withdraw the question', submit: 'Withdraw', intro, fields: [reason(true), ...code] };
    return { kind: 'withdraw', record, form, values };
  }
  const { options: answers, reason: when, typed } = one.rules;
  const index = answers.findIndex(({ name }) => name === word);
  const option = answers[index];
  if (option === undefined) {
    const names = [...answers.map(({ name }) => name), 'delegate', 'withdraw'];
    throw new UsageError(`"${word}" is no answer to ${nameOfDecision(one)}.`, `One of ${names.join(', ')}.`);
  }
  const confirm = { name: 'confirm', kind: 'text', lines: 'one', maxLength: 150, required: true } as const;
  const fields: Form['fields'] = [
    ...(typed !== null && index === 0 ? [{ ...confirm, label: `Type "${typed}"`.slice(0, 48) }] : []),
    reason(when === 'always' || (when === 'against' && index > 0)),
    ...code,
  ];
  return {
    kind: 'answer',
    record,
    option,
    form: { title: 'Your answer', submit: option.label, intro, fields },
    values,
  };
}

/** In a shell, where nobody vouches for who types, a one-time code does. */
function codeField({ request }: FormCall): Form['fields'] {
  if (request.actor.platform !== 'terminal') return [];
  const hint = 'From the list that "/parallel codes" gave you';
  return [{ name: 'code', label: 'One-time code', hint, kind: 'text', lines: 'one', maxLength: 40, required: true }];
}

/** A guest, a stranger or a bot never decides, whatever the playbook says; who can't be looked up does not either. */
async function refuseOutsider({ request }: FormCall, services: Services): Promise<void> {
  const why = await services.outsider(request.actor);
  if (why === undefined) return;
  throw new UsageError(`${why} Nothing was changed.`, 'Somebody else with the role can answer.');
}

const codeOf = ({ values }: Act): string => codeHash(values['code'] ?? '');

/** Who acts, by their one name: in a shell, whose code it is. */
async function whoActs(tx: Transaction, act: Act): Promise<string> {
  const { actor } = act.call.request;
  if (actor.platform !== 'terminal') return personBehind(personOf(actor), act.services.playbook);
  const person = await tx.codes.whose(codeOf(act));
  if (person !== undefined) return personBehind(person, act.services.playbook);
  throw new UsageError(
    'This one-time code is unknown or used up. Nothing was changed.',
    'Each code works once; new ones make the old ones void.',
  );
}

/** A code is used up by what it was given for, and by nothing else. */
async function useCode(tx: Transaction, act: Act): Promise<void> {
  if (act.call.request.actor.platform !== 'terminal') return;
  await tx.codes.use(codeOf(act), act.services.clock.now().toISOString());
}

async function list(tx: Transaction, { playbook }: Services): Promise<Answer> {
  const all = await tx.decisions.list(listed);
  return {
    card: decisionsCard(all, playbook.timeZone),
    json: { decisions: all.map((one) => ({ ...one, name: nameOfDecision(one) })) },
  };
}

async function ask(
  tx: Transaction,
  about: DecisionKind,
  proposal: Values,
  { request }: FormCall,
  services: Services,
): Promise<Answer> {
  if (about.ask === undefined) throw new Error(`${about.name} is asked by nobody`);
  const { playbook } = services;
  const question = {
    ...(await about.ask.question(tx, services)),
    proposal,
    openedBy: actorInAudit(request.actor),
    asker: personBehind(personOf(request.actor), playbook),
    typed: null,
    channel: playbook.channels.reconciliation,
  };
  const record = await askDecision(tx, about, question, services);
  return answerToAsker(record, { channel: 'reconciliation' }, request, services);
}

async function answer(tx: Transaction, act: Act, option: Option, seen: number): Promise<Answer> {
  const { services, values, call } = act;
  const locked = await lockDecision(tx, act.number);
  const given = {
    person: await whoActs(tx, act),
    by: actorInAudit(call.request.actor),
    option: option.name,
    reason: values['reason'] ?? '',
    typed: values['confirm'] ?? '',
    seen,
  };
  const kind = decisionKindOf(locked.decision.kind);
  const { what, record } = await answerDecision(tx, locked, given, kind, services);
  if (what === 'kept') await useCode(tx, act);
  if (what === 'lookAgain') {
    const before = (await tx.decisions.evidence(act.number)).find(({ version }) => version === seen);
    const changed = before === undefined ? [] : changedItems(before.items, record.evidence.items);
    const shown = answerOfDecision(record, services);
    return { ...shown, exitCode: 1, card: lookAgainCard(shown.card, { record, seen, changed }) };
  }
  const answered = answerOfDecision(record, services);
  return call.request.actor.platform === 'terminal' ? answered : { ...answered, card: inPassing(answered.card) };
}

async function delegate(tx: Transaction, act: Act): Promise<Answer> {
  const { services, values, call, number } = act;
  const locked = await lockDecision(tx, number);
  const given = {
    from: await whoActs(tx, act),
    to: personBehind(values['to'] ?? '', services.playbook),
    reason: values['reason'] ?? '',
    by: actorInAudit(call.request.actor),
  };
  const record = await delegateAnswer(tx, locked, given, services);
  await useCode(tx, act);
  return answerOfDecision(record, services);
}

async function withdraw(tx: Transaction, act: Act): Promise<Answer> {
  const { services, values, call, number } = act;
  const { playbook, clock } = services;
  const record = await lockDecision(tx, number);
  refuseEnded(record.decision, clock.now(), playbook);
  const person = await whoActs(tx, act);
  const { asker } = byPersons(record, playbook).decision;
  if (asker === null ? seatsOf(record, person, playbook).size === 0 : person !== asker) {
    throw new UsageError(
      `Only whoever asked ${nameOfDecision(record.decision)} may withdraw it. Nothing was changed.`,
      'Who does not want it answers so.',
    );
  }
  await useCode(tx, act);
  const ending = { state: 'withdrawn', by: actorInAudit(call.request.actor), reason: values['reason'] ?? '' } as const;
  const ended = await endDecision(tx, record, ending, decisionKindOf(record.decision.kind), services);
  return answerOfDecision(ended, services);
}
