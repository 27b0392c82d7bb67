import type { RowComparison } from '../playbook/playbook.ts';
import type { Side } from '../sources.ts';
import type { IntegrityProbe, RowComparisonResult, RowCounts } from './result.ts';

const none: RowCounts = { legacy: 0, new: 0 };

/** Columns of a comparison below whose minimum no value may be. */
export function minimums({ columns }: RowComparison): { readonly column: string; readonly minimum: string }[] {
  return Object.entries(columns).flatMap(([column, { minimum }]) =>
    minimum === undefined ? [] : [{ column, minimum }],
  );
}

/**
 * The damage that L119 speaks of: repeated and NULL keys, values below their minimum, and rows lost since the last run.
 * What legacy has as well is not the migration's. `before`: how many rows each side had in the last run.
 */
export function integrityOf(
  { repeated, nullKeys, rows }: Pick<RowComparisonResult, 'repeated' | 'nullKeys' | 'rows'>,
  below: readonly { readonly column: string; readonly found: RowCounts }[],
  before: RowCounts | undefined,
): IntegrityProbe[] {
  const lost = (side: Side): number => Math.max(0, (before ?? none)[side] - rows[side]);
  const probe = (name: IntegrityProbe['probe'], column: string | null, found: RowCounts): IntegrityProbe => ({
    probe: name,
    column,
    found,
    verdict: found.new > found.legacy ? 'fail' : 'pass',
  });
  return [
    probe('repeatedKeys', null, repeated.rows),
    probe('nullKeys', null, nullKeys),
    ...below.map(({ column, found }) => probe('belowMinimum', column, found)),
    ...(before === undefined ? [] : [probe('rowsLost', null, { legacy: lost('legacy'), new: lost('new') })]),
  ];
}
