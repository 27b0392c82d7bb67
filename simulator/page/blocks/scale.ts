/**
 * Round figures for a vertical axis that hold every value: at least two, ascending, evenly apart. The axis begins at zero
 * unless the values lie so far from it that their differences would not be seen.
 */
export function ticks(values: readonly number[]): number[] {
  if (values.length === 0) return [0, 1];
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const farFromZero = lowest > 0 && highest > lowest && highest - lowest < highest / 4;
  const low = farFromZero ? lowest : Math.min(0, lowest);
  const high = Math.max(highest, low);
  const rough = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/**
 * Runs of neighbouring points that have a value. A missing one ends a run: a line never crosses a day that was not
 * measured, and never falls to zero on it.
 */
export function runs(values: readonly (number | null)[]): { readonly at: number; readonly value: number }[][] {
  const result: { at: number; value: number }[][] = [];
  let open = false;
  for (const [at, value] of values.entries()) {
    if (value === null) {
      open = false;
    } else if (open) {
      result.at(-1)?.push({ at, value });
    } else {
      result.push([{ at, value }]);
      open = true;
    }
  }
  return result;
}

/** Which of `count` labels to write so that each has `room` pixels: the last always, then every nth before it. */
export function labelled(count: number, width: number, room: number): number[] {
  const every = Math.max(1, Math.ceil((count * room) / Math.max(width, room)));
  return Array.from({ length: count }, (_, index) => index).filter((index) => (count - 1 - index) % every === 0);
}
