import { count } from '../numbers/format.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Discrepancy } from '../records/discrepancy.ts';
import { formatShortDate } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';

const shown = 4;

/**
 * "3, the oldest first: Level Distribution L3 (since 19 Nov, 3 times), …". Those of fewer than five people are counted
 * and not named.
 */
export function discrepanciesInWords(open: readonly Discrepancy[], { checks, timeZone }: Playbook): string {
  if (open.length === 0) return 'none';
  const named = open.filter(({ suppressed }) => !suppressed);
  const words = named.slice(0, shown).map((one) => {
    const title = checks.find(({ name }) => name === one.check)?.title ?? one.check;
    const key = one.key === one.check ? '' : ` ${one.key}`;
    const since = formatShortDate(localDate(new Date(one.openedAt), timeZone));
    return `${title}${key} (since ${since}, ${count(one.occurrences, 'time')})`;
  });
  const left = open.length - words.length;
  if (words.length === 0) return count(left, 'small group');
  return `${open.length}, the oldest first: ${words.join(', ')}${left === 0 ? '' : `, and ${left} more`}`;
}
