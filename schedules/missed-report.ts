import { alertCard } from '../src/core/cards/alert-card.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { formatDateTime } from '../src/core/time/format.ts';
import type { Schedule } from '../src/core/time/schedule.ts';
import { dailyReconciliation } from './daily-reconciliation.ts';

const lookBackMilliseconds = 14 * 86_400_000;

/** A day without its report raises an alert (L42): looks whether every due digest was delivered. */
export const missedReport: Schedule = {
  name: 'missed-report',
  catchUp: { which: 'latest', withinHours: 24 },

  plan: (playbook) => {
    const daily = dailyReconciliation.plan(playbook);
    return daily === undefined ? undefined : { ...daily, at: playbook.schedules.missedReport.at };
  },

  run: async (slot, services) => ({ kind: 'done', write: (tx) => look(tx, new Date(slot.at), services) }),
};

async function look(tx: Transaction, until: Date, services: Services): Promise<void> {
  const since = new Date(until.getTime() - lookBackMilliseconds);
  for (const { slot, state } of await tx.slots.list(dailyReconciliation.name, since)) {
    if (new Date(slot.at) > until) continue;
    const why = await whyMissing(tx, slot.at, state);
    if (why !== undefined) await alert(tx, slot.at, why, services);
  }
}

async function whyMissing(tx: Transaction, at: string, state: 'due' | 'done' | 'missed'): Promise<string | undefined> {
  if (state === 'missed') return 'It never ran: no process was up in time.';
  const digest = await tx.outbox.find(`digest/${at}`);
  if (digest === undefined) return state === 'due' ? 'It has not finished yet.' : 'It failed, and was given up.';
  // Once delivered it counts, also while an edit of it is on its way, or when somebody deleted it later.
  if (digest.sentAt !== null) return undefined;
  return `It was not delivered (${digest.state}${digest.reason === null ? '' : `: ${digest.reason}`}).`;
}

async function alert(tx: Transaction, at: string, why: string, { playbook, clock }: Services): Promise<void> {
  const due = formatDateTime(new Date(at), playbook.timeZone);
  await tx.outbox.post(
    {
      key: `alert/missed/${at}`,
      subject: `alert/missed/${at}`,
      place: { platform: 'slack', channel: playbook.channels.alerts, visibility: 'channel' },
      content: {
        kind: 'card',
        card: alertCard({
          title: 'A daily report is missing',
          text: `The report due ${due} is not in its channel. ${why}`,
          next: 'Run /parallel check for the figures of now, and see /healthz and the log for the cause.',
        }),
      },
    },
    clock.now(),
  );
}
