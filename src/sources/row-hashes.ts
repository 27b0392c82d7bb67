import { type NumberKind, seedNumber } from './hash-seeds.ts';
import {
  createSeed,
  halvesOf,
  mixIn,
  mixInBytes,
  mixInTwoWords,
  mixInWord,
  mixInWordOnce,
  type Halves,
  type Seed,
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

/** Texts in UTF-8: where each begins, and how many bytes it has. Behind the last are `slackBytes` more. */
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
  const nextSeed = (): Seed => {
    place += 1;
    return seedOf(place);
  };
  return {
    int32({ values, present }) {
      const seed = nextSeed();
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        mixInWord(halves, 2 * row, values[row] as number, seed);
      }
    },
    int64({ values, present }) {
      const seed = nextSeed();
      const words = halvesOf(values);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        const [low, high] = [words[2 * row] as number, words[2 * row + 1] as number];
        if (high === 0) mixInWord(halves, 2 * row, low, seed);
        else mixInWordOnce(halves, 2 * row, folded(high, low), seed.high ^ high, seed.low);
      }
    },
    timestamp({ values, present }) {
      const seed = nextSeed();
      const words = halvesOf(values);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        mixInWord(halves, 2 * row, folded(words[2 * row + 1] as number, words[2 * row] as number), seed);
      }
    },
    double({ values, present }) {
      const seed = nextSeed();
      const words = new Int32Array(values.buffer, values.byteOffset, 2 * rows);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        // Zero has two signs, and one hash: its seed.
        if (values[row] === 0) mixIn(halves, 2 * row, seed.high, seed.low);
        else mixInTwoWords(halves, 2 * row, words[2 * row] as number, words[2 * row + 1] as number, seed);
      }
    },
    text({ bytes, starts, lengths, present }) {
      const seed = nextSeed();
      const view = viewOf(bytes);
      for (let row = 0; row < rows; row += 1) {
        if (!isPresent(present, row)) continue;
        mixInBytes(halves, 2 * row, view, starts[row] as number, lengths[row] as number, seed);
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
        const seed = digits.negative ? negative : digits.kind === 'infinite' ? infinite : plain;
        mixInDigits(halves, 2 * row, digits, seed);
      }
    },
    result() {
      const words = halvesOf(ids);
      for (let at = 0; at < halves.length; at += 2) {
        const [low, high] = [words[at] as number, words[at + 1] as number];
        const [seedLow, seedHigh] = [halves[at] as number, halves[at + 1] as number];
        halves[at] = 0;
        halves[at + 1] = 0;
        mixInWordOnce(halves, at, folded(high, low), seedHigh ^ high, seedLow);
      }
      return hashes;
    },
  };
}

function mixInDigits(into: Halves, at: number, { kind, begin, end, weight }: Digits, seed: Seed): void {
  if (kind === 'digits') {
    mixInBytes(into, at, groupBytes, 2 * begin, 2 * (end - begin), seed);
    mixIn(into, at, weight >> 31, weight);
  } else if (kind === 'zero') {
    // One less than the seed.
    mixIn(into, at, seed.low === 0 ? seed.high - 1 : seed.high, seed.low - 1);
  } else mixIn(into, at, seed.high, seed.low);
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

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
