import assert from 'node:assert/strict';
import { type Measurement, measureCheck, worst } from '../../../src/core/checks/measure-check.ts';
import type { Verdict } from '../../../src/core/checks/verdict.ts';
import type { Rows } from '../../../src/core/sources.ts';
import { aScalar, oneValue, rowsOf } from './support.ts';

const measure = (allowed: string, legacy: Rows, now: Rows): Measurement =>
  measureCheck(aScalar(allowed), { legacy, new: now });

describe('A check of one figure', () => {
  const edges: [tolerance: string, legacy: string, now: string, verdict: Verdict, variance: string][] = [
    ['0 %', '1250', '1250', 'pass', '0'],
    ['0 %', '1250', '1250.00', 'pass', '0'],
    ['0 %', '1250', '1251', 'fail', '0.08'],
    ['0 %', '1250', '1249', 'fail', '0.08'],
    ['0 %', '100000000000000000000', '100000000000000000001', 'fail', '0.000000000001'],
    ['0.1 %', '84200.00', '84284.20', 'pass', '0.1'],
    ['0.1 %', '84200.00', '84284.21', 'fail', '0.100011876485'],
    ['0.1 %', '84200.00', '84115.80', 'pass', '0.1'],
    ['0.1 %', '84200.00', '84115.79', 'fail', '0.100011876485'],
    ['2 %', '50', '51', 'pass', '2'],
    ['2 %', '50', '51.0000000001', 'fail', '2.0000000002'],
    ['2 %', '50', '49', 'pass', '2'],
    ['2 %', '50', '48.9999999999', 'fail', '2.0000000002'],
    ['2 %', '-50', '-51', 'pass', '2'],
    ['2 %', '-50', '-51.01', 'fail', '2.02'],
    ['100 %', '5', '0', 'pass', '100'],
    ['99.99 %', '5', '0', 'fail', '100'],
    ['0.5 points', '3.1', '3.6', 'pass', '0.5'],
    ['0.5 points', '3.1', '3.600001', 'fail', '0.500001'],
    ['0.5 points', '3.1', '2.6', 'pass', '0.5'],
    ['0.5 points', '0', '0.5', 'pass', '0.5'],
  ];
  for (const [tolerance, legacy, now, verdict, variance] of edges) {
    it(`${verdict === 'pass' ? 'passes' : 'fails'} at ${tolerance} with ${legacy} in legacy and ${now} in the new system`, () => {
      const { verdict: whole, findings } = measure(tolerance, oneValue(legacy), oneValue(now));
      assert.equal(whole, verdict);
      assert.equal(findings.length, 1);
      assert.equal(findings[0]?.verdict, verdict);
      assert.equal(findings[0]?.variance, variance);
    });
  }

  it('is exact where binary floating point is not', () => {
    // 0.1 + 0.2 as a float is 0.30000000000000004, and 1.1 - 1 is 0.10000000000000009.
    assert.equal(measure('10 %', oneValue('1'), oneValue('1.1')).verdict, 'pass');
    assert.equal(measure('0 %', oneValue('9007199254740993'), oneValue('9007199254740992')).verdict, 'fail');
  });

  it('tells both figures, the signed difference and the tolerance that held at the time', () => {
    assert.deepEqual(measure('0.1 %', oneValue('84200.00'), oneValue('84100.5')).findings, [
      {
        check: 'employees',
        key: 'employees',
        legacy: '84200',
        new: '84100.5',
        difference: '-99.5',
        variance: '0.118171021378',
        unit: '%',
        tolerance: '0.1',
        verdict: 'fail',
        reason: '',
        suppressed: false,
      },
    ]);
  });

  it('passes when both figures are zero', () => {
    const { verdict, findings } = measure('0 %', oneValue('0'), oneValue('0.00'));
    assert.equal(verdict, 'pass');
    assert.equal(findings[0]?.variance, '0');
  });

  for (const tolerance of ['0 %', '0.1 %', '1000 %']) {
    it(`can't be measured against a legacy figure of zero, whatever the tolerance (${tolerance})`, () => {
      const { verdict, findings } = measure(tolerance, oneValue('0'), oneValue('1'));
      assert.equal(verdict, 'error');
      assert.equal(findings[0]?.variance, null);
      assert.equal(findings[0]?.reason, 'The legacy figure is zero, so there is no variance.');
    });
  }

  const unmeasurable: [title: string, legacy: Rows, now: Rows, reason: RegExp][] = [
    ['a NULL in legacy', oneValue(null), oneValue('1'), /^The legacy figure is NULL\.$/],
    ['a NULL in the new system', oneValue('1'), oneValue(null), /^The new figure is NULL\.$/],
    ['a NULL on both sides', oneValue(null), oneValue(null), /^The legacy figure is NULL\.$/],
    ['no row', rowsOf('value'), oneValue('1'), /^The legacy query gave 0 rows; it must give exactly one\.$/],
    ['several rows', oneValue('1'), rowsOf('value', [1], [2]), /^The new query gave 2 rows;/],
    ['no column of the name', rowsOf('count', [1]), oneValue('1'), /gives no column "value" \(it gives count\)/],
    [
      'text',
      oneValue('about 1250'),
      oneValue('1250'),
      /^The legacy figure is not a number that can be read in one way/,
    ],
    [
      'a number that can be read in two ways',
      oneValue('1,250'),
      oneValue('1250'),
      /^The legacy figure is not a number/,
    ],
    ['NaN', oneValue('1250'), oneValue('NaN'), /^The new figure is not a number/],
    ['Infinity', oneValue('1250'), oneValue('Infinity'), /^The new figure is not a number/],
  ];
  for (const [title, legacy, now, reason] of unmeasurable) {
    it(`is an error, never a pass, with ${title}`, () => {
      const { verdict, reason: said, findings } = measure('100 %', legacy, now);
      assert.equal(verdict, 'error');
      assert.match(said, reason);
      assert.deepEqual(findings, []);
    });
  }

  it('reads money written as text', () => {
    const { verdict, findings } = measure('0 %', oneValue('$84,200.00'), oneValue('  84200.0 '));
    assert.equal(verdict, 'pass');
    assert.equal(findings[0]?.legacy, '84200');
  });

  it('finds its column in upper case too, as some databases write it', () => {
    assert.equal(measure('0 %', rowsOf('VALUE', [7]), oneValue(7)).verdict, 'pass');
  });
});

describe('The worst of several verdicts', () => {
  const cases: [verdicts: Verdict[], worst: Verdict][] = [
    [['pass', 'pass'], 'pass'],
    [['pass', 'error'], 'error'],
    [['error', 'fail', 'pass'], 'fail'],
    [[], 'error'],
  ];
  for (const [verdicts, expected] of cases) {
    it(`of ${verdicts.join(', ') || 'none'} is ${expected}`, () => assert.equal(worst(verdicts), expected));
  }
});
