import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareEntries, compareMixes } from '../../../src/core/rows/compare-entries.ts';
import type { HashedEntries, HashMixes } from '../../../src/core/sources.ts';

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

describe('Mixes of sixteen ranges together', () => {
  /** Rows by their range, each with its hash. */
  type Rows = readonly (readonly [range: number, hash: bigint])[];
  const together = 16;
  const mixed = (rows: Rows): HashMixes => {
    const mixes = { rows: new Int32Array(4), mixes: new BigInt64Array(4), shifted: new BigInt64Array(4) };
    for (const [range, hash] of rows) {
      const group = Math.floor(range / together);
      mixes.rows[group] = (mixes.rows[group] ?? 0) + 1;
      mixes.mixes[group] = (mixes.mixes[group] ?? 0n) ^ hash;
      mixes.shifted[group] = (mixes.shifted[group] ?? 0n) ^ BigInt.asIntN(64, hash << BigInt(range % together));
    }
    return mixes;
  };
  /** As good as any: small numbers, which hashes are not, look alike when they are shifted. */
  const hash = fc.noBias(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }));
  const some = fc.array(fc.tuple(fc.nat(63), hash), { maxLength: 40 });
  it('tell the one range in which a row differs or is missing', () => {
    fc.assert(
      fc.property(some, fc.nat(63), hash, hash, (rows, range, one, other) => {
        fc.pre(one !== other);
        for (const now of [[...rows, [range, other] as const], rows]) {
          const { open, located, ofLocated, agreeing } = compareMixes(
            mixed([...rows, [range, one]]),
            mixed(now),
            together,
          );
          assert.deepEqual([open, located], [[], [range]]);
          assert.equal(ofLocated.rows.legacy + agreeing.agreeing, rows.length + 1);
          assert.equal(ofLocated.rows.new + agreeing.agreeing, now.length);
        }
      }),
    );
  });
  it('leave all of them open where more differ, unless these are in one range', () => {
    fc.assert(
      fc.property(some, fc.nat(63), fc.nat(63), hash, hash, (rows, first, second, one, other) => {
        fc.pre(one !== other);
        const { open, located } = compareMixes(mixed([...rows, [first, one], [second, other]]), mixed(rows), together);
        const groups = [...new Set([first, second].map((range) => Math.floor(range / together)))];
        if (first === second) assert.deepEqual([open, located], [[], [first]]);
        else if (groups.length === 2)
          assert.deepEqual([open, located.toSorted((a, b) => a - b)], [[], [first, second].toSorted((a, b) => a - b)]);
        else
          assert.deepEqual(
            [open, located],
            [Array.from({ length: 16 }, (_, place) => (groups[0] ?? 0) * 16 + place), []],
          );
      }),
    );
  });
  it('agree where nothing differs', () => {
    fc.assert(
      fc.property(some, (rows) => {
        const { open, located, agreeing } = compareMixes(mixed(rows), mixed(rows.toReversed()), together);
        assert.deepEqual([open, located, agreeing.agreeing], [[], [], rows.length]);
      }),
    );
  });
  it('leave all of them open where a row stands twice more, which takes its own hash away', () => {
    const rows: Rows = [[3, 7n]];
    const { open } = compareMixes(mixed(rows), mixed([...rows, [5, 9n], [5, 9n]]), together);
    assert.equal(open.length, together);
  });
});
