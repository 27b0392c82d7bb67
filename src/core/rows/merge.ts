import type { Row, Side } from '../sources.ts';

/** The rows of one key. `count` may be more than `rows` holds: of a key that repeats, only the first row is kept. */
export interface KeyedRows {
  readonly row: Row | undefined;
  readonly count: number;
}

/** What the two systems have of one key, or of the key NULL. */
export interface Pair {
  readonly key: readonly (string | null)[];
  readonly legacy: KeyedRows;
  readonly new: KeyedRows;
}

type Batches = AsyncIterable<readonly Row[]>;

/** Called with each further row of a key that repeats, or of one with NULL in it: they are not kept. */
export type TakeFurther = (side: Side, row: Row) => void;

/**
 * Goes through two sequences of rows that both come in the order of their first `keys` values (see `compareKeys`) and
 * gives each key once, with what either side has of it, as many at once as can be told. Holds two batches at most. Throws
 * when a sequence is not in order: rows would otherwise be missed in silence.
 */
export async function* mergeByKey(
  legacy: Batches,
  now: Batches,
  keys: number,
  further: TakeFurther = () => undefined,
): AsyncGenerator<readonly Pair[]> {
  const [mine, theirs] = [groupsOf(legacy, keys, 'legacy', further), groupsOf(now, keys, 'new', further)];
  const none: KeyedRows = { row: undefined, count: 0 };
  try {
    let [one, other] = await Promise.all([mine.later(), theirs.later()]);
    let pairs: Pair[] = [];
    while (one !== undefined || other !== undefined) {
      const order = one === undefined ? 1 : other === undefined ? -1 : compare(one.row, other.row, keys);
      const key = ((order <= 0 ? one : other)?.row ?? []).slice(0, keys);
      pairs.push({ key, legacy: order <= 0 ? (one ?? none) : none, new: order >= 0 ? (other ?? none) : none });
      const [wantsOne, wantsOther] = [order <= 0, order >= 0];
      if (wantsOne) one = mine.atOnce();
      if (wantsOther) other = theirs.atOnce();
      if ((wantsOne && one === undefined) || (wantsOther && other === undefined)) {
        yield pairs;
        pairs = [];
        const [first, second] = [one, other];
        [one, other] = await Promise.all([
          wantsOne ? (first ?? mine.later()) : first,
          wantsOther ? (second ?? theirs.later()) : second,
        ]);
      }
    }
    if (pairs.length > 0) yield pairs;
  } finally {
    await Promise.all([mine.end(), theirs.end()]);
  }
}

interface Group extends KeyedRows {
  readonly row: Row;
}

interface Groups {
  /** The next group, where it is known without reading on. */
  atOnce(): Group | undefined;
  /** The next group, or undefined after the last. */
  later(): Promise<Group | undefined>;
  end(): Promise<unknown>;
}

function groupsOf(batches: Batches, keys: number, side: Side, further: TakeFurther): Groups {
  const reading = batches[Symbol.asyncIterator]();
  let [batch, at]: [readonly Row[], number] = [[], 0];
  let current: { row: Row; count: number } | undefined;
  /** Goes on until the first row of another key: that of the group is then complete. */
  const atOnce = (): Group | undefined => {
    for (; at < batch.length; at += 1) {
      const row = batch[at] ?? [];
      const order = current === undefined ? -1 : compare(current.row, row, keys);
      if (order > 0) throw new Error(`The rows of the ${side} system did not come in the order of their keys.`);
      if (order === 0 && current !== undefined) {
        current.count += 1;
        further(side, row);
        continue;
      }
      const complete = current;
      current = { row, count: 1 };
      if (complete === undefined) continue;
      at += 1;
      return complete;
    }
    return undefined;
  };
  return {
    atOnce,
    async later() {
      for (;;) {
        const { value, done } = await reading.next();
        if (done === true) break;
        [batch, at] = [value, 0];
        const group = atOnce();
        if (group !== undefined) return group;
      }
      const last = current;
      current = undefined;
      return last;
    },
    end: async () => reading.return?.(),
  };
}

/** Negative, zero or positive. NULL comes first, then texts by their code points, as UTF-8 bytes sort. */
export function compareKeys(one: Row, other: Row): number {
  return compare(one, other, one.length);
}

/** By the first values of each. */
function compare(one: Row, other: Row, values: number): number {
  for (let index = 0; index < values; index += 1) {
    const [mine, theirs] = [one[index] ?? null, other[index] ?? null];
    if (mine === theirs) continue;
    if (mine === null) return -1;
    if (theirs === null) return 1;
    return compareText(mine, theirs);
  }
  return 0;
}

/** JavaScript compares UTF-16 units, in which the characters above U+FFFF come before some below. */
function compareText(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index += 1) {
    const [mine, theirs] = [one.charCodeAt(index), other.charCodeAt(index)];
    if (mine !== theirs) return rank(mine) - rank(theirs);
  }
  return one.length - other.length;
}

/** Surrogates stand for characters above all others. */
const rank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
