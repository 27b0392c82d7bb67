import type { Run } from '../checks/run.ts';
import { decimal } from '../numbers/decimal.ts';
import { count } from '../numbers/format.ts';
import { formatShortDate } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import type { CardChart } from './card.ts';
import { visible, worstFirst } from './run-words.ts';

/** Scheduled days in a row, the newest first, on which everything passed. */
export function greenDays(scheduled: readonly Run[]): number {
  const red = scheduled.findIndex(({ state }) => state !== 'pass');
  return red === -1 ? scheduled.length : red;
}

/** "3 green days in a row", with what broke the streak when there is none. */
export function streakInWords(scheduled: readonly Run[]): string {
  const days = greenDays(scheduled);
  if (scheduled.length === 0) return 'No daily run yet';
  return days === 0 ? 'No green day in a row at the moment' : `${count(days, 'green day')} in a row`;
}

/**
 * How the variance of every check in percent went over the scheduled runs, oldest first. A day on which a check was
 * held or not measured is a gap. `runs` newest first. Undefined with fewer than two runs: that is no trend.
 */
export function trendChart(runs: readonly Run[], timeZone: string): CardChart | undefined {
  const oldestFirst = runs.toReversed();
  const newest = runs.find(({ state }) => state !== 'held');
  const checks = newest?.checks.filter(({ unit }) => unit === '%') ?? [];
  if (oldestFirst.length < 2 || checks.length === 0) return undefined;
  return {
    kind: 'chart',
    title: `Variance in the last ${oldestFirst.length} daily runs`,
    unit: '%',
    series: checks.map(({ check, title }) => ({
      name: title,
      points: oldestFirst.map((run) => ({ label: shortDate(run, timeZone), value: varianceOf(run, check) })),
    })),
    summary: trendInWords(runs),
  };
}

/** "Last 5 daily runs: 2 passed, 3 did not. No green day in a row at the moment." */
export function trendInWords(runs: readonly Run[]): string {
  const passed = runs.filter(({ state }) => state === 'pass').length;
  const rest = runs.length - passed;
  return `Last ${count(runs.length, 'daily run')}: ${passed} passed, ${rest} did not. ${streakInWords(runs)}.`;
}

/** The check's largest variance that chat may show, cut for drawing; null where there is none. */
export function varianceOf(run: Run, check: string): string | null {
  const result = run.checks.find((one) => one.check === check);
  const measured = visible(result?.findings ?? []).filter(({ variance }) => variance !== null);
  const [largest] = worstFirst(measured.map((finding) => ({ ...finding, verdict: 'pass' })));
  return largest?.variance == null ? null : decimal(largest.variance).round(6).toFixed();
}

/** "23 Nov", the local day of the due time, or of the start when nobody's schedule asked. */
export function shortDate(run: Run, timeZone: string): string {
  return formatShortDate(localDate(new Date(run.slot ?? run.startedAt), timeZone));
}
