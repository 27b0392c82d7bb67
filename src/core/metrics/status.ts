import { decimal } from '../numbers/decimal.ts';
import type { Metric, Target } from '../playbook/team.ts';
import type { Reading } from './reading.ts';

/** Only `pass` is on target: what is too old, or was never measured, is not green. */
export type MetricStatus = 'pass' | 'fail' | 'stale' | 'no data';

const hour = 3_600_000;

/** How a metric stands at a moment, by its newest reading (L136-L140). */
export function metricStatus(
  metric: Pick<Metric, 'target' | 'staleAfterHours'>,
  newest: Pick<Reading, 'value' | 'measuredAt'> | undefined,
  now: Date,
): MetricStatus {
  if (newest === undefined) return 'no data';
  const age = now.getTime() - Date.parse(newest.measuredAt);
  if (age > metric.staleAfterHours * hour) return 'stale';
  return onTarget(metric.target, newest.value) ? 'pass' : 'fail';
}

/** Strict on either side: 99.5 is not "> 99.5", nor 2.0 "< 2". */
function onTarget({ direction, amount }: Target, value: string): boolean {
  const [figure, limit] = [decimal(value), decimal(amount)];
  return direction === 'above' ? figure.gt(limit) : figure.lt(limit);
}
