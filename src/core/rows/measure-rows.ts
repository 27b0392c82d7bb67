import { explain, refusalOf, type Snapshots } from '../checks/snapshots.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { type Side, sides } from '../sources.ts';
import { mergeByKey } from './merge.ts';
import { comparedColumns, createRowJudge, type RowsMeasured } from './row-comparison.ts';

export interface MeasuringRows {
  /** Called now and then with how many keys were compared so far. */
  readonly progress: (keys: number) => void;
  readonly signal: AbortSignal;
}

const keysBetweenProgress = 10_000;

/**
 * Compares the rows of two queries by key in bounded memory: both sides are read in the order of the key and merged.
 * Whatever fails half-way is an `error`, never a part of the truth. Throws SourceError `cancelled` when the signal fires.
 */
export async function measureRows(
  comparison: RowComparison,
  snapshots: Snapshots,
  { progress, signal }: MeasuringRows,
): Promise<RowsMeasured> {
  /** Which side failed, for the words. */
  const on = async <T>(side: Side, work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw new Unread(explain(side, refusalOf(side, error)));
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
function failed(comparison: RowComparison, reason: string): RowsMeasured {
  const { result } = createRowJudge(comparison, { key: [], values: [], problems: [], unreadable: true }).result();
  return { result: { ...result, verdict: 'error', reason }, examples: [] };
}
