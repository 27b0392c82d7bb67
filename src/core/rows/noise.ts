import type { RowComparison } from '../playbook/playbook.ts';
import type { Noise, RowComparisonResult } from './result.ts';

/** Legacy against its own copy or last load, both in legacy's codes. Undefined where the playbook has no such query. */
export function baselineOf(comparison: RowComparison): RowComparison | undefined {
  const { baseline, columns } = comparison;
  if (baseline === undefined) return undefined;
  const inLegacyCodes = Object.entries(columns).map(([column, rule]) => {
    const codes = rule.mapping?.legacy;
    const { mapping: _mapping, ...rest } = rule;
    return [column, codes === undefined ? rest : { ...rest, mapping: { legacy: codes, new: codes } }] as const;
  });
  return {
    ...comparison,
    title: `${comparison.title}, legacy against its baseline`,
    new: baseline,
    columns: Object.fromEntries(inLegacyCodes),
  };
}

/** What a comparison of legacy with its baseline says of each column. Nothing where nothing was read. */
export function noiseOf({ columns, rows }: Pick<RowComparisonResult, 'columns' | 'rows'>): Noise {
  if (rows.legacy === 0) return new Map();
  return new Map(columns.map(({ column, differ }) => [column, differ / rows.legacy]));
}

/** Noise is not the same every day: half as much again still counts as it. */
const leeway = 1.5;

/** Whether no more rows differ in a column than noise lets expect. */
export function isNoise(differ: number, rows: number, share: number | undefined): boolean {
  return share !== undefined && share > 0 && differ <= share * leeway * rows;
}
