import type { Batch } from '../checks/run.ts';
import { type Comparing, withBatch } from '../checks/snapshots.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import type { Wait } from '../time/clock.ts';
import { confirmed, measureOnce, type MeasuredOnce } from './confirm.ts';
import type { MeasuringRows } from './measure-rows.ts';
import type { RowsMeasured } from './result.ts';

interface Held {
  readonly state: 'held';
  readonly batch: Batch;
}
type Once = { readonly state: 'compared'; readonly batch: Batch } & MeasuredOnce;

/** What came of it: nothing is compared while the batch is not ready. */
export type RowsCompared = Held | (Omit<Once, keyof MeasuredOnce> & RowsMeasured);

/** One comparison of rows on demand, in one read-only snapshot a side (see `measureRows`). */
export async function compareRows(
  comparing: Comparing & Omit<MeasuringRows, 'toExplain'> & { readonly comparison: RowComparison; readonly wait: Wait },
): Promise<RowsCompared> {
  const { comparison } = comparing;
  const measuring = { ...comparing, toExplain: [] };
  const readAt = comparing.clock.now();
  const once = await withBatch<Held | Once>(comparing, {
    held: (batch) => ({ state: 'held', batch }),
    work: async (batch, snapshots) => ({
      state: 'compared',
      batch,
      ...(await measureOnce(comparing, comparison, snapshots, measuring, readAt)),
    }),
  });
  if (once.state === 'held') return once;
  const { state, batch, ...first } = once;
  return { state, batch, ...(await confirmed(comparing, comparison, first, measuring)) };
}
