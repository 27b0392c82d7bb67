import type { Batch } from '../checks/run.ts';
import { type Comparing, withBatch } from '../checks/snapshots.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import type { Wait } from '../time/clock.ts';
import { confirmed } from './confirm.ts';
import { measureRows, type MeasuringRows } from './measure-rows.ts';
import type { RowsMeasured } from './result.ts';

/** What came of it: nothing is compared while the batch is not ready. */
export type RowsCompared =
  | { readonly state: 'held'; readonly batch: Batch }
  | ({ readonly state: 'compared'; readonly batch: Batch } & RowsMeasured);

/** One comparison of rows on demand, in one read-only snapshot a side (see `measureRows`). */
export async function compareRows(
  comparing: Comparing & Omit<MeasuringRows, 'toExplain'> & { readonly comparison: RowComparison; readonly wait: Wait },
): Promise<RowsCompared> {
  const { comparison } = comparing;
  const measuring = { ...comparing, toExplain: [] };
  const compared = await withBatch<RowsCompared>(comparing, {
    held: (batch) => ({ state: 'held', batch }),
    work: async (batch, snapshots) => ({
      state: 'compared',
      batch,
      ...(await measureRows(comparison, snapshots, measuring)),
    }),
  });
  if (compared.state === 'held') return compared;
  return { ...compared, ...(await confirmed(comparing, comparison, compared, measuring)) };
}
