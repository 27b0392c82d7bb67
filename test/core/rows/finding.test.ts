import assert from 'node:assert/strict';
import { comparedWithKeys, type Entries } from '../../../src/core/rows/finding.ts';

describe('Rows that may not agree are known by their keys', () => {
  const side = (rows: readonly (readonly [id: bigint, hash: bigint, key: string])[]): Entries['legacy'] => ({
    ids: BigInt64Array.from(rows, ([id]) => id),
    hashes: BigInt64Array.from(rows, ([, hash]) => hash),
    read: [{ valueOf: (row) => rows[row]?.[2] ?? null }],
  });

  it('wherever they are, and none that agrees', () => {
    const { keys } = comparedWithKeys({
      legacy: side([
        [1n, 10n, 'a'],
        [2n, 20n, 'b'],
        [3n, 30n, 'c'],
      ]),
      new: side([
        [1n, 10n, 'a'],
        [2n, 21n, 'b'],
        [4n, 40n, 'd'],
      ]),
    });
    assert.deepEqual(Object.fromEntries(keys ?? []), { 2: 'b', 3: 'c', 4: 'd' });
  });
  it('but where two keys have the same id, by which alone both are found', () => {
    const { keys, suspects } = comparedWithKeys({
      legacy: side([
        [1n, 10n, 'a'],
        [1n, 11n, 'b'],
      ]),
      new: side([[1n, 10n, 'a']]),
    });
    assert.equal(keys, undefined);
    assert.deepEqual(suspects.both, [1n]);
  });
});
