import assert from 'node:assert/strict';
import { type Measurement, measureCheck } from '../../../src/core/checks/measure-check.ts';
import type { Finding } from '../../../src/core/checks/run.ts';
import type { Verdict } from '../../../src/core/checks/verdict.ts';
import type { DistributionCheck } from '../../../src/core/playbook/playbook.ts';
import type { Rows } from '../../../src/core/sources.ts';
import { aDistribution, rowsOf } from './support.ts';

const levels = (...rows: [level: string | null, value: string | number | null][]): Rows =>
  rowsOf('level value', ...rows);
const measure = (check: DistributionCheck, legacy: Rows, now: Rows, already?: ReadonlySet<string>): Measurement =>
  measureCheck(check, { legacy, new: now }, already);
const keysOf = ({ findings }: Measurement): string[] => findings.map(({ key }) => key);
const findingOf = ({ findings }: Measurement, key: string): Finding => {
  const finding = findings.find((one) => one.key === key);
  assert.ok(finding !== undefined, `there is a finding for ${key}`);
  return finding;
};

const mapped = aDistribution('0 %', {
  mapping: {
    level: {
      legacy: { '10': 'L1', '15': 'L1', '20': 'L2' },
      new: { '1': 'L1', '2': 'L2' },
    },
  },
});

describe('A check of a distribution', () => {
  it('compares each group, in the order in which people count', () => {
    const measured = measure(
      aDistribution('0 %'),
      levels(['L10', 10], ['L2', 20], ['L1', 30]),
      levels(['L1', 30], ['L2', 20], ['L10', 10]),
    );
    assert.equal(measured.verdict, 'pass');
    assert.deepEqual(keysOf(measured), ['L1', 'L2', 'L10']);
  });

  it('hides a small group by its people where its value is an amount', () => {
    const rows = rowsOf('level value people', ['CEO', 912_000, 1], ['L1', 800_000, 40], ['L2', 900_000, 20]);
    const { findings } = measure(aDistribution('0 %'), rows, rows);
    assert.deepEqual(
      findings.filter(({ suppressed }) => suppressed).map(({ key }) => key),
      ['CEO', 'L2'],
    );
  });

  it('never takes two groups for one, whatever stands in their codes', () => {
    const check = aDistribution('0 %', { by: ['one', 'other'] });
    const rows = (first: number, second: number): Rows =>
      rowsOf('one other value', ['a / b', 'c', first], ['a', 'b / c', second], ['"a', 'b / c', 1], ['a /', 'b', 1]);
    const measured = measure(check, rows(10, 20), rows(20, 10));
    assert.equal(new Set(keysOf(measured)).size, 4);
    assert.deepEqual(measured.findings.map(({ verdict }) => verdict).sort(), ['fail', 'fail', 'pass', 'pass']);
  });

  const edges: [tolerance: string, now: string, verdict: Verdict][] = [
    ['0 %', '1000', 'pass'],
    ['0 %', '1001', 'fail'],
    ['0.1 %', '1001', 'pass'],
    ['0.1 %', '1001.0001', 'fail'],
    ['2 %', '980', 'pass'],
    ['2 %', '979.9999', 'fail'],
    ['2 %', '1020', 'pass'],
    ['2 %', '1020.0001', 'fail'],
  ];
  for (const [tolerance, now, verdict] of edges) {
    it(`${verdict === 'pass' ? 'passes' : 'fails'} at ${tolerance} with a group of 1000 in legacy and ${now} in the new system`, () => {
      const check = aDistribution(tolerance);
      assert.equal(measure(check, levels(['L1', 1000]), levels(['L1', now])).verdict, verdict);
    });
  }

  it('fails when the totals are equal but the levels are not', () => {
    const measured = measure(mapped, levels(['10', 500], ['20', 300]), levels(['1', 499], ['2', 301]));
    assert.equal(measured.verdict, 'fail');
    assert.equal(findingOf(measured, 'L1').difference, '-1');
    assert.equal(findingOf(measured, 'L2').difference, '1');
  });

  it('adds up exactly what a mapping brings to the same code', () => {
    const measured = measure(mapped, levels(['10', '0.1'], ['15', '0.2'], ['20', 7]), levels(['1', '0.3'], ['2', 7]));
    assert.equal(measured.verdict, 'pass');
    assert.equal(findingOf(measured, 'L1').legacy, '0.3');
  });

  it('joins the codes of several columns, and leaves a column without a mapping as it is', () => {
    const check = aDistribution('2 %', {
      by: ['year', 'event'],
      mapping: { event: { legacy: { HIR: 'hire' }, new: { hire: 'hire' } } },
    });
    const measured = measure(
      check,
      rowsOf('year event value', [2026, 'HIR', 100], [2027, 'HIR', 100]),
      // The order of the columns is the query's own affair.
      rowsOf('value event year', [102, 'hire', 2026], [98, 'hire', 2027]),
    );
    assert.equal(measured.verdict, 'pass');
    assert.deepEqual(keysOf(measured), ['2026 / hire', '2027 / hire']);
  });

  it('fails when one year is missing, even where the totals hide it', () => {
    const check = aDistribution('2 %', { by: ['year'] });
    const measured = measure(
      check,
      rowsOf('year value', [2026, 100], [2027, 100]),
      rowsOf('year value', [2026, 100], [2028, 100]),
    );
    assert.equal(measured.verdict, 'fail');
    assert.deepEqual(
      measured.findings.map(({ key, verdict, variance }) => [key, verdict, variance]),
      [
        ['2026', 'pass', '0'],
        ['2027', 'fail', '100'],
        ['2028', 'fail', '100'],
      ],
    );
  });

  it('compares codes that differ from the case of a letter or by a blank as different ones', () => {
    const measured = measure(aDistribution('0 %'), levels(['hire', 9]), levels(['Hire', 9]));
    assert.equal(measured.verdict, 'fail');
    assert.equal(measured.findings.length, 2);
  });

  it('takes a group that is NULL on both sides as a group of its own', () => {
    const measured = measure(aDistribution('0 %'), levels([null, 9], ['L1', 9]), levels([null, 9], ['L1', 9]));
    assert.equal(measured.verdict, 'pass');
    assert.deepEqual(keysOf(measured), ['(null)', 'L1']);
  });

  it('is an error when neither side has any group', () => {
    const measured = measure(aDistribution('0 %'), levels(), levels());
    assert.deepEqual(measured, {
      verdict: 'error',
      reason: 'Neither system has any group to compare.',
      findings: [],
    });
  });

  it('is an error when a query does not give a column of the key', () => {
    const measured = measure(aDistribution('0 %'), levels(['L1', 9]), rowsOf('level_id value', ['L1', 9]));
    assert.equal(measured.verdict, 'error');
    assert.match(measured.reason, /^The new query gives no column "level" \(it gives level_id, value\)/);
  });
});

