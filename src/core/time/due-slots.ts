import { addDays, instantOf, localDate, weekday } from './local-time.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Slot } from '../store.ts';
import type { CatchUp, Plan, Schedule } from './schedule.ts';

export interface DueSlot {
  readonly at: Date;
  /** Too late by the catch-up policy: written down, not run. */
  readonly missed: boolean;
}

const hour = 3_600_000;

/** The next due time after an instant; undefined when there is none within two weeks (no weekday is chosen). */
export function nextSlot(plan: Plan, after: Date): Date | undefined {
  const first = localDate(after, plan.timeZone);
  return days(plan, first > plan.from ? first : plan.from, 15).find((at) => at > after);
}

/** The next due time of each schedule that has one, the soonest first. */
export function dueNext(schedules: readonly Schedule[], playbook: Playbook, now: Date): Slot[] {
  return schedules
    .flatMap((schedule) => {
      const plan = schedule.plan(playbook);
      const at = plan === undefined ? undefined : nextSlot(plan, now);
      return at === undefined ? [] : [{ name: schedule.name, at: at.toISOString() }];
    })
    .sort((one, other) => (one.at < other.at ? -1 : 1));
}

/**
 * Every due time after `last` up to `now`, oldest first, each due or missed by the policy. Without a `last`, the plan's
 * first day counts, but nothing older than the policy catches up with: a plan that was never watched missed nothing.
 * At most about a year is looked back on.
 */
export function dueSlots(plan: Plan, last: Date | undefined, now: Date, catchUp: CatchUp): DueSlot[] {
  const oldest = new Date(now.getTime() - catchUp.withinHours * hour);
  const since = last ?? new Date(oldest.getTime() - 1);
  const today = localDate(now, plan.timeZone);
  const farthest = addDays(today, -370);
  // A day's slot may lie on another UTC day, so begin one day early and let the comparison decide.
  const first = [plan.from, addDays(localDate(since, plan.timeZone), -1), farthest].reduce((a, b) => (a > b ? a : b));
  const count = Math.max(0, Math.round((Date.parse(today) - Date.parse(first)) / (24 * hour)) + 1);
  const due = days(plan, first, count).filter((at) => at > since && at <= now);
  return due.map((at, index) => ({
    at,
    missed: at < oldest || (catchUp.which === 'latest' && index < due.length - 1),
  }));
}

const isEveryDay = ({ everyDay }: Plan, date: string): boolean =>
  everyDay !== undefined && date >= everyDay.first && date <= everyDay.last;

/** The instants of the plan's local time on its days among `count` days from `first` on. */
function days(plan: Plan, first: string, count: number): Date[] {
  return Array.from({ length: count }, (_, index) => addDays(first, index))
    .filter((date) => date >= plan.from && (plan.weekdays.includes(weekday(date)) || isEveryDay(plan, date)))
    .map((date) => instantOf(date, plan.at, plan.timeZone));
}
