/** Where rows are cut into ranges by a key that is a whole number: ascending. */
export interface KeyBounds {
  readonly count: number;
  at(index: number): bigint;
  /** How far apart they all are; null where they are not equally so. */
  readonly step: bigint | null;
  /** Those from one index on and before another. */
  slice(from: number, to: number): KeyBounds;
}

/** So many, equally far apart: however many they are, they take no memory. */
export const evenBounds = (first: bigint, step: bigint, count: number): KeyBounds => ({
  count,
  step,
  at: (index) => first + step * BigInt(index),
  slice: (from, to) => evenBounds(first + step * BigInt(from), step, to - from),
});

export function listedBounds(bounds: readonly bigint[]): KeyBounds {
  const [first = 0n, second = first + 1n] = bounds;
  const step = second - first;
  const isEven = bounds.every((bound, index) => bound === first + step * BigInt(index));
  return {
    count: bounds.length,
    step: isEven ? step : null,
    at: (index) => bounds[index] ?? first,
    slice: (from, to) => listedBounds(bounds.slice(from, to)),
  };
}
