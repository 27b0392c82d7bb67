import { type Decimal, zero } from '../numbers/decimal.ts';

/** A group of people as either side counts it; null where a side doesn't have it. */
export interface Group {
  readonly key: string;
  readonly legacy: Decimal | null;
  readonly new: Decimal | null;
}

/** Fewer people than this are not broken out in chat (requirements, second part, 18). */
export const smallestShown = 5;

/**
 * The groups that chat must not show. A small one is hidden together with the next smallest that still show, until what
 * is newly hidden has at least two groups and at least five people on each side that has any: so neither the total less
 * what shows, nor today's digest less yesterday's, gives one group away. A group hidden once (`already`) stays hidden.
 */
export function suppressedGroups(groups: readonly Group[], already: ReadonlySet<string>): Set<string> {
  const hidden = new Set(groups.map(({ key }) => key).filter((key) => already.has(key)));
  const batch = groups.filter((group) => !hidden.has(group.key) && isSmall(group));
  if (batch.length === 0) return hidden;
  const visible = groups
    .filter((group) => !hidden.has(group.key) && !isSmall(group))
    .sort((one, other) => size(one).cmp(size(other)) || (one.key < other.key ? -1 : 1));
  while (visible.length > 0 && !isSafe(batch)) batch.push(visible.shift() as Group);
  for (const { key } of batch) hidden.add(key);
  return hidden;
}

const few = (people: Decimal): boolean => people.gt(0) && people.lt(smallestShown);

function isSmall(group: Group): boolean {
  return few(group.legacy ?? zero) || few(group.new ?? zero);
}

function isSafe(batch: readonly Group[]): boolean {
  const total = (side: 'legacy' | 'new'): Decimal => batch.reduce((sum, group) => sum.plus(group[side] ?? zero), zero);
  return batch.length >= 2 && !few(total('legacy')) && !few(total('new'));
}

function size(group: Group): Decimal {
  const legacy = group.legacy ?? zero;
  const now = group.new ?? zero;
  return legacy.gt(now) ? legacy : now;
}
