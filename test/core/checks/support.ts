import type { DistributionCheck, GrowthCheck, ScalarCheck, Tolerance } from '../../../src/core/playbook/playbook.ts';
import type { Rows } from '../../../src/core/sources.ts';

const declared = {
  title: 'A check',
  legacy: 'SELECT legacy',
  new: 'SELECT new',
  severity: 1,
  owner: 'dataOwner',
  action: 'Investigate at once',
  critical: false,
} as const;

/** "0.1 %" as the playbook writes it. */
export function tolerance(text: string): Tolerance {
  const [amount = '0', unit] = text.split(' ');
  return { amount, unit: unit === 'points' ? 'points' : '%' };
}

export const aScalar = (allowed: string, overrides: Partial<ScalarCheck> = {}): ScalarCheck => ({
  ...declared,
  name: 'employees',
  kind: 'scalar',
  tolerance: tolerance(allowed),
  ...overrides,
});

export const aDistribution = (allowed: string, overrides: Partial<DistributionCheck> = {}): DistributionCheck => ({
  ...declared,
  name: 'levels',
  kind: 'distribution',
  tolerance: tolerance(allowed),
  by: ['level'],
  mapping: {},
  newOnly: {},
  ...overrides,
});

export const aGrowth = (overrides: Partial<GrowthCheck> = {}): GrowthCheck => ({
  ...declared,
  name: 'growth',
  kind: 'growth',
  tolerance: tolerance('0.5 points'),
  years: [2027, 2027],
  ...overrides,
});

type Value = string | number | null;

/** A query's result: the names of its columns, then its rows. */
export const rowsOf = (columns: string, ...rows: readonly (readonly Value[])[]): Rows => ({
  columns: columns.split(' '),
  rows: rows.map((row) => row.map((value) => (value === null ? null : String(value)))),
});

/** What a scalar query gives. */
export const oneValue = (value: Value): Rows => rowsOf('value', [value]);
