/** Of a sequence of any length, a part that is spread evenly over it. */
export interface SystematicSample<T> {
  take(item: T): void;
  readonly kept: readonly T[];
}

/** Keeps all up to `limit`; then every second, every fourth and so on, and never more than `limit`. */
export function createSample<T>(limit = 2_000): SystematicSample<T> {
  let kept: T[] = [];
  let stride = 1;
  let seen = 0;
  return {
    take(item) {
      if (seen % stride === 0) {
        if (kept.length === limit) {
          kept = kept.filter((_, index) => index % 2 === 0);
          stride *= 2;
        }
        if (seen % stride === 0) kept.push(item);
      }
      seen += 1;
    },
    get kept() {
      return kept;
    },
  };
}
