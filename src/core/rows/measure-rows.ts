import { explain, refusalOf, type Snapshots } from '../checks/snapshots.ts';
import { decimal } from '../numbers/decimal.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { type Row, type Side, sides } from '../sources.ts';
import { type CauseInTheMaking, createCause } from './causes.ts';
import { createExplainer, type ToExplain } from './explain-check.ts';
import { mergeByKey } from './merge.ts';
import { type Cause, mostRowsKept, type RowDifference, type RowsMeasured } from './result.ts';
import { type ComparedColumns, comparedColumns } from './compared-columns.ts';
import { createRowJudge, type JudgedRow } from './row-comparison.ts';

export interface MeasuringRows {
  /** Checks that failed and that are about these rows. */
  readonly toExplain: readonly ToExplain[];
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
  { toExplain, progress, signal }: MeasuringRows,
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
    const gathered = gatherDifferences(comparison, columns, toExplain);
    let keys = 0;
    const pairs = mergeByKey(read('legacy', all), read('new', all), columns.key.length, gathered.takeFurther);
    for await (const pair of pairs) {
      const difference = judge.take(pair);
      if (difference !== undefined) {
        gathered.take({ ...difference, legacy: pair.legacy.row, new: pair.new.row, position: keys });
      }
      keys += 1;
      if (keys % keysBetweenProgress === 0) progress(keys);
    }
    signal.throwIfAborted();
    const { differences, ...why } = gathered.result(keys);
    return { result: { ...judge.result(), ...why }, differences };
  } catch (error) {
    if (!(error instanceof Unread)) throw error;
    return failed(comparison, error.message);
  }
}

class Unread extends Error {}

/** Nothing was measured: no figure of a part that was read is told. */
function failed(comparison: RowComparison, reason: string): RowsMeasured {
  const nothing = createRowJudge(comparison, { key: [], values: [], problems: [], unreadable: true }).result();
  return { result: { ...nothing, verdict: 'error', reason, causes: [], explanations: [] }, differences: [] };
}

/** What becomes of the rows that do not agree: kept, gathered by cause, and set against the checks that failed. */
function gatherDifferences(comparison: RowComparison, columns: ComparedColumns, toExplain: readonly ToExplain[]) {
  const differences: RowDifference[] = [];
  const causes = new Map<string, CauseInTheMaking>();
  const explainers = toExplain.map((one) => createExplainer(one, comparison, columns));
  const one = decimal('1');
  const addTo = (what: Cause['what'], column: string | null, row: JudgedRow): void => {
    const name = JSON.stringify([what, column]);
    const cause = causes.get(name) ?? createCause(what, column, comparison, columns);
    cause.take(row, one);
    causes.set(name, cause);
  };
  return {
    take(row: JudgedRow): void {
      const { key, what, values } = row;
      if (differences.length < mostRowsKept) differences.push({ key, what, values });
      if (what === 'differs') for (const { column } of values) addTo(what, column, row);
      else addTo(what, null, row);
      for (const explainer of explainers) explainer.take(row);
    },
    takeFurther(side: Side, row: Row): void {
      for (const explainer of explainers) explainer.takeFurther(side, row);
    },
    result: (pairs: number) => ({
      differences,
      causes: [...causes.values()]
        .map((cause) => cause.result(pairs))
        .toSorted((first, second) => second.rows - first.rows),
      explanations: explainers.flatMap((explainer) => explainer.result(pairs)),
    }),
  };
}
