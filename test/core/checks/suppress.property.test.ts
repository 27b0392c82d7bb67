import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Group, smallestShown, suppressedGroups } from '../../../src/core/checks/suppress.ts';
import { decimal } from '../../../src/core/numbers/decimal.ts';
import { sides } from '../../../src/core/sources.ts';

/** How many people each group has on either side; null where a side does not have it. */
type World = Readonly<Record<string, readonly [legacy: number | null, now: number | null]>>;

const groupsOf = (world: World): Group[] =>
  Object.entries(world).map(([key, [legacy, now]]) => ({
    key,
    legacy: legacy === null ? null : decimal(String(legacy)),
    new: now === null ? null : decimal(String(now)),
  }));
const hide = (world: World, already: ReadonlySet<string> = new Set()): Set<string> =>
  suppressedGroups(groupsOf(world), already);
const people = (world: World, key: string, side: 'legacy' | 'new'): number =>
  world[key]?.[side === 'legacy' ? 0 : 1] ?? 0;
const isFew = (number: number): boolean => number > 0 && number < smallestShown;
const isSmall = (world: World, key: string): boolean => sides.some((side) => isFew(people(world, key, side)));

/** Every way to divide people among groups of which each has somebody. */
function* divisions(total: number, groups: number): Generator<number[]> {
  if (groups === 0) {
    if (total === 0) yield [];
    return;
  }
  for (let first = 1; first <= total - groups + 1; first += 1) {
    for (const rest of divisions(total - first, groups - 1)) yield [first, ...rest];
  }
}

/** True when more than one size of a group fits to the sum of several groups: then the sum gives none away. */
function leavesOpen(total: number, groups: number): boolean {
  const sizes = new Set<number>();
  for (let first = 1; first <= total && sizes.size < 2; first += 1) {
    if (divisions(total - first, groups - 1).next().done !== true) sizes.add(first);
  }
  return sizes.size >= 2;
}

/** Nobody who knows the sum of these groups, and how many have people, can tell how many a small one has. */
function assertSecret(world: World, hidden: readonly string[]): void {
  for (const side of sides) {
    const sizes = hidden.map((key) => people(world, key, side)).filter((size) => size > 0);
    if (!sizes.some(isFew)) continue;
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(leavesOpen(total, sizes.length), `${sizes.length} groups of together ${total} in ${side}`);
    assert.ok(total >= smallestShown, 'what is hidden together is no small group itself');
  }
}

const size = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 8 }) },
  { weight: 1, arbitrary: fc.integer({ min: 9, max: 30 }) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const keys = fc.constantFrom('L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L7', 'L8');
const worldOf = (each: fc.Arbitrary<number | null>): fc.Arbitrary<World> =>
  fc.dictionary(
    keys,
    fc.oneof(
      each.map((one) => [one, one] as const),
      fc.tuple(each, each),
    ),
  );
/** Mostly groups of one person, whose sum says the most about them. */
const lonely = fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: size });
const world = fc.oneof({ weight: 3, arbitrary: worldOf(size) }, { weight: 1, arbitrary: worldOf(lonely) });
const visibleOf = (given: World, hidden: ReadonlySet<string>): string[] =>
  Object.keys(given).filter((key) => !hidden.has(key));
const runs = { numRuns: 2_000 };

