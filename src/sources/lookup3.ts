/*
 * Bob Jenkins' lookup3 as PostgreSQL has it for a seed of 64 bits, of which the bot hashes millions: nothing is allocated.
 * https://github.com/postgres/postgres/blob/master/src/common/hashfn.c
 */

/** Hashes of 64 bits, the lower half of each before its upper half. */
export type Halves = Int32Array;

export const halvesOf = (numbers: BigInt64Array): Halves =>
  new Int32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);

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

/** Mixes a hash with what is at a place: by exclusive or. */
export function mixIn(into: Halves, at: number, high: number, low: number): void {
  into[at] = (into[at] as number) ^ low;
  into[at + 1] = (into[at + 1] as number) ^ high;
}

/** Mixes the hash of four bytes in. */
export function mixInWord(into: Halves, at: number, word: number, seed: Seed): void {
  if (seed.known[4] === 0) keep(seed, 4);
  const { begun } = seed;
  end(into, at, (begun[12] as number) + word, begun[13] as number, begun[14] as number);
}

/** Mixes the hash of eight bytes in. */
export function mixInTwoWords(into: Halves, at: number, one: number, two: number, seed: Seed): void {
  if (seed.known[8] === 0) keep(seed, 8);
  const { begun } = seed;
  end(into, at, (begun[24] as number) + one, (begun[25] as number) + two, begun[26] as number);
}

/** Mixes the hash of four bytes in, by a seed that is not used again. */
export function mixInWordOnce(into: Halves, at: number, word: number, high: number, low: number): void {
  begin(4, high, low);
  end(into, at, (words[0] as number) + word, words[1] as number, words[2] as number);
}

/** Bytes that have to be readable behind a text, whatever they are. */
export const slackBytes = 12;

/** Mixes the hash of so many bytes in, from a place on: `slackBytes` more have to be there. */
export function mixInBytes(into: Halves, at: number, view: DataView, from: number, bytes: number, seed: Seed): void {
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
    begin(bytes, seed.high, seed.low);
    a = words[0] as number;
    b = words[1] as number;
    c = words[2] as number;
  }
  let next = from;
  let left = bytes;
  for (; left >= 12; left -= 12) {
    mix(a + view.getInt32(next, true), b + view.getInt32(next + 4, true), c + view.getInt32(next + 8, true));
    a = words[0] as number;
    b = words[1] as number;
    c = words[2] as number;
    next += 12;
  }
  const first = view.getInt32(next, true) & (masks[3 * left] as number);
  const second = view.getInt32(next + 4, true) & (masks[3 * left + 1] as number);
  const third = view.getInt32(next + 8, true) & (masks[3 * left + 2] as number);
  // The lowest byte of the third word is the length's.
  end(into, at, a + first, b + second, c + (third << 8));
}

/** What of three words belongs to so many bytes, fewer than twelve. */
const masks = Int32Array.from({ length: 36 }, (_, index) => {
  const bytes = Math.floor(index / 3) - 4 * (index % 3);
  return bytes >= 4 ? -1 : bytes <= 0 ? 0 : (1 << (8 * bytes)) - 1;
});

/** The three words at hand; of a hash, the lower half is the third, and the upper the second. */
const words = new Int32Array(3);

function keep({ high, low, begun, known }: Seed, bytes: number): void {
  begin(bytes, high, low);
  begun.set(words, 3 * bytes);
  known[bytes] = 1;
}

/** What all three words are before the first byte. A seed of nothing is not mixed in. */
function begin(bytes: number, high: number, low: number): void {
  const start = (0x9e3779b9 + 3_923_095 + bytes) | 0;
  if (high === 0 && low === 0) words.fill(start);
  else mix(start + high, start + low, start);
}

function mix(one: number, two: number, three: number): void {
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
  words[0] = a;
  words[1] = b + a;
  words[2] = c;
}

function end(into: Halves, at: number, one: number, two: number, three: number): void {
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
  mixIn(into, at, b, c);
}
