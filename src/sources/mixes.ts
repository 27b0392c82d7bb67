import type { KeyBounds } from '../core/rows/key-bounds.ts';
import type { HashedEntries, HashedPart, HashMixes } from '../core/sources.ts';
import { joinColumns } from './cells.ts';
import { locator } from './locate.ts';
import { halvesOf, mixIn } from './lookup3.ts';

/** Mixes hashes of rows by the ranges that bounds make: see `Snapshot.mixRanges`. Numbers of 64 bits are in halves. */
export function createMixes(
  bounds: KeyBounds,
  together: number,
): { take(entries: HashedEntries): void; result(): HashMixes } {
  const bits = Math.log2(together);
  const counts = new Int32Array(Math.ceil((bounds.count + 1) / together));
  const [mixed, shifted] = [new BigInt64Array(counts.length), new BigInt64Array(counts.length)];
  const [mixes, shifts] = [halvesOf(mixed), halvesOf(shifted)];
  const ends = new BigInt64Array(bounds.count);
  for (let index = 0; index < ends.length; index += 1) ends[index] = bounds.at(index);
  const rangeOf = locator(ends);
  return {
    take({ ids, hashes }) {
      const [keys, rows] = [halvesOf(ids), halvesOf(hashes)];
      for (let at = 0; at < keys.length; at += 2) {
        const range = rangeOf(keys[at + 1] ?? 0, keys[at] ?? 0);
        const [group, place] = [range >> bits, range & (together - 1)];
        const [lower, upper] = [rows[at] ?? 0, rows[at + 1] ?? 0];
        counts[group] = (counts[group] ?? 0) + 1;
        mixIn(mixes, 2 * group, upper, lower);
        mixIn(shifts, 2 * group, place === 0 ? upper : (upper << place) | (lower >>> (32 - place)), lower << place);
      }
    },
    result: () => ({ rows: counts, mixes: mixed, shifted }),
  };
}

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

/** Entries, and the part that each is in. */
export interface PartedEntries extends HashedEntries {
  readonly parts: Int32Array;
}

/** Puts rows of any order into so many parts from `first` on: each of them, in order, also an empty one. */
export function createParts(
  first: number,
  count: number,
): { take(entries: PartedEntries): void; result(): Generator<HashedPart> } {
  const all: PartedEntries[] = [];
  const sizes = new Int32Array(count);
  return {
    take(entries) {
      all.push(entries);
      for (const part of entries.parts) sizes[part - first] = (sizes[part - first] ?? 0) + 1;
    },
    *result() {
      const parts = Array.from(sizes, (size) => ({ ids: new BigInt64Array(size), hashes: new BigInt64Array(size) }));
      const into = parts.map(({ ids, hashes }) => ({ ids: halvesOf(ids), hashes: halvesOf(hashes), next: 0 }));
      for (const { ids, hashes, parts: of } of all.splice(0)) {
        const [idHalves, hashHalves] = [halvesOf(ids), halvesOf(hashes)];
        for (let row = 0; row < of.length; row += 1) {
          const to = into[(of[row] as number) - first];
          if (to === undefined) continue;
          for (const half of [2 * row, 2 * row + 1]) {
            to.ids[to.next] = idHalves[half] as number;
            to.hashes[to.next] = hashHalves[half] as number;
            to.next += 1;
          }
        }
      }
      for (const [index, entries] of parts.entries()) yield { part: first + index, ...entries, read: [] };
    },
  };
}
