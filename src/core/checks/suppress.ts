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
 * is hidden can't be worked out: neither from the total less what shows, nor from today's digest less yesterday's, for
 * which what is newly hidden must keep its secret by itself. A group hidden once (`already`) stays hidden. When nothing
 * is left to hide, everything is hidden.
 */
export function suppressedGroups(groups: readonly Group[], already: ReadonlySet<string>): Set<string> {
  const before = groups.filter(({ key }) => already.has(key));
  const open = groups.filter(({ key }) => !already.has(key));
  const added = open.filter(isSmall);
  const visible = open
    .filter((group) => !isSmall(group))
    .sort((one, other) => size(one).cmp(size(other)) || (one.key < other.key ? -1 : 1));
  // Those of an earlier day may have shrunk or gone since, so the whole is looked at as well.
  while (!keepsSecret(added) || !keepsSecret([...before, ...added])) {
    const next = visible.shift();
    if (next === undefined) break;
    added.push(next);
  }
  return new Set([...before, ...added].map(({ key }) => key));
}

const few = (people: Decimal): boolean => people.gt(0) && people.lt(smallestShown);

function isSmall(group: Group): boolean {
  return few(group.legacy ?? zero) || few(group.new ?? zero);
}

/**
 * True when a sum of these groups, and their number, says nothing of a small one: on each side that has people they are
 * five or more, and more than there are groups (or each group would be of exactly one).
 */
function keepsSecret(hidden: readonly Group[]): boolean {
  return (['legacy', 'new'] as const).every((side) => {
    const people = hidden.map((group) => group[side] ?? zero).filter((each) => each.gt(0));
    const total = people.reduce((sum, each) => sum.plus(each), zero);
    return people.length === 0 || (total.gte(smallestShown) && total.gt(people.length));
  });
}

function size(group: Group): Decimal {
  const legacy = group.legacy ?? zero;
  const now = group.new ?? zero;
  return legacy.gt(now) ? legacy : now;
}
