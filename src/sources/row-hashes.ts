import { decimal, decimalText } from '../core/numbers/decimal.ts';
import { type NumberKind, placeOfId, seedNumber } from './hash-seeds.ts';

/*
 * What PostgreSQL's hash functions come to, for systems that have none of them: Bob Jenkins' lookup3 of each value.
 * Whether a server hashes in this way is told by a probe (`probedHere`), and never assumed.
 * https://github.com/postgres/postgres/blob/master/src/common/hashfn.c
 */

/** Numbers of 64 bits in halves, one a row. */
export interface Halves {
  readonly highs: Int32Array;
  readonly lows: Int32Array;
}

export const halves = (rows: number): Halves => ({ highs: new Int32Array(rows), lows: new Int32Array(rows) });

/** Columns of rows, one after the other. `absent`: other than 0 for the rows that have NULL. */
export interface RowHashes {
  /** PostgreSQL's integer, date and boolean. */
  int32(values: Int32Array, absent?: Uint8Array): void;
  /** Its bigint. */
  int64(values: Halves, absent?: Uint8Array): void;
  /** Its timestamps. */
  timestamp(values: Halves, absent?: Uint8Array): void;
  double(values: ArrayLike<number>, absent?: Uint8Array): void;
  /** Texts in UTF-8, without anything between them. */
  text(bytes: Uint8Array, lengths: ArrayLike<number>, absent?: Uint8Array): void;
  /** Numbers as texts. `decimals`: rounded to so many. */
  numeric(bytes: Uint8Array, lengths: ArrayLike<number>, absent?: Uint8Array, decimals?: number): void;
  /** With the ids, once, after the last column. */
  result(): Halves;
}

/** See `hash-seeds.ts`. The columns have to come in the order that the other system hashes them in. */
export function createRowHashes({ highs: idHighs, lows: idLows }: Halves): RowHashes {
  const rows = idHighs.length;
  const { highs, lows } = halves(rows);
  let place = placeOfId;
  const state = new Int32Array(3);
  const add = (row: number, high: number, low: number): void => {
    highs[row] = (highs[row] as number) ^ high;
    lows[row] = (lows[row] as number) ^ low;
  };
  const isAbsent = (absent: Uint8Array | undefined, row: number): boolean => absent !== undefined && absent[row] !== 0;
  /** Of a whole number, folded to 32 bits. */
  const hashWord = (word: number, seedHigh: number, seedLow: number): void => {
    begin(state, 4, seedHigh, seedLow);
    end(state, word, 0, 0);
  };
  /** The hash of a row's id, in the state. */
  const hashId = (row: number, seed: Seed): void => {
    const [high, low] = [idHighs[row] as number, idLows[row] as number];
    hashWord(folded(high, low), seed.high ^ high, seed.low);
  };
  const words = (wordOf: (row: number) => number, upperOf: (row: number) => number, absent?: Uint8Array): void => {
    place += 1;
    const seed = seedOf(place);
    for (let row = 0; row < rows; row += 1) {
      if (isAbsent(absent, row)) continue;
      const seedHigh = (idHighs[row] as number) ^ seed.high ^ upperOf(row);
      hashWord(wordOf(row), seedHigh, (idLows[row] as number) ^ seed.low);
      add(row, state[1] as number, state[2] as number);
    }
  };
  const none = (): number => 0;
  return {
    int32: (values, absent) => words((row) => values[row] as number, none, absent),
    int64: ({ highs: uppers, lows: lowers }, absent) =>
      words(
        (row) => folded(uppers[row] as number, lowers[row] as number),
        (row) => uppers[row] as number,
        absent,
      ),
    timestamp: ({ highs: uppers, lows: lowers }, absent) =>
      words((row) => folded(uppers[row] as number, lowers[row] as number), none, absent),
    double(values, absent) {
      place += 1;
      const seed = seedOf(place);
      const parts = new Int32Array(Float64Array.from(values).buffer);
      for (let row = 0; row < rows; row += 1) {
        if (isAbsent(absent, row)) continue;
        hashId(row, seed);
        // Zero has two signs, and one hash: its seed.
        if (values[row] !== 0) {
          begin(state, 8, state[1] as number, state[2] as number);
          end(state, parts[2 * row] as number, parts[2 * row + 1] as number, 0);
        }
        add(row, state[1] as number, state[2] as number);
      }
    },
    text(bytes, lengths, absent) {
      place += 1;
      const seed = seedOf(place);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let from = 0;
      for (let row = 0; row < rows; row += 1) {
        const length = lengths[row] as number;
        if (!isAbsent(absent, row)) {
          begin(state, length, (idHighs[row] as number) ^ seed.high, (idLows[row] as number) ^ seed.low);
          hashBytes(state, view, from, length);
          add(row, state[1] as number, state[2] as number);
        }
        from += length;
      }
    },
    numeric(bytes, lengths, absent, decimals) {
      place += 1;
      const [plain, negative, infinite] = [seedOf(place), seedOf(place, 'negative'), seedOf(place, 'infinite')];
      let from = 0;
      for (let row = 0; row < rows; row += 1) {
        const length = lengths[row] as number;
        if (!isAbsent(absent, row)) {
          const read = readNumeric(bytes, from, from + length, decimals);
          hashId(row, read.negative ? negative : read.kind === 'infinite' ? infinite : plain);
          const [high, low] = [state[1] as number, state[2] as number];
          if (read.kind === 'digits') {
            const size = 2 * (read.end - read.begin);
            begin(state, size, high, low);
            hashBytes(state, groupBytes, 2 * read.begin, size);
            add(row, (state[1] as number) ^ (read.weight >> 31), (state[2] as number) ^ read.weight);
          }
          // One less than the seed.
          else if (read.kind === 'zero') add(row, low === 0 ? high - 1 : high, low - 1);
          else add(row, high, low);
        }
        from += length;
      }
    },
    result() {
      const seed = seedOf(placeOfId);
      for (let row = 0; row < rows; row += 1) {
        hashId(row, seed);
        add(row, state[1] as number, state[2] as number);
      }
      return { highs, lows };
    },
  };
}

