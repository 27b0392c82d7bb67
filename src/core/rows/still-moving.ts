import { parseMoment } from '../checks/readiness.ts';
import { ask, isRows, type Snapshots } from '../checks/snapshots.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { type Side, sides } from '../sources.ts';
import type { ChangedAt } from './result.ts';

/** Asks each side that the playbook has a query for when it was last changed, in the snapshots that are compared. */
export async function readChanges(
  { changed }: Pick<RowComparison, 'changed'>,
  snapshots: Snapshots,
  timeZone: string,
): Promise<ChangedAt> {
  const found: Partial<Record<Side, string | null>> = {};
  for (const side of sides) {
    const sql = changed?.[side];
    if (sql === undefined) continue;
    const answer = await ask(snapshots, side, sql);
    const [text] = isRows(answer) && answer.rows.length === 1 ? (answer.rows[0] ?? []) : [];
    found[side] = (text == null ? undefined : parseMoment(text, timeZone))?.toISOString() ?? null;
  }
  return found;
}

/**
 * Whether what differs has to be compared again: the playbook wants it always, or a side was changed less than so many
 * minutes before it was read. A side of which that can't be told counts as one that was.
 */
export function stillMoving(
  { confirmAfterSeconds, changed }: Pick<RowComparison, 'confirmAfterSeconds' | 'changed'>,
  changedAt: ChangedAt,
  readAt: Date,
): boolean {
  if (confirmAfterSeconds === undefined) return false;
  if (changed === undefined) return true;
  return sides.some((side) => {
    const at = changedAt[side];
    if (at === undefined) return false;
    return at === null || readAt.getTime() - Date.parse(at) < changed.withinMinutes * 60_000;
  });
}
