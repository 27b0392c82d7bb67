import type { HashedEntries, HashMixes, ReadColumn, Side } from '../sources.ts';
import type { Pair } from './merge.ts';

/** Ids of rows that are not known to agree (see HashedEntries), by where they are. */
export interface SuspectIds {
  /** On both sides with different hashes, or more than once on a side. */
  readonly both: readonly bigint[];
  readonly onlyLegacy: readonly bigint[];
  readonly onlyNew: readonly bigint[];
}

/** So many rows agree, and no more is known. */
export function agreed(rows: number, mix: bigint): EntriesCompared {
  return {
    rows: { legacy: rows, new: rows },
    agreeing: rows,
    pairs: [],
    suspects: { both: [], onlyLegacy: [], onlyNew: [] },
    mixes: { legacy: mix, new: mix },
  };
}

/** What came of some of the rows. */
export interface EntriesCompared {
  /** How many rows of either side it is about. */
  readonly rows: Readonly<Record<Side, number>>;
  /** Rows that both sides have once and alike. */
  readonly agreeing: number;
  /** Rows that both sides have once, and that may differ in the columns that were read, but in no other: each until the next. */
  readonly pairs: Iterable<Pair>;
  readonly suspects: SuspectIds;
  /** The exclusive or of the hashes of each side. */
  readonly mixes: Readonly<Record<Side, bigint>>;
}

/** What differs by mixes of ranges, `together` of which are a group, all by their indexes. */
export interface MixesCompared {
  /** All ranges of groups of which nobody knows where they differ. */
  readonly open: readonly number[];
  /** The one range of a group in which it differs. */
  readonly located: readonly number[];
  /** How many rows the groups of these have, with all their ranges, and what they come to in the legacy system. */
  readonly ofLocated: { readonly rows: Readonly<Record<Side, number>>; readonly mix: bigint };
  /** The other groups. */
  readonly agreeing: EntriesCompared;
}

/**
 * Where one row of a group differs, or is missing on one side, its place is known: by so much are all bits shifted in which
 * the mixes differ. That other differences look like one has, with 16 places, a probability of 2 to the power of -44.
 */
export function compareMixes(legacy: HashMixes, now: HashMixes, together: number): MixesCompared {
  const [open, located]: [number[], number[]] = [[], []];
  let [agreeing, mix] = [0, 0n];
  const ofLocated = { rows: { legacy: 0, new: 0 }, mix: 0n };
  for (let group = 0; group < legacy.rows.length; group += 1) {
    const difference = (legacy.mixes[group] ?? 0n) ^ (now.mixes[group] ?? 0n);
    if (difference === 0n && legacy.rows[group] === now.rows[group]) {
      agreeing += legacy.rows[group] ?? 0;
      mix ^= legacy.mixes[group] ?? 0n;
      continue;
    }
    const shifted = (legacy.shifted[group] ?? 0n) ^ (now.shifted[group] ?? 0n);
    const place = together === 1 ? undefined : placeOf(difference, shifted, together);
    if (place === undefined) {
      for (let index = 0; index < together; index += 1) open.push(group * together + index);
      continue;
    }
    located.push(group * together + place);
    ofLocated.rows.legacy += legacy.rows[group] ?? 0;
    ofLocated.rows.new += now.rows[group] ?? 0;
    ofLocated.mix ^= legacy.mixes[group] ?? 0n;
  }
  return { open, located, ofLocated, agreeing: agreed(agreeing, BigInt.asUintN(64, mix)) };
}

/** By how much all bits of a difference are shifted; undefined where that is not one number. */
function placeOf(difference: bigint, shifted: bigint, together: number): number | undefined {
  let found: number | undefined;
  for (let place = 0; place < together; place += 1) {
    if (BigInt.asIntN(64, difference << BigInt(place)) !== shifted) continue;
    if (found !== undefined) return undefined;
    found = place;
  }
  return found;
}

/** What is known of an id, in bits. */
const [ofLegacy, ofNew, repeated, differs] = [1, 2, 4, 8];

/** How rows whose hashes are alike are told apart by the columns that were read. */
export interface Pairing {
  /** The columns whose equal cells mean that rows agree, by their places among those that were read. */
  readonly byCells: readonly number[];
  /** A pair of the rows at these places, until the next is asked for; a column that was not read is NULL on both sides. */
  pairOf(legacy: number, now: number): Pair;
}

