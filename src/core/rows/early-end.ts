import { decimal, hundred } from '../numbers/decimal.ts';
import { count, formatNumber } from '../numbers/format.ts';
import type { RowLimits } from '../playbook/playbook.ts';

/** Fewer rows say little about how many of all differ. */
const fewestJudged = 10_000;

/** Says when a comparison has come to one of its limits, and which, in a sentence; undefined while it may go on. */
export function createLimits(
  { minutes, rows, differing }: RowLimits,
  now: () => number,
): (so: { readonly rows: number; readonly differing: number }) => string | undefined {
  const began = now();
  return (so) => {
    const after = `It ended early, after ${count(so.rows, 'row')}:`;
    if (rows !== undefined && so.rows >= rows) return `${after} the playbook has no more compared.`;
    if (minutes !== undefined && now() - began >= minutes * 60_000) {
      return `${after} it took the ${count(minutes, 'minute')} that the playbook allows.`;
    }
    const most = differing === undefined ? undefined : decimal(differing).times(decimal(String(so.rows)));
    if (most === undefined || so.rows < fewestJudged || hundred.times(decimal(String(so.differing))).lte(most)) {
      return undefined;
    }
    return `${after} ${formatNumber(String(so.differing))} of them differ, more than ${formatNumber(differing ?? '0')} %.`;
  };
}
