import { type Decimal, hundred, zero } from '../numbers/decimal.ts';
import type { Side } from '../sources.ts';

/** What a growth check measured of each year, on each side. */
export type YearFigures = Readonly<Record<Side, ReadonlyMap<number, Decimal>>>;

/**
 * How the growth of a year differs between the sides, n1/n0 - l1/l0, as a fraction that is linear in what rows add to the
 * figures: with n = l + d it is (d1 * l0 - d0 * l1) / (n0 * l0). So each row has an exact share of the numerator.
 */
export interface GrowthShares {
  /** In percentage points, of the denominator: what an amount in a year adds to the growth of that year, and of the next. */
  readonly inYear: Decimal;
  readonly inYearBefore: Decimal;
  /** All of the difference, likewise. */
  readonly all: Decimal;
  readonly denominator: Decimal;
}

/** Undefined where a side has no growth in that year. */
export function growthShares({ legacy, new: now }: YearFigures, year: number): GrowthShares | undefined {
  const [l0, l1] = [legacy.get(year - 1), legacy.get(year)];
  const [n0, n1] = [now.get(year - 1), now.get(year)];
  if (l0 === undefined || l1 === undefined || n0 === undefined || n1 === undefined) return undefined;
  const denominator = n0.times(l0);
  if (denominator.eq(0)) return undefined;
  return {
    inYear: l0.times(hundred),
    inYearBefore: zero.minus(l1.times(hundred)),
    all: n1.times(l0).minus(l1.times(n0)).times(hundred),
    denominator,
  };
}
