import { type NumberKind, placeOfId, seedNumber } from './hash-seeds.ts';
import { createWords, hashBytes, hashWords, lowerHalf, upperHalf } from './lookup3.ts';
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
  const idHalves = halvesOf(ids);
  const hashes = new BigInt64Array(rows);
  const hashHalves = halvesOf(hashes);
  let place = placeOfId;
  const add = (row: number): void => {
    hashHalves[2 * row] = (hashHalves[2 * row] as number) ^ (hash[lowerHalf] as number);
    hashHalves[2 * row + 1] = (hashHalves[2 * row + 1] as number) ^ (hash[upperHalf] as number);
  };
  const wholeNumbers = ({ values, present }: Raw<BigInt64Array>, upperHalves: boolean): void => {
    place += 1;
    const seed = seedOf(place);
    const halves = halvesOf(values);
    for (let row = 0; row < rows; row += 1) {
      if (!isPresent(present, row)) continue;
      const [low, high] = [halves[2 * row] as number, halves[2 * row + 1] as number];
      const seedHigh = (idHalves[2 * row + 1] as number) ^ seed.high ^ (upperHalves ? high : 0);
      hashWords(hash, 4, folded(high, low), 0, 0, seedHigh, (idHalves[2 * row] as number) ^ seed.low);
      add(row);
    }
  };
  return {
    int32({ values, present }) {
      place += 1;
      const seed = seedOf(place);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        const [seedLow, seedHigh] = [
          (idHalves[2 * row] as number) ^ seed.low,
          (idHalves[2 * row + 1] as number) ^ seed.high,
        ];
        hashWords(hash, 4, values[row] as number, 0, 0, seedHigh, seedLow);
        add(row);
      }
    },
    int64: (column) => wholeNumbers(column, true),
    timestamp: (column) => wholeNumbers(column, false),
    double({ values, present }) {
      place += 1;
      const seed = seedOf(place);
      const parts = new Int32Array(values.buffer, values.byteOffset, 2 * rows);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        hashId(idHalves, row, seed);
        // Zero has two signs, and one hash: its seed.
        if (values[row] !== 0) {
          const [seedLow, seedHigh] = [hash[lowerHalf] as number, hash[upperHalf] as number];
          hashWords(hash, 8, parts[2 * row] as number, parts[2 * row + 1] as number, 0, seedHigh, seedLow);
        }
        add(row);
      }
    },
    text({ bytes, starts, lengths, present }) {
      place += 1;
      const seed = seedOf(place);
      const view = viewOf(bytes);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        const [seedLow, seedHigh] = [
          (idHalves[2 * row] as number) ^ seed.low,
          (idHalves[2 * row + 1] as number) ^ seed.high,
        ];
        hashBytes(hash, view, starts[row] as number, lengths[row] as number, seedHigh, seedLow);
        add(row);
      }
    },
    numeric({ units, texts, decimals }) {
      place += 1;
      const [plain, negative, infinite] = [seedOf(place), seedOf(place, 'negative'), seedOf(place, 'infinite')];
      const halves = units === undefined ? undefined : halvesOf(units.values);
      for (let row = 0; row < rows; row += 1) {
        let digits: Digits;
        if (units !== undefined && halves !== undefined && isPresent(units.present, row)) {
          const number = (halves[2 * row + 1] as number) * 4_294_967_296 + ((halves[2 * row] as number) >>> 0);
          digits = digitsOfUnits(number, units.scale, decimals);
        } else if (texts !== undefined && isPresent(texts.present, row)) {
          const from = texts.starts[row] as number;
          digits = digitsOfText(texts.bytes, from, from + (texts.lengths[row] as number), decimals);
        } else continue;
        hashId(idHalves, row, digits.negative ? negative : digits.kind === 'infinite' ? infinite : plain);
        hashDigits(digits);
        add(row);
      }
    },
    result() {
      const seed = seedOf(placeOfId);
      for (let row = 0; row < rows; row += 1) {
        hashId(idHalves, row, seed);
        add(row);
      }
      return hashes;
    },
  };
}

/** Of the value at hand. */
const hash = createWords();

/** The hash of a row's id. */
function hashId(idHalves: Int32Array, row: number, seed: Seed): void {
  const [low, high] = [idHalves[2 * row] as number, idHalves[2 * row + 1] as number];
  hashWords(hash, 4, folded(high, low), 0, 0, seed.high ^ high, seed.low);
}

/** The hash of a number, seeded by the hash at hand. */
function hashDigits({ kind, begin, end, weight }: Digits): void {
  const [low, high] = [hash[lowerHalf] as number, hash[upperHalf] as number];
  if (kind === 'digits') {
    hashBytes(hash, groupBytes, 2 * begin, 2 * (end - begin), high, low);
    hash[lowerHalf] = (hash[lowerHalf] as number) ^ weight;
    hash[upperHalf] = (hash[upperHalf] as number) ^ (weight >> 31);
  } else if (kind === 'zero') {
    // One less than the seed.
    hash[lowerHalf] = low - 1;
    hash[upperHalf] = low === 0 ? high - 1 : high;
  }
}

/** A whole number of 64 bits as PostgreSQL folds it, so that it has the hash that it would have in 32. */
const folded = (high: number, low: number): number => low ^ (high >= 0 ? high : ~high);

interface Seed {
  readonly high: number;
  readonly low: number;
}

const seeds = new Map<string, Seed>();

function seedOf(place: number, kind: NumberKind = 'plain'): Seed {
  const name = `${place} ${kind}`;
  const known = seeds.get(name);
  if (known !== undefined) return known;
  const number = seedNumber(place, kind);
  const seed = { high: Number(number >> 32n), low: Number(BigInt.asIntN(32, number)) };
  seeds.set(name, seed);
  return seed;
}

/** The lower half of each, and the upper one after it. */
export const halvesOf = (numbers: BigInt64Array): Int32Array =>
  new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
