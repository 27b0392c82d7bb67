import assert from 'node:assert/strict';
import { shareAtLeast } from '../../../src/core/rows/share-of-sample.ts';

describe('The share of rows that differs', () => {
  it('is not known from a few of a sample', () => {
    assert.deepEqual(
      [0, 1, 4].map((differing) => shareAtLeast(differing, 4_096)),
      [0, 0, 0],
    );
    assert.ok(shareAtLeast(5, 4_096) > 0);
  });
  it('is a little less than that of the sample, the less the fewer differ there', () => {
    assert.equal(shareAtLeast(100, 1_000), 0.08);
    assert.equal(shareAtLeast(10_000, 100_000), 0.098);
  });
  it('is none of no sample', () => assert.equal(shareAtLeast(0, 0), 0));
});
