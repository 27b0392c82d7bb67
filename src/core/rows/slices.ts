import { fromBoth, type Snapshots } from '../checks/snapshots.ts';
import type { HashedEntries, Side, Slice } from '../sources.ts';
import type { HashPlan } from './hash-plan.ts';

/** Ids of rows that are not known to agree (see HashedEntries), by where they are. */
export interface SuspectIds {
  /** On both sides with different hashes, or more than once on a side. */
  readonly both: readonly bigint[];
  readonly onlyLegacy: readonly bigint[];
  readonly onlyNew: readonly bigint[];
}

/** What came of one slice. */
export interface SliceCompared {
  /** Rows that both sides have once and alike. */
  readonly agreeing: number;
  readonly suspects: SuspectIds;
  /** Of the hashes of each side, modulo 2^64. */
  readonly sums: Readonly<Record<Side, bigint>>;
}

/** About so many rows are hashed and compared at once: 16 bytes each on either side. */
const [rowsARange, rowsAPart] = [16_384, 262_144];

/**
 * Ranges of keys where both systems read them in their order, or else parts by the hash of the key, each of which takes
 * a pass over all keys. Either way every row with a key is in exactly one.
 */
export async function slicesOf(
  plan: HashPlan,
  rows: number,
  snapshots: Snapshots,
  on: <T>(side: Side, work: Promise<T>) => Promise<T>,
): Promise<readonly Slice[]> {
  const { legacy, new: now } = await fromBoth((side) => on(side, snapshots[side].rangeBounds(plan[side], rowsARange)));
  if (legacy !== undefined && now !== undefined) {
    const ends = [null, ...legacy, null];
    return ends.slice(1).map((to, index) => ({ from: ends[index] ?? null, to }));
  }
  const parts = 2 ** Math.ceil(Math.log2(Math.max(1, rows / rowsAPart)));
  return Array.from({ length: parts }, (_, part) => ({ part, parts }));
}

/**
 * Compares slice by slice, both sides at the same time. In a range no key repeats, so that its sum of hashes, which is
 * nearly free, tells whether all of it agrees; where most ranges lately did not, their hashes are asked for at once.
 * `on` tells which side failed.
 */
export async function* compareSlices(
  plan: HashPlan,
  slices: readonly Slice[],
  snapshots: Snapshots,
  on: <T>(side: Side, work: Promise<T>) => Promise<T>,
): AsyncGenerator<SliceCompared> {
  let lately = 0;
  for (const slice of slices) {
    if (!('part' in slice) && lately < expectDifferences) {
      const { legacy, new: now } = await fromBoth((side) => on(side, snapshots[side].sumSlice(plan[side], slice)));
      if (legacy.rows === now.rows && legacy.sum === now.sum) {
        lately /= 2;
        const sums = { legacy: legacy.sum, new: now.sum };
        yield { agreeing: legacy.rows, suspects: { both: [], onlyLegacy: [], onlyNew: [] }, sums };
        continue;
      }
    }
    const { legacy, new: now } = await fromBoth((side) => on(side, snapshots[side].hashSlice(plan[side], slice)));
    const compared = compareEntries(legacy, now);
    const { both, onlyLegacy, onlyNew } = compared.suspects;
    lately = lately / 2 + (both.length + onlyLegacy.length + onlyNew.length > 0 ? 1 : 0);
    yield compared;
  }
}

/** Of at most 2, where the last slice counts 1, the one before it a half, and so on: reached by two in a row. */
const expectDifferences = 1.4;

const entryBytes = 16;

