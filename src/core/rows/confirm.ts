import { type Comparing, withBatch } from '../checks/snapshots.ts';
import type { Wait } from '../time/clock.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { measureRows, type MeasuringRows } from './measure-rows.ts';
import { mostRowsKept, type RowsMeasured } from './result.ts';

/**
 * Where a side is still written to, what differs is compared again in new snapshots after a while, and only what differs
 * both times counts. Ask for it when the first snapshots are closed: a side may have one connection. More rows than are
 * kept are not compared again: they are no coincidence.
 */
export async function confirmed(
  comparing: Comparing & { readonly wait: Wait },
  comparison: RowComparison,
  first: RowsMeasured,
  measuring: MeasuringRows,
): Promise<RowsMeasured> {
  const { confirmAfterSeconds } = comparison;
  const { differences, result } = first;
  const some = differences.length > 0 && differences.length < mostRowsKept;
  if (confirmAfterSeconds === undefined || result.verdict === 'error' || !some) return first;
  await comparing.wait(confirmAfterSeconds * 1_000, measuring.signal);
  const keys = new Set(differences.map(({ key }) => JSON.stringify(key)));
  return withBatch(comparing, {
    held: (batch) => ({
      ...first,
      result: {
        ...result,
        reason: `${result.reason} What differs was not compared again: ${batch.reasons.join(' ')}`.trim(),
      },
    }),
    work: (_batch, snapshots) => measureRows(comparison, snapshots, { ...measuring, confirming: keys }),
  });
}