interface Seed {
  readonly high: number;
  readonly low: number;
}

function seedOf(place: number, kind?: NumberKind): Seed {
  const number = seedNumber(place, kind);
  return { high: Number(number >> 32n), low: Number(BigInt.asIntN(32, number)) };
}

/** A whole number of 64 bits as PostgreSQL folds it, so that it has the hash that it would have in 32. */
const folded = (high: number, low: number): number => low ^ (high >= 0 ? high : ~high);

/** The three words of lookup3, before the first byte of so many. */
function begin(state: Int32Array, length: number, seedHigh: number, seedLow: number): void {
  const start = (0x9e3779b9 + 3_923_095 + length) | 0;
  state[0] = start + seedHigh;
  state[1] = start + seedLow;
  state[2] = start;
  if (seedHigh !== 0 || seedLow !== 0) mix(state, 0, 0, 0);
}

/** Adds twelve bytes that are not the last. */
function mix(state: Int32Array, one: number, two: number, three: number): void {
  let a = ((state[0] as number) + one) | 0;
  let b = ((state[1] as number) + two) | 0;
  let c = ((state[2] as number) + three) | 0;
  a = (a - c) ^ ((c << 4) | (c >>> 28));
  c = (c + b) | 0;
  b = (b - a) ^ ((a << 6) | (a >>> 26));
  a = (a + c) | 0;
  c = (c - b) ^ ((b << 8) | (b >>> 24));
  b = (b + a) | 0;
  a = (a - c) ^ ((c << 16) | (c >>> 16));
  c = (c + b) | 0;
  b = (b - a) ^ ((a << 19) | (a >>> 13));
  a = (a + c) | 0;
  c = (c - b) ^ ((b << 4) | (b >>> 28));
  state[0] = a;
  state[1] = b + a;
  state[2] = c;
}

/** Adds the last bytes; of the hash, the higher half is then the second word, and the lower the third. */
function end(state: Int32Array, one: number, two: number, three: number): void {
  let a = ((state[0] as number) + one) | 0;
  let b = ((state[1] as number) + two) | 0;
  let c = ((state[2] as number) + three) | 0;
  c = ((c ^ b) - ((b << 14) | (b >>> 18))) | 0;
  a = ((a ^ c) - ((c << 11) | (c >>> 21))) | 0;
  b = ((b ^ a) - ((a << 25) | (a >>> 7))) | 0;
  c = ((c ^ b) - ((b << 16) | (b >>> 16))) | 0;
  a = ((a ^ c) - ((c << 4) | (c >>> 28))) | 0;
  b = ((b ^ a) - ((a << 14) | (a >>> 18))) | 0;
  c = ((c ^ b) - ((b << 24) | (b >>> 8))) | 0;
  state[1] = b;
  state[2] = c;
}

