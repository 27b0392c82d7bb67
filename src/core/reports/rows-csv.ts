import type { RowComparison } from '../playbook/playbook.ts';
import type { RowDifference } from '../rows/result.ts';
import { csvLine, csvOf } from './csv.ts';

/** Rows that do not agree, a line for each column that differs, and one for a row that is on one side only or repeats. */
export function rowsCsv({ key }: RowComparison, differences: readonly RowDifference[]): string {
  const lines = differences.flatMap(({ key: name, what, values }) => {
    const named = [...key.map((_, index) => name[index] ?? ''), what];
    if (values.length === 0) return [csvLine([...named, '', '', ''])];
    return values.map(({ column, legacy, new: now }) => csvLine([...named, column, legacy ?? '', now ?? '']));
  });
  return csvOf([...key, 'what', 'column', 'legacy', 'new'], lines);
}
