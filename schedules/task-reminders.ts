import { lateTasksCard, reminderCard } from '../src/core/cards/reminder-card.ts';
import type { Card } from '../src/core/cards/card.ts';
import { type PlannedTask, planOf, tasksIn } from '../src/core/phases/plan.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { addDays, instantOf, localDate, weekday } from '../src/core/time/local-time.ts';
import type { Watch } from '../src/core/time/watch.ts';
import { channelPlace } from '../src/core/messages/place.ts';

/** A task that is late for so many days is told in the alerts channel, too. */
const escalatedAfterDays = 2;

/** Reminds of tasks that are due or late: once on a working day, from the playbook's hour on, and only while there are any. */
export const taskReminders: Watch = {
  name: 'task-reminders',

  async look(tx, services) {
    const { playbook, clock } = services;
    const today = localDate(clock.now(), playbook.timeZone);
    const hour = instantOf(today, playbook.schedules.reminders.at, playbook.timeZone);
    if (!playbook.workingDays.includes(weekday(today)) || clock.now() < hour) return false;
    // By the calendar alone first: most looks end here or at the message of today, and the store is spared.
    if (dueBy(planOf(playbook, [], today), playbook, today).length === 0) return false;
    if ((await tx.outbox.find(`tasks/${today}`)) !== undefined) return false;

    const plan = planOf(playbook, await tx.tasks.latest(), today);
    const due = dueBy(plan, playbook, today);
    if (due.length === 0) return false;
    const posted = await post(tx, `tasks/${today}`, 'reconciliation', reminderCard(due, playbook, today), services);
    if (posted) await escalate(tx, plan, services);
    return posted;
  },
};

/** Late ones, and those due today, or on days off before the next working day: after these they would be late. */
function dueBy(plan: readonly PlannedTask[], { workingDays }: Playbook, today: string): PlannedTask[] {
  let until = today;
  while (!workingDays.includes(weekday(addDays(until, 1)))) until = addDays(until, 1);
  return tasksIn(plan, 'late', 'due').filter(({ window }) => window !== null && window.last <= until);
}

/** Once for those that were due by the same day: an alert each morning would soon be read by nobody. */
async function escalate(tx: Transaction, plan: readonly PlannedTask[], services: Services): Promise<void> {
  const late = tasksIn(plan, 'late').filter(({ daysLate }) => daysLate >= escalatedAfterDays);
  for (const last of new Set(late.map(({ window }) => window?.last))) {
    const tasks = late.filter(({ window }) => window?.last === last);
    await post(tx, `alert/tasks/${last}`, 'alerts', lateTasksCard(tasks, services.playbook), services);
  }
}

function post(
  tx: Transaction,
  key: string,
  channel: 'reconciliation' | 'alerts',
  card: Card,
  { playbook, deliveryClock }: Services,
): Promise<boolean> {
  return tx.outbox.post(
    {
      key,
      subject: key,
      place: channelPlace(playbook.channels[channel], playbook),
      content: { kind: 'card', card },
    },
    deliveryClock.now(),
  );
}
