import type { Playbook } from '../playbook/playbook.ts';
import { type Incident, nameOfIncident } from '../triggers/incident.ts';
import type { Trigger, TriggerReading } from '../triggers/trigger.ts';
import type { Card } from './card.ts';

/** A trigger as it stands. */
export interface TriggerState {
  readonly trigger: Trigger;
  readonly newest: TriggerReading | undefined;
  /** The one that has not cleared. */
  readonly incident: Incident | undefined;
}

const zones = { above: 'fires', between: 'near its limit', below: 'quiet' } as const;

/** All triggers: which fire, and the newest figure of each against its limit. What was not measured is not quiet. */
export function triggersCard(states: readonly TriggerState[], { roles }: Pick<Playbook, 'roles'>): Card {
  const firing = states.filter(({ incident }) => incident !== undefined && incident.state !== 'dismissed');
  const title =
    firing.length === 0
      ? 'No trigger fires'
      : `${firing.length} of ${states.length} triggers fire: ${firing.map(({ trigger }) => trigger.title).join(', ')}`;
  return {
    title,
    tone: firing.length === 0 ? 'good' : 'bad',
    summary: `${title}.`,
    body: [
      {
        kind: 'table',
        columns: ['Trigger', 'State', 'Newest', 'Fires at'].map((label) => ({ label, align: 'left' })),
        rows: states.map(({ trigger, newest, incident }) => [
          trigger.title,
          incident === undefined
            ? newest === undefined
              ? quiet(trigger)
              : zones[newest.zone]
            : `${nameOfIncident(incident)} ${incident.state}`,
          newest?.figure ?? '–',
          newest?.limit ?? declared(trigger, roles),
        ]),
      },
      {
        kind: 'buttons',
        buttons: firing.slice(0, 5).map(({ incident }) => ({
          label: `Show ${nameOfIncident(incident ?? { number: 0 })}`,
          command: `incident ${incident?.number ?? 0}`,
          style: 'default',
        })),
      },
    ],
  };
}

const quiet = ({ kind }: Trigger): string => (kind === 'security' ? 'nothing declared' : 'no data');

function declared(trigger: Trigger, roles: Playbook['roles']): string {
  if (trigger.kind !== 'security') return '–';
  return `declared by ${trigger.declaredBy.map((role) => roles[role]?.title ?? role).join(' or ')}`;
}
