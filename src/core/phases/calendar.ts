import { addDays, daysBetween } from '../time/local-time.ts';

/** L13: three months, as twelve weeks of seven days in three phases of four weeks (requirements, row 2). */
const daysInAll = 84;
const daysInPhase = 28;

/** What all dates of the parallel run follow from. */
export interface Timeline {
  /** yyyy-mm-dd. */
  readonly startDate: string;
  /** Whole weeks by which phase 3 was extended (L72); 0 at first. */
  readonly extensionWeeks: number;
}

/** The same, where the start date may be to be decided. */
export type MaybeTimeline = Omit<Timeline, 'startDate'> & { readonly startDate: string | null };

/** The timeline, where there is a start date. */
export function timelineOf({ startDate, extensionWeeks }: MaybeTimeline): Timeline | undefined {
  return startDate === null ? undefined : { startDate, extensionWeeks };
}

const daysOf = ({ extensionWeeks }: Pick<Timeline, 'extensionWeeks'>): number => daysInAll + extensionWeeks * 7;

export const phaseTitles = ['Shadow Mode', 'Pilot Usage', 'Full Parallel Run'] as const;

/**
 * Where a local date lies in the parallel run. `day` counts from 1 to `of`, which is 84 and 7 more for each week of an
 * extension, `week` from 1, `phase` from 1 to 3.
 */
export type Moment =
  | { readonly kind: 'unset' }
  | { readonly kind: 'before'; readonly days: number }
  | {
      readonly kind: 'during';
      readonly phase: 1 | 2 | 3;
      readonly week: number;
      readonly day: number;
      readonly of: number;
    }
  | { readonly kind: 'after'; readonly days: number; readonly of: number };

/** Both as yyyy-mm-dd, local dates of the playbook's zone: no clock change can shift them. */
export function momentOf({ startDate, extensionWeeks }: MaybeTimeline, date: string): Moment {
  if (startDate === null) return { kind: 'unset' };
  const of = daysOf({ extensionWeeks });
  const passed = daysBetween(startDate, date);
  if (passed < 0) return { kind: 'before', days: -passed };
  if (passed >= of) return { kind: 'after', days: passed - of + 1, of };
  return {
    kind: 'during',
    phase: Math.min(3, Math.floor(passed / daysInPhase) + 1) as 1 | 2 | 3,
    week: Math.floor(passed / 7) + 1,
    day: passed + 1,
    of,
  };
}

/** The first and last day of a phase, yyyy-mm-dd; an extension makes the third longer. */
export function phaseDates(
  { startDate, extensionWeeks }: Timeline,
  phase: 1 | 2 | 3,
): { readonly first: string; readonly last: string } {
  const first = addDays(startDate, (phase - 1) * daysInPhase);
  return { first, last: addDays(first, daysInPhase - 1 + (phase === 3 ? extensionWeeks * 7 : 0)) };
}

/** "Phase 1 (Shadow Mode), week 3, day 15 of 84". */
export function describeMoment(moment: Moment): string {
  switch (moment.kind) {
    case 'unset':
      return 'The start date is not set: nothing is scheduled';
    case 'before':
      return `Begins in ${moment.days === 1 ? '1 day' : `${moment.days} days`}`;
    case 'during':
      return `Phase ${moment.phase} (${phaseTitles[moment.phase - 1]}), week ${moment.week}, day ${moment.day} of ${moment.of}`;
    case 'after':
      return `${moment.days === 1 ? '1 day' : `${moment.days} days`} past the planned ${moment.of} days`;
  }
}

/** The dates that follow from a start date, each yyyy-mm-dd. */
export interface PlanDates {
  readonly phases: readonly { readonly phase: 1 | 2 | 3; readonly first: string; readonly last: string }[];
  /** L15, L64: the evidence is frozen at the end of month 3, week 2, so that the vote is about what everybody saw. */
  readonly evidenceFrozen: string;
  /** Month 3, week 3: the first and last day of the vote. */
  readonly vote: { readonly first: string; readonly last: string };
  readonly end: string;
}

export function planDates(timeline: Timeline): PlanDates {
  const phases = ([1, 2, 3] as const).map((phase) => ({ phase, ...phaseDates(timeline, phase) }));
  return {
    phases,
    evidenceFrozen: weekDates(timeline, 3, 2).last,
    vote: weekDates(timeline, 3, 3),
    end: addDays(timeline.startDate, daysOf(timeline) - 1),
  };
}

/**
 * The first and last day of a week of a phase; `week` from 1 to 4. An extension lengthens the complete parallel operation
 * of phase 3, its weeks 1 and 2: the vote and what follows it come so much later.
 */
export function weekDates(
  timeline: Timeline,
  phase: 1 | 2 | 3,
  week: number,
): { readonly first: string; readonly last: string } {
  const later = (from: number): number => (phase === 3 && week >= from ? timeline.extensionWeeks * 7 : 0);
  const first = addDays(phaseDates(timeline, phase).first, (week - 1) * 7);
  return { first: addDays(first, later(3)), last: addDays(first, 6 + later(2)) };
}
