import { fromBoth } from '../checks/snapshots.ts';
import type { Within } from '../sources.ts';
import { ahead } from './ahead.ts';
import { compareEntries, type EntriesCompared } from './compare-entries.ts';
import { planInPart } from './in-part.ts';
import type { Pair, TakeFurther } from './merge.ts';
import { addDiffering, type ReadingSome, readSome } from './read-pairs.ts';

export interface LookingAt extends ReadingSome {
  /** True: a row is quickly read by its key. Otherwise each look goes through all rows. */
  readonly inOrder: boolean;
  /** Which columns have to be read where these differ, by their places; undefined: all of them. */
  readonly placesToRead: (differing: ReadonlySet<number>) => readonly number[] | undefined;
}

/** Rows that have to be looked at, by their ids; `both`: of ids that both sides have. */
export interface ToLookAt {
  readonly both: readonly bigint[];
  readonly only: readonly bigint[];
  /** Of some ids. */
  readonly keys: ReadonlyMap<bigint, string>;
}

export interface Looked {
  take(pair: Pair): void;
  readonly takeFurther: TakeFurther;
  /** Rows that both sides have once and alike. */
  agreed(rows: number): void;
}

/** Of about so many rows all columns are read, to know in which they differ; and so many are looked at at once. */
const [readWholly, lookedAtOnce] = [500, 5_000];
/** The same where each look goes through all rows. */
const [readWhollyOfAll, lookedAtOnceOfAll] = [20_000, 200_000];

/**
 * Looks at these rows, and at those without a key. Of many only those columns are read in which rows before them differed;
 * where what the others come to is not alike, the whole row is.
 */
export async function lookAt(looking: LookingAt, rows: ToLookAt, { take, takeFurther, agreed }: Looked): Promise<void> {
  const { columns, hashed, inOrder, placesToRead, snapshots, on } = looking;
  const [first, atOnce] = inOrder ? [readWholly, lookedAtOnce] : [readWhollyOfAll, lookedAtOnceOfAll];
  const differing = new Set<number>();
  const wholly = async (which: Within['which']): Promise<void> => {
    for await (const pairs of readSome(looking, which, takeFurther)) {
      for (const pair of pairs) {
        addDiffering(pair, columns.key.length, differing);
        take(pair);
      }
    }
  };
  const allWholly = async (ids: readonly bigint[]): Promise<void> => {
    for (const some of inTurn(ids, atOnce)) {
      const keys = some.flatMap((id) => rows.keys.get(id) ?? []);
      await wholly({ ids: some, keys: keys.length === some.length ? keys : undefined });
    }
  };
  async function* inPart(ids: readonly bigint[], places: readonly number[]): AsyncGenerator<EntriesCompared> {
    const { plan, pairsOf } = planInPart(hashed, columns, places);
    for (const some of inTurn(ids, atOnce)) {
      const { legacy, new: now } = await fromBoth((side) =>
        on(side, snapshots[side].hashRows(plan[side], { ids: some })),
      );
      yield compareEntries(legacy, now, pairsOf(legacy, now));
    }
  }

  await wholly('nulls');
  await allWholly(rows.only);
  // Spread evenly: rows that follow one another may have a cause of their own.
  const every = Math.ceil(rows.both.length / first);
  await allWholly(rows.both.filter((_, index) => index % every === 0));
  const left = rows.both.filter((_, index) => index % every > 0);
  const places = left.length === 0 ? undefined : placesToRead(differing);
  if (places === undefined) {
    await allWholly(left);
    return;
  }
  const again: bigint[] = [];
  for await (const { agreeing, pairs, suspects } of ahead(inPart(left, places))) {
    agreed(agreeing);
    for (const pair of pairs) take(pair);
    // One by one: so many arguments at once would be too many for a call.
    for (const ids of [suspects.both, suspects.onlyLegacy, suspects.onlyNew]) for (const id of ids) again.push(id);
  }
  await allWholly(again);
}

function* inTurn<T>(all: readonly T[], atOnce: number): Generator<readonly T[]> {
  for (let index = 0; index < all.length; index += atOnce) yield all.slice(index, index + atOnce);
}
