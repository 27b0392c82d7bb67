import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareEntries } from '../../../src/core/rows/compare-entries.ts';
import type { HashedEntries } from '../../../src/core/sources.ts';

type Entry = readonly [id: bigint, hash: bigint];

const packed = (entries: readonly Entry[]): HashedEntries => ({
  ids: BigInt64Array.from(entries.map(([id]) => id)),
  hashes: BigInt64Array.from(entries.map(([, hash]) => hash)),
  read: [],
});
const compare = (legacy: readonly Entry[], now: readonly Entry[]) => {
  const { agreeing, suspects, mixes } = compareEntries(packed(legacy), packed(now));
  return { agreeing, suspects, mixes };
};
const inOrder = (ids: readonly bigint[]): bigint[] => ids.toSorted((one, other) => (one < other ? -1 : 1));

describe('The hashes of two systems', () => {
  it('tell what agrees, what differs and what is on one side only', () => {
    assert.deepEqual(
      compare(
        [
          [1n, 10n],
          [2n, 20n],
          [3n, 30n],
        ],
        [
          [2n, 20n],
          [3n, 31n],
          [4n, 40n],
        ],
      ),
      {
        agreeing: 1,
        suspects: { both: [3n], onlyLegacy: [1n], onlyNew: [4n] },
        mixes: { legacy: 10n ^ 20n ^ 30n, new: 20n ^ 31n ^ 40n },
      },
    );
  });
  it('tell of an id that repeats, even where both sides repeat it alike', () => {
    const twice: Entry[] = [
      [1n, 10n],
      [1n, 10n],
      [2n, 20n],
    ];
    const { agreeing, suspects } = compare(twice, twice);
    assert.deepEqual([agreeing, suspects], [1, { both: [1n], onlyLegacy: [], onlyNew: [] }]);
    assert.deepEqual(compare(twice, []).suspects, { both: [1n], onlyLegacy: [2n], onlyNew: [] });
  });
  it('are of nothing where both sides are empty', () => {
    const { agreeing, suspects } = compare([], []);
    assert.deepEqual([agreeing, suspects], [0, { both: [], onlyLegacy: [], onlyNew: [] }]);
  });
  it('are mixed to one number of 64 bits, whatever their sign', () => {
    const { mixes } = compare([[1n, -1n]], [[1n, -(2n ** 63n)]]);
    assert.deepEqual(mixes, { legacy: 2n ** 64n - 1n, new: 2n ** 63n });
  });
  it('tell the same whatever the order of the rows, and of any ids', () => {
    const id = fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.bigInt({ min: -4n, max: 4n }));
    const rows = fc.array(fc.tuple(id, fc.bigInt({ min: 0n, max: 2n })), { maxLength: 30 });
    fc.assert(
      fc.property(rows, rows, (legacy, now) => {
        const { agreeing, suspects } = compare(legacy, now);
        const hashesOf = (entries: readonly Entry[], which: bigint) =>
          entries.filter(([one]) => one === which).map(([, hash]) => hash);
        const ids = [...new Set([...legacy, ...now].map(([one]) => one))].sort((one, other) => (one < other ? -1 : 1));
        const expected = {
          agreeing: 0,
          suspects: { both: [] as bigint[], onlyLegacy: [] as bigint[], onlyNew: [] as bigint[] },
        };
        for (const one of ids) {
          const [mine, theirs] = [hashesOf(legacy, one), hashesOf(now, one)];
          if (mine.length === 1 && theirs.length === 1 && mine[0] === theirs[0]) expected.agreeing += 1;
          else if (mine.length === 1 && theirs.length === 0) expected.suspects.onlyLegacy.push(one);
          else if (mine.length === 0 && theirs.length === 1) expected.suspects.onlyNew.push(one);
          else expected.suspects.both.push(one);
        }
        const { both, onlyLegacy, onlyNew } = suspects;
        const sorted = { both: inOrder(both), onlyLegacy: inOrder(onlyLegacy), onlyNew: inOrder(onlyNew) };
        assert.deepEqual({ agreeing, suspects: sorted }, expected);
      }),
    );
  });
});
