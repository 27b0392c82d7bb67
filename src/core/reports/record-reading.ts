import type { Reading } from '../metrics/reading.ts';
import type { Transaction } from '../store.ts';

/** Writes a reading and its audit entry. Answers what is stored under its key, and whether that is this one. */
export async function recordReading(
  tx: Transaction,
  reading: Reading,
): Promise<{ readonly added: boolean; readonly stored: Reading }> {
  const added = await tx.metrics.add(reading);
  if (!added) return { added, stored: (await tx.metrics.find(reading.key)) ?? reading };
  await tx.audit.append({
    at: reading.recordedAt,
    actor: reading.recordedBy,
    action: 'metric.reading',
    subject: `metric/${reading.metric}`,
    details: { key: reading.key, value: reading.value, measuredAt: reading.measuredAt },
  });
  return { added, stored: reading };
}
