import { type NumberKind, seedNumber } from './hash-seeds.ts';
import {
  createSeed,
  createWords,
  hashBytes,
  hashTwoWords,
  hashWord,
  hashWordOnce,
  lowerHalf,
  type Seed,
  upperHalf,
} from './lookup3.ts';
import { type Digits, digitsOfText, digitsOfUnits, groupBytes } from './numeric-digits.ts';

/*
 * What PostgreSQL's hash functions come to, for systems that have none of them. Whether a server hashes in this way is
 * told by a probe (`probedHere`), and never assumed.
 */

/** Which rows have a value: a bit each, that of the first row the lowest of the first byte. Undefined: all of them. */
export type Present = Uint8Array | undefined;

export const isPresent = (present: Present, row: number): boolean =>
  present === undefined || (((present[row >>> 3] as number) >> (row & 7)) & 1) === 1;

/** Values of a column; where there is none, it is anything. */
export interface Raw<T> {
  readonly values: T;
  readonly present: Present;
}

/** Texts in UTF-8: where each begins, and how many bytes it has. */
export interface Texts {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly lengths: Int32Array;
  readonly present: Present;
}

/** Exact numbers: as so many units of 10 to the power of -`scale` where there are some, and else as texts. */
export interface Numbers {
  /** Less than 10 to the power of 15 each; a scale of at most 12. */
  readonly units?: Raw<BigInt64Array> & { readonly scale: number };
  readonly texts?: Texts;
  /** Rounded half up to so many. */
  readonly decimals?: number | undefined;
}

/** Columns of rows, one after the other. */
export interface RowHashes {
  /** PostgreSQL's integer, date and boolean. */
  int32(column: Raw<Int32Array>): void;
  /** Its bigint. */
  int64(column: Raw<BigInt64Array>): void;
  /** Its timestamps. */
  timestamp(column: Raw<BigInt64Array>): void;
  double(column: Raw<Float64Array>): void;
  text(texts: Texts): void;
  numeric(numbers: Numbers): void;
  /** With the ids, once, after the last column. */
  result(): BigInt64Array<ArrayBuffer>;
}

/** See `hash-seeds.ts`. The columns have to come in the order that the other system hashes them in. */
export function createRowHashes(ids: BigInt64Array): RowHashes {
  const rows = ids.length;
  const hashes = new BigInt64Array(rows);
  const halves = halvesOf(hashes);
  let place = 0;
  const add = (row: number): void => {
    halves[2 * row] = (halves[2 * row] as number) ^ (hash[lowerHalf] as number);
    halves[2 * row + 1] = (halves[2 * row + 1] as number) ^ (hash[upperHalf] as number);
  };
  const nextSeed = (): Seed => {
    place += 1;
    return seedOf(place);
  };
  return {
    int32({ values, present }) {
      const seed = nextSeed();
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        hashWord(hash, values[row] as number, seed);
        add(row);
      }
    },
    int64({ values, present }) {
      const seed = nextSeed();
      const words = halvesOf(values);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        const [low, high] = [words[2 * row] as number, words[2 * row + 1] as number];
        if (high === 0) hashWord(hash, low, seed);
        else hashWordOnce(hash, folded(high, low), seed.high ^ high, seed.low);
        add(row);
      }
    },
    timestamp({ values, present }) {
      const seed = nextSeed();
      const words = halvesOf(values);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        hashWord(hash, folded(words[2 * row + 1] as number, words[2 * row] as number), seed);
        add(row);
      }
    },
    double({ values, present }) {
      const seed = nextSeed();
      const words = new Int32Array(values.buffer, values.byteOffset, 2 * rows);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        // Zero has two signs, and one hash: its seed.
        if (values[row] === 0) takeSeed(seed);
        else hashTwoWords(hash, words[2 * row] as number, words[2 * row + 1] as number, seed);
        add(row);
      }
    },
    text({ bytes, starts, lengths, present }) {
      const seed = nextSeed();
      const view = viewOf(bytes);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        hashBytes(hash, view, starts[row] as number, lengths[row] as number, seed);
        add(row);
      }
    },
    numeric({ units, texts, decimals }) {
      const plain = nextSeed();
      const [negative, infinite] = [seedOf(place, 'negative'), seedOf(place, 'infinite')];
      const words = units === undefined ? undefined : halvesOf(units.values);
      for (let row = 0; row < rows; row += 1) {
        let digits: Digits;
        if (units !== undefined && words !== undefined && isPresent(units.present, row)) {
          const number = (words[2 * row + 1] as number) * 4_294_967_296 + ((words[2 * row] as number) >>> 0);
          digits = digitsOfUnits(number, units.scale, decimals);
        } else if (texts !== undefined && isPresent(texts.present, row)) {
          const from = texts.starts[row] as number;
          digits = digitsOfText(texts.bytes, from, from + (texts.lengths[row] as number), decimals);
        } else continue;
        hashDigits(digits, digits.negative ? negative : digits.kind === 'infinite' ? infinite : plain);
        add(row);
      }
    },
    result() {
      const words = halvesOf(ids);
      for (let row = 0; row < rows; row += 1) {
        const [low, high] = [words[2 * row] as number, words[2 * row + 1] as number];
        hashWordOnce(hash, folded(high, low), (halves[2 * row + 1] as number) ^ high, halves[2 * row] as number);
        halves[2 * row] = hash[lowerHalf] as number;
        halves[2 * row + 1] = hash[upperHalf] as number;
      }
      return hashes;
    },
  };
}

/** Of the value at hand. */
const hash = createWords();

function takeSeed({ high, low }: Seed): void {
  hash[lowerHalf] = low;
  hash[upperHalf] = high;
}

function hashDigits({ kind, begin, end, weight }: Digits, seed: Seed): void {
  if (kind === 'digits') {
    hashBytes(hash, groupBytes, 2 * begin, 2 * (end - begin), seed);
    hash[lowerHalf] = (hash[lowerHalf] as number) ^ weight;
    hash[upperHalf] = (hash[upperHalf] as number) ^ (weight >> 31);
    return;
  }
  takeSeed(seed);
  if (kind !== 'zero') return;
  // One less than the seed.
  hash[lowerHalf] = seed.low - 1;
  if (seed.low === 0) hash[upperHalf] = seed.high - 1;
}

/** A whole number of 64 bits as PostgreSQL folds it, so that it has the hash that it would have in 32. */
const folded = (high: number, low: number): number => low ^ (high >= 0 ? high : ~high);

const seeds = new Map<string, Seed>();

function seedOf(place: number, kind: NumberKind = 'plain'): Seed {
  const name = `${place} ${kind}`;
  const known = seeds.get(name);
  if (known !== undefined) return known;
  const number = seedNumber(place, kind);
  const seed = createSeed(Number(number >> 32n), Number(BigInt.asIntN(32, number)));
  seeds.set(name, seed);
  return seed;
}

/** The lower half of each, and the upper one after it. */
export const halvesOf = (numbers: BigInt64Array): Int32Array =>
  new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
