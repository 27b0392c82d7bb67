import type { RowComparison } from '../playbook/playbook.ts';
import type { Row, Side } from '../sources.ts';
import type { ComparedColumns } from './compared-columns.ts';

/** A value in common terms. Not `known`: a declared mapping lacks its code, so nobody said what it means. */
export interface CommonValue {
  readonly value: string | null;
  readonly known: boolean;
}

/** A code in common terms; a side without a mapping keeps its own. */
export function inCommonTerms(value: string | null, codes: Readonly<Record<string, string>> | undefined): CommonValue {
  if (codes === undefined || value === null) return { value, known: true };
  const common = Object.hasOwn(codes, value) ? codes[value] : undefined;
  return common === undefined ? { value, known: false } : { value: common, known: true };
}

export type ReadValue = (row: Row, side: Side) => CommonValue;

/** Reads one compared column, or a part of the key, out of a row. Undefined where the comparison has no such column. */
export function valueReader(
  comparison: RowComparison,
  { key, values }: ComparedColumns,
  column: string,
): ReadValue | undefined {
  const index = [...key, ...values].indexOf(column);
  if (index === -1) return undefined;
  const mapping = comparison.columns[column]?.mapping;
  return (row, side) => inCommonTerms(row[index] ?? null, mapping?.[side]);
}