/** What agrees, and what has to be looked at: an id that repeats on either side always has to. */
export function compareEntries(legacy: HashedEntries, now: HashedEntries): SliceCompared {
  const [mine, theirs] = [inOrder(legacy), inOrder(now)];
  const suspects = { both: [] as bigint[], onlyLegacy: [] as bigint[], onlyNew: [] as bigint[] };
  let [agreeing, one, other] = [0, 0, 0];
  while (one < mine.count || other < theirs.count) {
    const order = one === mine.count ? 1 : other === theirs.count ? -1 : mine.compare(one, theirs, other);
    const [ofMine, ofTheirs] = [order <= 0 ? mine.same(one) : 0, order >= 0 ? theirs.same(other) : 0];
    if (ofMine === 1 && ofTheirs === 1 && mine.hashesAlike(one, theirs, other)) agreeing += 1;
    else if (ofMine > 1 || ofTheirs > 1 || order === 0)
      suspects.both.push(order <= 0 ? mine.id(one) : theirs.id(other));
    else if (order < 0) suspects.onlyLegacy.push(mine.id(one));
    else suspects.onlyNew.push(theirs.id(other));
    one += ofMine;
    other += ofTheirs;
  }
  return { agreeing, suspects, sums: { legacy: mine.sum(), new: theirs.sum() } };
}

/** The entries in ascending order of their ids, in which they mostly come. */
function inOrder(entries: HashedEntries) {
  const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength);
  const count = entries.byteLength / entryBytes;
  const order = isAscending(view, count) ? undefined : sortedOrder(view, count);
  const at = (index: number): number => (order === undefined ? index : (order[index] ?? 0)) * entryBytes;
  const compare = (mine: number, other: DataView, theirs: number): number =>
    view.getInt32(mine) - other.getInt32(theirs) || view.getUint32(mine + 4) - other.getUint32(theirs + 4);
  return {
    view,
    count,
    at,
    id: (index: number): bigint => view.getBigInt64(at(index)),
    compare: (index: number, other: { view: DataView; at(index: number): number }, theirs: number): number =>
      compare(at(index), other.view, other.at(theirs)),
    hashesAlike: (index: number, other: { view: DataView; at(index: number): number }, theirs: number): boolean =>
      view.getInt32(at(index) + 8) === other.view.getInt32(other.at(theirs) + 8) &&
      view.getInt32(at(index) + 12) === other.view.getInt32(other.at(theirs) + 12),
    sum: (): bigint => {
      let sum = 0n;
      for (let index = 0; index < count; index += 1) sum += view.getBigInt64(index * entryBytes + 8);
      return BigInt.asUintN(64, sum);
    },
    /** How many entries from this one on have its id. */
    same: (index: number): number => {
      let next = index + 1;
      while (next < count && compare(at(index), view, at(next)) === 0) next += 1;
      return next - index;
    },
  };
}

function isAscending(view: DataView, count: number): boolean {
  for (let index = 1; index < count; index += 1) {
    const [before, after] = [(index - 1) * entryBytes, index * entryBytes];
    const order =
      view.getInt32(before) - view.getInt32(after) || view.getUint32(before + 4) - view.getUint32(after + 4);
    if (order > 0) return false;
  }
  return true;
}

const digits = 65_536;

/** Radix sort by 16 bits at a time, the sign last: comparing a million pairs of numbers takes ten times as long. */
function sortedOrder(view: DataView, count: number): Uint32Array {
  let order = Uint32Array.from({ length: count }, (_, index) => index);
  for (const offset of [6, 4, 2, 0]) {
    const flip = offset === 0 ? digits / 2 : 0;
    const digitOf = (index: number): number => view.getUint16(index * entryBytes + offset) ^ flip;
    const places = new Uint32Array(digits + 1);
    for (let index = 0; index < count; index += 1) {
      const place = digitOf(index) + 1;
      places[place] = (places[place] ?? 0) + 1;
    }
    for (let digit = 1; digit <= digits; digit += 1) places[digit] = (places[digit] ?? 0) + (places[digit - 1] ?? 0);
    const next = new Uint32Array(count);
    for (const index of order) {
      const digit = digitOf(index);
      const place = places[digit] ?? 0;
      next[place] = index;
      places[digit] = place + 1;
    }
    order = next;
  }
  return order;
}
