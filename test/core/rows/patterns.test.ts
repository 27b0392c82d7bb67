import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Pattern, patternOf, type ValuePair } from '../../../src/core/rows/patterns.ts';

const pairs = (...given: readonly (readonly [string | null, string | null])[]): ValuePair[] =>
  given.map(([legacy, now]) => ({ legacy, new: now }));
const found = (given: readonly ValuePair[], codes = false): Pattern | undefined => patternOf(given, { codes });
const what = (given: readonly ValuePair[], codes = false): unknown => {
  const { fits: _fits, of: _of, ...kind } = found(given, codes) ?? { kind: 'none' };
  return kind;
};

describe('A pattern among differing values', () => {
  it('is a factor that every pay was multiplied by, then rounded to cents', () => {
    const legacy = ['84200', '91333.33', '67001.01', '128000.5'];
    const now = ['85463', '92703.33', '68006.03', '129920.51'];
    assert.deepEqual(what(legacy.map((one, index) => ({ legacy: one, new: now[index] ?? '' }))), {
      kind: 'factor',
      amount: '1.015',
    });
  });
  it('is an amount that was added to every pay', () => {
    assert.deepEqual(what(pairs(['100', '350'], ['200.5', '450.5'], ['300', '550'])), {
      kind: 'offset',
      amount: '250',
    });
  });
  it('is another unit: cents for dollars', () => {
    assert.deepEqual(what(pairs(['84.2', '8420'], ['10', '1000'], ['0.07', '7'])), { kind: 'unit', amount: '100' });
  });
  it('is another unit: a month for a year', () => {
    assert.deepEqual(what(pairs(['84200', '7016.67'], ['12000', '1000'], ['67000', '5583.33'])), {
      kind: 'unit',
      amount: '1/12',
    });
  });
  it('is the sign that was turned', () => {
    assert.deepEqual(what(pairs(['10', '-10'], ['-3.5', '3.5'], ['7', '-7'])), { kind: 'sign' });
  });
  it('is rounding, to the decimals or tens that are left', () => {
    assert.deepEqual(what(pairs(['1.46', '1.5'], ['2.31', '2.3'], ['3.99', '4'])), { kind: 'rounded', decimals: 1 });
    assert.deepEqual(what(pairs(['146', '150'], ['231', '230'], ['399', '400'])), { kind: 'rounded', decimals: -1 });
  });
  it('is decimals that were cut off', () => {
    assert.deepEqual(what(pairs(['1.46', '1.4'], ['2.39', '2.3'], ['3.99', '3.9'])), { kind: 'cut', decimals: 1 });
  });
  it('is a date that was shifted by a day', () => {
    assert.deepEqual(
      what(pairs(['2020-02-28', '2020-02-29'], ['2021-12-31', '2022-01-01'], ['2020-05-05', '2020-05-06'])),
      {
        kind: 'shifted',
        seconds: '86400',
      },
    );
  });
  it('is a time that was shifted by the hours of a zone', () => {
    const given = pairs(
      ['2020-02-28 10:00:00', '2020-02-28 05:00:00'],
      ['2020-06-28 11:30:00', '2020-06-28 06:30:00'],
      ['2020-06-29 11:30:00', '2020-06-29 06:30:00'],
    );
    assert.deepEqual(what(given), { kind: 'shifted', seconds: '-18000' });
  });
  it('is a date whose day and month changed places', () => {
    assert.deepEqual(
      what(pairs(['2020-02-03', '2020-03-02'], ['2021-12-01', '2021-01-12'], ['2020-05-06', '2020-06-05'])),
      {
        kind: 'dayAndMonth',
      },
    );
  });
  it('is one code that became another', () => {
    assert.deepEqual(what(pairs(['L2', 'L3'], ['L2', 'L3']), true), { kind: 'always', from: 'L2', to: 'L3' });
  });
  it('is two codes that stand for each other', () => {
    assert.deepEqual(what(pairs(['A', 'B'], ['B', 'A'], ['A', 'B']), true), { kind: 'swapped', from: 'A', to: 'B' });
  });
  it('names no value of a column that holds no codes', () => {
    assert.equal(found(pairs(['84200', '85000'], ['84200', '85000'], ['84200', '85000'])), undefined);
    assert.doesNotMatch(JSON.stringify(found(pairs(['Ada', 'Bea'], ['Ada', 'Bea'], ['Ada', 'Bea'])) ?? ''), /Ada|Bea/);
  });
  it('is the case of letters', () => {
    assert.deepEqual(what(pairs(['Ada', 'ADA'], ['Bea', 'BEA'], ['Émile', 'ÉMILE'])), { kind: 'case' });
  });
  it('is blanks around a text', () => {
    assert.deepEqual(what(pairs(['Ada', 'Ada  '], ['Bea', ' Bea'], ['Émile', 'Émile '])), { kind: 'padding' });
  });
  it('is zeros before a number', () => {
    assert.deepEqual(what(pairs(['007', '7'], ['012', '12'], ['000', '0'])), { kind: 'leadingZeros' });
  });
  it('is a text that ends too soon', () => {
    assert.deepEqual(what(pairs(['Engineering', 'Engin'], ['Operations', 'Opera'], ['Finance', 'Finan'])), {
      kind: 'truncated',
      characters: 5,
    });
  });
  it('is a value that one side lacks', () => {
    assert.deepEqual(what(pairs(['1', null], ['2', ''], ['7', null])), { kind: 'missing', side: 'new' });
    assert.deepEqual(what(pairs([null, 'a'], [null, 'b'], [null, 'c'])), { kind: 'missing', side: 'legacy' });
  });
  it('says how many follow it when nine in ten do', () => {
    const ten = Array.from({ length: 9 }, (_, index) => [`${index + 1}`, `${index + 6}`] as const);
    assert.deepEqual(found(pairs(...ten, ['10', '99'])), { kind: 'offset', amount: '5', fits: 9, of: 10 });
  });
  it('is not claimed when fewer than nine in ten follow it', () => {
    const eight = Array.from({ length: 8 }, (_, index) => [`${index + 1}`, `${index + 6}`] as const);
    assert.equal(found(pairs(...eight, ['10', '99'], ['20', '3'])), undefined);
  });
  it('is not claimed of two values, which agree on anything by chance', () => {
    assert.equal(found(pairs(['100', '110'], ['200', '210'])), undefined);
  });
  it('is not claimed where every value is another matter', () => {
    assert.equal(found(pairs(['100', '117'], ['200', '3'], ['50', '999'], ['7', '8'])), undefined);
  });
  it('is found again whatever factor was applied', () => {
    const cents = fc.integer({ min: 1_000_000, max: 99_999_999 });
    const factor = fc.integer({ min: 900, max: 1_100 }).filter((one) => one !== 1_000);
    fc.assert(
      fc.property(fc.uniqueArray(cents, { minLength: 10, maxLength: 40 }), factor, (pays, thousandths) => {
        const money = (amount: bigint): string => `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`;
        const given = pays.map((pay) => ({
          legacy: money(BigInt(pay)),
          new: money((BigInt(pay) * BigInt(thousandths) + 500n) / 1_000n),
        }));
        const expected = String(thousandths / 1_000);
        assert.deepEqual(found(given), { kind: 'factor', amount: expected, fits: pays.length, of: pays.length });
      }),
    );
  });
});
