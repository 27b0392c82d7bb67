import assert from 'node:assert/strict';
import { type Measurement, measureCheck } from '../../../src/core/checks/measure-check.ts';
import type { Verdict } from '../../../src/core/checks/verdict.ts';
import type { GrowthCheck } from '../../../src/core/playbook/playbook.ts';
import { aGrowth, rowsOf } from './support.ts';

type Years = Record<number, string | number | null>;

const rows = (years: Years) => rowsOf('year value', ...Object.entries(years));
const measure = (legacy: Years, now: Years, check: Partial<GrowthCheck> = {}): Measurement =>
  measureCheck(aGrowth(check), { legacy: rows(legacy), new: rows(now) });

describe('A check of growth', () => {
  const edges: [legacy: Years, now: Years, verdict: Verdict, points: string][] = [
    [{ 2026: 1000, 2027: 1030 }, { 2026: 1000, 2027: 1030 }, 'pass', '0'],
    [{ 2026: 1000, 2027: 1030 }, { 2026: 1000, 2027: 1035 }, 'pass', '0.5'],
    [{ 2026: 1000, 2027: 1030 }, { 2026: 1000, 2027: '1035.0000000000001' }, 'fail', '0.500000000001'],
    [{ 2026: 1000, 2027: 1030 }, { 2026: 1000, 2027: 1025 }, 'pass', '0.5'],
    [{ 2026: 1000, 2027: 1030 }, { 2026: 1000, 2027: '1024.9999999999999' }, 'fail', '0.500000000001'],
    // 1/3 and 1/3 + 0.005 have no end as decimals; the verdict is exact all the same.
    [{ 2026: 3, 2027: 4 }, { 2026: 600, 2027: 803 }, 'pass', '0.5'],
    [{ 2026: 3, 2027: 4 }, { 2026: 6000, 2027: 8031 }, 'fail', '0.516666666667'],
    // Growth alone is compared: how many people there are is another check's affair.
    [{ 2026: 1000, 2027: 1030 }, { 2026: 500, 2027: 515 }, 'pass', '0'],
    // From 3 % growth to 3 % decline are six points, though both are 3 % in size.
    [{ 2026: 1000, 2027: 1030 }, { 2026: 1000, 2027: 970 }, 'fail', '6'],
  ];
  for (const [legacy, now, verdict, points] of edges) {
    it(`${verdict === 'pass' ? 'passes' : 'fails'} at 0.5 points with ${Object.values(legacy).join(' → ')} and ${Object.values(now).join(' → ')}`, () => {
      const measured = measure(legacy, now);
      assert.equal(measured.verdict, verdict);
      assert.equal(measured.findings[0]?.variance, points);
      assert.equal(measured.findings[0]?.unit, 'points');
    });
  }

  it("tells both systems' growth in percent and the signed difference in percentage points", () => {
    const [finding] = measure({ 2026: 1000, 2027: 1030 }, { 2026: 1000, 2027: 970 }).findings;
    assert.deepEqual([finding?.legacy, finding?.new, finding?.difference], ['3', '-3', '-6']);
    assert.equal(finding?.key, '2027');
  });

  it('compares each year of the range with the one before it', () => {
    const people = { 2025: 900, 2026: 1000, 2027: 1030, 2028: 1100, 2029: 1200 };
    const measured = measure(people, { ...people, 2028: 1000 }, { years: [2026, 2029] });
    assert.deepEqual(
      measured.findings.map(({ key, verdict }) => [key, verdict]),
      [
        ['2026', 'pass'],
        ['2027', 'pass'],
        ['2028', 'fail'],
        ['2029', 'fail'],
      ],
    );
  });

  it('is an error, not -100 %, when a year is missing', () => {
    const measured = measure({ 2026: 1000, 2027: 1030 }, { 2026: 1000 });
    assert.equal(measured.verdict, 'error');
    const [finding] = measured.findings;
    assert.deepEqual([finding?.new, finding?.difference, finding?.variance], [null, null, null]);
    assert.equal(finding?.legacy, '3', 'what could be measured is told');
    assert.equal(finding?.reason, 'The new system has no figure for 2027.');
  });

  it('names every year that is missing, on either side', () => {
    const [finding] = measure({ 2027: 1030 }, { 2026: 1000 }).findings;
    assert.equal(finding?.reason, 'The legacy system has no figure for 2026. The new system has no figure for 2027.');
  });

  it('is an error for the years it touches only', () => {
    const measured = measure(
      { 2025: 900, 2026: 1000, 2027: 1030 },
      { 2026: 1000, 2027: 1030 },
      { years: [2026, 2027] },
    );
    assert.deepEqual(
      measured.findings.map(({ key, verdict }) => [key, verdict]),
      [
        ['2026', 'error'],
        ['2027', 'pass'],
      ],
    );
    assert.equal(measured.verdict, 'error');
  });

  it('is an error when the year before counts zero', () => {
    const measured = measure({ 2026: 0, 2027: 10 }, { 2026: 0, 2027: 10 });
    assert.equal(measured.verdict, 'error');
    assert.equal(
      measured.findings[0]?.reason,
      'The legacy figure of 2026 is zero, so there is no growth. The new figure of 2026 is zero, so there is no growth.',
    );
  });

  it('is measured when the later year counts zero', () => {
    const [finding] = measure({ 2026: 10, 2027: 0 }, { 2026: 10, 2027: 0 }).findings;
    assert.deepEqual([finding?.verdict, finding?.legacy], ['pass', '-100']);
  });

  it('does not mind years outside the range', () => {
    assert.equal(measure({ 2019: 1, 2026: 10, 2027: 11 }, { 2026: 10, 2027: 11, 2035: 7 }).verdict, 'pass');
  });

  const unmeasurable: [title: string, legacy: ReturnType<typeof rowsOf>, reason: RegExp][] = [
    ['a NULL figure', rows({ 2026: null, 2027: 10 }), /^The legacy figure of 2026 is not a number\.$/],
    ['a figure of text', rows({ 2026: 'many', 2027: 10 }), /^The legacy figure of 2026 is not a number\.$/],
    ['a year twice', rowsOf('year value', [2026, 5], [2026, 5]), /^The legacy query gave the year 2026 twice\.$/],
    [
      'a year that is NULL',
      rowsOf('year value', [null, 5]),
      /^The legacy query gave a year that is not a whole number/,
    ],
    ['an empty year', rowsOf('year value', ['', 5]), /^The legacy query gave a year that is not a whole number/],
    [
      'a year of text',
      rowsOf('year value', ['this one', 5]),
      /^The legacy query gave a year that is not a whole number/,
    ],
    ['no column year', rowsOf('value', [5]), /^The legacy query gives no column "year"/],
  ];
  for (const [title, legacy, reason] of unmeasurable) {
    it(`is an error with ${title}`, () => {
      const measured = measureCheck(aGrowth(), { legacy, new: rows({ 2026: 10, 2027: 11 }) });
      assert.equal(measured.verdict, 'error');
      assert.match(measured.reason, reason);
    });
  }
});
