import type { Playbook } from '../playbook/playbook.ts';
import type { Task } from '../playbook/team.ts';
import { addDays, daysBetween } from '../time/local-time.ts';
import { timelineOf, weekDates } from './calendar.ts';
import type { TaskChange } from './task-change.ts';

/** The first and last day on which a task is to be done, yyyy-mm-dd; it is late from the day after the last. */
export interface Window {
  readonly first: string;
  readonly last: string;
}

/**
 * `automatic`: done by the bot. `unplanned`: without dates, because the start date is not set or no cutover is planned.
 * `upcoming`: before its window. `due`: in it. `late`: past it.
 */
export type TaskState = 'automatic' | 'done' | 'unplanned' | 'upcoming' | 'due' | 'late';

/** Where a task of the plan stands on a day. */
export interface PlannedTask {
  readonly task: Task;
  readonly state: TaskState;
  /** Null while it is unplanned. */
  readonly window: Window | null;
  /** Whole days past its window, 1 or more when it is late; 0 otherwise. */
  readonly daysLate: number;
  /** What became of it last; null when nothing did. */
  readonly change: TaskChange | null;
}

type Dates = Pick<Playbook, 'startDate' | 'extensionWeeks' | 'cutover'>;

const daysAround = 7;

/** Null while there is no start date; for the lists around the cutover, T-7 and T+7 days (L152, L169), while none is started. */
export function windowOf({ phase, weeks }: Pick<Task, 'phase' | 'weeks'>, dates: Dates): Window | null {
  const timeline = timelineOf(dates);
  if (typeof phase === 'string') {
    if (dates.cutover === null) return null;
    const { day } = dates.cutover;
    return phase === 'beforeCutover'
      ? { first: addDays(day, -daysAround), last: addDays(day, -1) }
      : { first: day, last: addDays(day, daysAround) };
  }
  if (timeline === undefined) return null;
  const [first, last] = weeks ?? [1, 4];
  return { first: weekDates(timeline, phase, first).first, last: weekDates(timeline, phase, last).last };
}

/** Every task in the playbook's order. `changes`: the newest of each task; `today`: yyyy-mm-dd in the playbook's zone. */
export function planOf(
  { tasks, ...dates }: Pick<Playbook, 'tasks'> & Dates,
  changes: readonly TaskChange[],
  today: string,
): PlannedTask[] {
  const changeOf = new Map(changes.map((change) => [change.task, change]));
  return tasks.map((task) => {
    const window = windowOf(task, dates);
    const change = changeOf.get(task.name) ?? null;
    const state = stateOf(task, window, change, today);
    return { task, state, window, change, daysLate: state === 'late' && window ? daysBetween(window.last, today) : 0 };
  });
}

function stateOf({ kind }: Task, window: Window | null, change: TaskChange | null, today: string): TaskState {
  if (kind === 'automatic') return 'automatic';
  if (change?.state === 'done') return 'done';
  if (window === null) return 'unplanned';
  if (today < window.first) return 'upcoming';
  return today > window.last ? 'late' : 'due';
}

/** Those in one of these states, the soonest due first. */
export function tasksIn(plan: readonly PlannedTask[], ...states: readonly TaskState[]): PlannedTask[] {
  return plan
    .filter(({ state }) => states.includes(state))
    .toSorted((one, other) => (one.window?.last ?? '').localeCompare(other.window?.last ?? ''));
}
