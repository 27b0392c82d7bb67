import assert from 'node:assert/strict';
import fc from 'fast-check';
import { count, formatNumber, formatSigned, formatVariance } from '../../../src/core/numbers/format.ts';

describe('A number for people', () => {
  const cases: [figure: string, decimals: number | undefined, shown: string][] = [
    ['0', undefined, '0'],
    ['999', undefined, '999'],
    ['1000', undefined, '1,000'],
    ['1234567.5', undefined, '1,234,567.5'],
    ['-1234567.891', undefined, '-1,234,567.89'],
    ['0.005', undefined, '0.01'],
    ['-0.005', undefined, '-0.01'],
    ['0.0049', undefined, '0'],
    ['-0.0049', undefined, '0'],
    ['999.999', undefined, '1,000'],
    ['1234.5678', 4, '1,234.5678'],
    ['1234.5678', 0, '1,235'],
    ['123456789012345678901234567890', undefined, '123,456,789,012,345,678,901,234,567,890'],
  ];
  for (const [figure, decimals, shown] of cases) {
    it(`is ${shown} for ${figure}${decimals === undefined ? '' : ` with ${decimals} decimals`}`, () =>
      assert.equal(formatNumber(figure, decimals), shown));
  }

  it('agrees with the formatter of the platform, which cannot take every exact figure', () => {
    const platform = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2, signDisplay: 'negative' });
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 9), max: 10 ** 9 }), (cents) => {
        const sign = cents < 0 ? '-' : '';
        const digits = String(Math.abs(cents)).padStart(3, '0');
        const figure = `${sign}${digits.slice(0, -2)}.${digits.slice(-2)}`;
        assert.equal(formatNumber(figure), platform.format(Number(figure)));
      }),
    );
  });
});

describe('A difference for people', () => {
  for (const [figure, shown] of [
    ['1250', '+1,250'],
    ['-1250', '-1,250'],
    ['0', '0'],
    ['0.001', '+0.001'],
    ['-0.00000004', '-0.00000004'],
    ['1.001', '+1'],
  ] as const) {
    it(`is ${shown} for ${figure}`, () => assert.equal(formatSigned(figure), shown));
  }
});

describe('A variance for people', () => {
  const cases: [variance: string, unit: '%' | 'points', tolerance: string | undefined, shown: string][] = [
    ['0', '%', '0', '0 %'],
    ['0.14', '%', '0.1', '0.14 %'],
    ['0.3', 'points', '0.5', '0.3 points'],
    ['12.3456', '%', '0', '12.35 %'],
    ['0.1', '%', '0.1', '0.1 %'],
    // Beyond the limit by a little: rounded to two decimals it would read as if it passed.
    ['0.100011876485', '%', '0.1', '0.100012 %'],
    ['2.000000000001', '%', '2', '2.000000000001 %'],
    ['1.9999', '%', '2', '1.9999 %'],
    // Not zero: nobody must read "0 %" beside a failure.
    ['0.000000000001', '%', '0', '0.000000000001 %'],
    ['0.004', '%', undefined, '0.004 %'],
    ['1234.5', '%', '0', '1,234.5 %'],
  ];
  for (const [variance, unit, tolerance, shown] of cases) {
    it(`of ${variance} ${unit} is shown as ${shown}${tolerance === undefined ? '' : ` beside a tolerance of ${tolerance}`}`, () =>
      assert.equal(formatVariance(variance, unit, tolerance), shown));
  }

  it('reads beyond the tolerance exactly when it is, at every size', () => {
    const twelveDecimals = fc.bigInt({ min: 0n, max: 10n ** 14n }).map((units) => {
      const digits = units.toString().padStart(13, '0');
      return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
    });
    const tolerances = fc.constantFrom('0', '0.1', '0.5', '2', '5');
    const near = fc
      .tuple(tolerances, fc.integer({ min: -3, max: 3 }))
      .filter(([tolerance, off]) => tolerance !== '0' || off >= 0)
      .map(([tolerance, off]) => {
        const units = BigInt(Math.round(Number(tolerance) * 10)) * 10n ** 11n + BigInt(off);
        const digits = units.toString().padStart(13, '0');
        return [`${digits.slice(0, -12)}.${digits.slice(-12)}`, tolerance] as const;
      });
    const any = fc.tuple(twelveDecimals, tolerances);
    fc.assert(
      fc.property(fc.oneof(near, any), ([variance, tolerance]) => {
        const shown = Number(formatVariance(variance, '%', tolerance).replace(/[ %,]/g, ''));
        assert.equal(shown > Number(tolerance), Number(variance) > Number(tolerance));
        assert.equal(shown === 0, Number(variance) === 0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('A count for people', () => {
  it('agrees with its noun', () => {
    assert.equal(count(0, 'check'), '0 checks');
    assert.equal(count(1, 'check'), '1 check');
    assert.equal(count(1250, 'check'), '1,250 checks');
    assert.equal(count(2, 'discrepancy', 'discrepancies'), '2 discrepancies');
  });
});
