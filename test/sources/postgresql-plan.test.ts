import assert from 'node:assert/strict';
import type { KeyBounds } from '../../src/core/rows/key-bounds.ts';
import { boundsOf, readsOneTable, regionOf } from '../../src/sources/postgresql-plan.ts';

const listOf = (bounds: KeyBounds | undefined): bigint[] =>
  Array.from({ length: bounds?.count ?? 0 }, (_, index) => bounds?.at(index) ?? 0n);
const histogram = (bounds: readonly (number | bigint)[]): string => `{${bounds.join(',')}}`;

describe('The bounds of ranges', () => {
  const boundsIn = (
    statistics: readonly [histogram: string, correlation: string],
    of: { readonly all: number; readonly each: number; readonly last?: bigint },
  ): KeyBounds | undefined => {
    const region = regionOf([...statistics, 'public.people', 'id']);
    return region === undefined ? undefined : boundsOf(region, { last: region.bounds.at(-1) ?? 0n, ...of });
  };
  const even = histogram(Array.from({ length: 101 }, (_, index) => index * 1_000));

  it('are so far apart that a range has about as many rows as asked for', () => {
    const bounds = listOf(boundsIn([even, '1'], { all: 100_000, each: 250, last: 99_999n }));
    assert.equal(bounds.length, 400);
    assert.deepEqual(bounds.slice(0, 3), [0n, 250n, 500n]);
    assert.equal(boundsIn([even, '1'], { all: 100_000, each: 10_000, last: 99_999n })?.count, 10);
  });
  it('go on where rows were added since the histogram was made', () => {
    const bounds = boundsIn([even, '1'], { all: 100_000, each: 250, last: 149_999n });
    assert.deepEqual([bounds?.step, bounds?.count, bounds?.at(599)], [250n, 600, 149_750n]);
    const uneven = boundsIn([histogram([0, 10, 30, 40]), '1'], { all: 400, each: 100, last: 60n });
    assert.deepEqual(listOf(uneven), [0n, 10n, 30n, 40n, 53n]);
  });
  it('go on as far again as the keys go, and no further', () => {
    const queryOf = (keys: readonly (number | bigint)[]) =>
      regionOf([histogram(keys), '1', 'public.people', 'id'])?.lastKeyQuery;
    assert.equal(
      queryOf([10, 25, 30]),
      "SELECT coalesce(max(id), 10)::text FROM public.people WHERE id < '50'::bigint",
    );
    assert.match(queryOf([10, 25, 2n ** 63n - 1n]) ?? '', /id < '9223372036854775807'/);
  });
  it('follow the rows, not the space of keys: gaps and outliers do not matter', () => {
    const bounds = boundsIn([histogram([1, 10, 20, 9_000_000]), '-0.99'], { all: 3_000, each: 500 });
    assert.deepEqual(listOf(bounds), [1n, 5n, 10n, 15n, 20n, 4_500_010n]);
  });
  it('are equally far apart where the keys are, but for some far out', () => {
    const keys = [-5_000_000, ...Array.from({ length: 100 }, (_, index) => index * 1_000 + (index % 3)), 9e15];
    const bounds = boundsIn([histogram(keys), '1'], { all: 101_000, each: 100, last: 98_999n });
    assert.equal(bounds?.step, 100n);
    assert.deepEqual([bounds.at(0), bounds.at(bounds.count - 1)], [0n, 98_900n]);
  });
  it('keep numbers that no binary float can hold', () => {
    const bounds = boundsIn(['{9007199254740993,9223372036854775806}', '1'], { all: 1, each: 1 });
    assert.deepEqual(listOf(bounds), [9007199254740993n]);
  });
  it('are none where the rows lie in another order, or nothing is known', () => {
    assert.equal(regionOf(['{1,2,3}', '0.5']), undefined);
    assert.equal(regionOf([null, '1']), undefined);
    assert.equal(regionOf(undefined), undefined);
  });
});

describe('A plan', () => {
  const node = (type: string, ...plans: readonly ReturnType<typeof leaf>[]) => ({ ...leaf(type), Plans: plans });
  const leaf = (type: string) => ({ 'Node Type': type, 'Plan Rows': 1 });
  it('reads one table when it does nothing but scan it', () => {
    assert.equal(readsOneTable(node('Gather', leaf('Seq Scan'))), true);
    assert.equal(readsOneTable(node('Bitmap Heap Scan', leaf('Bitmap Index Scan'))), true);
  });
  it('may give a row twice when it joins, appends or makes rows', () => {
    for (const type of ['Hash Join', 'Append', 'ProjectSet', 'Nested Loop', 'Function Scan', 'CTE Scan']) {
      assert.equal(readsOneTable(node(type, leaf('Seq Scan'))), false, type);
    }
  });
});
