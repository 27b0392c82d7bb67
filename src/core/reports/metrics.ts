import { type MetricState, readMetric, readMetrics } from '../metrics/read-metrics.ts';
import type { Metric } from '../playbook/team.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { runsLookedBackOn } from './overview.ts';

type Context = Pick<Services, 'playbook' | 'clock'>;

/** Every metric as it stands, from what is stored. */
export async function allMetrics(tx: Transaction, { playbook, clock }: Context): Promise<MetricState[]> {
  const scheduled = await tx.runs.list({ limit: runsLookedBackOn, scheduled: true });
  return readMetrics(tx, playbook, { scheduled, now: clock.now() });
}

/** One metric with as many readings as a trend looks back on. */
export async function oneMetric(tx: Transaction, metric: Metric, { clock }: Context): Promise<MetricState> {
  const scheduled = await tx.runs.list({ limit: runsLookedBackOn, scheduled: true });
  return readMetric(tx, metric, { scheduled, now: clock.now(), limit: runsLookedBackOn });
}

/** For `--json`: figures are exact decimals as text. */
export function metricJson({ metric, status, readings, baseline }: MetricState): object {
  const { name, title, target } = metric;
  return { name, title, target, status, readings, baseline: baseline ?? null };
}
