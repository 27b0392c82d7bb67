import { z } from 'zod';
import { changeHomes } from '../reports/overview.ts';
import { recordReading } from '../reports/record-reading.ts';
import type { Services } from '../services.ts';
import { type Reading, readValue } from './reading.ts';

/** What a program reports; `id` is its own name for the report, under which it is stored once. */
const form = z.strictObject({
  id: z.string().trim().min(1).max(100),
  metric: z.string().max(40),
  value: z.string('must be a text, such as "1.8"').max(60),
  measuredAt: z.iso.datetime({ offset: true, error: 'must be a time such as "2026-11-23T07:00:00Z"' }),
});

export type Report = z.infer<typeof form>;

export type Reported =
  | { readonly kind: 'stored' | 'already'; readonly reading: Reading }
  /** The id was used for another figure. */
  | { readonly kind: 'conflict'; readonly problem: string }
  | { readonly kind: 'refused'; readonly problem: string };

/** Two computers' clocks are never quite the same. */
const skewMilliseconds = 5 * 60_000;

/** Takes a reading that a program reports. Throws StoreUnavailableError. */
export async function takeReport(given: unknown, services: Services): Promise<Reported> {
  const parsed = form.safeParse(given);
  if (!parsed.success) {
    const problem = parsed.error.issues
      .map(({ path, message }) => `${path.join('.') || 'The body'}: ${message}`)
      .join('; ');
    return { kind: 'refused', problem };
  }
  const now = services.clock.now();
  const read = readingOf(parsed.data, services, now);
  if ('problem' in read) return { kind: 'refused', ...read };
  return services.store.transaction(async (tx) => {
    const { added, stored } = await recordReading(tx, read);
    if (added) {
      await changeHomes(tx, services);
      return { kind: 'stored', reading: stored };
    }
    const same = (['metric', 'value', 'measuredAt'] as const).every((field) => stored[field] === read[field]);
    if (same) return { kind: 'already', reading: stored };
    return { kind: 'conflict', problem: 'This id was used for another reading: give each reading an id of its own.' };
  });
}

function readingOf(
  report: Report,
  { playbook: { metrics } }: Services,
  now: Date,
): Reading | { readonly problem: string } {
  const metric = metrics.find(({ name }) => name === report.metric);
  if (metric === undefined) {
    const names = metrics.map(({ name }) => name).join(', ') || 'none';
    return { problem: `There is no such metric; the playbook has: ${names}.` };
  }
  if (metric.reported !== true) return { problem: `${metric.title} is measured, not reported.` };
  const read = readValue(report.value, metric);
  if ('problem' in read) return read;
  const measured = Date.parse(report.measuredAt);
  if (measured > now.getTime() + skewMilliseconds) return { problem: 'measuredAt is in the future.' };
  return {
    key: `report/${report.id}`,
    metric: metric.name,
    value: read.value,
    measuredAt: new Date(measured).toISOString(),
    recordedAt: now.toISOString(),
    recordedBy: 'webhook',
    note: '',
  };
}
