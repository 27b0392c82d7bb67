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
 * gives each key once, with what either side has of it. Holds two batches at most. Throws when a sequence is not in
 * order: rows would otherwise be missed in silence.
 */
export async function* mergeByKey(
  legacy: Batches,
  now: Batches,
  keys: number,
  further: TakeFurther = () => undefined,
): AsyncGenerator<Pair> {
  const sides = { legacy: groups(legacy, keys, 'legacy', further), new: groups(now, keys, 'new', further) };
  const none: KeyedRows = { row: undefined, count: 0 };
  try {
    let [one, other] = [await next(sides.legacy), await next(sides.new)];
    while (one !== undefined || other !== undefined) {
      const order = one === undefined ? 1 : other === undefined ? -1 : compareKeys(one.key, other.key);
      const key = (order <= 0 ? one : other)?.key ?? [];
      yield {
        key,
        legacy: order <= 0 && one !== undefined ? one : none,
        new: order >= 0 && other !== undefined ? other : none,
      };
      if (order <= 0) one = await next(sides.legacy);
      if (order >= 0) other = await next(sides.new);
    }
  } finally {
    await Promise.all([sides.legacy.return(undefined), sides.new.return(undefined)]);
  }
}

async function next<T>(from: AsyncGenerator<T>): Promise<T | undefined> {
  const { value, done } = await from.next();
  return done === true ? undefined : value;
}

interface Group extends KeyedRows {
  readonly key: readonly (string | null)[];
}

async function* groups(batches: Batches, keys: number, side: Side, further: TakeFurther): AsyncGenerator<Group> {
  let current: { key: readonly (string | null)[]; row: Row; count: number } | undefined;
  for await (const batch of batches) {
    for (const row of batch) {
      const key = row.slice(0, keys);
      const order = current === undefined ? -1 : compareKeys(current.key, key);
      if (order > 0) throw new Error(`The rows of the ${side} system did not come in the order of their keys.`);
      if (order === 0 && current !== undefined) {
        current.count += 1;
        further(side, row);
        continue;
      }
      if (current !== undefined) yield current;
      current = { key, row, count: 1 };
    }
  }
  if (current !== undefined) yield current;
}

/** Negative, zero or positive. NULL comes first, then texts by their code points, as UTF-8 bytes sort. */
export function compareKeys(one: readonly (string | null)[], other: readonly (string | null)[]): number {
  for (const [index, mine] of one.entries()) {
    const theirs = other[index] ?? null;
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
