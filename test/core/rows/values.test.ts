import assert from 'node:assert/strict';
import { agree } from '../../../src/core/rows/values.ts';

const absolute = (amount: string) => ({ amount, unit: 'absolute' as const });
const percent = (amount: string) => ({ amount, unit: '%' as const });
const decimals = (amount: string) => ({ amount, unit: 'decimals' as const });
const seconds = (amount: string) => ({ amount, unit: 'seconds' as const });

describe('Two values of a column', () => {
  it('agree when their texts are the same, NULL and NaN too', () => {
    for (const value of [null, '', 'a', 'NaN', 'Infinity', '1.5'])
      assert.ok(agree(value, value, undefined), `${value}`);
  });
  it('differ otherwise: in blanks, in case, NULL from every text', () => {
    for (const [one, other] of [
      ['a', 'a '],
      ['a', 'A'],
      [null, ''],
      [null, '<null>'],
      [null, 'NULL'],
      ['Infinity', '-Infinity'],
    ] as const) {
      assert.ok(!agree(one, other, undefined), `${one} and ${other}`);
      assert.ok(!agree(other, one, absolute('1')), `${other} and ${one}, whatever the tolerance`);
    }
  });
  it('agree up to a tolerance, exactly at it, and not beyond', () => {
    assert.ok(agree('100', '100.01', absolute('0.01')));
    assert.ok(agree('100.01', '100', absolute('0.01')));
    assert.ok(!agree('100', '100.0100000000000000001', absolute('0.01')));
    assert.ok(agree('-100', '-100.01', absolute('0.01')));
  });
  it('agree up to a part of the legacy value', () => {
    assert.ok(agree('300', '301', percent('0.34')));
    assert.ok(!agree('300', '301', percent('0.33')));
    assert.ok(agree('-300', '-299', percent('0.34')));
    assert.ok(!agree('0', '0.0001', percent('50')));
  });
  it('agree when they are the same rounded to so many decimals, half up', () => {
    assert.ok(agree('1.005', '1.01', decimals('2')));
    assert.ok(!agree('1.004', '1.01', decimals('2')));
    assert.ok(agree('1.4', '1', decimals('0')));
  });
  it('agree when two times are so many seconds apart, dates among them', () => {
    assert.ok(agree('2026-11-23 12:00:00', '2026-11-23 12:00:01', seconds('1')));
    assert.ok(!agree('2026-11-23 12:00:00', '2026-11-23 12:00:01.000001', seconds('1')));
    assert.ok(agree('2026-11-23', '2026-11-24', seconds('86400')));
    assert.ok(agree('2026-02-28 23:59:59.5+00', '2026-03-01 00:00:00+00', seconds('0.5')));
    assert.ok(!agree('2026-11-23', '2026-11-25', seconds('86400')));
  });
  it('do not agree by a tolerance that is not about them', () => {
    assert.ok(!agree('a', 'b', absolute('1000')));
    assert.ok(!agree('NaN', '1', percent('100')));
    assert.ok(!agree('Infinity', '1', absolute('1000')));
    assert.ok(!agree('1', '2', seconds('10')));
  });
});
