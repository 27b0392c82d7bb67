import { count } from '../numbers/format.ts';
import { personSpan } from '../people.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { AlertProbe } from '../probes/probe.ts';
import { formatDateTime } from '../time/format.ts';
import { type Incident, nameOfIncident } from '../triggers/incident.ts';
import type { Button, Card, CardElement, Fact, Span, Tone } from './card.ts';
import { roleWithPeople } from './people-words.ts';
import { peopleIn } from '../roles.ts';

const stateWords: Readonly<Record<Incident['state'], string>> = {
  firing: 'fires: nobody has acknowledged it yet',
  acknowledged: 'fires: acknowledged',
  snoozed: 'fires: snoozed',
  proposed: 'rollback proposed',
  dismissed: 'dismissed',
  cleared: 'cleared',
};

const tones: Readonly<Record<Incident['state'], Tone>> = {
  firing: 'bad',
  acknowledged: 'bad',
  snoozed: 'warning',
  proposed: 'bad',
  dismissed: 'neutral',
  cleared: 'good',
};

type Alerts = Pick<Playbook, 'triggers' | 'probes'>;

/** "Variance in critical metrics", or the trigger's name where the playbook doesn't know it any more. */
export const triggerTitle = (name: string, { triggers, probes }: Alerts): string =>
  [...triggers, ...probes].find((one) => one.name === name)?.title ?? name;

/** The probe that an incident is the test alert of; undefined: it is in earnest. */
export function testOf(
  { trigger }: Pick<Incident, 'trigger'>,
  { probes }: Pick<Alerts, 'probes'>,
): AlertProbe | undefined {
  return probes.find((one): one is AlertProbe => one.kind === 'alert' && one.name === trigger);
}

/** "none fires", or which fire: "Variance in critical metrics (I-4)". */
export function incidentsInWords(incidents: readonly Incident[], playbook: Alerts): string {
  const firing = incidents.filter((one) => one.state !== 'dismissed' && testOf(one, playbook) === undefined);
  if (firing.length === 0) return 'none fires';
  return firing.map((one) => `${triggerTitle(one.trigger, playbook)} (${nameOfIncident(one)})`).join(', ');
}

/** A test alert: acknowledging it is all that there is to do. */
function testCard(incident: Incident, test: AlertProbe, playbook: Playbook): Card {
  const open = incident.state !== 'cleared';
  const title = `${test.title}: ${open ? 'acknowledge it' : 'acknowledged'}`;
  return {
    title,
    tone: open ? 'warning' : 'good',
    summary: `${title}. ${incident.figure}.`,
    body: [
      { kind: 'text', text: [{ bold: 'This is only a test: nothing else is to be done.' }] },
      { kind: 'facts', facts: factsOf(incident, playbook) },
      ...(open
        ? [{ kind: 'text' as const, text: ['Asked first: ', ...spansOf(rolesOf(incident, playbook), playbook)] }]
        : []),
      ...(open
        ? [
            {
              kind: 'buttons' as const,
              buttons: [
                {
                  label: 'Acknowledge',
                  command: `incident ${nameOfIncident(incident)} acknowledge`,
                  style: 'primary' as const,
                },
              ],
            },
          ]
        : []),
      { kind: 'note', text: noteOf(incident, playbook) },
    ],
  };
}

/** A trigger that fired: facts, both figures, who decides, and what can be done about it. */
export function incidentCard(incident: Incident, playbook: Playbook): Card {
  const test = testOf(incident, playbook);
  if (test !== undefined) return testCard(incident, test, playbook);
  const title = `${triggerTitle(incident.trigger, playbook)} ${stateWords[incident.state]}`;
  const security = playbook.triggers.find(({ name }) => name === incident.trigger)?.kind === 'security';
  const open = incident.state !== 'cleared';
  return {
    title,
    tone: tones[incident.state],
    summary: `${title}. ${incident.figure}${incident.limit === '' ? '' : ` (fires at ${incident.limit})`}.`,
    body: [
      ...(security && open
        ? [
            {
              kind: 'text' as const,
              text: [{ bold: 'Everything is frozen: no step of any runbook goes on until it is lifted.' }],
            },
          ]
        : []),
      { kind: 'facts', facts: factsOf(incident, playbook) },
      ...(open ? [{ kind: 'text' as const, text: decidersOf(incident, playbook) }] : []),
      ...(open ? buttonsOf(incident, security, playbook) : []),
      { kind: 'note', text: noteOf(incident, playbook) },
    ],
  };
}

