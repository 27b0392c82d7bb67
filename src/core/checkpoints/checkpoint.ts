import type { Playbook } from '../playbook/playbook.ts';
import { addDays, instantOf, localDate, weekday } from '../time/local-time.ts';
import type { Agenda } from './agenda.ts';

/** A weekly validation meeting (L14): announced, given its agenda at the hour, and held or not. */
export interface Checkpoint {
  /** yyyy-mm-dd, its local day, which names it. */
  readonly date: string;
  /** ISO 8601 UTC, like every time here. */
  readonly dueAt: string;
  /** As it was at the hour: figures of that week, kept for good. */
  readonly agenda: Agenda;
  readonly minutes: Minutes | null;
  /** When it was said that nobody held it; null while that is open, and for good once there are minutes. */
  readonly missedAt: string | null;
}

export interface Minutes {
  /** Who was there, as it was typed. */
  readonly attendance: string;
  readonly decisions: string;
  readonly notes: string;
  /** As the audit names people. */
  readonly by: string;
  readonly at: string;
}

type Plan = Pick<Playbook, 'startDate' | 'timeZone' | 'schedules'>;

/** A checkpoint's day and hour. */
export interface CheckpointTime {
  readonly date: string;
  readonly due: Date;
}

/** The last checkpoint up to now and the next one after it; none before the start date, and none while it is unset. */
export function checkpointsAround(
  { startDate, timeZone, schedules }: Plan,
  now: Date,
): {
  readonly last?: CheckpointTime;
  readonly next?: CheckpointTime;
} {
  const { weeklyCheckpoint } = schedules;
  if (weeklyCheckpoint === undefined || startDate === null) return {};
  const today = localDate(now, timeZone);
  const onDay = addDays(today, weeklyCheckpoint.day - weekday(today));
  const times = [-7, 0, 7, 14]
    .map((days) => addDays(onDay, days))
    .map((date): CheckpointTime => ({ date, due: instantOf(date, weeklyCheckpoint.at, timeZone) }))
    .filter(({ date }) => date >= startDate);
  const last = times.findLast(({ due }) => due <= now);
  const next = times.find(({ due }) => due > now) ?? firstFrom(startDate, weeklyCheckpoint, timeZone);
  return { ...(last === undefined ? {} : { last }), next };
}

function firstFrom(startDate: string, { at, day }: { at: string; day: number }, timeZone: string): CheckpointTime {
  const date = addDays(startDate, (day - weekday(startDate) + 7) % 7);
  return { date, due: instantOf(date, at, timeZone) };
}

/** The reminders that are due before a checkpoint: two days before, and an hour before. */
export function reminderDue(
  { date, due }: CheckpointTime,
  { timeZone, schedules }: Plan,
  now: Date,
): 'days' | 'hour' | undefined {
  const { weeklyCheckpoint } = schedules;
  if (weeklyCheckpoint === undefined || now >= due) return undefined;
  if (now.getTime() >= due.getTime() - 3_600_000) return 'hour';
  return now >= instantOf(addDays(date, -2), weeklyCheckpoint.at, timeZone) ? 'days' : undefined;
}
