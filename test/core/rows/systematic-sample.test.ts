import assert from 'node:assert/strict';
import { createSample } from '../../../src/core/rows/systematic-sample.ts';

const sampleOf = (count: number, limit: number): readonly number[] => {
  const sample = createSample<number>(limit);
  for (let number = 0; number < count; number += 1) {
    if (sample.next()) sample.keep(number);
  }
  return sample.kept;
};

describe('A systematic sample', () => {
  it('keeps all of what is few', () => {
    assert.deepEqual(sampleOf(4, 4), [0, 1, 2, 3]);
  });
  it('is spread evenly over what is many', () => {
    assert.deepEqual(sampleOf(5, 4), [0, 2, 4]);
    assert.deepEqual(sampleOf(17, 4), [0, 8, 16]);
  });
  it('never holds more than its limit', () => {
    for (let count = 0; count < 300; count += 1) assert.ok(sampleOf(count, 8).length <= 8);
  });
});
