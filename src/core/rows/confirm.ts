import { type Comparing, type Snapshots, withBatch } from '../checks/snapshots.ts';
import type { Wait } from '../time/clock.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { measureRows, type MeasuringRows } from './measure-rows.ts';
import { mostRowsKept, type RowsMeasured } from './result.ts';
import { readChanges, stillMoving } from './still-moving.ts';

/** The first time, with what tells whether there is to be a second. */
export type MeasuredOnce = RowsMeasured & { readonly moving: boolean };

/** Compares once, in snapshots that were opened no earlier than `readAt`. */
export async function measureOnce(
  { playbook }: Pick<Comparing, 'playbook'>,
  comparison: RowComparison,
  snapshots: Snapshots,
  measuring: MeasuringRows,
  readAt: Date,
): Promise<MeasuredOnce> {
  const { result, differences } = await measureRows(comparison, snapshots, measuring);
  const changedAt = differences.length === 0 ? {} : await readChanges(comparison, snapshots, playbook.timeZone);
  const evidence = { ...result.evidence, ...(Object.keys(changedAt).length === 0 ? {} : { changedAt }) };
  return { result: { ...result, evidence }, differences, moving: stillMoving(comparison, changedAt, readAt) };
}

/**
 * Where a side is still written to, what differs is compared again in new snapshots after a while, and only what differs
 * both times counts. Ask for it when the first snapshots are closed: a side may have one connection. More rows than are
 * kept are not compared again: they are no coincidence.
 */
export async function confirmed(
  comparing: Comparing & { readonly wait: Wait },
  comparison: RowComparison,
  { moving, ...first }: MeasuredOnce,
  measuring: MeasuringRows,
): Promise<RowsMeasured> {
  const { confirmAfterSeconds } = comparison;
  const { differences, result } = first;
  const some = differences.length > 0 && differences.length < mostRowsKept;
  if (confirmAfterSeconds === undefined || !moving || result.verdict === 'error' || !some) return first;
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
    work: async (_batch, snapshots) => {
      const again = await measureRows(comparison, snapshots, { ...measuring, confirming: keys });
      const { changedAt } = result.evidence;
      const evidence = { ...again.result.evidence, ...(changedAt === undefined ? {} : { changedAt }) };
      return { ...again, result: { ...again.result, evidence } };
    },
  });
}
