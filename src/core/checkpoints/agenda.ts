import type { Run, RunState } from '../checks/run.ts';
import { type PlannedTask, tasksIn } from '../phases/plan.ts';
import type { Discrepancy, Severity } from '../records/discrepancy.ts';
import type { Feedback } from '../records/feedback.ts';
import type { Lesson } from '../records/lesson.ts';
import { daysBetween, localDate } from '../time/local-time.ts';

/** What a checkpoint talks about: the week's figures, as they were at its hour. Holds no figure of a small group. */
export interface Agenda {
  /** After this moment, up to the checkpoint's own; ISO 8601 UTC. */
  readonly from: string;
  readonly to: string;
  /** The week's daily runs, oldest first. */
  readonly runs: readonly { readonly id: string; readonly date: string; readonly state: RunState }[];
  /** Each check's variance in percent, day by day, oldest first; null where it was held. Missing in older agendas. */
  readonly trend?: readonly Trend[];
  /** Checks that did not pass in some run of the week, with how often. */
  readonly checks: readonly { readonly check: string; readonly title: string; readonly failed: number }[];
  /** Numbers of discrepancies that were opened in the week, resolved or rejected in it, and are active now. */
  readonly opened: readonly number[];
  readonly closed: readonly number[];
  readonly active: readonly AgendaDiscrepancy[];
  /** Tasks of the plan that are due or late at the hour, the soonest due first. */
  readonly tasks: readonly { readonly name: string; readonly title: string; readonly daysLate: number }[];
  /** Each metric against its target, in words. */
  readonly metrics: readonly { readonly title: string; readonly status: string; readonly words: string }[];
  /** The gate of each phase, in words. */
  readonly gates: readonly { readonly phase: number; readonly green: boolean; readonly words: string }[];
  /** The week's lessons, oldest first. */
  readonly lessons: readonly { readonly number: number; readonly category: string; readonly learning: string }[];
  /** What people said of the new system in the week, oldest first. */
  readonly feedback: readonly { readonly number: number; readonly text: string }[];
}

export interface Trend {
  readonly name: string;
  readonly points: readonly { readonly label: string; readonly value: string | null }[];
}

export interface AgendaDiscrepancy {
  readonly number: number;
  readonly severity: Severity;
  readonly state: Discrepancy['state'];
  /** Whole local days since it was opened. */
  readonly days: number;
}

export interface Week {
  readonly from: Date;
  readonly to: Date;
  readonly timeZone: string;
  /** Newest first; more than the week's are fine. */
  readonly scheduled: readonly Run[];
  readonly discrepancies: readonly Discrepancy[];
  readonly plan: readonly PlannedTask[];
  readonly metrics: Agenda['metrics'];
  readonly gates: Agenda['gates'];
  /** Newest first. */
  readonly lessons: readonly Lesson[];
  /** Newest first. */
  readonly feedback: readonly Feedback[];
}

/** The agenda of a week (L14). Its first moment belongs to the week before, its last to it. Pure. */
export function agendaOf({
  from,
  to,
  timeZone,
  scheduled,
  discrepancies,
  plan,
  metrics,
  gates,
  lessons,
  feedback,
}: Week): Agenda {
  const within = (at: string | null): boolean =>
    at !== null && Date.parse(at) > from.getTime() && Date.parse(at) <= to.getTime();
  const date = (at: string): string => localDate(new Date(at), timeZone);
  const runs = scheduled.filter(({ slot, startedAt }) => within(slot ?? startedAt)).toReversed();
  const failed = new Map<string, { check: string; title: string; failed: number }>();
  for (const { check, title, verdict } of runs.flatMap(({ checks }) => checks)) {
    if (verdict !== 'pass') failed.set(check, { check, title, failed: (failed.get(check)?.failed ?? 0) + 1 });
  }
  const numbers = (some: readonly Discrepancy[]): number[] =>
    some.map(({ number }) => number).toSorted((a, b) => a - b);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    runs: runs.map(({ id, slot, startedAt, state }) => ({ id, date: date(slot ?? startedAt), state })),
    checks: [...failed.values()].toSorted((one, other) => other.failed - one.failed),
    opened: numbers(discrepancies.filter(({ openedAt }) => within(openedAt))),
    closed: numbers(discrepancies.filter((one) => within(closedAt(one)))),
    active: discrepancies
      .filter(({ state }) => state !== 'resolved' && state !== 'rejected')
      .toSorted((one, other) => one.openedAt.localeCompare(other.openedAt) || one.number - other.number)
      .map(({ number, severity, state, openedAt }) => ({
        number,
        severity,
        state,
        days: daysBetween(date(openedAt), date(to.toISOString())),
      })),
    tasks: tasksIn(plan, 'late', 'due').map(({ task, daysLate }) => ({ name: task.name, title: task.title, daysLate })),
    metrics,
    gates,
    lessons: lessons
      .filter(({ recordedAt }) => within(recordedAt))
      .toReversed()
      .map(({ number, category, learning }) => ({ number, category, learning })),
    feedback: feedback
      .filter(({ at }) => within(at))
      .toReversed()
      .map(({ number, text }) => ({ number, text })),
  };
}

function closedAt({ state, resolvedAt, actedAt }: Discrepancy): string | null {
  return state === 'rejected' ? actedAt : resolvedAt;
}
