import { decimal } from '../numbers/decimal.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import type { Row, Side } from '../sources.ts';
import { type CauseInTheMaking, createCause } from './causes.ts';
import type { ComparedColumns } from './compared-columns.ts';
import { createExplainer, type ToExplain } from './explain-check.ts';
import { type Cause, mostRowsKept, type RowDifference } from './result.ts';
import type { JudgedRow } from './row-comparison.ts';

/** What becomes of the rows that do not agree: kept, gathered by cause, and set against the checks that failed. */
export function gatherDifferences(
  comparison: RowComparison,
  columns: ComparedColumns,
  toExplain: readonly ToExplain[],
) {
  const differences: RowDifference[] = [];
  const causes = new Map<string, CauseInTheMaking>();
  const explainers = toExplain.map((one) => createExplainer(one, comparison, columns));
  const one = decimal('1');
  const addTo = (what: Cause['what'], column: string | null, row: JudgedRow): void => {
    const name = JSON.stringify([what, column]);
    const cause = causes.get(name) ?? createCause(what, column, comparison, columns);
    cause.take(row, one);
    causes.set(name, cause);
  };
  return {
    take(row: JudgedRow): void {
      const { key, what, values } = row;
      if (differences.length < mostRowsKept) differences.push({ key, what, values });
      if (what === 'differs') for (const { column } of values) addTo(what, column, row);
      else addTo(what, null, row);
      for (const explainer of explainers) explainer.take(row);
    },
    takeFurther(side: Side, row: Row): void {
      for (const explainer of explainers) explainer.takeFurther(side, row);
    },
    result: (pairs: number) => ({
      differences,
      causes: [...causes.values()]
        .map((cause) => cause.result(pairs))
        .toSorted((first, second) => second.rows - first.rows),
      explanations: explainers.flatMap((explainer) => explainer.result(pairs)),
    }),
  };
}