describe('What is hidden of small groups', () => {
  it('is every group of one to four people on either side', () => {
    fc.assert(
      fc.property(world, (given) => {
        for (const key of visibleOf(given, hide(given))) assert.ok(!isSmall(given, key), key);
      }),
      runs,
    );
  });

  it('cannot be worked out from what shows and the total, unless nothing shows', () => {
    fc.assert(
      fc.property(world, (given) => {
        const hidden = hide(given);
        if (visibleOf(given, hidden).length > 0) assertSecret(given, [...hidden]);
      }),
      runs,
    );
  });

  it('is nothing where no group is small', () => {
    fc.assert(
      fc.property(world, (given) => {
        if (!Object.keys(given).some((key) => isSmall(given, key))) assert.equal(hide(given).size, 0);
      }),
      runs,
    );
  });

  it('does not depend on the order of the groups', () => {
    fc.assert(
      fc.property(world, (given) => {
        const backwards = Object.fromEntries(Object.entries(given).toReversed());
        assert.deepEqual([...hide(backwards)].sort(), [...hide(given)].sort());
      }),
      runs,
    );
  });

  it('stays hidden on every later day, whatever becomes of it', () => {
    fc.assert(
      fc.property(fc.array(world, { minLength: 2, maxLength: 6 }), (days) => {
        const already = new Set<string>();
        for (const day of days) {
          const hidden = hide(day, already);
          const visible = visibleOf(day, hidden);
          for (const key of visible) assert.ok(!already.has(key), `${key} was hidden before`);
          if (visible.length > 0) assertSecret(day, [...hidden]);
          for (const key of hidden) already.add(key);
        }
      }),
      runs,
    );
  });

  it('cannot be worked out from two days on which nothing else changed', () => {
    fc.assert(
      fc.property(world, world, (yesterday, changes) => {
        const before = hide(yesterday);
        // What was hidden is as it was: the difference of the two sums is exactly what is newly hidden.
        const untouched = Object.entries(yesterday).filter(([key]) => before.has(key));
        const today: World = { ...yesterday, ...changes, ...Object.fromEntries(untouched) };
        const now = hide(today, before);
        const added = [...now].filter((key) => !before.has(key));
        if (visibleOf(today, now).length > 0) assertSecret(today, added);
      }),
      runs,
    );
  });

  it('is the same on two days on which nothing changed', () => {
    fc.assert(
      fc.property(world, (given) => {
        const hidden = hide(given);
        assert.deepEqual(hide(given, hidden), hidden);
      }),
      runs,
    );
  });
});

describe('A small group', () => {
  const same = (sizes: Readonly<Record<string, number>>): World =>
    Object.fromEntries(Object.entries(sizes).map(([key, each]) => [key, [each, each]]));
  const cases: [title: string, given: World, hidden: string[]][] = [
    ['of four is hidden with the next smallest', same({ L1: 100, L2: 40, L3: 7, L4: 4 }), ['L3', 'L4']],
    ['begins under five', same({ L1: 100, L2: 40, L3: 7, L4: 5 }), []],
    ['is not one of nobody', same({ L1: 100, L2: 0 }), []],
    ['of three and one of two hide one another', same({ L1: 100, L2: 3, L3: 2 }), ['L2', 'L3']],
    ['of two and one of two need a third', same({ L1: 100, L2: 2, L3: 2, L4: 50 }), ['L2', 'L3', 'L4']],
    [
      'of one, five times, needs another: their sum says that each is one',
      same({ A: 1, B: 1, C: 1, D: 1, E: 1, F: 9, G: 20 }),
      ['A', 'B', 'C', 'D', 'E', 'F'],
    ],
    ['on one side is hidden on both', { L1: [100, 100], L2: [4, 40], L3: [50, 50] }, ['L2', 'L3']],
    [
      'on one side only is hidden with one that has people there',
      { L1: [100, 100], L2: [null, 2], L3: [20, null], L4: [30, 30] },
      ['L2', 'L3', 'L4'],
    ],
    ['takes the rest with it when there are only two', same({ L1: 100, L2: 3 }), ['L1', 'L2']],
  ];
  for (const [title, given, hidden] of cases) {
    it(title, () => assert.deepEqual([...hide(given)].sort(), hidden));
  }

  it('that is left alone by the day, because its fellow is gone, gets another one', () => {
    assert.deepEqual([...hide(same({ L1: 100, L2: 40, L4: 3 }), new Set(['L3', 'L4']))].sort(), ['L2', 'L4']);
  });

  it('that grew stays hidden', () => {
    assert.deepEqual([...hide(same({ L1: 100, L2: 40, L3: 8, L4: 9 }), new Set(['L3', 'L4']))].sort(), ['L3', 'L4']);
  });

  it('that is new gets a fellow of its own: yesterday gave the sum of the others', () => {
    const today = same({ L1: 100, L2: 40, L3: 7, L4: 4, L5: 3 });
    assert.deepEqual([...hide(today, new Set(['L3', 'L4']))].sort(), ['L2', 'L3', 'L4', 'L5']);
  });
});
