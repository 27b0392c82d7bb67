import { incidentCard, rolesOf, testOf } from '../src/core/cards/incident-card.ts';
import { type Answer, answeredBy, type Command, type FormCall } from '../src/core/command.ts';
import { proposeRollback } from '../src/core/decision-kinds/rollback.ts';
import { type Form, readForm, stillAsked } from '../src/core/form.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { actorInAudit, personOf } from '../src/core/people.ts';
import { reasonLength } from '../src/core/records/verbs.ts';
import { answerToAsker } from '../src/core/reports/keep-decision.ts';
import { acknowledgeTest } from '../src/core/reports/keep-probe.ts';
import { moveIncident } from '../src/core/reports/keep-incident.ts';
import { personBehind, refuseWithoutRole } from '../src/core/roles.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { type Incident, type IncidentState, nameOfIncident } from '../src/core/triggers/incident.ts';
import { UsageError } from '../src/core/usage-error.ts';

const usage = '<I-4> [acknowledge | snooze | dismiss | propose | clear] [--reason "…"] [--minutes 30]';
const options = ['reason', 'minutes'];
const longestSnoozeMinutes = 24 * 60;

type Verb = {
  readonly name: string;
  readonly title: string;
  readonly to: IncidentState;
  /** `roles`: anybody with a role. `deciders`: whoever decides on a rollback, or declared a breach. */
  readonly who: 'roles' | 'deciders';
  readonly reason: boolean;
};
const verbs: readonly Verb[] = [
  { name: 'acknowledge', title: 'Acknowledge', to: 'acknowledged', who: 'roles', reason: false },
  { name: 'propose', title: 'Propose a rollback', to: 'proposed', who: 'roles', reason: true },
  { name: 'snooze', title: 'Snooze', to: 'snoozed', who: 'deciders', reason: true },
  { name: 'dismiss', title: 'Dismiss', to: 'dismissed', who: 'deciders', reason: true },
  { name: 'clear', title: 'Clear', to: 'cleared', who: 'deciders', reason: true },
];

/** A trigger that fired: shows it, and does something about it (L118). */
export const incident: Command = {
  name: 'incident',
  usage,
  summary: 'Shows a trigger that fired: acknowledges, snoozes, dismisses it, proposes a rollback',
  examples: [
    'incident I-4',
    'incident I-4 acknowledge',
    'incident I-4 snooze --minutes 60 --reason "The vendor is on it"',
    'incident I-4 dismiss --reason "The batch was loaded twice and is corrected"',
    'incident I-4 propose --reason "The figures are wrong for everybody"',
  ],

  async form(call, services) {
    const asked = await understand(call, services);
    if (asked.verb === undefined || call.request.form !== undefined) return undefined;
    return stillAsked(formOf(asked.verb, asked.one), asked.values);
  },

  async run(call, services) {
    const { one, verb, values } = await understand(call, services);
    if (verb === undefined) return answerOf(one, services);
    const given = readForm(formOf(verb, one), values, `${call.prefix} help incident shows examples.`);
    return answeredBy((tx) => act(tx, one.number, verb, given, call, services));
  },
};

interface Asked {
  readonly one: Incident;
  readonly verb: Verb | undefined;
  readonly values: Readonly<Record<string, string>>;
}

async function understand(call: FormCall, services: Services): Promise<Asked> {
  const hint = `${call.prefix} incident ${usage}`;
  const read = readArguments(call.arguments, { flags: [], options, words: 2, hint });
  const [name = '', word] = read.words;
  const number = Number(/^i?-?(\d{1,9})$/i.exec(name)?.[1]);
  if (!Number.isInteger(number)) throw new UsageError(`"${name}" is no incident: their names are such as I-4.`, hint);
  const one = await services.store.transaction((tx) => tx.incidents.find(number));
  if (one === undefined) throw new UsageError(`There is no I-${number}.`, `${call.prefix} trigger shows what fires.`);
  const values = { ...Object.fromEntries(read.options), ...call.request.form };
  if (word === undefined) return { one, verb: undefined, values };
  const verb = verbs.find((each) => each.name === word.toLowerCase());
  if (verb === undefined) {
    const names = verbs.map((each) => each.name);
    const meant = closest(word, names);
    throw new UsageError(
      `"${word}" is nothing that can be done about an incident.`,
      meant === undefined ? `What can be done: ${names.join(', ')}.` : `Did you mean ${meant}?`,
    );
  }
  refuse(verb, one, call, services);
  return { one, verb, values };
}

