/*
 * Bob Jenkins' lookup3 as PostgreSQL has it for a seed of 64 bits, of which the bot hashes millions: nothing is allocated.
 * https://github.com/postgres/postgres/blob/master/src/common/hashfn.c
 */

/** Its three words; of a hash of 64 bits, the lower half is the third, and the higher the second. */
export type Words = Int32Array;

export const createWords = (): Words => new Int32Array(3);
export const lowerHalf = 2;
export const upperHalf = 1;

/** The hash of at most eleven bytes, of which each word holds four: the lowest of the third is none. */
export function hashWords(
  into: Words,
  bytes: number,
  one: number,
  two: number,
  three: number,
  seedHigh: number,
  seedLow: number,
): void {
  const start = startOf(bytes);
  if (seedHigh === 0 && seedLow === 0) {
    end(into, start + one, start + two, start + three);
    return;
  }
  mix(into, start + seedHigh, start + seedLow, start);
  end(into, (into[0] as number) + one, (into[1] as number) + two, (into[2] as number) + three);
}

/** The hash of so many bytes from a place on. */
export function hashBytes(
  into: Words,
  view: DataView,
  from: number,
  bytes: number,
  seedHigh: number,
  seedLow: number,
): void {
  let c = startOf(bytes);
  let a = c + seedHigh;
  let b = c + seedLow;
  let at = from;
  let left = bytes;
  // A seed of nothing is not mixed in.
  let isSeeded = seedHigh === 0 && seedLow === 0;
  while (!isSeeded || left >= 12) {
    if (isSeeded) {
      a += view.getInt32(at, true);
      b += view.getInt32(at + 4, true);
      c += view.getInt32(at + 8, true);
      at += 12;
      left -= 12;
    }
    isSeeded = true;
    mix(into, a, b, c);
    a = into[0] as number;
    b = into[1] as number;
    c = into[2] as number;
  }
  // The lowest byte of the third word is the length's.
  end(into, a + wordAt(view, at, left), b + wordAt(view, at + 4, left - 4), c + (wordAt(view, at + 8, left - 8) << 8));
}

/** What all three words are before the first byte. */
const startOf = (bytes: number): number => (0x9e3779b9 + 3_923_095 + bytes) | 0;

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