function factsOf(incident: Incident, { timeZone }: Playbook): Fact[] {
  const time = (at: string): string => formatDateTime(new Date(at), timeZone);
  const { actedBy, reason, snoozedUntil, command } = incident;
  return [
    { label: incident.reported ? 'Reported' : 'Measured', value: incident.figure },
    ...(incident.limit === '' ? [] : [{ label: 'Fires at', value: incident.limit }]),
    { label: 'Since', value: time(incident.openedAt) },
    { label: 'Fired', value: count(incident.count, 'time') },
    ...(command === null ? [] : [{ label: 'Evidence', value: [{ code: command }] }]),
    ...(actedBy === null ? [] : [{ label: 'Last', value: [personSpan(actedBy), reason === '' ? '' : `: ${reason}`] }]),
    ...(snoozedUntil === null ? [] : [{ label: 'Snoozed until', value: time(snoozedUntil) }]),
  ];
}

/** Who decides on a rollback, or lifts what a role alone declares; of a test alert, whoever owns what it closes. */
export function rolesOf(incident: Pick<Incident, 'trigger'>, playbook: Playbook): readonly string[] {
  const { triggers, decisions, tasks, runbooks } = playbook;
  const test = testOf(incident, playbook);
  if (test !== undefined) {
    const steps = runbooks.flatMap((each) =>
      each.steps.filter((step) => step.kind === 'probe' && step.probe === test.name),
    );
    const closed = tasks.filter(({ probe }) => probe === test.name);
    return [...new Set([...closed, ...steps].map(({ owner }) => owner))];
  }
  const trigger = triggers.find(({ name }) => name === incident.trigger);
  if (trigger?.kind === 'security') return trigger.declaredBy;
  return [...new Set(decisions.rollback?.seats.flatMap(({ roles }) => roles) ?? [])];
}

function decidersOf(incident: Incident, playbook: Playbook): Span[] {
  return ['Who decides: ', ...spansOf(rolesOf(incident, playbook), playbook)];
}

function spansOf(roles: readonly string[], playbook: Playbook): Span[] {
  return roles.flatMap((role): Span[] => [...roleWithPeople(role, playbook), ' · ']).slice(0, -1);
}

function buttonsOf(incident: Incident, security: boolean, playbook: Playbook): CardElement[] {
  const name = nameOfIncident(incident);
  const people = peopleIn(rolesOf(incident, playbook), playbook);
  const button = (label: string, verb: string, style: Button['style'] = 'default'): Button => ({
    label,
    command: `incident ${name} ${verb}`,
    style,
  });
  const forDeciders = (label: string, verb: string): Button => ({ ...button(label, verb), people });
  const { state } = incident;
  const buttons = [
    ...(state === 'firing' || state === 'snoozed' ? [button('Acknowledge', 'acknowledge', 'primary')] : []),
    ...(state === 'proposed' || state === 'dismissed' ? [] : [button('Propose rollback', 'propose', 'danger')]),
    ...(state === 'firing' || state === 'acknowledged' ? [forDeciders('Snooze', 'snooze')] : []),
    ...(security ? [forDeciders('Lift', 'clear')] : state === 'dismissed' ? [] : [forDeciders('Dismiss', 'dismiss')]),
  ];
  return [{ kind: 'buttons', buttons }];
}

function noteOf({ number, clearedAt }: Incident, { timeZone }: Playbook): string {
  const cleared = clearedAt === null ? '' : `, cleared ${formatDateTime(new Date(clearedAt), timeZone)}`;
  return `${nameOfIncident({ number })}${cleared}`;
}
