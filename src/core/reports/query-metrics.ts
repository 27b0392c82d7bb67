import type { Run } from '../checks/run.ts';
import { queryMetric, type Queried } from '../metrics/query-metric.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { recordReading } from './record-reading.ts';

interface Measured {
  readonly key: string;
  readonly metric: string;
  readonly read: Queried;
}

/** What the queries of metrics say on the day of a run, one after the other; one that fails spoils no other. */
export async function measureQueries(run: Run, services: Services, signal: AbortSignal): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const metric of services.playbook.metrics) {
    const { name, query } = metric;
    if (query === undefined) continue;
    const read = await queryMetric({ ...metric, query }, services, signal);
    measured.push({ key: `run/${run.id}/${name}`, metric: name, read });
  }
  return measured;
}

/** Writes down what a query said, or in the audit why it said nothing: the metric then goes stale. */
export async function recordQueried(tx: Transaction, { key, metric, read }: Measured, now: Date): Promise<void> {
  const at = now.toISOString();
  if ('problem' in read) {
    const details = { problem: read.problem };
    await tx.audit.append({ at, actor: 'clock', action: 'metric.unmeasured', subject: `metric/${metric}`, details });
    return;
  }
  await recordReading(tx, { key, metric, ...read, recordedAt: at, recordedBy: 'clock', note: '' });
}
