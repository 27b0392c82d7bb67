import { halvesOf } from './lookup3.ts';

/**
 * Answers how many of these numbers, which are in order, are not greater than another, of which the halves are given: quickly
 * where most are between the same two as the one before, or the next two. Numbers of 64 bits are objects, and slow.
 */
export function locator(numbers: BigInt64Array): (high: number, low: number) => number {
  const halves = halvesOf(numbers);
  const count = numbers.length;
  const isBelow = (high: number, low: number, index: number): boolean => {
    const upper = halves[2 * index + 1] ?? 0;
    return high < upper || (high === upper && low >>> 0 < (halves[2 * index] ?? 0) >>> 0);
  };
  let last = 0;
  return (high, low) => {
    let [from, to] = [0, count];
    if (last === 0 || !isBelow(high, low, last - 1)) {
      if (last === count || isBelow(high, low, last)) return last;
      from = last + 1;
      if (from === count || isBelow(high, low, from)) to = from;
    } else to = last - 1;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (isBelow(high, low, middle)) to = middle;
      else from = middle + 1;
    }
    last = from;
    return last;
  };
}