describe('A group on one side only', () => {
  for (const [side, legacy, now, difference] of [
    ['legacy', levels(['L1', 9], ['L2', 7]), levels(['L1', 9]), '-7'],
    ['new', levels(['L1', 9]), levels(['L1', 9], ['L2', 7]), '7'],
  ] as const) {
    it(`is a variance of 100 % and fails (${side})`, () => {
      const measured = measure(aDistribution('99.99 %'), legacy, now);
      assert.equal(measured.verdict, 'fail');
      const { verdict, variance, reason, difference: said } = findingOf(measured, 'L2');
      assert.deepEqual([verdict, variance, said], ['fail', '100', difference]);
      assert.equal(reason, `Only in the ${side} system.`);
    });
  }

  it('has no figure on the other side, which is not the same as zero', () => {
    const measured = measure(aDistribution('0 %'), levels(['L1', 9]), levels(['L1', 9], ['L2', 7]));
    assert.equal(findingOf(measured, 'L2').legacy, null);
  });

  it('that counts zero is no variance', () => {
    const measured = measure(aDistribution('0 %'), levels(['L1', 9], ['L2', 0]), levels(['L1', 9]));
    assert.equal(measured.verdict, 'pass');
  });

  it('passes when the playbook declares it to be in the new system only', () => {
    const check = aDistribution('0 %', { newOnly: { level: ['L6'] } });
    const measured = measure(check, levels(['L1', 9]), levels(['L1', 9], ['L6', 7]));
    assert.equal(measured.verdict, 'pass');
    assert.equal(findingOf(measured, 'L6').reason, 'Declared to be in the new system only.');
  });

  it('declared new-only is compared like any other once legacy has it too', () => {
    const check = aDistribution('0 %', { newOnly: { level: ['L6'] } });
    assert.equal(measure(check, levels(['L6', 8]), levels(['L6', 7])).verdict, 'fail');
  });

  it('declared new-only fails when it is in legacy only', () => {
    const check = aDistribution('0 %', { newOnly: { level: ['L6'] } });
    assert.equal(measure(check, levels(['L1', 9], ['L6', 7]), levels(['L1', 9])).verdict, 'fail');
  });

  it('that legacy counts as zero while the new system has people is an error, not 100 %', () => {
    const measured = measure(aDistribution('100 %'), levels(['L1', 0]), levels(['L1', 9]));
    assert.equal(measured.verdict, 'error');
    assert.equal(findingOf(measured, 'L1').variance, null);
  });
});

