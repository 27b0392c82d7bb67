import type { CardChart } from './card.ts';

/** One category of a chart of bars, with a bar for each series. */
export interface Category {
  readonly label: string;
  readonly bars: readonly {
    readonly series: string;
    /** The bar's length, from 0 to 1 of the longest of the chart; undefined where there is no figure. */
    readonly share: number | undefined;
    readonly figure: string | undefined;
  }[];
}

/**
 * A chart by its categories, for renderers that draw bars with letters. Lengths are of the figures without their sign, and
 * begin at zero: bars that begin anywhere else show a small difference as a large one.
 */
export function categoriesOf({ series }: Pick<CardChart, 'series'>): Category[] {
  const longest = Math.max(0, ...series.flatMap(({ points }) => points.map(({ value }) => lengthOf(value) ?? 0)));
  const labels = [...new Set(series.flatMap(({ points }) => points.map(({ label }) => label)))];
  return labels.map((label) => ({
    label,
    bars: series.map(({ name, points }) => {
      const value = points.find((point) => point.label === label)?.value ?? null;
      const length = lengthOf(value);
      return {
        series: name,
        share: length === undefined ? undefined : longest === 0 ? 0 : length / longest,
        figure: length === undefined || value === null ? undefined : value,
      };
    }),
  }));
}

/** For drawing only; undefined for what is no number. */
function lengthOf(value: string | null): number | undefined {
  const length = value === null || value.trim() === '' ? Number.NaN : Math.abs(Number(value));
  return Number.isFinite(length) ? length : undefined;
}

/** A bar of at most `columns` letters; one that is not nothing has at least one. */
export function barOf(share: number, columns: number): string {
  return '█'.repeat(share === 0 ? 0 : Math.max(1, Math.round(share * columns)));
}
