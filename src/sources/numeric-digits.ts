import { decimal, decimalText } from '../core/numbers/decimal.ts';

/**
 * Four decimal digits each, as PostgreSQL keeps a numeric: at most 131,072 before the point and 16,383 behind it; and some to
 * spare, since what hashes them reads on (see `slackBytes`).
 */
const groups = new Uint16Array(36_900);
export const groupBytes = new DataView(groups.buffer);

/** A number in `groups`, from `begin` and before `end`. */
export interface Digits {
  readonly kind: 'digits' | 'zero' | 'none' | 'infinite';
  readonly negative: boolean;
  readonly begin: number;
  readonly end: number;
  /** Of the first group: how many of its kind are between it and the point. */
  readonly weight: number;
}

/** The same object is given each time. */
const digits = { kind: 'zero' as Digits['kind'], negative: false, begin: 0, end: 0, weight: 0 };

const [minus, point, zeroDigit] = [0x2d, 0x2e, 0x30];

/** A number as a system prints it, also with an exponent, `inf` or `nan`. `decimals`: rounded half up to so many. */
export function digitsOfText(bytes: Uint8Array, from: number, to: number, decimals: number | undefined): Digits {
  const plain = decimals === undefined ? pointOf(bytes, from, to) : -1;
  if (plain !== -1) return digitsOfPlain(bytes, from, to, plain);
  const said = Buffer.from(bytes.subarray(from, to)).toString('latin1').toLowerCase();
  if (said.includes('nan')) return Object.assign(digits, { kind: 'none', negative: false });
  if (said.includes('inf')) return Object.assign(digits, { kind: 'infinite', negative: said.startsWith('-') });
  const exact = decimals === undefined ? decimal(said) : decimal(said).round(decimals, 1);
  const text = Buffer.from(decimalText(exact), 'latin1');
  return digitsOfPlain(text, 0, text.length, pointOf(text, 0, text.length));
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

function digitsOfPlain(bytes: Uint8Array, from: number, to: number, pointAt: number): Digits {
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
  return trimmed(count, before, first !== from);
}

/** What `digitsOfUnits` can take: every number on its way is exact in a double then. */
export const mostDigits = 15;
export const mostScale = 12;

const powersOfTen = Array.from({ length: mostDigits + 1 }, (_, power) => 10 ** power);
const powerOfTen = (power: number): number => powersOfTen[power] as number;
/** Groups before the point. */
const wholeGroups = 4;

/** So many units of 10 to the power of -`scale`. `decimals`: rounded half up to so many. */
export function digitsOfUnits(units: number, scale: number, decimals: number | undefined): Digits {
  let size = Math.abs(units);
  if (decimals !== undefined && decimals < scale) {
    const step = powerOfTen(scale - decimals);
    size = Math.floor((size + step / 2) / step) * step;
  }
  const unit = powerOfTen(scale);
  const whole = Math.floor(size / unit);
  split(whole, 0, wholeGroups);
  const part = size - whole * unit;
  if (part === 0) return trimmed(wholeGroups, wholeGroups, units < 0);
  const partGroups = Math.ceil(scale / 4);
  split(part * powerOfTen(4 * partGroups - scale), wholeGroups, partGroups);
  return trimmed(wholeGroups + partGroups, wholeGroups, units < 0);
}

/** Puts a whole number into so many groups. */
function split(number: number, first: number, count: number): void {
  let index = first + count - 1;
  let large = number;
  for (; large >= 0x8000_0000; index -= 1) {
    const next = Math.floor(large / 10_000);
    groups[index] = large - 10_000 * next;
    large = next;
  }
  // Four times as quick as with what does not fit 32 bits.
  let small = large | 0;
  for (; index >= first; index -= 1) {
    const next = (small / 10_000) | 0;
    groups[index] = small - 10_000 * next;
    small = next;
  }
}

/** Without groups of zeros at either end. */
function trimmed(count: number, before: number, negative: boolean): Digits {
  let begin = 0;
  let end = count;
  while (begin < end && groups[begin] === 0) begin += 1;
  while (end > begin && groups[end - 1] === 0) end -= 1;
  digits.kind = begin === end ? 'zero' : 'digits';
  digits.negative = begin !== end && negative;
  digits.begin = begin;
  digits.end = end;
  digits.weight = before - 1 - begin;
  return digits;
}