describe('A code that the mapping does not know', () => {
  it('goes to a bucket of its own, which fails and is named', () => {
    const measured = measure(
      mapped,
      levels(['10', 9], ['20', 9], ['99', 6], ['X', 5]),
      levels(['1', 9], ['2', 9], ['7', 11]),
    );
    assert.equal(measured.verdict, 'fail');
    const { verdict, legacy, new: now, reason } = findingOf(measured, 'unmapped');
    assert.deepEqual([verdict, legacy, now], ['fail', '11', '11']);
    assert.equal(
      reason,
      'The mapping does not know the legacy codes 99, X (in 2 rows). The mapping does not know the new code 7 (in 1 row).',
    );
  });

  it('fails however large the tolerance is', () => {
    const measured = measure(
      { ...mapped, tolerance: { amount: '1000', unit: '%' } },
      levels(['99', 6]),
      levels(['7', 6]),
    );
    assert.equal(measured.verdict, 'fail');
  });

  it('fails even when it counts nobody', () => {
    assert.equal(measure(mapped, levels(['10', 9], ['99', 0]), levels(['1', 9])).verdict, 'fail');
  });

  it('may be NULL', () => {
    const measured = measure(mapped, levels(['10', 9], [null, 6]), levels(['1', 15]));
    assert.match(findingOf(measured, 'unmapped').reason, /the legacy code NULL \(in 1 row\)/);
  });

  it('is never taken for a property that every object has', () => {
    const measured = measure(mapped, levels(['constructor', 9]), levels(['toString', 9]));
    assert.deepEqual(keysOf(measured), ['unmapped']);
  });

  it('is named up to the fifth; the rest are counted', () => {
    const codes = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const measured = measure(mapped, levels(...codes.map((code): [string, number] => [code, 9])), levels(['1', 9]));
    assert.match(findingOf(measured, 'unmapped').reason, /codes a, b, c, d, e and 2 more \(in 7 rows\)/);
  });

  it('that is very long is cut', () => {
    const measured = measure(mapped, levels(['x'.repeat(200), 9]), levels(['1', 9]));
    assert.match(findingOf(measured, 'unmapped').reason, /code x{40}… \(in 1 row\)/);
  });

  it('is unmapped for its own column only', () => {
    const check = aDistribution('0 %', {
      by: ['year', 'event'],
      mapping: { event: { legacy: { HIR: 'hire' }, new: { hire: 'hire' } } },
    });
    const measured = measure(
      check,
      rowsOf('year event value', [2026, 'HIR', 9], [2027, 'QUIT', 9]),
      rowsOf('year event value', [2026, 'hire', 9]),
    );
    assert.deepEqual(keysOf(measured), ['2026 / hire', '2027 / unmapped']);
  });
});

describe('A figure of a group that cannot be read', () => {
  it('makes the group an error with how many there are and the amount that they hide', () => {
    const measured = measure(
      mapped,
      levels(['10', '$84,200.00'], ['15', 'n/a'], ['20', 9]),
      levels(['1', '  90000.5 '], ['2', 9]),
    );
    assert.equal(measured.verdict, 'error');
    const { verdict, variance, reason } = findingOf(measured, 'L1');
    assert.deepEqual([verdict, variance], ['error', null]);
    assert.equal(reason, "1 figure of the legacy system can't be read as a number, hiding 5800.5.");
  });

  it('hides an amount that nobody can tell when the other side has none to compare with', () => {
    const measured = measure(mapped, levels(['10', 'x'], ['15', null]), levels(['2', 9]));
    assert.equal(
      findingOf(measured, 'L1').reason,
      "2 figures of the legacy system can't be read as a number, hiding an amount that nobody can tell.",
    );
  });

  it('on both sides is never a pass', () => {
    const measured = measure(mapped, levels(['10', '1,234']), levels(['1', '1,234']));
    assert.equal(measured.verdict, 'error');
  });

  it('is not outweighed by other groups that pass, nor does it hide one that fails', () => {
    const legacy = levels(['10', 'x'], ['20', 9]);
    assert.equal(measure(mapped, legacy, levels(['1', 9], ['2', 9])).verdict, 'error');
    assert.equal(measure(mapped, legacy, levels(['1', 9], ['2', 8])).verdict, 'fail');
  });
});

describe('A small group of a distribution', () => {
  const hidden = ({ findings }: Measurement): string[] =>
    findings.filter(({ suppressed }) => suppressed).map(({ key }) => key);

  it('is marked, with the next smallest beside it', () => {
    const legacy = levels(['L1', 100], ['L2', 40], ['L3', 7], ['L4', 4]);
    const measured = measure(aDistribution('0 %'), legacy, legacy);
    assert.deepEqual(hidden(measured), ['L3', 'L4']);
    assert.equal(findingOf(measured, 'L4').legacy, '4', 'its figures are kept for our own database');
  });

  it('stays marked when an earlier run had to hide it', () => {
    const legacy = levels(['L1', 100], ['L2', 40], ['L3', 7], ['L4', 5]);
    assert.deepEqual(hidden(measure(aDistribution('0 %'), legacy, legacy)), []);
    assert.deepEqual(hidden(measure(aDistribution('0 %'), legacy, legacy, new Set(['L3', 'L4']))), ['L3', 'L4']);
  });
});
