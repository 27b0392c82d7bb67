import { alertCard } from '../src/core/cards/alert-card.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { formatDateTime } from '../src/core/time/format.ts';
import { localDate } from '../src/core/time/local-time.ts';
import type { Schedule } from '../src/core/time/schedule.ts';
import { dailyReconciliation } from './daily-reconciliation.ts';
import { channelPlace } from '../src/core/messages/place.ts';

const minute = 60_000;
const lookBackMilliseconds = 14 * 24 * 60 * minute;
/** So long may a digest be on its way, as after a late start, before it counts as not delivered. */
const deliveryMilliseconds = 10 * minute;

/** A day without its report raises an alert (L42): looks whether every due digest was delivered. */
export const missedReport: Schedule = {
  name: 'missed-report',
  catchUp: { which: 'latest', withinHours: 24 },

  plan: (playbook) => {
    const daily = dailyReconciliation.plan(playbook);
    return daily === undefined ? undefined : { ...daily, at: playbook.schedules.missedReport.at };
  },

  async run(slot, services) {
    const { store, clock } = services;
    const missing = await store.transaction((tx) => missingReports(tx, new Date(slot.at), services));
    const write = async (tx: Transaction): Promise<void> => {
      for (const { at, why } of missing) if (why !== onItsWay) await alert(tx, at, why, services);
    };
    if (!missing.some(({ why }) => why === onItsWay)) return { kind: 'done', write };
    return { kind: 'again', at: new Date(clock.now().getTime() + minute), write };
  },
};

const onItsWay = Symbol('on its way');

type Why = string | typeof onItsWay;

/** The due times whose report is not in its channel, oldest first; those before the start date are nobody's concern. */
async function missingReports(
  tx: Transaction,
  until: Date,
  { playbook, clock }: Services,
): Promise<{ at: string; why: Why }[]> {
  const since = new Date(until.getTime() - lookBackMilliseconds);
  const missing: { at: string; why: Why }[] = [];
  for (const { slot, state } of await tx.slots.list(dailyReconciliation.name, since)) {
    const at = new Date(slot.at);
    if (at > until || localDate(at, playbook.timeZone) < (playbook.startDate ?? '')) continue;
    const why = await whyMissing(tx, slot.at, state, clock.now());
    if (why !== undefined) missing.push({ at: slot.at, why });
  }
  return missing;
}

async function whyMissing(
  tx: Transaction,
  at: string,
  state: 'due' | 'done' | 'missed',
  now: Date,
): Promise<Why | undefined> {
  if (state === 'missed') return 'It never ran: no process was up in time.';
  const digest = await tx.outbox.find(`digest/${at}`);
  if (digest === undefined) return state === 'due' ? 'It has not finished yet.' : 'It was given up; an alert said why.';
  if (digest.state === 'gone') return 'It was posted, and then deleted before its last state could be written into it.';
  // Once delivered it counts, also while an edit of it is on its way.
  if (digest.sentAt !== null) return undefined;
  const age = now.getTime() - Date.parse(digest.createdAt);
  if (digest.state === 'pending' && age < deliveryMilliseconds) return onItsWay;
  return `It was not delivered (${digest.state}${digest.reason === null ? '' : `: ${digest.reason}`}).`;
}

async function alert(tx: Transaction, at: string, why: string, { playbook, deliveryClock }: Services): Promise<void> {
  const due = formatDateTime(new Date(at), playbook.timeZone);
  await tx.outbox.post(
    {
      key: `alert/missed/${at}`,
      subject: `alert/missed/${at}`,
      place: channelPlace(playbook.channels.alerts, playbook),
      content: {
        kind: 'card',
        card: alertCard({
          title: 'A daily report is missing',
          text: `The report due ${due} is not in its channel. ${why}`,
          next: 'Run /parallel check for the figures of now, and see /healthz and the log for the cause.',
        }),
      },
    },
    deliveryClock.now(),
  );
}
