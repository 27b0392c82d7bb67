/**
 * The least share of all rows that differs where so many of a sample do, but for one sample in forty (two standard deviations
 * of a Poisson count): of few in a sample nothing follows, and one row would stand for thousands of a large table.
 */
export function shareAtLeast(differing: number, of: number): number {
  return of === 0 ? 0 : Math.max(0, differing - 2 * Math.sqrt(differing)) / of;
}
