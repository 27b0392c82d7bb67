import type { Playbook } from '../playbook/playbook.ts';
import { type Incident, nameOfIncident } from '../triggers/incident.ts';
import type { Card, Span } from './card.ts';
import { incidentCard, rolesOf } from './incident-card.ts';
import { roleWithPeople } from './people-words.ts';

/** Calls people about an incident that nobody has acknowledged: those who decide, and with `deputies` theirs too. */
export function callCard(incident: Incident, { deputies }: { readonly deputies: boolean }, playbook: Playbook): Card {
  const whole = incidentCard(incident, playbook);
  const deciders = rolesOf(incident, playbook);
  const more = deputies ? deciders.flatMap((role) => playbook.roles[role]?.deputy ?? []) : [];
  const called = [...new Set([...deciders, ...more])];
  const people = called.flatMap((role): Span[] => [...roleWithPeople(role, playbook), ' · ']).slice(0, -1);
  const title = `${nameOfIncident(incident)} waits: ${whole.title}`;
  return {
    ...whole,
    title,
    summary: `${title}. ${incident.figure}.`,
    body: [{ kind: 'text', text: people }, ...whole.body],
  };
}

/** What a call says once nobody is waited for: what became of the incident, by whom and why, and nothing to press. */
export function calledCard(incident: Incident, playbook: Playbook): Card {
  const whole = incidentCard(incident, playbook);
  const title = `${nameOfIncident(incident)} waits no more: ${whole.title}`;
  return {
    ...whole,
    title,
    summary: `${title}. ${incident.figure}.`,
    body: [
      ...whole.body.filter(({ kind }) => kind !== 'buttons'),
      ...(incident.state === 'cleared' ? [] : [{ kind: 'note' as const, text: lookAt(incident) }]),
    ],
  };
}

/** Where there may be something to do yet: these buttons would call for what others have done. */
const lookAt = (incident: Incident): Span[] => [
  'To see it as it is now, and do more about it: ',
  { code: `/parallel incident ${nameOfIncident(incident)}` },
];
