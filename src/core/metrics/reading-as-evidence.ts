import { dayOf, figureInWords, statusWord } from '../cards/metric-words.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { UsageError } from '../usage-error.ts';
import { readMetric } from './read-metrics.ts';

/** Far enough back for the newest run that compared every row. */
const runsRead = 40;

/**
 * What was given as evidence, with the newest reading of a metric of the playbook; as it is where none is named. Throws
 * UsageError where nothing was measured, or too long ago to count.
 */
export async function withReading(
  tx: Transaction,
  name: string | undefined,
  evidence: string,
  { playbook, clock }: Pick<Services, 'playbook' | 'clock'>,
): Promise<string> {
  const metric = playbook.metrics.find((one) => one.name === name);
  if (metric === undefined) return evidence;
  const scheduled = await tx.runs.list({ limit: runsRead, scheduled: true });
  const { status, readings } = await readMetric(tx, metric, { scheduled, now: clock.now(), limit: 1 });
  const [reading] = readings;
  if (reading === undefined || status === 'stale') {
    const what = reading === undefined ? 'was never measured' : `was measured on ${dayOf(reading, playbook)} last`;
    throw new UsageError(
      `${metric.title} ${what}, and is kept as evidence: nothing was changed.`,
      `Report what it is now: "metric ${metric.name}" says how.`,
    );
  }
  const figure = `${figureInWords(reading.value, metric)}, ${statusWord(status)}`;
  return `${evidence} (${metric.title}: ${figure}, measured on ${dayOf(reading, playbook)})`;
}
