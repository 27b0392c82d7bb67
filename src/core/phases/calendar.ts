import { addDays, daysBetween } from '../time/local-time.ts';

/** L13: three months, as twelve weeks of seven days in three phases of four weeks (requirements, row 2). */
export const daysInAll = 84;
const daysInPhase = 28;

export const phaseTitles = ['Shadow Mode', 'Pilot Usage', 'Full Parallel Run'] as const;

/** Where a local date lies in the parallel run. `day` counts from 1 to 84, `week` from 1 to 12, `phase` from 1 to 3. */
export type Moment =
  | { readonly kind: 'unset' }
  | { readonly kind: 'before'; readonly days: number }
  | { readonly kind: 'during'; readonly phase: 1 | 2 | 3; readonly week: number; readonly day: number }
  | { readonly kind: 'after'; readonly days: number };

/** Both as yyyy-mm-dd, local dates of the playbook's zone: no clock change can shift them. */
export function momentOf(startDate: string | null, date: string): Moment {
  if (startDate === null) return { kind: 'unset' };
  const passed = daysBetween(startDate, date);
  if (passed < 0) return { kind: 'before', days: -passed };
  if (passed >= daysInAll) return { kind: 'after', days: passed - daysInAll + 1 };
  return {
    kind: 'during',
    phase: (Math.floor(passed / daysInPhase) + 1) as 1 | 2 | 3,
    week: Math.floor(passed / 7) + 1,
    day: passed + 1,
  };
}

/** The first and last day of a phase, yyyy-mm-dd. */
export function phaseDates(startDate: string, phase: 1 | 2 | 3): { readonly first: string; readonly last: string } {
  const first = addDays(startDate, (phase - 1) * daysInPhase);
  return { first, last: addDays(first, daysInPhase - 1) };
}

/** "Phase 1 (Shadow Mode), week 3, day 15 of 84". */
export function describeMoment(moment: Moment): string {
  switch (moment.kind) {
    case 'unset':
      return 'The start date is not set: nothing is scheduled';
    case 'before':
      return `Begins in ${moment.days === 1 ? '1 day' : `${moment.days} days`}`;
    case 'during':
      return `Phase ${moment.phase} (${phaseTitles[moment.phase - 1]}), week ${moment.week}, day ${moment.day} of ${daysInAll}`;
    case 'after':
      return `${moment.days === 1 ? '1 day' : `${moment.days} days`} past the planned ${daysInAll} days`;
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

export function planDates(startDate: string): PlanDates {
  const phases = ([1, 2, 3] as const).map((phase) => ({ phase, ...phaseDates(startDate, phase) }));
  return {
    phases,
    evidenceFrozen: weekDates(startDate, 3, 2).last,
    vote: weekDates(startDate, 3, 3),
    end: addDays(startDate, daysInAll - 1),
  };
}

/** The first and last day of a week of a phase; `week` from 1 to 4. */
export function weekDates(
  startDate: string,
  phase: 1 | 2 | 3,
  week: number,
): { readonly first: string; readonly last: string } {
  const first = addDays(phaseDates(startDate, phase).first, (week - 1) * 7);
  return { first, last: addDays(first, 6) };
}
