/** Of a sequence of any length, a part that is spread evenly over it. */
export interface SystematicSample<T> {
  /** Whether the next item is in the sample: only then need it be made, and is it to be kept. */
  next(): boolean;
  keep(item: T): void;
  readonly kept: readonly T[];
}

/** Keeps all up to `limit`; then every second, every fourth and so on, and never more than `limit`. */
export function createSample<T>(limit = 2_000): SystematicSample<T> {
  let kept: T[] = [];
  let stride = 1;
  let seen = 0;
  return {
    next() {
      const place = seen;
      seen += 1;
      if (place % stride > 0) return false;
      if (kept.length < limit) return true;
      kept = kept.filter((_, index) => index % 2 === 0);
      stride *= 2;
      return place % stride === 0;
    },
    keep(item) {
      kept.push(item);
    },
    get kept() {
      return kept;
    },
  };
}