function refuse({ who, title, name }: Verb, one: Incident, { request }: FormCall, { playbook }: Services): void {
  const wanted =
    who === 'roles' || testOf(one, playbook) !== undefined ? Object.keys(playbook.roles) : rolesOf(one, playbook);
  refuseWithoutRole(request.actor, wanted, playbook, `${title.toLowerCase()} here`);
  if (testOf(one, playbook) !== undefined) return refuseTest(name, request.actor);
  const security = playbook.triggers.find((each) => each.name === one.trigger)?.kind === 'security';
  if (name === 'dismiss' && security) {
    throw new UsageError(
      'A security breach is lifted, not dismissed. Nothing was changed.',
      `"incident I-${one.number} clear" lifts it.`,
    );
  }
  if (name === 'clear' && !one.reported) {
    throw new UsageError(
      'What was measured clears by itself, when its figure does. Nothing was changed.',
      `"incident I-${one.number} dismiss" says that it does not matter.`,
    );
  }
}

/** What a test alert shows is that it reaches people in chat. */
function refuseTest(verb: string, { platform }: FormCall['request']['actor']): void {
  if (verb !== 'acknowledge') {
    throw new UsageError(
      'A test alert is acknowledged, and nothing else. Nothing was changed.',
      'Its card has the button.',
    );
  }
  if (platform === 'terminal') {
    throw new UsageError(
      'A test alert is acknowledged in chat: that it gets there is what it shows. Nothing was changed.',
      'Its card in the alerts channel has the button.',
    );
  }
}

function formOf({ title, name, reason }: Verb, one: Incident): Form {
  return {
    title,
    submit: title,
    intro: `${nameOfIncident(one)}: ${one.figure}`.slice(0, 500),
    fields: [
      ...(name === 'snooze'
        ? [
            {
              name: 'minutes',
              label: 'For how many minutes',
              kind: 'number' as const,
              required: true,
              minimum: '1',
              maximum: String(longestSnoozeMinutes),
              initial: '30',
            },
          ]
        : []),
      { name: 'reason', label: 'Why', kind: 'text', lines: 'many', maxLength: reasonLength, required: reason },
    ],
  };
}

/** What is done holds for the incident as it is now, whatever it was when the words were read. */
async function act(
  tx: Transaction,
  number: number,
  verb: Verb,
  { reason = '', minutes = '0' }: Readonly<Record<string, string>>,
  { request }: FormCall,
  services: Services,
): Promise<Answer> {
  const { playbook, clock } = services;
  const one = await tx.incidents.lock(number);
  if (one === undefined) throw new UsageError(`There is no I-${number}.`, 'Nothing was changed.');
  const by = actorInAudit(request.actor);
  if (verb.to === 'proposed') {
    const asker = personBehind(personOf(request.actor), playbook);
    const record = await proposeRollback(tx, one, { openedBy: by, asker, reason }, services);
    const did = `${nameOfIncident(one)} says now that a rollback is proposed. Nothing is rolled back unless it is approved.`;
    return answerToAsker(record, { channel: 'alerts', did }, request, services);
  }
  if (one.state === verb.to) {
    throw new UsageError(
      `${nameOfIncident(one)} is ${one.state} already. Nothing was changed.`,
      'Its card says by whom.',
    );
  }
  const test = testOf(one, playbook);
  if (test !== undefined) {
    return answerOf(await acknowledgeTest(tx, one, test, { by, byName: request.actor.name }, services), services);
  }
  const until = new Date(clock.now().getTime() + Number(minutes) * 60_000).toISOString();
  return answerOf(await moveIncident(tx, one, verb.to, { by, reason, until }, services), services);
}

function answerOf(one: Incident, { playbook }: Services): Answer {
  return { card: incidentCard(one, playbook), json: { ...one, name: nameOfIncident(one) } };
}
