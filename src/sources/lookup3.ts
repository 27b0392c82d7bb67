/*
 * Bob Jenkins' lookup3 as PostgreSQL has it for a seed of 64 bits, of which the bot hashes millions: nothing is allocated.
 * https://github.com/postgres/postgres/blob/master/src/common/hashfn.c
 */

/** Its three words; of a hash of 64 bits, the lower half is the third, and the higher the second. */
export type Words = Int32Array;

export const createWords = (): Words => new Int32Array(3);
export const lowerHalf = 2;
export const upperHalf = 1;

/** A seed of 64 bits, and what it comes to before the first of so many bytes: it is mixed in once for each length. */
export interface Seed {
  readonly high: number;
  readonly low: number;
  /** Three words for each length of `lengthsKept` bytes and less. */
  readonly begun: Int32Array;
  readonly known: Uint8Array;
}

/** Longer texts are few. */
const lengthsKept = 128;

export const createSeed = (high: number, low: number): Seed => ({
  high,
  low,
  begun: new Int32Array(3 * (lengthsKept + 1)),
  known: new Uint8Array(lengthsKept + 1),
});

/** The hash of four bytes. */
export function hashWord(into: Words, word: number, seed: Seed): void {
  if (seed.known[4] === 0) keep(seed, 4);
  const { begun } = seed;
  end(into, (begun[12] as number) + word, begun[13] as number, begun[14] as number);
}

/** The hash of eight bytes. */
export function hashTwoWords(into: Words, one: number, two: number, seed: Seed): void {
  if (seed.known[8] === 0) keep(seed, 8);
  const { begun } = seed;
  end(into, (begun[24] as number) + one, (begun[25] as number) + two, begun[26] as number);
}

/** The hash of four bytes by a seed that is not used again. */
export function hashWordOnce(into: Words, word: number, high: number, low: number): void {
  begin(into, 4, high, low);
  end(into, (into[0] as number) + word, into[1] as number, into[2] as number);
}

/** The hash of so many bytes from a place on. */
export function hashBytes(into: Words, view: DataView, from: number, bytes: number, seed: Seed): void {
  let a: number;
  let b: number;
  let c: number;
  if (bytes <= lengthsKept) {
    if (seed.known[bytes] === 0) keep(seed, bytes);
    const { begun } = seed;
    a = begun[3 * bytes] as number;
    b = begun[3 * bytes + 1] as number;
    c = begun[3 * bytes + 2] as number;
  } else {
    begin(into, bytes, seed.high, seed.low);
    a = into[0] as number;
    b = into[1] as number;
    c = into[2] as number;
  }
  let at = from;
  let left = bytes;
  for (; left >= 12; left -= 12) {
    mix(into, a + view.getInt32(at, true), b + view.getInt32(at + 4, true), c + view.getInt32(at + 8, true));
    a = into[0] as number;
    b = into[1] as number;
    c = into[2] as number;
    at += 12;
  }
  // The lowest byte of the third word is the length's.
  end(into, a + wordAt(view, at, left), b + wordAt(view, at + 4, left - 4), c + (wordAt(view, at + 8, left - 8) << 8));
}

function keep({ high, low, begun, known }: Seed, bytes: number): void {
  const words = createWords();
  begin(words, bytes, high, low);
  begun.set(words, 3 * bytes);
  known[bytes] = 1;
}

/** What all three words are before the first byte. A seed of nothing is not mixed in. */
function begin(into: Words, bytes: number, high: number, low: number): void {
  const start = (0x9e3779b9 + 3_923_095 + bytes) | 0;
  if (high === 0 && low === 0) into.fill(start);
  else mix(into, start + high, start + low, start);
}

function mix(into: Words, one: number, two: number, three: number): void {
  let a = one | 0;
  let b = two | 0;
  let c = three | 0;
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
  into[0] = a;
  into[1] = b + a;
  into[2] = c;
}

function end(into: Words, one: number, two: number, three: number): void {
  let a = one | 0;
  let b = two | 0;
  let c = three | 0;
  c = ((c ^ b) - ((b << 14) | (b >>> 18))) | 0;
  a = ((a ^ c) - ((c << 11) | (c >>> 21))) | 0;
  b = ((b ^ a) - ((a << 25) | (a >>> 7))) | 0;
  c = ((c ^ b) - ((b << 16) | (b >>> 16))) | 0;
  a = ((a ^ c) - ((c << 4) | (c >>> 28))) | 0;
  b = ((b ^ a) - ((a << 14) | (a >>> 18))) | 0;
  c = ((c ^ b) - ((b << 24) | (b >>> 8))) | 0;
  into[1] = b;
  into[2] = c;
}

/** What is not there reads as 0. */
function wordAt(view: DataView, at: number, left: number): number {
  if (left >= 4) return view.getInt32(at, true);
  if (left <= 0) return 0;
  if (at + 4 <= view.byteLength) return view.getInt32(at, true) & ((1 << (8 * left)) - 1);
  let word = 0;
  for (let index = 0; index < left; index += 1) word |= view.getUint8(at + index) << (8 * index);
  return word;
}
