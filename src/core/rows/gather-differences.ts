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
  /** Of what it is, and then of the column. */
  const causes = new Map<Cause['what'], Map<string | null, CauseInTheMaking>>();
  const explainers = toExplain.map((one) => createExplainer(one, comparison, columns));
  const causeOf = (what: Cause['what'], column: string | null): CauseInTheMaking => {
    const ofColumns = causes.get(what) ?? new Map<string | null, CauseInTheMaking>();
    const cause = ofColumns.get(column) ?? createCause(what, column, comparison, columns);
    if (!ofColumns.has(column)) causes.set(what, ofColumns.set(column, cause));
    return cause;
  };
  return {
    take(row: JudgedRow): void {
      const { what, values } = row;
      if (differences.length < mostRowsKept) differences.push(copied(row));
      if (what === 'differs') for (const { column } of values) causeOf(what, column).take(row);
      else causeOf(what, null).take(row);
      for (const explainer of explainers) explainer.take(row);
    },
    takeFurther(side: Side, row: Row): void {
      for (const explainer of explainers) explainer.takeFurther(side, row);
    },
    result: (pairs: number) => ({
      differences,
      causes: [...causes.values()]
        .flatMap((ofColumns) => [...ofColumns.values()])
        .map((cause) => cause.result(pairs))
        .toSorted((first, second) => second.rows - first.rows),
      explanations: explainers.flatMap((explainer) => explainer.result(pairs)),
    }),
  };
}

/**
 * If what is made for every row were kept for some of them, V8 would take it for what lives long, and put all of it where
 * only its slow collector comes.
 */
const copied = ({ key, what, values }: JudgedRow): RowDifference => ({
  key: [...key],
  what,
  values: values.map((value) => ({ ...value })),
});
