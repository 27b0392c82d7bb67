import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareKeys, mergeByKey, type Pair } from '../../../src/core/rows/merge.ts';
import type { Row } from '../../../src/core/sources.ts';
import { anyCharacter } from '../../support/any-text.ts';

async function* batches(rows: readonly Row[], size = 2): AsyncGenerator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

async function merged(legacy: readonly Row[], now: readonly Row[], keys = 1, size = 2): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for await (const some of mergeByKey(batches(legacy, size), batches(now, size), keys)) pairs.push(...some);
  return pairs;
}

const inWords = (pairs: readonly Pair[]): string[] =>
  pairs.map(
    ({ key, legacy, new: now }) => `${key.map((part) => part ?? 'NULL').join('+')} ${legacy.count}:${now.count}`,
  );

describe('Two sequences of rows in the order of their keys', () => {
  it('give each key once, with what either side has of it', async () => {
    assert.deepEqual(inWords(await merged([['a'], ['b'], ['d']], [['b'], ['c'], ['d']])), [
      'a 1:0',
      'b 1:1',
      'c 0:1',
      'd 1:1',
    ]);
  });
  it('count a key that repeats, across batches, on either side', async () => {
    assert.deepEqual(inWords(await merged([['a'], ['a'], ['a'], ['b']], [['b'], ['b'], ['b']])), ['a 3:0', 'b 1:3']);
  });
  it('keep NULL apart from every text', async () => {
    assert.deepEqual(inWords(await merged([[null], [''], ['NULL']], [[''], ['<null>']])), [
      'NULL 1:0',
      ' 1:1',
      '<null> 0:1',
      'NULL 1:0',
    ]);
  });
  it('keep the parts of a key apart, whatever stands in them', async () => {
    assert.deepEqual(inWords(await merged([['a', 'b,c']], [['a,b', 'c']], 2)), ['a+b,c 1:0', 'a,b+c 0:1']);
  });
  it('give nothing of nothing, and everything where one side has nothing', async () => {
    assert.deepEqual(await merged([], []), []);
    assert.deepEqual(inWords(await merged([], [['a'], ['b']])), ['a 0:1', 'b 0:1']);
  });
  it('are refused when they are not in order: a row would be missed in silence', async () => {
    await assert.rejects(merged([['b'], ['a']], [['a']]), /the legacy system did not come in the order/);
    await assert.rejects(merged([['a']], [['b'], ['a']]), /the new system did not come in the order/);
  });
  it('end on both sides when one fails', async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<readonly Row[]> {
      try {
        for (let number = 0; ; number += 1) yield [[`${1e9 + number}`]];
      } finally {
        ended = true;
      }
    }
    async function* failing(): AsyncGenerator<readonly Row[]> {
      yield [['1000000003']];
      throw new Error('lost');
    }
    const merging = mergeByKey(endless(), failing(), 1);
    await assert.rejects(async () => {
      for await (const pairs of merging) assert.ok(pairs.every(({ key }) => key.length === 1));
    }, /lost/);
    assert.ok(ended);
  });
  it('lose no row and make none up, whatever the rows and batches', async () => {
    const row = fc.tuple(
      fc.constantFrom(null, '', 'a', 'b', 'é', '😀', '\uffee'),
      fc.constantFrom(null, '1', '10', '9'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(row), fc.array(row), fc.integer({ min: 1, max: 5 }), async (one, other, size) => {
        const [legacy, now] = [one.toSorted(compareKeys), other.toSorted(compareKeys)];
        const pairs = await merged(legacy, now, 2, size);
        const count = (rows: readonly Row[], key: readonly (string | null)[]): number =>
          rows.filter((each) => compareKeys(each, key) === 0).length;
        for (const { key, legacy: mine, new: theirs } of pairs) {
          assert.deepEqual([mine.count, theirs.count], [count(legacy, key), count(now, key)]);
        }
        assert.equal(new Set(pairs.map(({ key }) => JSON.stringify(key))).size, pairs.length);
        assert.equal(
          pairs.reduce((sum, { legacy: mine, new: theirs }) => sum + mine.count + theirs.count, 0),
          legacy.length + now.length,
        );
      }),
    );
  });
});

describe('Keys', () => {
  it('sort as their UTF-8 bytes do, as the databases sort them', () => {
    const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.string({ unit: anyCharacter }), (one, other) => {
        assert.equal(Math.sign(compareKeys([one], [other])), Buffer.compare(bytes(one), bytes(other)));
      }),
      { numRuns: 2_000 },
    );
  });
});
