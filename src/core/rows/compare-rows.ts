import type { Batch } from '../checks/run.ts';
import { type Comparing, withBatch } from '../checks/snapshots.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { measureRows, type MeasuringRows } from './measure-rows.ts';
import type { RowsMeasured } from './result.ts';

/** What came of it: nothing is compared while the batch is not ready. */
export type RowsCompared =
  | { readonly state: 'held'; readonly batch: Batch }
  | ({ readonly state: 'compared'; readonly batch: Batch } & RowsMeasured);

/** One comparison of rows on demand, in one read-only snapshot a side (see `measureRows`). */
export async function compareRows(
  comparing: Comparing & Omit<MeasuringRows, 'toExplain'> & { readonly comparison: RowComparison },
): Promise<RowsCompared> {
  return withBatch<RowsCompared>(comparing, {
    held: (batch) => ({ state: 'held', batch }),
    work: async (batch, snapshots) => ({
      state: 'compared',
      batch,
      ...(await measureRows(comparing.comparison, snapshots, { ...comparing, toExplain: [] })),
    }),
  });
}