/** What agrees, and what has to be looked at: an id that repeats on either side always has to. By a hash table of ids. */
export function compareEntries(legacy: HashedEntries, now: HashedEntries, pairing?: Pairing): EntriesCompared {
  const [mine, all] = [legacy.ids.length, legacy.ids.length + now.ids.length];
  const [ids, hashes] = [joined(legacy.ids, now.ids), joined(legacy.hashes, now.hashes)];
  const bits = Math.max(4, Math.ceil(Math.log2(1.5 * all + 1)));
  const [last, shift] = [2 ** bits - 1, 32 - bits];
  /** The first entry of an id, by one more than its index; 0 is a free place. */
  const firsts = new Int32Array(last + 1);
  const known = new Uint8Array(all);
  /** The entry of the other side with the same id, where columns are read. */
  const partners = new Int32Array(pairing === undefined ? 0 : mine);
  for (let entry = 0; entry < all; entry += 1) {
    const side = entry < mine ? ofLegacy : ofNew;
    const [low, high] = [ids[2 * entry] ?? 0, ids[2 * entry + 1] ?? 0];
    let place = Math.imul(low ^ Math.imul(high, 0x85ebca6b), 0x9e3779b1) >>> shift;
    let first = firsts[place] ?? 0;
    while (first !== 0 && (ids[2 * first - 2] !== low || ids[2 * first - 1] !== high)) {
      place = (place + 1) & last;
      first = firsts[place] ?? 0;
    }
    if (first === 0) {
      firsts[place] = entry + 1;
      known[entry] = side;
      continue;
    }
    const so = known[first - 1] ?? 0;
    const alike = hashes[2 * first - 2] === hashes[2 * entry] && hashes[2 * first - 1] === hashes[2 * entry + 1];
    if (pairing !== undefined) partners[first - 1] = entry - mine;
    known[first - 1] = so | side | ((so & side) === 0 ? 0 : repeated) | (alike ? 0 : differs);
  }
  const suspects = { both: [] as bigint[], onlyLegacy: [] as bigint[], onlyNew: [] as bigint[] };
  /** Rows of both sides, one after the other, that differ in what was read. */
  const differing: number[] = [];
  const sameCells = (one: number, other: number, columns: readonly number[]): boolean => {
    for (const column of columns) if (!sameCell(legacy.read[column], one, now.read[column], other)) return false;
    return true;
  };
  let agreeing = 0;
  const idOf = (entry: number): bigint => (entry < mine ? legacy.ids[entry] : now.ids[entry - mine]) ?? 0n;
  for (let entry = 0; entry < all; entry += 1) {
    const what = known[entry] ?? 0;
    if (what === (ofLegacy | ofNew)) {
      const partner = partners[entry] ?? 0;
      if (pairing === undefined || sameCells(entry, partner, pairing.byCells)) agreeing += 1;
      else differing.push(entry, partner);
    } else if (what === ofLegacy) suspects.onlyLegacy.push(idOf(entry));
    else if (what === ofNew) suspects.onlyNew.push(idOf(entry));
    else if (what !== 0) suspects.both.push(idOf(entry));
  }
  return {
    rows: { legacy: mine, new: all - mine },
    agreeing,
    pairs: pairsOf(differing, pairing),
    suspects,
    mixes: { legacy: mixOf(legacy.hashes), new: mixOf(now.hashes) },
  };
}

/** One at a time: all of them would take much memory. */
function* pairsOf(rows: readonly number[], pairing?: Pairing): Generator<Pair> {
  if (pairing === undefined) return;
  for (let index = 0; index < rows.length; index += 2) yield pairing.pairOf(rows[index] ?? 0, rows[index + 1] ?? 0);
}

/** Without making a text of either. */
function sameCell(one: ReadColumn | undefined, row: number, other: ReadColumn | undefined, otherRow: number): boolean {
  const [mine, theirs] = [one?.cells, other?.cells];
  if (mine === undefined || theirs === undefined) return one?.valueOf(row) === other?.valueOf(otherRow);
  const [end, otherEnd] = [mine.ends[row] as number, theirs.ends[otherRow] as number];
  const start = row === 0 ? 0 : (mine.ends[row - 1] as number) + 1;
  const otherStart = otherRow === 0 ? 0 : (theirs.ends[otherRow - 1] as number) + 1;
  if (end - start !== otherEnd - otherStart) return false;
  for (let at = start, otherAt = otherStart; at < end; at += 1, otherAt += 1) {
    if (mine.text.charCodeAt(at) !== theirs.text.charCodeAt(otherAt)) return false;
  }
  return true;
}

/** Halves of 64-bit numbers, low before high: numbers of 64 bits are objects, and slow. */
function joined(one: BigInt64Array, other: BigInt64Array): Int32Array {
  const both = new BigInt64Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return new Int32Array(both.buffer);
}

function mixOf(hashes: BigInt64Array<ArrayBuffer>): bigint {
  const halves = new Int32Array(hashes.buffer, hashes.byteOffset, 2 * hashes.length);
  let [low, high] = [0, 0];
  for (let index = 0; index < halves.length; index += 2) {
    low ^= halves[index] ?? 0;
    high ^= halves[index + 1] ?? 0;
  }
  return BigInt.asUintN(64, (BigInt(high) << 32n) | BigInt(low >>> 0));
}
