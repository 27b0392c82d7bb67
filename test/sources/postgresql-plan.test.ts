import assert from 'node:assert/strict';
import { boundsOf, readsOneTable } from '../../src/sources/postgresql-plan.ts';

const histogram = (bounds: readonly number[]): string => `{${bounds.join(',')}}`;

describe('The bounds of ranges', () => {
  it('are so far apart that a range has about as many rows as asked for', () => {
    const even = histogram(Array.from({ length: 101 }, (_, index) => index * 1_000));
    const bounds = boundsOf([even, '1'], { all: 100_000, each: 250 }) ?? [];
    assert.equal(bounds.length, 400);
    assert.deepEqual(bounds.slice(0, 3), [0n, 250n, 500n]);
    assert.equal(boundsOf([even, '1'], { all: 100_000, each: 10_000 })?.length, 10);
  });
  it('follow the rows, not the space of keys: gaps and outliers do not matter', () => {
    const bounds = boundsOf([histogram([1, 10, 20, 9_000_000]), '-0.99'], { all: 3_000, each: 500 });
    assert.deepEqual(bounds, [1n, 5n, 10n, 15n, 20n, 4_500_010n]);
  });
  it('keep numbers that no binary float can hold', () => {
    assert.deepEqual(boundsOf(['{9007199254740993,9223372036854775806}', '1'], { all: 1, each: 1 }), [
      9007199254740993n,
    ]);
  });
  it('are none where the rows lie in another order, or nothing is known', () => {
    assert.equal(boundsOf(['{1,2,3}', '0.5'], { all: 3, each: 1 }), undefined);
    assert.equal(boundsOf([null, '1'], { all: 3, each: 1 }), undefined);
    assert.equal(boundsOf(undefined, { all: 3, each: 1 }), undefined);
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