function hashBytes(state: Int32Array, view: DataView, from: number, length: number): void {
  let [at, left] = [from, length];
  for (; left >= 12; at += 12, left -= 12) {
    mix(state, view.getInt32(at, true), view.getInt32(at + 4, true), view.getInt32(at + 8, true));
  }
  const two = left > 4 ? wordAt(view, at + 4, left - 4) : 0;
  // The lowest byte is the length's.
  const three = left > 8 ? wordAt(view, at + 8, left - 8) << 8 : 0;
  end(state, wordAt(view, at, left), two, three);
}

/** What is not there reads as 0. */
function wordAt(view: DataView, at: number, left: number): number {
  if (left >= 4) return view.getInt32(at, true);
  let word = 0;
  for (let index = 0; index < left; index += 1) word |= view.getUint8(at + index) << (8 * index);
  return word;
}

const [minus, point, zeroDigit] = [0x2d, 0x2e, 0x30];
/** Four decimal digits each, as PostgreSQL keeps a numeric: at most 131,072 before the point and 16,383 behind it. */
const groups = new Uint16Array(36_900);
const groupBytes = new DataView(groups.buffer);

/** A number in `groups`, from `begin` and before `end`. */
interface Numeric {
  kind: 'digits' | 'zero' | 'none' | 'infinite';
  negative: boolean;
  begin: number;
  end: number;
  weight: number;
}

const numeric: Numeric = { kind: 'zero', negative: false, begin: 0, end: 0, weight: 0 };

/** A number as a system prints it, also with an exponent, `inf` or `nan`. The same object is given each time. */
function readNumeric(bytes: Uint8Array, from: number, to: number, decimals: number | undefined): Numeric {
  const plain = decimals === undefined ? pointOf(bytes, from, to) : -1;
  if (plain !== -1) return readDigits(bytes, from, to, plain);
  const said = Buffer.from(bytes.subarray(from, to)).toString('latin1').toLowerCase();
  if (said.includes('nan')) return Object.assign(numeric, { kind: 'none', negative: false });
  if (said.includes('inf')) return Object.assign(numeric, { kind: 'infinite', negative: said.startsWith('-') });
  const exact = decimals === undefined ? decimal(said) : decimal(said).round(decimals, 1);
  const digits = Buffer.from(decimalText(exact), 'latin1');
  return readDigits(digits, 0, digits.length, pointOf(digits, 0, digits.length));
}

/** Where the decimal point of a plain number is, or would be; -1 for any other text. */
function pointOf(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  for (let index = bytes[from] === minus ? from + 1 : from; index < to; index += 1) {
    const digit = (bytes[index] ?? 0) - zeroDigit;
    if (digit >= 0 && digit <= 9) continue;
    if (bytes[index] !== point || at !== to) return -1;
    at = index;
  }
  return at;
}

function readDigits(bytes: Uint8Array, from: number, to: number, pointAt: number): Numeric {
  const first = bytes[from] === minus ? from + 1 : from;
  const before = Math.ceil((pointAt - first) / 4);
  let [count, at] = [0, pointAt - 4 * before];
  while (at < to) {
    let value = 0;
    const end = at < pointAt ? Math.min(at + 4, pointAt) : at + 4;
    for (let index = at; index < end; index += 1) {
      value = 10 * value + (index >= first && index < to ? (bytes[index] ?? zeroDigit) - zeroDigit : 0);
    }
    groups[count] = value;
    count += 1;
    at = end === pointAt ? end + 1 : end;
  }
  let [begin, last] = [0, count];
  while (begin < last && groups[begin] === 0) begin += 1;
  while (last > begin && groups[last - 1] === 0) last -= 1;
  numeric.kind = begin === last ? 'zero' : 'digits';
  numeric.negative = begin !== last && first !== from;
  numeric.begin = begin;
  numeric.end = last;
  numeric.weight = before - 1 - begin;
  return numeric;
}
