import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Finding } from '../../../src/core/checks/run.ts';
import { type Decimal, decimal, decimalText, zero } from '../../../src/core/numbers/decimal.ts';
import type { ExplainedBy, ExplainedGrowth } from '../../../src/core/playbook/playbook.ts';
import { measureCheck } from '../../../src/core/checks/measure-check.ts';
import { compareKeys } from '../../../src/core/rows/merge.ts';
import { measureRows } from '../../../src/core/rows/measure-rows.ts';
import type { Explanation } from '../../../src/core/rows/result.ts';
import type { Row, Snapshot } from '../../../src/core/sources.ts';
import { aDistribution, aGrowth, aScalar } from '../checks/support.ts';
import { anUnaskedSnapshot } from '../../support/fake-snapshot.ts';
import { aFinding } from '../../support/fixtures.ts';

const columns = ['id', 'status', 'level', 'department', 'hired', 'pay', 'year'] as const;

/** A side whose rows are in memory, in the order in which a source would give them. */
function snapshotOf(rows: readonly Row[]): Snapshot {
  const sorted = rows.toSorted((one, other) => compareKeys(one.slice(0, 1), other.slice(0, 1)));
  return {
    ...anUnaskedSnapshot,
    describe: async () => columns.map((name) => ({ name, kind: 'text' as const, forms: ['text'] })),
    async *readInOrder() {
      for (let index = 0; index < sorted.length; index += 7) yield sorted.slice(index, index + 7);
    },
    estimateRows: async () => rows.length,
    hashWays: async () => [],
  };
}

const comparison = {
  name: 'people',
  title: 'People',
  legacy: 'SELECT legacy',
  new: 'SELECT new',
  key: ['id'],
  agreement: '100',
  ignore: [],
  columns: {
    level: { mapping: { legacy: { '10': 'L1', '20': 'L2' }, new: { '1': 'L1', '2': 'L2' } } },
    pay: { tolerance: { amount: '0.5', unit: 'absolute' as const } },
  },
  limits: {},
  segments: [
    { column: 'level', part: 'value' as const },
    { column: 'department', part: 'value' as const },
    { column: 'hired', part: 'year' as const },
  ],
  noun: ['person', 'people'] as const,
};

const active: ExplainedBy = { comparison: 'people', where: { status: ['active'] } };
const paid: ExplainedBy = { ...active, sum: 'pay' };
const person = (id: number, more: Partial<Record<(typeof columns)[number], string | null>> = {}): Row => {
  const row = {
    id: `E${id}`,
    status: 'active',
    level: '10',
    department: 'Sales',
    hired: '2020-05-05',
    pay: '1000',
    year: '2029',
    ...more,
  };
  return columns.map((column) => row[column] ?? null);
};
const inNew = (row: Row): Row =>
  row.map((value, index) => (columns[index] === 'level' ? (value?.slice(0, 1) ?? null) : value));
const people = (count: number, from = 1): Row[] => Array.from({ length: count }, (_, index) => person(from + index));

/** What active people are paid on a side, as a check would add it up. */
const total = (rows: readonly Row[]): string =>
  decimalText(rows.reduce((sum, row) => (row[1] === 'active' ? sum.plus(decimal(row[5] ?? '0')) : sum), zero));

async function explainAs(
  explainedBy: ExplainedBy,
  legacy: readonly Row[],
  now: readonly Row[],
  finding: Partial<Finding> = { legacy: total(legacy), new: total(now) },
  hidden: ReadonlySet<string> = new Set(),
): Promise<Explanation> {
  const check = { ...aScalar('0 %', { name: 'pay' }), explainedBy };
  const { result } = await measureRows(
    comparison,
    { legacy: snapshotOf(legacy), new: snapshotOf(now) },
    {
      toExplain: [{ check, findings: [aFinding({ check: 'pay', key: 'pay', verdict: 'fail', ...finding })], hidden }],
      progress: () => undefined,
      signal: new AbortController().signal,
    },
  );
  const [explanation] = result.explanations;
  assert.ok(explanation !== undefined, result.reason);
  return explanation;
}

const partsOf = ({ parts }: Explanation): unknown[] =>
  parts.map(({ what, column, amount, rows }) => [column ?? what, amount, rows]);

