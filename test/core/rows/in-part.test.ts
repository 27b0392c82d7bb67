import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { RowComparison } from '../../../src/core/playbook/playbook.ts';
import { decimal } from '../../../src/core/numbers/decimal.ts';
import type { ToExplain } from '../../../src/core/rows/explain-check.ts';
import { measureRows, type MeasuringRows } from '../../../src/core/rows/measure-rows.ts';
import { sides } from '../../../src/core/sources.ts';
import { aFinding } from '../../support/fixtures.ts';
import { openTwoSystems, type TwoSystems } from '../../support/two-systems.ts';
import { aDistribution, aGrowth, aScalar } from '../checks/support.ts';
import { aComparison, compare } from './pairings.ts';

/** What a comparison says, but for how it was found and in which order. */
async function said(systems: TwoSystems, comparison: RowComparison, asked: Parameters<typeof compare>[2]) {
  const { evidence: _evidence, differences, causes, ...result } = await compare(systems, comparison, asked);
  return {
    ...result,
    causes: causes.map(({ what, column, rows }) => `${rows} ${what} ${column}`).toSorted(),
    differences: differences.map((one) => JSON.stringify(one)).toSorted(),
  };
}

const readingAll = { hashFrom: Number.POSITIVE_INFINITY };

for (const engine of ['postgresql', 'duckdb'] as const) {
  describe(`Rows of a postgresql and a ${engine} system that are read in part`, function () {
    this.timeout(120_000);
    let systems: TwoSystems;
    before(async () => {
      systems = await openTwoSystems({ legacy: 'postgresql', new: engine });
    });
    after(() => systems?.close());

    const values = fc.record({
      word: fc.constantFrom(null, '', '=', 'a', 'a\u0001b', 'a\u0002', '\u00021', '\u0001', '\u0002\u0001', 'é', '😀'),
      pay: fc.option(fc.constantFrom('0.00', '-0.01', '10.00', '99999999.99')),
      day: fc.option(fc.constantFrom('2026-11-23', '1969-12-31')),
      flag: fc.option(fc.boolean()),
      grade: fc.constantFrom(null, '1', '2', '3'),
    });
    type Values = typeof values extends fc.Arbitrary<infer T> ? T : never;
    const row = fc.record({ legacy: fc.option(values), now: fc.option(values), same: fc.boolean() });
    const query = (rows: readonly (Values | null)[], key: string): string => {
      const literal = (value: string | number | boolean | null, type: string): string =>
        `CAST(${value === null ? 'NULL' : `'${value}'`} AS ${type})`;
      const one = (id: number, of: Values): string =>
        [
          key === 'id' ? literal(id, 'bigint') : literal(`key ${id}\u0001`, 'varchar'),
          literal(of.word, 'varchar'),
          literal(of.pay, 'numeric(12, 2)'),
          literal(of.day, 'date'),
          literal(of.flag, 'boolean'),
          literal(of.grade, 'varchar'),
        ].join(', ');
      const all = rows.flatMap((of, id) => (of === null ? [] : [`(${one(id, of)})`]));
      const nothing = `(${one(0, { word: null, pay: null, day: null, flag: null, grade: null })})`;
      return `SELECT * FROM (VALUES ${all.length === 0 ? nothing : all.join(', ')}) AS given (${key}, word, pay, day, flag, grade)
        WHERE ${all.length > 0}`;
    };
    it('come to the same as rows that are read as a whole, whatever their values and keys', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { maxLength: 12 }),
          fc.constantFrom('id', 'code'),
          fc.constantFrom<readonly string[]>([], ['day'], ['grade']),
          async (rows, key, segments) => {
            const write = (side: 'legacy' | 'new', of: readonly (Values | null)[]) =>
              systems.write(side, 'DROP TABLE IF EXISTS people', `CREATE TABLE people AS ${query(of, key)}`);
            await write(
              'legacy',
              rows.map(({ legacy }) => legacy),
            );
            await write(
              'new',
              rows.map(({ legacy, now, same }) => (same ? legacy : now)),
            );
            const asked = aComparison({
              key: [key],
              segments: segments.map((column) => ({ column, part: 'value' })),
              columns: {
                pay: { tolerance: { amount: '0.01', unit: 'absolute' } },
                // The same code means something else on either side, and nobody said what 3 means.
                grade: { mapping: { legacy: { '1': 'A', '2': 'B' }, new: { '1': 'B', '2': 'A' } } },
              },
            });
            assert.deepEqual(
              await said(systems, asked, { inPartAlways: true }),
              await said(systems, asked, readingAll),
            );
          },
        ),
        { numRuns: 12 },
      );
    });
  });

  describe(`A check that fails on a postgresql and a ${engine} system`, function () {
    this.timeout(60_000);
    let systems: TwoSystems;
    before(async () => {
      systems = await openTwoSystems({ legacy: 'postgresql', new: engine });
      const made = (pay: string): string => `CREATE TABLE people AS
        SELECT CAST(number AS bigint) AS id, CAST(2028 + number % 3 AS integer) AS year, CAST(${pay} AS numeric(12, 2)) AS pay,
          CAST('level ' || CAST(number % 4 AS varchar) AS varchar) AS level,
          CAST(CASE WHEN number % 5 = 0 THEN 'left' ELSE 'active' END AS varchar) AS status,
          CAST('Oslo' AS varchar) AS city, CAST(NULL AS varchar) AS team, DATE '2026-01-01' AS hired
        FROM generate_series(1, 300) AS numbers (number)`;
      await systems.write('legacy', made('1000 + number'));
      await systems.write('new', made('1000 + number + CASE WHEN number % 3 = 1 THEN 7 ELSE 0 END'));
    });
    after(() => systems?.close());

    const paid = { comparison: 'people', where: { status: ['active'] }, sum: 'pay' };
    const years = (more: number) =>
      new Map([2028, 2029, 2030].map((year) => [year, decimal(String(100_000 + (year === 2029 ? more : 0)))]));
    const failing = { verdict: 'fail' as const, legacy: '100000', new: '100560' };
    const checks: Readonly<Record<string, ToExplain>> = {
      'of a total': {
        check: { ...aScalar('0 %', { name: 'total' }), explainedBy: paid },
        findings: [aFinding({ check: 'total', key: 'total', ...failing })],
        hidden: new Set(),
      },
      'of a total by level': {
        check: { ...aDistribution('0 %', { name: 'levels' }), explainedBy: paid },
        findings: [0, 1, 2, 3].map((level) => aFinding({ check: 'levels', key: `level ${level}`, ...failing })),
        hidden: new Set(),
      },
      'of a growth by year': {
        check: { ...aGrowth({ name: 'growth', years: [2029, 2030] }), explainedBy: { ...paid, year: 'year' } },
        findings: ['2029', '2030'].map((key) => aFinding({ check: 'growth', key, ...failing })),
        years: { legacy: years(0), new: years(560) },
        hidden: new Set(),
      },
    };
    const explained = async (toExplain: ToExplain, more: Partial<MeasuringRows>) => {
      const snapshots = { legacy: await systems.sources.legacy.open(), new: await systems.sources.new.open() };
      const measuring = { progress: () => undefined, signal: new AbortController().signal, hashFrom: 0, ...more };
      try {
        const { result } = await measureRows(aComparison(), snapshots, { ...measuring, toExplain: [toExplain] });
        return result.explanations;
      } finally {
        await Promise.all([snapshots.legacy.close(), snapshots.new.close()]);
      }
    };
    for (const [what, check] of Object.entries(checks)) {
      it(`is explained alike ${what}, whether its rows are read in part or as a whole`, async () => {
        const [inPart, wholly] = [await explained(check, { inPartAlways: true }), await explained(check, readingAll)];
        assert.deepEqual(inPart, wholly);
        assert.ok(
          wholly.some(({ parts }) => parts.some(({ column }) => column === 'pay')),
          'something is explained',
        );
      });
    }
  });

  const keys = ['text', 'number in another order than the rows', ...(engine === 'postgresql' ? ['UUID'] : [])];
  for (const key of keys)
    describe(`Many rows of a postgresql and a ${engine} system whose key is a ${key}`, function () {
      this.timeout(120_000);
      const count = 4_000;
      let systems: TwoSystems;
      const keyOf = (number: number | string): string =>
        ({
          text: `CAST(concat('key ', ${number}) AS varchar)`,
          UUID: `CAST(md5(concat('key ', ${number})) AS uuid)`,
        })[key] ?? `CAST(${number} * 500000 AS integer)`;
      const made = `SELECT ${keyOf(`(number * 7919 % ${count})`)} AS code,
        CAST(number % 77 AS numeric(12, 2)) AS pay, DATE '2026-01-01' AS hired, CAST(number % 3 AS integer) AS level,
        CAST('A' AS varchar) AS team, CAST(NULL AS varchar) AS city, CAST(NULL AS varchar) AS zip,
        CAST('B' AS varchar) AS street, CAST(40 AS integer) AS hours, CAST(1 AS integer) AS grade
      FROM generate_series(1, ${count}) AS numbers (number)`;
      const asked = aComparison({ key: ['code'], segments: [{ column: 'level', part: 'value' }] });
      before(async () => {
        systems = await openTwoSystems({ legacy: 'postgresql', new: engine });
        for (const side of sides) await systems.write(side, `CREATE TABLE people AS ${made}`);
        await systems.write('legacy', 'ALTER TABLE people ADD PRIMARY KEY (code)', 'ANALYZE people');
      });
      after(() => systems?.close());

      const changes: Readonly<Record<string, readonly string[]>> = {
        'where all agree': [],
        'where very few differ': [
          `UPDATE people SET pay = pay + 1 WHERE code IN (${keyOf(5)}, ${keyOf(9)})`,
          `UPDATE people SET team = NULL WHERE code = ${keyOf(100)}`,
          `DELETE FROM people WHERE code = ${keyOf(200)}`,
          `INSERT INTO people SELECT ${keyOf(4_100)}, pay, hired, level, team, city, zip, street, hours, grade FROM people WHERE code = ${keyOf(300)}`,
        ],
        'where a row stands twice on one side': [
          `INSERT INTO people SELECT * FROM people WHERE code IN (${keyOf(400)}, ${keyOf(500)})`,
          `DELETE FROM people WHERE code IN (${keyOf(401)}, ${keyOf(501)})`,
        ],
        'where too many differ to read whatever is near them': ['UPDATE people SET level = level + 1 WHERE pay = 20'],
        'where many differ in one column': ['UPDATE people SET pay = pay * 2 WHERE level = 1'],
        'where some of these differ in another, too': ["UPDATE people SET city = 'B' WHERE pay = 30 OR hired IS NULL"],
      };
      for (const [where, statements] of Object.entries(changes)) {
        it(`come to the same as when all are read ${where}`, async () => {
          await systems.write('new', ...statements);
          const found = await said(systems, asked, {});
          const all = await said(systems, asked, readingAll);
          assert.deepEqual(found, all);
        });
      }
      it('tell by their evidence which columns are in no checksum', async () => {
        const { evidence } = await compare(systems, asked, {});
        assert.deepEqual(evidence.readAsTheyAre?.slice(0, 2), ['pay', 'level']);
        const { evidence: ofAll } = await compare(systems, asked, readingAll);
        assert.ok(!('readAsTheyAre' in ofAll));
      });
    });
}
