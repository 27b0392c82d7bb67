import { alertCard } from '../cards/alert-card.ts';
import type { Run } from '../checks/run.ts';
import { queryMetric, type Queried } from '../metrics/query-metric.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';
import { recordReading } from './record-reading.ts';
import { channelPlace } from '../messages/place.ts';

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

/** Writes down what a query said; where it said nothing, why, in the audit and for people: the metric then goes stale. */
export async function recordQueried(
  tx: Transaction,
  { key, metric, read }: Measured,
  { playbook, clock, deliveryClock }: Pick<Services, 'playbook' | 'clock' | 'deliveryClock'>,
): Promise<void> {
  const at = clock.now().toISOString();
  if ('problem' in read) {
    const { problem } = read;
    const alert = `alert/metric/${metric}/${localDate(clock.now(), playbook.timeZone)}`;
    const card = alertCard({
      title: 'A metric could not be measured',
      text: problem,
      next: 'Mend its query or its source. Until it can be measured it goes stale, which is not green.',
    });
    await tx.outbox.post(
      {
        key: alert,
        subject: alert,
        place: channelPlace(playbook.channels.alerts, playbook),
        content: { kind: 'card', card },
      },
      deliveryClock.now(),
    );
    const subject = `metric/${metric}`;
    await tx.audit.append({ at, actor: 'clock', action: 'metric.unmeasured', subject, details: { problem } });
    return;
  }
  await recordReading(tx, { key, metric, ...read, recordedAt: at, recordedBy: 'clock', note: '' });
}