describe('The variance of a check', () => {
  const legacy = people(20);
  const now = legacy.map(inNew);
  const changed = (count: number, change: (row: Row) => Row): Row[] =>
    now.map((row, index) => (index < count ? change(row) : row));
  const set =
    (column: (typeof columns)[number], value: string | null) =>
    (row: Row): Row =>
      row.map((old, index) => (columns[index] === column ? value : old));

  it('is explained by people on one side only', async () => {
    const explanation = await explainAs(paid, legacy, [...now.slice(6), ...people(5, 90).map(inNew)]);
    assert.deepEqual(partsOf(explanation), [
      ['onlyLegacy', '-6000', 6],
      ['onlyNew', '5000', 5],
    ]);
    assert.equal(explanation.leftOver, '0');
  });
  it('is explained by people who count on one side only, whatever else differs of them', async () => {
    const gone = changed(7, (row) => set('pay', '2000')(set('status', 'left')(row)));
    assert.deepEqual(partsOf(await explainAs(paid, legacy, gone)), [['status', '-7000', 7]]);
  });
  it('is explained by a level where pay differs along with it, and by pay where it differs alone', async () => {
    const raised = changed(5, (row) => set('pay', '1100')(set('level', '2')(row)));
    const also = raised.map((row, index) => (index >= 10 ? set('pay', '1001')(row) : row));
    assert.deepEqual(partsOf(await explainAs(paid, legacy, also)), [
      ['level', '500', 5],
      ['pay', '10', 10],
    ]);
  });
  it('is not explained by what does not change the figure', async () => {
    assert.deepEqual(partsOf(await explainAs(paid, legacy, changed(7, set('department', 'Support')))), []);
  });
  it('is explained by keys that repeat, each row of them', async () => {
    const twice = [...now, ...now.slice(0, 5), ...now.slice(0, 5)];
    assert.deepEqual(partsOf(await explainAs(paid, legacy, twice)), [['repeated', '10000', 5]]);
  });
  it('is explained by rows without a key', async () => {
    const nameless = Array.from({ length: 6 }, () => inNew(set('id', null)(person(1))));
    assert.deepEqual(partsOf(await explainAs(paid, legacy, [...now, ...nameless])), [['nullKey', '6000', 1]]);
  });
  it('leaves over what is within the tolerance of a row', async () => {
    const explanation = await explainAs(paid, legacy, now.map(set('pay', '1000.4')));
    assert.deepEqual([partsOf(explanation), explanation.leftOver], [[], '8']);
  });
  it('leaves over what the comparison does not read', async () => {
    const explanation = await explainAs(paid, legacy, changed(5, set('pay', '900')), {
      legacy: '100000',
      new: '99000',
    });
    assert.deepEqual([partsOf(explanation), explanation.leftOver], [[['pay', '-500', 5]], '-500']);
  });
  it('names the segment that carries all of it, and what the values have in common', async () => {
    const mixed = legacy.map((row, index) => (index % 2 === 0 ? set('department', 'Support')(row) : row));
    const pays = mixed.map((row, index) => set('pay', `${1000 + index}`)(row));
    const raised = pays.map((row) => {
      const [level = null] = [row[3] === 'Support' ? `${Number(row[5]) * 1.5}` : row[5]];
      return inNew(set('pay', level ?? null)(row));
    });
    const { parts } = await explainAs(paid, pays, raised);
    assert.deepEqual(parts[0]?.segments[0], { by: 'level', value: 'L1', share: 100 });
    assert.deepEqual(
      parts[0]?.segments.find(({ by }) => by === 'department'),
      { by: 'department', value: 'Support', share: 100 },
    );
    assert.deepEqual(parts[0]?.pattern, { kind: 'factor', amount: '1.5', fits: 10, of: 10 });
  });
  it('names no segment of fewer than five people', async () => {
    const { parts } = await explainAs(paid, legacy, changed(4, set('pay', '1200')));
    assert.deepEqual(parts[0]?.segments, []);
  });
  it('hides the amount of fewer than five people, with the next smallest so that it can not be worked out', async () => {
    const given = changed(20, (row) => {
      const number = Number(row[0]?.slice(1));
      if (number <= 4) return set('status', 'left')(row);
      return number <= 10 ? set('level', '2')(set('pay', '1200')(row)) : set('pay', '1300')(row);
    });
    const { parts } = await explainAs(paid, legacy, given);
    assert.deepEqual(
      parts.map(({ column, suppressed }) => [column, suppressed]),
      [
        ['status', true],
        ['pay', false],
        ['level', true],
      ],
    );
  });
  it('hides a cause again that was hidden before, and what it takes to keep it so, however many people it has now', async () => {
    const given = changed(20, (row) => {
      const number = Number(row[0]?.slice(1));
      return number <= 8 ? set('status', 'left')(row) : set('pay', '1300')(row);
    });
    const figures = { legacy: total(legacy), new: total(given) };
    const { parts } = await explainAs(paid, legacy, given, figures, new Set(['status']));
    assert.deepEqual(
      parts.map(({ column, suppressed }) => [column, suppressed]),
      [
        ['status', true],
        ['pay', false],
      ],
    );
  });
  it('breaks out counts of few people: they are in the digest already', async () => {
    const figures = { legacy: '20', new: '17' };
    const { parts } = await explainAs(active, legacy, changed(3, set('status', 'left')), figures);
    assert.deepEqual(
      parts.map(({ column, amount, suppressed }) => [column, amount, suppressed]),
      [['status', '-3', false]],
    );
  });
  it('says what it lacks where the comparison does not read a column', async () => {
    const explanation = await explainAs({ ...active, sum: 'bonus' }, legacy, now, { legacy: '1', new: '2' });
    assert.match(explanation.reason, /the comparison people does not read bonus/);
  });

  it('is split group by group: who moved leaves one group and joins another', async () => {
    const check = { ...aDistribution('0 %', { name: 'levels', by: ['level'] }), explainedBy: active };
    const findings = [
      aFinding({ check: 'levels', key: 'L1', legacy: '20', new: '8', verdict: 'fail' }),
      aFinding({ check: 'levels', key: 'L2', legacy: null, new: '12', verdict: 'fail' }),
    ];
    const { result } = await measureRows(
      comparison,
      { legacy: snapshotOf(legacy), new: snapshotOf(changed(12, set('level', '2'))) },
      {
        toExplain: [{ check, findings, hidden: new Set() }],
        progress: () => undefined,
        signal: new AbortController().signal,
      },
    );
    assert.deepEqual(
      result.explanations.map((one) => [one.key, one.difference, partsOf(one), one.leftOver]),
      [
        ['L1', '-12', [['level', '-12', 12]], '0'],
        ['L2', '12', [['level', '12', 12]], '0'],
      ],
    );
    assert.deepEqual(result.causes[0]?.pattern, { kind: 'always', from: 'L1', to: 'L2', fits: 12, of: 12 });
  });

  it('adds up exactly, whatever differs', async () => {
    const value = (...from: readonly string[]) => fc.constantFrom(...from);
    const rows = fc.array(
      fc
        .record({
          id: fc.option(fc.integer({ min: 1, max: 12 }).map(String), { nil: null, freq: 9 }),
          status: value('active', 'left'),
          level: value('10', '20', '90'),
          department: value('Sales', 'Support'),
          hired: value('2020-05-05', '2021-05-05'),
          year: fc.constant('2029'),
          pay: fc.option(
            fc.integer({ min: -10_000, max: 10_000 }).map((cents) => decimalText(decimal(`${cents}e-2`))),
            { nil: null },
          ),
        })
        .map((row): Row => columns.map((column) => row[column])),
      { maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(rows, rows, async (one, two) => {
        const other = two.map(inNew);
        const { parts, leftOver, difference } = await explainAs(paid, one, other);
        const sum = parts.reduce((all, { amount }) => all.plus(decimal(amount)), decimal(leftOver));
        assert.equal(decimalText(sum), difference);
        assert.equal(difference, decimalText(decimal(total(other)).minus(decimal(total(one)))));
        // Each row that is left over agrees within half a unit.
        assert.ok(decimal(leftOver).abs().lte(decimal('0.5').times(25)), leftOver);
        for (const side of ['onlyLegacy', 'onlyNew'] as const) {
          const [mine, theirs] = side === 'onlyLegacy' ? [one, other] : [other, one];
          const alone = mine.filter((row) => row[0] !== null && !theirs.some((that) => that[0] === row[0]));
          const once = alone.filter((row) => mine.filter((that) => that[0] === row[0]).length === 1);
          const part = parts.find(({ what }) => what === side)?.amount ?? '0';
          assert.equal(decimalText(decimal(part).abs()), decimalText(decimal(total(once)).abs()));
        }
      }),
    );
  });
});

describe('The growth of a year', () => {
  const year: ExplainedGrowth = { ...active, year: 'year' };
  const inYear = (of: number, rows: readonly Row[]): Row[] =>
    rows.map((row) => row.map((value, index) => (columns[index] === 'year' ? String(of) : value)));
  const counted = (rows: readonly Row[], { sum }: ExplainedGrowth): Map<number, Decimal> => {
    const years = new Map<number, Decimal>();
    for (const row of rows) {
      if (row[1] !== 'active') continue;
      const of = Number(row[6]);
      years.set(of, (years.get(of) ?? zero).plus(sum === undefined ? decimal('1') : decimal(row[5] ?? '0')));
    }
    return years;
  };
  /** As the run does it: what failed is explained by the rows that differ. */
  const explained = async (
    legacy: readonly Row[],
    now: readonly Row[],
    { explainedBy = year, ofYears = { legacy: counted(legacy, explainedBy), new: counted(now, explainedBy) } } = {},
  ): Promise<readonly Explanation[]> => {
    const check = {
      ...aGrowth({ tolerance: { amount: '0', unit: 'points' }, years: [2029, 2030] }),
      name: 'growth',
      explainedBy,
    };
    const rowsOf = (years: ReadonlyMap<number, Decimal>) => ({
      columns: ['year', 'value'],
      rows: [...years].map(([of, value]) => [String(of), decimalText(value)]),
    });
    const { findings } = measureCheck(check, { legacy: rowsOf(ofYears.legacy), new: rowsOf(ofYears.new) });
    const failed = findings.filter(({ verdict }) => verdict === 'fail');
    const { result } = await measureRows(
      comparison,
      { legacy: snapshotOf(legacy), new: snapshotOf(now) },
      {
        toExplain: [{ check, findings: failed, hidden: new Set(), years: ofYears }],
        progress: () => undefined,
        signal: new AbortController().signal,
      },
    );
    return result.explanations;
  };
  const three = (counts: readonly [number, number, number]): Row[] =>
    counts.flatMap((count, index) => inYear(2028 + index, people(count, (index + 1) * 100)));

  it('is explained by who is missing in the year, and in the year that it is measured by', async () => {
    const legacy = three([20, 25, 30]);
    const now = legacy.map(inNew).filter(([id]) => !['E100', 'E200', 'E201'].includes(id ?? ''));
    const [of2029, of2030] = await explained(legacy, now);
    // 23 / 19 against 25 / 20: -2 / 19 in the year, and 25 * (20 - 19) / (19 * 20) by the year before.
    assert.equal(of2029?.difference, '-3.947368421053');
    assert.deepEqual(partsOf(of2029), [['onlyLegacy', '-3.947368421053', 3]]);
    assert.deepEqual(
      [of2029.leftOver, of2030?.leftOver, partsOf(of2030 ?? of2029)],
      ['0', '0', [['onlyLegacy', '10.434782608696', 2]]],
    );
  });
  it('is explained as far as the one year goes that is compared', async () => {
    const legacy = inYear(2029, people(25, 200));
    const now = legacy.map(inNew).slice(0, 20);
    const ofYears = {
      legacy: new Map([2028, 2029].map((of) => [of, decimal(of === 2028 ? '20' : '25')])),
      new: new Map([2028, 2029].map((of) => [of, decimal(of === 2028 ? '16' : '20')])),
    };
    // Both lost a fifth, so the growth is the same, and nothing is to be explained.
    const explainedBy: ExplainedGrowth = { ...active, year: 2029 };
    assert.deepEqual(await explained(legacy, now, { explainedBy, ofYears }), []);
    const onlyNow = { ...ofYears, new: new Map([...ofYears.new, [2028, decimal('19')]]) };
    const [one] = await explained(legacy, now, { explainedBy, ofYears: onlyNow });
    assert.ok(one !== undefined);
    // 20 / 19 against 25 / 20: -5 / 19 by those who are missing in 2029, the rest by somebody of 2028.
    assert.deepEqual(partsOf(one), [['onlyLegacy', '-26.315789473684', 5]]);
    assert.deepEqual([one.difference, one.leftOver], ['-19.736842105263', '6.578947368421']);
  });
  it('is explained by what they are paid, where pay is added up', async () => {
    const legacy = three([10, 10, 10]);
    const now = legacy.map(inNew).map((row, index) => (index >= 10 && index < 20 ? row.with(5, '1100') : row));
    const [of2029, of2030] = await explained(legacy, now, { explainedBy: { ...year, sum: 'pay' } });
    assert.deepEqual(partsOf(of2029 as Explanation), [['pay', '10', 10]]);
    assert.deepEqual(partsOf(of2030 as Explanation), [['pay', '-9.090909090909', 10]]);
  });
  it('can not be explained where the comparison does not read the year', async () => {
    const legacy = three([20, 25, 30]);
    const explainedBy: ExplainedGrowth = { ...active, year: 'plan_year' };
    const ofYears = { legacy: counted(legacy, year), new: counted(legacy.slice(1), year) };
    const [one] = await explained(legacy, legacy.slice(1).map(inNew), { explainedBy, ofYears });
    assert.match(one?.reason ?? '', /does not read plan_year/);
  });
  it('is the sum of its parts and of what is left over, exactly, whatever differs', async () => {
    const rows = fc.array(
      fc.record({
        id: fc.integer({ min: 1, max: 30 }).map(String),
        status: fc.constantFrom('active', 'left'),
        year: fc.constantFrom('2028', '2029', '2030'),
        pay: fc.constantFrom('1000', '1000.4', '1200.05', '0.01'),
      }),
      { minLength: 6, maxLength: 40 },
    );
    const sums = fc.constantFrom({}, { sum: 'pay' });
    await fc.assert(
      fc.asyncProperty(rows, rows, sums, async (one, other, sum) => {
        const [legacy, now] = [one, other].map((side) => side.map(({ id, ...more }) => person(Number(id), more)));
        for (const { parts, leftOver, difference } of await explained(legacy ?? [], (now ?? []).map(inNew), {
          explainedBy: { ...year, ...sum },
        })) {
          const total = parts.reduce((all, { amount }) => all.plus(decimal(amount)), decimal(leftOver));
          assert.equal(decimalText(total), difference);
          // All who count are compared: only pays within the tolerance of half a unit are left over.
          if (!('sum' in sum)) assert.equal(leftOver, '0');
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('Why rows do not agree', () => {
  const causesOf = async (legacy: readonly Row[], now: readonly Row[]) =>
    (
      await measureRows(
        comparison,
        { legacy: snapshotOf(legacy), new: snapshotOf(now.map(inNew)) },
        { toExplain: [], progress: () => undefined, signal: new AbortController().signal },
      )
    ).result.causes;

  it('is that the last keys are missing, without a gap', async () => {
    const all = people(60, 10);
    assert.deepEqual((await causesOf(all, all.slice(0, 48)))[0]?.keys, { kind: 'oneRun', place: 'last' });
  });
  it('is that a run of keys is missing in the middle', async () => {
    const all = people(60, 10);
    const [cause] = await causesOf(all, [...all.slice(0, 20), ...all.slice(32)]);
    assert.deepEqual(cause?.keys, { kind: 'oneRun', place: 'between' });
  });
  it('is that whole numbers without a gap are missing, which texts sort otherwise', async () => {
    const numbered = (from: number, to: number): Row[] =>
      Array.from({ length: to - from }, (_, index) => person(1, { id: String(from + index) }));
    const [cause] = await causesOf(numbered(1, 200), [...numbered(1, 95), ...numbered(105, 200)]);
    assert.equal(cause?.keys?.kind, 'oneRun');
  });
  it('is that keys with the same ending are missing', async () => {
    const all = people(200, 100);
    const [cause] = await causesOf(
      all,
      all.filter(([id]) => id?.endsWith('7') !== true),
    );
    assert.deepEqual(cause?.keys, { kind: 'endsIn', column: 'id', text: '7' });
  });
  it('is no run of keys where one of them is there', async () => {
    const all = people(60, 10);
    const [cause] = await causesOf(all, [...all.slice(0, 30), all[33] ?? [], ...all.slice(40)]);
    assert.equal(cause?.keys, null);
  });
});
