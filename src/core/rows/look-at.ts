import type { Snapshots } from '../checks/snapshots.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import type { Row, Side, Within } from '../sources.ts';
import { ahead } from './ahead.ts';
import type { ComparedColumns } from './compared-columns.ts';
import type { OnSide } from './find-suspects.ts';
import type { HashPlan } from './hash-plan.ts';
import { type KeyedRows, mergeByKey, type Pair, type TakeFurther } from './merge.ts';

/** What rows are read of. */
export interface Reading {
  readonly comparison: RowComparison;
  readonly columns: ComparedColumns;
  readonly snapshots: Snapshots;
  readonly on: OnSide;
}

/** The pairs of both sides: of all rows, or of some, with their key and these columns. */
export function readPairs(
  { comparison, columns: { key }, snapshots, on }: Reading,
  { columns, within, further }: { columns: readonly string[]; within?: Record<Side, Within>; further?: TakeFurther },
): AsyncGenerator<readonly Pair[]> {
  async function* read(side: Side): AsyncGenerator<readonly Row[]> {
    const ordered = snapshots[side].readInOrder(comparison[side], [...key, ...columns], key.length, within?.[side]);
    const rows = ordered[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { value, done } = await on(side, rows.next());
        if (done === true) return;
        yield value;
      }
    } finally {
      await rows.return?.();
    }
  }
  return mergeByKey(ahead(read('legacy')), ahead(read('new')), key.length, further);
}

export interface LookingAt extends Reading {
  readonly hashed: HashPlan;
  /** How many ids at once. */
  readonly atOnce: number;
  /** Columns that are read in any case; null: all columns are. */
  readonly spokenOf: readonly string[] | null;
}

/** Fewer columns that need not be read are not worth it. */
const fewestSpared = 3;

/**
 * Looks at rows by their ids (`both`: of ids that both sides have), and at those without a key. Of many rows only those
 * columns are read in which rows before them differed; where what the others come to is not alike, the whole row is.
 * A column that was not read is NULL on both sides.
 */
export async function lookAt(
  looking: LookingAt,
  { both, only }: { readonly both: readonly bigint[]; readonly only: readonly bigint[] },
  { take, takeFurther }: { take(pair: Pair): void; readonly takeFurther: TakeFurther },
): Promise<void> {
  const { columns, hashed, atOnce, spokenOf } = looking;
  const { key, values } = columns;
  /** Columns that differed somewhere, by their places among the values. */
  const differing = new Set<number>();
  const within = (ids: Within['ids'], rest?: readonly string[]): Record<Side, Within> => ({
    legacy: { hashed: hashed.legacy, ids, ...(rest === undefined ? {} : { rest }) },
    new: { hashed: hashed.new, ids, ...(rest === undefined ? {} : { rest }) },
  });
  const wholly = async (ids: Within['ids']): Promise<void> => {
    for await (const pairs of readPairs(looking, { columns: values, within: within(ids), further: takeFurther })) {
      for (const pair of pairs) {
        addDiffering(pair, key.length, differing);
        take(pair);
      }
    }
  };
  /** Answers the ids of the rows that have to be read as a whole. */
  const inPart = async (ids: readonly bigint[], places: readonly number[]): Promise<bigint[]> => {
    const read = places.map((place) => values[place] ?? '');
    const rest = values.filter((_, place) => !places.includes(place));
    const again: bigint[] = [];
    const [idAt, restAt] = [key.length + read.length, key.length + read.length + 1];
    const widened = ({ row, count }: KeyedRows): KeyedRows => {
      const wide: (string | null)[] = [];
      for (let index = 0; index < key.length; index += 1) wide.push(row?.[index] ?? null);
      for (let index = 0; index < values.length; index += 1) wide.push(null);
      for (const [index, place] of places.entries()) wide[key.length + place] = row?.[key.length + index] ?? null;
      return { row: wide, count };
    };
    for await (const pairs of readPairs(looking, { columns: read, within: within(ids, rest) })) {
      for (const { key: name, legacy, new: now } of pairs) {
        const once = legacy.count === 1 && now.count === 1;
        const rests = [legacy.row?.[restAt] ?? null, now.row?.[restAt] ?? null];
        if (once && rests[0] !== null && rests[0] === rests[1])
          take({ key: name, legacy: widened(legacy), new: widened(now) });
        else again.push(BigInt(legacy.row?.[idAt] ?? now.row?.[idAt] ?? '0'));
      }
    }
    return again;
  };

  await wholly('nulls');
  for (const ids of inTurn(only, atOnce)) await wholly(ids);
  let again: bigint[] = [];
  for (const ids of inTurn(both, atOnce)) {
    const places = values.flatMap((name, place) => (differing.has(place) || spokenOf?.includes(name) ? [place] : []));
    const spares = spokenOf !== null && differing.size > 0 && values.length - places.length >= fewestSpared;
    if (!spares) {
      await wholly(ids);
      continue;
    }
    again.push(...(await inPart(ids, places)));
    // What differs in other columns than before is soon read with them.
    if (again.length < ids.length / 2) continue;
    for (const some of inTurn([...new Set(again)], atOnce)) await wholly(some);
    again = [];
  }
  for (const ids of inTurn([...new Set(again)], atOnce)) await wholly(ids);
}

function addDiffering({ legacy, new: now }: Pair, keys: number, to: Set<number>): void {
  const [mine, theirs] = [legacy.row, now.row];
  if (mine === undefined || theirs === undefined) return;
  for (let index = keys; index < mine.length; index += 1) if (mine[index] !== theirs[index]) to.add(index - keys);
}

function* inTurn<T>(all: readonly T[], atOnce: number): Generator<readonly T[]> {
  for (let index = 0; index < all.length; index += atOnce) yield all.slice(index, index + atOnce);
}
