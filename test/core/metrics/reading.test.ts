import assert from 'node:assert/strict';
import { readValue } from '../../../src/core/metrics/reading.ts';

const p95 = { title: 'p95', target: { direction: 'below', amount: '2', unit: 's' }, minimum: '0' } as const;
const uptime = {
  title: 'Uptime',
  target: { direction: 'above', amount: '99.9', unit: '%' },
  minimum: '0',
  maximum: '100',
} as const;
const people = { title: 'People', target: { direction: 'above', amount: '4', unit: '' } } as const;

describe('A reading as it is typed', () => {
  for (const [typed, value] of [
    ['1.8', '1.8'],
    ['1.80 s', '1.8'],
    ['1.8s', '1.8'],
    [' 1.8 S ', '1.8'],
    ['84,200.50', '84200.5'],
    ['0', '0'],
  ] as const) {
    it(`"${typed}" is ${value}`, () => assert.deepEqual(readValue(typed, p95), { value }));
  }

  for (const typed of ['1800 ms', '1,8', 'fast', '', 's', '1.8 %', '$1.8', '1e3', 'NaN', '(1.8)', '1'.repeat(41)]) {
    it(`"${typed.slice(0, 10)}" is refused with what to give`, () => {
      const read = readValue(typed, p95);
      assert.ok('problem' in read, JSON.stringify(read));
      assert.match(read.problem, /is not a figure of p95: give a number such as 2 or "2 s"\./);
    });
  }

  it('is refused below its minimum, and taken at it', () => {
    assert.deepEqual(readValue('-0.1', p95), {
      problem: "-0.1 s can't be a figure of p95: it is never less than 0.",
    });
    assert.deepEqual(readValue('0', p95), { value: '0' });
  });

  it('is refused above its maximum, and taken at it', () => {
    assert.deepEqual(readValue('100.01 %', uptime), {
      problem: "100.01 % can't be a figure of Uptime: it is never more than 100.",
    });
    assert.deepEqual(readValue('100 %', uptime), { value: '100' });
  });

  it('may be anything without bounds, and has no unit where the target has none', () => {
    assert.deepEqual(readValue('-3', people), { value: '-3' });
    assert.ok('problem' in readValue('3 %', people));
  });
});
