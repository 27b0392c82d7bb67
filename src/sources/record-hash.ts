import { decimal, decimalText } from '../core/numbers/decimal.ts';

/*
 * What PostgreSQL's hash_record_extended comes to, for systems that have no such function: Bob Jenkins' lookup3 of each
 * value, 31 times the sum so far added to each. Whether a server hashes in this way is told by a probe (`probedHere`),
 * and never assumed. https://github.com/postgres/postgres/blob/master/src/common/hashfn.c
 */

/** Numbers of 64 bits in halves, one a row. */
export interface Halves {
  readonly highs: Int32Array;
  readonly lows: Int32Array;
}

export const halves = (rows: number): Halves => ({ highs: new Int32Array(rows), lows: new Int32Array(rows) });

/** Columns of rows, one after the other. `absent`: other than 0 for the rows that have NULL. */
export interface RecordHashes {
  /** PostgreSQL's integer, date and boolean. */
  int32(values: Int32Array, absent?: Uint8Array): void;
  /** Its bigint and timestamps. */
  int64(values: Halves, absent?: Uint8Array): void;
  double(values: ArrayLike<number>, absent?: Uint8Array): void;
  /** Texts in UTF-8, without anything between them. */
  text(bytes: Uint8Array, lengths: ArrayLike<number>, absent?: Uint8Array): void;
  /** Numbers as texts, and then whether each is negative, as `wholly` has it. `decimals`: rounded to so many. */
  numeric(bytes: Uint8Array, lengths: ArrayLike<number>, absent?: Uint8Array, decimals?: number): void;
  readonly result: Halves;
}

export function createRecordHashes(rows: number, seeds: Halves): RecordHashes {
  const result = halves(rows);
  /** What a row's hash is when one more value's is added. */
  const add = (row: number, high: number, low: number): void => {
    const [upper, lower] = [result.highs[row] as number, result.lows[row] as number];
    const [shifted, carried] = [lower << 5, (upper << 5) | (lower >>> 27)];
    const less = (shifted - lower) | 0;
    const sum = (less + low) | 0;
    const borrow = shifted >>> 0 < lower >>> 0 ? 1 : 0;
    const carry = sum >>> 0 < low >>> 0 ? 1 : 0;
    result.lows[row] = sum;
    result.highs[row] = carried - upper - borrow + high + carry;
  };
  const state = new Int32Array(3);
  const int32 = (values: Int32Array, absent?: Uint8Array): void => {
    for (let row = 0; row < rows; row += 1) {
      if (absent !== undefined && absent[row] !== 0) add(row, 0, 0);
      else {
        begin(state, 4, seeds.highs[row] as number, seeds.lows[row] as number);
        end(state, values[row] as number, 0, 0);
        add(row, state[1] as number, state[2] as number);
      }
    }
  };
  return {
    result,
    int32,
    int64({ highs, lows }, absent) {
      const folded = new Int32Array(rows);
      for (let row = 0; row < rows; row += 1) {
        const high = highs[row] as number;
        folded[row] = (lows[row] as number) ^ (high >= 0 ? high : ~high);
      }
      int32(folded, absent);
    },
    double(values, absent) {
      const words = new Int32Array(Float64Array.from(values).buffer);
      for (let row = 0; row < rows; row += 1) {
        const [high, low] = [seeds.highs[row] as number, seeds.lows[row] as number];
        if (absent !== undefined && absent[row] !== 0) add(row, 0, 0);
        // Zero has two signs, and one hash.
        else if (values[row] === 0) add(row, high, low);
        else {
          begin(state, 8, high, low);
          end(state, words[2 * row] as number, words[2 * row + 1] as number, 0);
          add(row, state[1] as number, state[2] as number);
        }
      }
    },
    text(bytes, lengths, absent) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let from = 0;
      for (let row = 0; row < rows; row += 1) {
        const length = lengths[row] as number;
        if (absent !== undefined && absent[row] !== 0) add(row, 0, 0);
        else {
          begin(state, length, seeds.highs[row] as number, seeds.lows[row] as number);
          hashBytes(state, view, from, length);
          add(row, state[1] as number, state[2] as number);
        }
        from += length;
      }
    },
    numeric(bytes, lengths, absent, decimals) {
      const negative = new Int32Array(rows);
      let from = 0;
      for (let row = 0; row < rows; row += 1) {
        const length = lengths[row] as number;
        const [high, low] = [seeds.highs[row] as number, seeds.lows[row] as number];
        if (absent !== undefined && absent[row] !== 0) add(row, 0, 0);
        else {
          const read = readNumeric(bytes, from, from + length, decimals);
          negative[row] = read.negative ? 1 : 0;
          if (read.kind === 'none') add(row, high, low);
          // One less than the seed.
          else if (read.kind === 'zero') add(row, low === 0 ? high - 1 : high, low - 1);
          else {
            const size = 2 * (read.end - read.begin);
            begin(state, size, high, low);
            hashBytes(state, groupBytes, 2 * read.begin, size);
            add(row, (state[1] as number) ^ (read.weight >> 31), (state[2] as number) ^ read.weight);
          }
        }
        from += length;
      }
      int32(negative, absent);
    },
  };
}

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
/** Infinity is hashed as the greatest power of ten: see `numericValue`. */
const weightOfInfinity = 32_767;

/** A number in `groups`, from `begin` and before `end`. `none`: NaN. */
interface Numeric {
  kind: 'digits' | 'zero' | 'none';
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
  if (said.includes('inf')) {
    groups[0] = 1;
    const negative = said.startsWith('-');
    return Object.assign(numeric, { kind: 'digits', negative, begin: 0, end: 1, weight: weightOfInfinity });
  }
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
