import { discrepancyCard, entriesShown } from '../src/core/cards/discrepancy-card.ts';
import { aboutInWords } from '../src/core/cards/discrepancy-words.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { type Form, readForm, stillAsked } from '../src/core/form.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { withPeopleMeant } from '../src/core/mentioned.ts';
import { actorInAudit } from '../src/core/people.ts';
import { act, refuseMove } from '../src/core/records/act.ts';
import {
  type Discrepancy,
  dueAfter,
  nameOf,
  type NewDiscrepancy,
  type Severity,
} from '../src/core/records/discrepancy.ts';
import { formOf, reasonLength, severityOptions, type Verb, verbs } from '../src/core/records/verbs.ts';
import { hangCard, keepDone } from '../src/core/reports/keep-discrepancy.ts';
import { refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';

const usage = '[D-17] [investigate | explain | resolve | reject | reopen | comment | assign | severity | run | snooze]';
const options = ['title', 'description', 'severity', 'owner', 'link', 'amount', 'until', 'reason', 'text', 'to', 'run'];

/** Files a discrepancy, shows one, and does something about it (L28). */
export const discrepancy: Command = {
  name: 'discrepancy',
  usage,
  summary: 'Files a discrepancy, shows one, or does something about it',
  examples: [
    'discrepancy',
    'discrepancy --title "Bonus of leavers is missing" --severity 2',
    'discrepancy D-17',
    'discrepancy D-17 investigate',
    'discrepancy D-17 explain --amount 12406.10 --until 2026-12-31 --reason "Bonus is paid a month later"',
    'discrepancy D-17 assign @ana',
    'discrepancy D-17 comment "Seen in March as well"',
    'discrepancy D-17 snooze --until 2026-11-25 --reason "Waiting for the vendor"',
  ],

  async form(call, services) {
    const asked = await understand(call, services);
    if (asked.kind === 'show' || call.request.form !== undefined) return undefined;
    return stillAsked(asked.form, asked.values);
  },

  async run(call, services) {
    const asked = await understand(call, services);
    const { playbook, store } = services;
    const chat = call.request.actor.platform !== 'terminal';
    if (asked.kind === 'show') {
      const entries = await store.transaction((tx) => tx.discrepancies.entries(asked.one.number, entriesShown));
      return {
        card: discrepancyCard(asked.one, entries, { playbook, chat }),
        share: asked.share,
        json: { ...asked.one, name: nameOf(asked.one), entries },
      };
    }
    const hint = hintOf(call);
    const values = readForm(asked.form, asked.values, hint);
    return asked.kind === 'report'
      ? answeredBy((tx) => report(tx, values, call, services))
      : answeredBy((tx) => doIt(tx, asked.verb, asked.one.number, values, call, services));
  },
};

type Asked =
  | { readonly kind: 'show'; readonly one: Discrepancy; readonly share: boolean }
  | { readonly kind: 'report'; readonly form: Form; readonly values: Readonly<Record<string, string>> }
  | {
      readonly kind: 'verb';
      readonly one: Discrepancy;
      readonly verb: Verb;
      readonly form: Form;
      readonly values: Readonly<Record<string, string>>;
    };

const hintOf = ({ prefix }: FormCall): string => `${prefix} help discrepancy shows examples.`;

/** What is asked for. Throws UsageError for words that mean nothing, and for somebody who may not do it. */
async function understand(call: FormCall, services: Services): Promise<Asked> {
  const { playbook, store, clock } = services;
  const { request } = call;
  const read = readArguments(call.arguments, { flags: ['share'], options, words: 3, hint: hintOf(call) });
  const [name, word, rest] = read.words;
  const given = { ...Object.fromEntries(read.options), ...request.form };
  const chat = request.actor.platform !== 'terminal';
  if (name === undefined) return { kind: 'report', form: reportForm(playbook), values: given };

  const number = numberIn(name, call);
  const one = await store.transaction((tx) => tx.discrepancies.find(number));
  if (one === undefined)
    throw new UsageError(`There is no D-${number}.`, `${call.prefix} discrepancies lists what is open.`);
  if (word === undefined) return { kind: 'show', one, share: read.flags.has('share') };

  const verb = verbs.find((each) => each.name === word.toLowerCase());
  if (verb === undefined) throw unknownVerb(word, name, call);
  refuse(verb, call, services);
  if (verb.to !== undefined) refuseMove(one, verb.to);
  const form = formOf(
    verb,
    one,
    { playbook, now: clock.now(), chat },
    `${nameOf(one)}: ${aboutInWords(one, playbook, chat)}`,
  );
  const [first] = form.fields.filter(({ name: field }) => field !== 'amount');
  const said = rest === undefined || first === undefined ? {} : { [first.name]: rest };
  const values = withPeopleMeant(form, { ...said, ...given }, request.actor, playbook);
  return { kind: 'verb', one, verb, form, values };
}

function numberIn(name: string, { prefix }: FormCall): number {
  const number = Number(/^d?-?(\d{1,9})$/i.exec(name)?.[1]);
  if (Number.isInteger(number)) return number;
  throw new UsageError(
    `"${name}" is no discrepancy: their names are such as D-17.`,
    `${prefix} discrepancies lists what is open; ${prefix} discrepancy --title "…" files one.`,
  );
}

function unknownVerb(word: string, name: string, { prefix }: FormCall): UsageError {
  const names = verbs.map((verb) => verb.name);
  const meant = closest(word, names);
  const hint =
    meant === undefined
      ? `What can be done: ${names.join(', ')}.`
      : `Did you mean ${prefix} discrepancy ${name} ${meant}?`;
  return new UsageError(`"${word}" is nothing that can be done about a discrepancy.`, hint);
}

function refuse({ who, title }: Verb, { request }: FormCall, { playbook }: Services): void {
  if (who === 'everybody') return;
  const wanted = who === 'accepting' ? playbook.discrepancies.acceptedBy : Object.keys(playbook.roles);
  refuseWithoutRole(request.actor, wanted, playbook, `${title.toLowerCase()} here`);
}

function reportForm({ roles }: Services['playbook']): Form {
  return {
    title: 'File a discrepancy',
    submit: 'File it',
    fields: [
      {
        name: 'title',
        label: 'What is wrong',
        kind: 'text',
        lines: 'one',
        maxLength: 150,
        required: true,
        from: 'firstLine',
      },
      {
        name: 'description',
        label: 'How it shows',
        kind: 'text',
        lines: 'many',
        maxLength: reasonLength,
        required: false,
        from: 'afterFirstLine',
      },
      {
        name: 'severity',
        label: 'Severity',
        kind: 'choice',
        required: false,
        initial: '3',
        options: severityOptions,
      },
      {
        name: 'owner',
        label: 'Who looks into it',
        kind: 'choice',
        required: false,
        ...(Object.keys(roles)[0] === undefined ? {} : { initial: Object.keys(roles)[0] ?? '' }),
        options: Object.entries(roles).map(([value, { title }]) => ({ value, label: title })),
      },
      {
        name: 'link',
        label: 'Where it was said',
        kind: 'text',
        lines: 'one',
        maxLength: 500,
        required: false,
        from: 'link',
      },
    ],
  };
}

async function report(
  tx: Transaction,
  values: Readonly<Record<string, string>>,
  { request }: FormCall,
  services: Services,
): Promise<Answer> {
  const { playbook, clock } = services;
  const at = clock.now().toISOString();
  const by = actorInAudit(request.actor);
  const { title = '', description = '', link = '' } = values;
  const severity = Number(values['severity'] || '3') as Severity;
  const filed: NewDiscrepancy = {
    number: null,
    measured: null,
    reported: { title, description, link: link === '' ? null : link, by },
    state: 'open',
    severity,
    owner: values['owner'] || (Object.keys(playbook.roles)[0] ?? ''),
    assignee: null,
    firstSeenAt: at,
    openedAt: at,
    dueAt: dueAfter(at, severity, playbook.discrepancies.dueHours),
    resolvedAt: null,
    actedAt: null,
    acceptance: null,
    snooze: null,
  };
  const [one] = await tx.discrepancies.save([filed]);
  if (one === undefined) throw new Error('The store kept no discrepancy.');
  const entry = { number: one.number, at, by, kind: 'reported', text: 'Reported' } as const;
  await hangCard(tx, one, services);
  await keepDone(tx, { discrepancy: one, entry }, services);
  if (request.actor.platform === 'terminal') return answerOf(tx, one, request, services);
  const summary = `${nameOf(one)} is on record. Its card is on its way to the channel of the reconciliation.`;
  return {
    card: {
      title: `${nameOf(one)} is on record: ${title}`,
      tone: 'good',
      summary,
      body: [{ kind: 'text', text: summary }],
    },
  };
}

/** What is done holds for the discrepancy as it is now, whatever it was when the words were read. */
async function doIt(
  tx: Transaction,
  verb: Verb,
  number: number,
  values: Readonly<Record<string, string>>,
  { request }: FormCall,
  services: Services,
): Promise<Answer> {
  const { playbook, clock } = services;
  const before = await tx.discrepancies.lock(number);
  if (before === undefined) throw new UsageError(`There is no D-${number}.`, 'Nothing was changed.');
  const now = clock.now();
  const what = verb.act(values, before, { playbook, now, chat: true });
  if (what.kind === 'run' && (await tx.runs.find(what.run)) === undefined) {
    throw new UsageError(`There is no run "${what.run}": nothing was changed.`, 'The newest are in the history.');
  }
  const done = act(before, what, {
    by: actorInAudit(request.actor),
    at: now.toISOString(),
    dueHours: playbook.discrepancies.dueHours,
  });
  await keepDone(tx, done, services);
  return answerOf(tx, done.discrepancy, request, services);
}

async function answerOf(
  tx: Transaction,
  one: Discrepancy,
  { actor }: FormCall['request'],
  { playbook }: Services,
): Promise<Answer> {
  const entries = await tx.discrepancies.entries(one.number, entriesShown);
  const chat = actor.platform !== 'terminal';
  return {
    card: discrepancyCard(one, entries, { playbook, chat }),
    json: { ...one, name: nameOf(one), entries },
  };
}
