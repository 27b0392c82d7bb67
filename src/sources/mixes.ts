import type { HashedEntries, HashMixes, KeyRange } from '../core/sources.ts';
import { joinColumns } from './cells.ts';

/** The ranges that bounds make within one, `atOnce` of them as one. */
export function rangesOf(bounds: readonly bigint[], { from, to }: KeyRange, atOnce: number): KeyRange[] {
  const ranges: KeyRange[] = [];
  for (let index = 0; index <= bounds.length; index += atOnce) {
    ranges.push({ from: bounds[index - 1] ?? from, to: bounds[index + atOnce - 1] ?? to });
  }
  return ranges;
}

/** Mixes hashes of rows by the ranges that bounds make: see `Snapshot.mixRanges`. Numbers of 64 bits are in halves. */
export function createMixes(bounds: readonly bigint[]): { take(entries: HashedEntries): void; result(): HashMixes } {
  const counts = new Int32Array(bounds.length + 1);
  const mixed = new BigInt64Array(counts.length);
  const mixes = halvesOf(mixed);
  const ends = halvesOf(BigInt64Array.from(bounds));
  /** Whether a number is less than the bound of this index. */
  const isBelow = (high: number, low: number, index: number): boolean => {
    const upper = ends[2 * index + 1] ?? 0;
    return high < upper || (high === upper && low >>> 0 < (ends[2 * index] ?? 0) >>> 0);
  };
  /** How many of the bounds are not greater. */
  const rangeOf = (high: number, low: number): number => {
    let [from, to] = [0, bounds.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (isBelow(high, low, middle)) to = middle;
      else from = middle + 1;
    }
    return from;
  };
  return {
    take({ ids, hashes }) {
      const [keys, rows] = [halvesOf(ids), halvesOf(hashes)];
      let range = 0;
      for (let at = 0; at < keys.length; at += 2) {
        const [low, high] = [keys[at] ?? 0, keys[at + 1] ?? 0];
        // Most rows are in the range of the one before.
        const stays =
          (range === 0 || !isBelow(high, low, range - 1)) && (range === bounds.length || isBelow(high, low, range));
        if (!stays) range = rangeOf(high, low);
        counts[range] = (counts[range] ?? 0) + 1;
        mixes[2 * range] = (mixes[2 * range] ?? 0) ^ (rows[at] ?? 0);
        mixes[2 * range + 1] = (mixes[2 * range + 1] ?? 0) ^ (rows[at + 1] ?? 0);
      }
    },
    result: () => ({ rows: counts, mixes: mixed }),
  };
}

const halvesOf = (numbers: BigInt64Array): Int32Array =>
  new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);

export function joinEntries(all: readonly HashedEntries[]): HashedEntries {
  const [first] = all;
  if (first !== undefined && all.length === 1) return first;
  const rows = all.reduce((sum, { ids }) => sum + ids.length, 0);
  const [ids, hashes] = [new BigInt64Array(rows), new BigInt64Array(rows)];
  let at = 0;
  for (const entries of all) {
    ids.set(entries.ids, at);
    hashes.set(entries.hashes, at);
    at += entries.ids.length;
  }
  const read = (first?.read ?? []).map((_, column) =>
    joinColumns(
      all.flatMap((entries) => entries.read[column] ?? []),
      rows,
    ),
  );
  return { ids, hashes, read };
}
