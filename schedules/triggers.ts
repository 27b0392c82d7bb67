import { callCard } from '../src/core/cards/call-card.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import { cardKeyOfIncident, evaluateTrigger, moveIncident, subjectOfCalls } from '../src/core/reports/keep-incident.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import type { Watch } from '../src/core/time/watch.ts';
import type { Incident } from '../src/core/triggers/incident.ts';
import { channelPlace } from '../src/core/messages/place.ts';

const minute = 60_000;

/** Looks whether a trigger fires or clears (L119-L122), and calls people about what nobody acknowledges. */
export const triggers: Watch = {
  name: 'triggers',

  async look(tx, services) {
    let written = false;
    for (const trigger of services.playbook.triggers) {
      written = (await evaluateTrigger(tx, trigger, services)) || written;
    }
    for (const { number } of await tx.incidents.open()) {
      const incident = await tx.incidents.lock(number);
      if (incident === undefined) continue;
      written = (await wake(tx, incident, services)) || written;
      written = (await call(tx, incident, services)) || written;
    }
    return written;
  },
};

async function wake(tx: Transaction, incident: Incident, services: Services): Promise<boolean> {
  const { state, snoozedUntil } = incident;
  if (state !== 'snoozed' || snoozedUntil === null || Date.parse(snoozedUntil) > services.clock.now().getTime())
    return false;
  await moveIncident(tx, incident, 'firing', { by: 'clock', reason: 'the snooze is over', until: null }, services);
  return true;
}

type Rung = keyof Playbook['incidents']['unacknowledgedMinutes'];
const rungs: readonly Rung[] = ['fallback', 'deputy', 'reminder'];

/** Once for each rung: the message's key says so, also between processes. After a standstill only the highest. */
async function call(tx: Transaction, incident: Incident, services: Services): Promise<boolean> {
  const { playbook, clock, deliveryClock } = services;
  if (incident.state !== 'firing') return false;
  const waited = clock.now().getTime() - Date.parse(incident.firingAt);
  const due = rungs.find((rung) => waited >= playbook.incidents.unacknowledgedMinutes[rung] * minute);
  if (due === undefined) return false;
  const card = cardKeyOfIncident(incident);
  const key = `${card}/${due}`;
  if ((await tx.outbox.find(key)) !== undefined) return false;
  const { fallback } = playbook.channels;
  const elsewhere = due === 'fallback' && fallback !== undefined;
  const channel = elsewhere ? fallback : playbook.channels.alerts;
  return tx.outbox.post(
    {
      key,
      subject: subjectOfCalls(incident),
      // Where it goes elsewhere, it says all by itself.
      ...(elsewhere ? {} : { parent: card }),
      place: channelPlace(channel, playbook),
      content: { kind: 'card', card: callCard(incident, { deputies: due !== 'reminder' }, playbook) },
    },
    deliveryClock.now(),
  );
}
