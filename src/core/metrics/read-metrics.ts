import type { Run } from '../checks/run.ts';
import { decimal, hundred, quotientText } from '../numbers/decimal.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Metric } from '../playbook/team.ts';
import { agreementOf } from '../rows/row-comparison.ts';
import type { Transaction } from '../store.ts';
import type { Baseline, Reading } from './reading.ts';
import { type MetricStatus, metricStatus } from './status.ts';

/** A metric with what is known of it. */
export interface MetricState {
  readonly metric: Metric;
  readonly status: MetricStatus;
  /** Newest first; empty while there are none. */
  readonly readings: readonly Reading[];
  readonly baseline?: Baseline;
}

interface Known {
  /** Scheduled, newest first. */
  readonly scheduled: readonly Run[];
  readonly now: Date;
}

/** Every metric of the playbook with its newest reading. */
export async function readMetrics(tx: Transaction, { metrics }: Playbook, known: Known): Promise<MetricState[]> {
  const states: MetricState[] = [];
  for (const metric of metrics) states.push(await readMetric(tx, metric, { ...known, limit: 1 }));
  return states;
}

/** One metric with its newest readings, `limit` of them, 1 to 500. */
export async function readMetric(
  tx: Transaction,
  metric: Metric,
  { scheduled, now, limit }: Known & { readonly limit: number },
): Promise<MetricState> {
  const readings =
    metric.comparison === undefined
      ? await tx.metrics.newest(metric.name, limit)
      : readingsFromRuns(metric.name, metric.comparison, scheduled).slice(0, limit);
  const baseline = metric.baseline ? await tx.metrics.baseline(metric.name) : undefined;
  const status = metricStatus(metric, readings[0], now);
  return { metric, status, readings, ...(baseline === undefined ? {} : { baseline }) };
}

/** The share of rows that agree (L136), of the runs that compared them all: a part of the rows is no figure of the whole. */
function readingsFromRuns(metric: string, comparison: string, runs: readonly Run[]): Reading[] {
  return runs.flatMap((run) => {
    const result = run.comparisons.find((one) => one.comparison === comparison);
    if (result === undefined || result.verdict === 'error' || result.reason !== '') return [];
    const { agree, all } = agreementOf(result);
    const value = quotientText(decimal(String(agree)).times(hundred), decimal(String(all)));
    if (value === undefined) return [];
    const { startedAt: measuredAt, finishedAt: recordedAt } = run;
    return [{ key: `run/${run.id}`, metric, value, measuredAt, recordedAt, recordedBy: 'clock', note: '' }];
  });
}
