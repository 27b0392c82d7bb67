import { alertCard } from '../src/core/cards/alert-card.ts';
import type { Run } from '../src/core/checks/run.ts';
import { keepDailyRun } from '../src/core/reports/keep-probe.ts';
import { measureQueries, recordQueried } from '../src/core/reports/query-metrics.ts';
import { type RunWithRows, sayRun } from '../src/core/reports/say-run.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import type { Actor } from '../src/core/request.ts';
import type { Services } from '../src/core/services.ts';
import type { Slot, Transaction } from '../src/core/store.ts';
import { formatDateTime } from '../src/core/time/format.ts';
import { addDays, instantOf, localDate } from '../src/core/time/local-time.ts';
import type { Schedule, SlotResult } from '../src/core/time/schedule.ts';
import { channelPlace } from '../src/core/messages/place.ts';

const minute = 60_000;
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const healthDays = 7;
const theSchedule: Actor = { platform: 'clock', workspace: '', user: 'clock', name: 'the daily schedule' };

/** The daily reconciliation (L27, L42): one run a day, posted whatever it came to. */
export const dailyReconciliation: Schedule = {
  name: 'daily-reconciliation',
  catchUp: { which: 'latest', withinHours: 12 },

  plan: ({ startDate, timeZone, workingDays, schedules, cutover }) =>
    startDate === null
      ? undefined
      : {
          at: schedules.dailyReconciliation.at,
          timeZone,
          weekdays: schedules.dailyReconciliation.days === 'every' ? everyDay : workingDays,
          from: startDate,
          // L170: a health check on each of the seven days after the cutover.
          ...(cutover?.switched === true
            ? { everyDay: { first: addDays(cutover.day, 1), last: addDays(cutover.day, healthDays) } }
            : {}),
        },

  async run(slot, services, signal) {
    const { playbook, store, clock } = services;
    const { previous, said } = await store.transaction(async (tx) => ({
      previous: await tx.runs.findBySlot(slot.at),
      said: await tx.outbox.find(`digest/${slot.at}`),
    }));
    const rows: RunWithRows['rows'][number][] = [];
    const run = await services.measure({
      keepRows: (comparison, differences) => rows.push({ comparison, differences }),
      checks: [],
      requestedBy: theSchedule,
      slot: slot.at,
      ...(previous === undefined ? {} : { previous }),
      signal,
    });
    const measured = run.state === 'held' ? [] : await measureQueries(run, services, signal);
    const now = clock.now().getTime();
    const deadline = deadlineOf(slot, new Date(said?.createdAt ?? run.startedAt), playbook).getTime();
    if (run.state === 'held' && now < deadline) {
      const retryAt = new Date(Math.min(now + playbook.readiness.retryMinutes * minute, deadline));
      return {
        kind: 'again',
        at: retryAt,
        write: (tx) => sayRun(tx, { run, rows }, services, retryAt),
      } satisfies SlotResult;
    }
    return {
      kind: 'done',
      write: async (tx) => {
        // First, so that what the run makes known of itself tells of them as well.
        for (const one of measured) await recordQueried(tx, one, services);
        await sayRun(tx, { run, rows }, services, null);
        await keepDailyRun(tx, run, services);
        if (run.state === 'held') await alertHeld(tx, run, slot, services);
      },
    } satisfies SlotResult;
  },
};

/** The playbook's local time on the slot's day; for a slot that began later than that, an hour after it began. */
function deadlineOf(slot: Slot, began: Date, { readiness, timeZone }: Playbook): Date {
  const deadline = instantOf(localDate(new Date(slot.at), timeZone), readiness.deadline, timeZone);
  return began < deadline ? deadline : new Date(began.getTime() + 60 * minute);
}

async function alertHeld(tx: Transaction, run: Run, slot: Slot, { playbook, deliveryClock }: Services): Promise<void> {
  await tx.outbox.post(
    {
      key: `alert/held/${slot.at}`,
      subject: `alert/held/${slot.at}`,
      place: channelPlace(playbook.channels.alerts, playbook),
      content: {
        kind: 'card',
        card: alertCard({
          title: 'The daily reconciliation is still held',
          text: `Due ${formatDateTime(new Date(slot.at), playbook.timeZone)}, asked ${run.attempts} times: ${run.batch.reasons.join(' ')}`,
          next: 'See why the sync is not complete or not comparable; then /parallel check compares at once.',
        }),
      },
    },
    deliveryClock.now(),
  );
}
