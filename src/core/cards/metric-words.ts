import type { MetricState } from '../metrics/read-metrics.ts';
import type { Baseline, Reading } from '../metrics/reading.ts';
import type { MetricStatus } from '../metrics/status.ts';
import { decimal, decimalText } from '../numbers/decimal.ts';
import { formatVariance } from '../numbers/format.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Metric } from '../playbook/team.ts';
import { formatDate, formatShortDate } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import type { Tone } from './card.ts';

/** What is not there yet, as the document writes it (L136-L140). */
export const toBeDetermined = 'TBD';

const words: Readonly<Record<MetricStatus, string>> = {
  pass: '✓ pass',
  fail: '✗ fail',
  stale: '… stale',
  'no data': '– no data',
};

/** "✗ fail": the word beside the sign. */
export function statusWord(status: MetricStatus): string {
  return words[status];
}

/** Green only where everything is on target. */
export function toneOfMetrics(states: readonly Pick<MetricState, 'status'>[]): Tone {
  if (states.length === 0) return 'neutral';
  if (states.some(({ status }) => status === 'fail')) return 'bad';
  return states.every(({ status }) => status === 'pass') ? 'good' : 'warning';
}

/** "3 of 5 on target, 1 stale, 1 without data". */
export function metricsInWords(states: readonly Pick<MetricState, 'status'>[]): string {
  if (states.length === 0) return 'none in the playbook';
  const number = (wanted: MetricStatus): number => states.filter(({ status }) => status === wanted).length;
  const rest = [
    [number('fail'), 'not on target'],
    [number('stale'), 'stale'],
    [number('no data'), 'without data'],
  ] as const;
  return [
    `${number('pass')} of ${states.length} on target`,
    ...rest.flatMap(([many, what]) => (many === 0 ? [] : [`${many} ${what}`])),
  ].join(', ');
}

/** "> 99.5 %". */
export function targetInWords({ target: { direction, amount, unit } }: Pick<Metric, 'target'>): string {
  return `${direction === 'above' ? '>' : '<'} ${decimalText(decimal(amount))} ${unit}`.trim();
}

/** "99.6 %"; what is beyond the target never reads as if it were at it. */
export function figureInWords(value: string, { target: { amount, unit } }: Pick<Metric, 'target'>): string {
  return formatVariance(value, unit, amount).trim();
}

/** "Mon 23 Nov 2026", the day on which it was so. */
export function dayOf({ measuredAt }: Pick<Reading, 'measuredAt'>, { timeZone }: Pick<Playbook, 'timeZone'>): string {
  return formatDate(localDate(new Date(measuredAt), timeZone));
}

export function shortDayOf(
  { measuredAt }: Pick<Reading, 'measuredAt'>,
  { timeZone }: Pick<Playbook, 'timeZone'>,
): string {
  return formatShortDate(localDate(new Date(measuredAt), timeZone));
}

/** "1.20 times the baseline 1.5 s of 12 Nov" (L122). */
export function againstBaseline(
  value: string,
  { reading }: Pick<Baseline, 'reading'>,
  metric: Metric,
  playbook: Pick<Playbook, 'timeZone'>,
): string {
  const base = decimal(reading.value);
  const named = `the baseline ${figureInWords(reading.value, metric)} of ${shortDayOf(reading, playbook)}`;
  return base.eq(0) ? named : `${decimal(value).div(base).toFixed(2)} times ${named}`;
}
