import { type Comparing, explain, withBatch } from '../checks/snapshots.ts';
import type { Batch } from '../checks/run.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { type Side, type Snapshot, SourceError, sides } from '../sources.ts';
import { mergeByKey } from './merge.ts';
import { comparedColumns, createRowJudge, type RowComparisonResult } from './row-comparison.ts';

/** What came of it: nothing is compared while the batch is not ready. */
export type RowsCompared =
  | { readonly state: 'held'; readonly batch: Batch }
  | { readonly state: 'compared'; readonly batch: Batch; readonly result: RowComparisonResult };

export interface ComparingRows extends Comparing {
  readonly comparison: RowComparison;
  /** Called now and then with how many keys were compared so far. */
  readonly progress: (keys: number) => void;
}

const keysBetweenProgress = 10_000;

/**
 * Compares the rows of two queries by key, in one read-only snapshot a side, in bounded memory. Both sides are read in
 * the order of the key and merged. Whatever fails half-way is an `error`, never a part of the truth. Throws SourceError
 * `cancelled` when the signal fires.
 */
export async function compareRows(comparing: ComparingRows): Promise<RowsCompared> {
  return withBatch(comparing, async (batch, snapshots) => {
    if (!batch.ready) return { state: 'held', batch };
    const { legacy, new: now } = snapshots;
    if (legacy instanceof SourceError || now instanceof SourceError) {
      const why = sides.flatMap((side) => {
        const snapshot = snapshots[side];
        return snapshot instanceof SourceError ? [explain(side, snapshot)] : [];
      });
      return { state: 'compared', batch, result: failed(comparing.comparison, why.join(' ')) };
    }
    return { state: 'compared', batch, result: await measure(comparing, { legacy, new: now }) };
  });
}

async function measure(
  { comparison, progress, signal }: ComparingRows,
  snapshots: Readonly<Record<Side, Snapshot>>,
): Promise<RowComparisonResult> {
  /** Which side failed, for the words. */
  const on = async <T>(side: Side, work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw error instanceof SourceError && error.code !== 'cancelled' ? new Unread(explain(side, error)) : error;
    });
  const read = async function* (side: Side, columns: readonly string[]) {
    const rows = snapshots[side].readInOrder(comparison[side], columns, comparison.key.length)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { value, done } = await on(side, rows.next());
        if (done === true) return;
        yield value;
      }
    } finally {
      await rows.return?.();
    }
  };
  try {
    const [legacy, now] = await Promise.all(sides.map((side) => on(side, snapshots[side].describe(comparison[side]))));
    const columns = comparedColumns(comparison, { legacy: legacy ?? [], new: now ?? [] });
    if (columns.unreadable) return failed(comparison, columns.problems.join(' '));
    const all = [...columns.key, ...columns.values];
    const judge = createRowJudge(comparison, columns);
    let keys = 0;
    for await (const pair of mergeByKey(read('legacy', all), read('new', all), columns.key.length)) {
      judge.take(pair);
      keys += 1;
      if (keys % keysBetweenProgress === 0) progress(keys);
    }
    signal.throwIfAborted();
    return judge.result();
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    return failed(comparison, error.message);
  }
}

class Unread extends Error {}

/** Nothing was measured: no figure of a part that was read is told. */
function failed(comparison: RowComparison, reason: string): RowComparisonResult {
  return { ...createRowJudge(comparison, { key: [], values: [], problems: [], unreadable: true }).result(), reason };
}
