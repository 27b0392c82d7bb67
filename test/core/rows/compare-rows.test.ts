import assert from 'node:assert/strict';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import type { RowComparison } from '../../../src/core/playbook/playbook.ts';
import { compareRows } from '../../../src/core/rows/compare-rows.ts';
import type { Wait } from '../../../src/core/rows/confirm.ts';
import type { RowComparisonResult, RowCounts } from '../../../src/core/rows/result.ts';
import type { RowsMeasured } from '../../../src/core/rows/result.ts';
import { type Side, SourceError, sides } from '../../../src/core/sources.ts';
import { someMoment } from '../../support/fixtures.ts';
import { thePlaybook } from '../../support/services.ts';
import { engines, openTwoSystems, type TwoSystems } from '../../support/two-systems.ts';

const { readiness: _readiness, ...rest } = thePlaybook();
const playbook = {
  ...rest,
  readiness: { batchDate: 'any', deadline: '10:00', retryMinutes: 15, syncLimitMinutes: 60 } as const,
};
const aComparison = (more: Partial<RowComparison> = {}): RowComparison => ({
  name: 'people',
  title: 'People',
  key: ['id'],
  legacy: 'SELECT * FROM people',
  new: 'SELECT * FROM people',
  agreement: '100',
  ignore: [],
  columns: {},
  limits: {},
  segments: [],
  noun: ['row', 'rows'],
  ...more,
});

interface Asked {
  readonly signal?: AbortSignal;
  readonly hashFrom?: number;
  readonly mostLookedAt?: number;
  readonly wait?: Wait;
  readonly before?: RowCounts;
}

async function compare(
  systems: TwoSystems,
  comparison: RowComparison,
  {
    signal = new AbortController().signal,
    hashFrom = 0,
    mostLookedAt = 500_000,
    wait = async () => undefined,
    before,
  }: Asked = {},
): Promise<RowComparisonResult & Pick<RowsMeasured, 'differences'>> {
  const compared = await compareRows({
    comparison,
    playbook,
    sources: systems.sources,
    clock: { now: () => new Date(someMoment) },
    progress: () => undefined,
    signal,
    hashFrom,
    mostLookedAt,
    wait,
    ...(before === undefined ? {} : { before }),
  });
  assert.ok(compared.state === 'compared', 'not held');
  return { ...compared.result, differences: compared.differences };
}

const pairings = engines.flatMap((legacy) => engines.map((now) => ({ legacy, new: now })));

for (const pairing of pairings) {
  describe(`The rows of a ${pairing.legacy} and a ${pairing.new} system`, function () {
    this.timeout(120_000);
    let systems: TwoSystems;
    before(async () => {
      systems = await openTwoSystems(pairing);
    });
    after(() => systems?.close());

    const given = async (legacy: string, now: string = legacy): Promise<void> => {
      await systems.write('legacy', 'DROP TABLE IF EXISTS people', `CREATE TABLE people AS ${legacy}`);
      await systems.write('new', 'DROP TABLE IF EXISTS people', `CREATE TABLE people AS ${now}`);
    };
    const values = (...rows: readonly string[]): string =>
      `SELECT * FROM (VALUES ${rows.join(', ')}) AS given (id, word)`;

    it('pass when they are the same', async () => {
      await given(values("(1, 'a')", "(2, 'b')"));
      const result = await compare(systems, aComparison());
      assert.deepEqual([result.verdict, result.agree, result.rows], ['pass', 2, { legacy: 2, new: 2 }]);
    });
    it('are told apart: only in one, differing, and in which columns', async () => {
      await given(values("(1, 'a')", "(2, 'b')", "(3, 'c')"), values("(2, 'B')", "(3, 'c')", "(4, 'd')", "(5, 'e')"));
      const result = await compare(systems, aComparison());
      assert.equal(result.verdict, 'fail');
      assert.deepEqual([result.agree, result.differ, result.only], [1, 1, { legacy: 1, new: 2 }]);
      assert.deepEqual(result.columns, [{ column: 'word', differ: 1 }]);
      assert.deepEqual(
        result.differences.map(({ key, what }) => `${key.join()} ${what}`),
        ['1 onlyLegacy', '2 differs', '4 onlyNew', '5 onlyNew'],
      );
      assert.deepEqual(result.differences[1]?.values, [{ column: 'word', legacy: 'b', new: 'B' }]);
    });
    it('differ where one has NULL and the other a text for it', async () => {
      await given(values('(1, CAST(NULL AS varchar))'), values("(1, '<null>')"));
      assert.equal((await compare(systems, aComparison())).differ, 1);
    });
    it('differ where a separator moved from one column into the other', async () => {
      const row = (one: string, other: string): string => `SELECT 1 AS id, '${one}' AS one, '${other}' AS other`;
      await given(row('a|b', 'c'), row('a', 'b|c'));
      assert.deepEqual((await compare(systems, aComparison())).columns, [
        { column: 'one', differ: 1 },
        { column: 'other', differ: 1 },
      ]);
    });
    it('differ where two rows swapped their values, though every total is the same', async () => {
      await given(values("(1, 'a')", "(2, 'b')"), values("(1, 'b')", "(2, 'a')"));
      assert.equal((await compare(systems, aComparison())).differ, 2);
    });
    it('agree in what is the same value: scale, -0, NaN and infinity', async () => {
      const row = (figure: string, pay: string): string =>
        `SELECT * FROM (VALUES (1, CAST('${figure}' AS float8)), (2, CAST('NaN' AS float8)), (3, CAST('Infinity' AS float8))) AS f (id, figure)
         JOIN (VALUES (1, ${pay}), (2, NULL), (3, NULL)) AS p (same, pay) ON same = id`;
      await given(row('-0', "CAST('1.5' AS decimal(10, 1))"), row('0', "CAST('1.500' AS decimal(12, 3))"));
      assert.deepEqual((await compare(systems, aComparison({ ignore: ['same'] }))).verdict, 'pass');
    });
    it('differ where infinity has the other sign', async () => {
      const row = (figure: string): string => `SELECT 1 AS id, CAST('${figure}' AS float8) AS figure`;
      await given(row('Infinity'), row('-Infinity'));
      const tolerant = aComparison({ columns: { figure: { tolerance: { amount: '1000', unit: 'absolute' } } } });
      assert.equal((await compare(systems, tolerant)).differ, 1);
    });
    it('differ where a text has a blank at its end', async () => {
      await given(values("(1, 'a')"), values("(1, 'a ')"));
      assert.equal((await compare(systems, aComparison())).differ, 1);
    });
    it('agree in a moment that is written in two zones, and differ in the same clock time of two', async () => {
      const row = (one: string, other: string): string =>
        `SELECT 1 AS id, CAST('${one}' AS timestamptz) AS one, CAST('${other}' AS timestamptz) AS other`;
      await given(
        row('2026-11-23 12:00:00+01', '2026-11-23 12:00:00+01'),
        row('2026-11-23 11:00:00+00', '2026-11-23 12:00:00+00'),
      );
      assert.deepEqual((await compare(systems, aComparison())).columns, [
        { column: 'one', differ: 0 },
        { column: 'other', differ: 1 },
      ]);
    });
    it('with NULL in the key are counted, and never matched', async () => {
      await given(values("(CAST(NULL AS integer), 'a')", "(2, 'b')"));
      const result = await compare(systems, aComparison());
      assert.deepEqual([result.verdict, result.nullKeys, result.agree], ['fail', { legacy: 1, new: 1 }, 1]);
    });
    it('with a key that repeats are counted, and never matched', async () => {
      await given(values("(1, 'a')", "(1, 'a')", "(2, 'b')"), values("(1, 'a')", "(2, 'b')"));
      const result = await compare(systems, aComparison());
      assert.deepEqual([result.verdict, result.repeated], ['fail', { keys: 1, rows: { legacy: 2, new: 1 } }]);
      assert.equal(result.agree, 1);
    });
    it('are matched by keys of several columns and of any text, however a collation sorts it', async () => {
      const texts = ['a', 'B', 'Z', 'z', 'é', 'e', 'ß', '_', '-', ' ', 'ﬀ', '😀', '10', '9', ''];
      const rows = texts.flatMap((text, index) => [`('${text}', ${index})`, `('${text}', -1)`]);
      await given(`SELECT * FROM (VALUES ${rows.join(', ')}) AS given (word, number)`);
      const result = await compare(systems, aComparison({ key: ['word', 'number'] }));
      assert.deepEqual([result.verdict, result.agree], ['pass', 2 * texts.length]);
    });
    it('are an error where only one side has a column, unless it is ignored', async () => {
      await given(`SELECT 1 AS id, 'a' AS word`, `SELECT 1 AS id, 'a' AS word, 'x' AS extra`);
      const result = await compare(systems, aComparison());
      assert.equal(result.verdict, 'error');
      assert.match(result.reason, /Only the new query has the column extra/);
      assert.equal((await compare(systems, aComparison({ ignore: ['extra'] }))).verdict, 'pass');
    });
    it('are an error where a key column or a table is missing, and nothing is told of them', async () => {
      await given(values("(1, 'a')"), `SELECT 1 AS number, 'a' AS word`);
      const noKey = await compare(systems, aComparison());
      assert.deepEqual([noKey.verdict, noKey.rows.legacy], ['error', 0]);
      assert.match(noKey.reason, /The new query has no key column id/);
      const noTable = await compare(systems, aComparison({ legacy: 'SELECT * FROM nobody' }));
      assert.equal(noTable.verdict, 'error');
      assert.match(noTable.reason, /The legacy system refused the query/);
    });
    it('are an error when a query fails half-way, and nothing is told of the part that was read', async () => {
      await given(`SELECT number AS id, 'a' AS word FROM generate_series(1, 20000) AS numbers (number)`);
      const result = await compare(
        systems,
        aComparison({
          new: `SELECT id, CASE WHEN CAST(CASE WHEN id = 15000 THEN 'x' ELSE '1' END AS integer) = 1 THEN 'a' END AS word FROM people`,
        }),
      );
      assert.deepEqual([result.verdict, result.agree, result.rows], ['error', 0, { legacy: 0, new: 0 }]);
    });
    it('are an error when neither side has any', async () => {
      await given(`SELECT 1 AS id, 'a' AS word WHERE 1 = 0`);
      const result = await compare(systems, aComparison());
      assert.equal(result.verdict, 'error');
      assert.match(result.reason, /any row/);
    });
    it('pass when more agree than is asked for, and not when just as many do', async () => {
      const rows = (count: number, word: string): string =>
        `SELECT number AS id, CASE WHEN number = 1 THEN '${word}' ELSE 'a' END AS word FROM generate_series(1, ${count}) AS n (number)`;
      await given(rows(200, 'a'), rows(200, 'b'));
      assert.equal((await compare(systems, aComparison({ agreement: '99.5' }))).verdict, 'fail');
      assert.equal((await compare(systems, aComparison({ agreement: '99.49' }))).verdict, 'pass');
      assert.equal((await compare(systems, aComparison({ agreement: '100' }))).verdict, 'fail');
    });
    it('agree by a mapping, and a code that it lacks agrees with nothing', async () => {
      await given(values("(1, '10')", "(2, 'X')"), values("(1, 'L1')", "(2, 'X')"));
      const mapping = { legacy: { '10': 'L1' } };
      const result = await compare(systems, aComparison({ columns: { word: { mapping } } }));
      assert.deepEqual([result.agree, result.differ], [1, 1]);
    });
    it('are counted where they are more than can be looked at, and the sample is spread over them', async () => {
      const rows = (word: string, more: number): string =>
        `SELECT number AS id, '${word}' || number AS word FROM generate_series(1, ${more}) AS n (number)`;
      await given(rows('a', 1_000), rows('b', 1_100));
      const result = await compare(systems, aComparison(), { mostLookedAt: 100 });
      assert.deepEqual([result.agree, result.differ, result.only], [0, 1_000, { legacy: 0, new: 100 }]);
      assert.deepEqual(result.rows, { legacy: 1_000, new: 1_100 });
      const looked = result.differences.length;
      assert.ok(looked > 50 && looked <= 100, String(looked));
      assert.equal(result.unread, 1_100 - looked);
      const ids = result.differences.map(({ key }) => Number(key[0]));
      assert.ok(ids.some((id) => id < 100) && ids.some((id) => id > 900), ids.join());
    });
    it('are compared until a limit of the playbook is reached, with what is known so far', async () => {
      const rows = (word: string): string =>
        `SELECT number AS id, '${word}' AS word FROM generate_series(1, 12000) AS n (number)`;
      await given(rows('a'), rows('b'));
      const all = { hashFrom: Number.POSITIVE_INFINITY };
      const few = await compare(systems, aComparison({ limits: { differing: '30' } }), all);
      assert.deepEqual([few.verdict, few.differ], ['fail', 10_000]);
      assert.match(few.reason, /It ended early, after 10,000 rows: 10,000 of them differ, more than 30 %\./);
      const enough = await compare(systems, aComparison({ limits: { differing: '100' } }), all);
      assert.deepEqual([enough.reason, enough.differ], ['', 12_000]);
      await given(rows('a'));
      const some = await compare(systems, aComparison({ limits: { rows: 10_000 } }), {
        hashFrom: Number.POSITIVE_INFINITY,
      });
      assert.deepEqual([some.verdict, some.agree], ['error', 10_000]);
      assert.match(some.reason, /after 10,000 rows: the playbook has no more compared/);
      assert.deepEqual(
        some.integrity.filter(({ probe }) => probe === 'rowsLost'),
        [],
      );
    });
    it('come to the same by hashes as when all are read, whatever their types, tolerances and codes', async () => {
      await fc.assert(
        fc.asyncProperty(
          anyRows,
          anyRows,
          someRules,
          fc.constantFrom<string[]>(['id'], ['word', 'id'], ['code']),
          async (legacy, now, columns, key) => {
            await given(asTyped(legacy), asTyped(now));
            const rules = Object.fromEntries(Object.entries(columns).filter(([name]) => !key.includes(name)));
            const asked = aComparison({ key, columns: rules });
            const [hashed, read] = [
              await compare(systems, asked),
              await compare(systems, asked, { hashFrom: Number.POSITIVE_INFINITY }),
            ];
            assert.deepEqual(countsOf(hashed), countsOf(read));
            assert.deepEqual(
              new Set(hashed.differences.map((one) => JSON.stringify(one))),
              new Set(read.differences.map((one) => JSON.stringify(one))),
            );
          },
        ),
        { numRuns: 12 },
      );
    });
    it('that differed while a side was written to count only if they still differ a while later', async () => {
      await given(
        values("(1, 'a')", "(2, 'b')", "(3, 'c')", "(4, 'd')"),
        values("(1, 'a')", "(2, 'x')", "(3, 'y')", "(5, 'e')"),
      );
      const waited: number[] = [];
      const wait: Wait = async (milliseconds) => {
        waited.push(milliseconds);
        await given(
          values("(1, 'a')", "(2, 'b')", "(3, 'c')", "(4, 'd')"),
          values("(1, 'q')", "(2, 'b')", "(3, 'z')", "(4, 'd')"),
        );
      };
      const result = await compare(systems, aComparison({ confirmAfterSeconds: 60 }), { wait });
      assert.deepEqual(waited, [60_000]);
      // 3 differs both times; 2, 4 and 5 did, and 1 does now.
      assert.deepEqual([result.agree, result.differ, result.only, result.unsettled], [3, 1, { legacy: 0, new: 0 }, 4]);
      assert.deepEqual(
        result.differences.map(({ key }) => key),
        [['3']],
      );
    });
    it('are not compared again where all agree', async () => {
      await given(values("(1, 'a')"));
      const wait: Wait = () => Promise.reject(new Error('nothing to wait for'));
      const result = await compare(systems, aComparison({ confirmAfterSeconds: 60 }), { wait });
      assert.deepEqual([result.verdict, result.unsettled], ['pass', null]);
    });
    it('fail where the new system has damage that legacy has not: repeated keys, no keys, too little pay, lost rows', async () => {
      const pays = (...rows: readonly string[]): string =>
        `SELECT * FROM (VALUES ${rows.join(', ')}) AS given (id, pay)`;
      const asked = aComparison({ agreement: '10', columns: { pay: { minimum: '0' } } });
      const failing = async (legacy: string, now: string, more: Asked = {}): Promise<string[]> => {
        await given(legacy, now);
        const { integrity, verdict } = await compare(systems, asked, more);
        const failed = integrity.filter((one) => one.verdict === 'fail').map(({ probe, column }) => column ?? probe);
        assert.equal(verdict, failed.length > 0 ? 'fail' : 'pass');
        return failed;
      };
      const fine = pays('(1, 5)', '(2, 0)', '(3, 7)', '(4, 9)');
      assert.deepEqual(await failing(fine, fine), []);
      assert.deepEqual(await failing(fine, pays('(1, 5)', '(2, 0)', '(3, -1)', '(4, 9)')), ['pay']);
      const both = pays('(1, 5)', '(2, 0)', '(3, -1)', '(4, 9)');
      assert.deepEqual(await failing(both, both), [], 'what legacy has as well is not the migration’s');
      assert.deepEqual(await failing(fine, pays('(1, 5)', '(2, 0)', '(3, 7)', '(4, 9)', '(4, 9)')), ['repeatedKeys']);
      assert.deepEqual(await failing(fine, pays('(1, 5)', '(2, 0)', '(3, 7)', '(4, 9)', '(NULL, 9)')), ['nullKeys']);
      assert.deepEqual(await failing(fine, fine, { before: { legacy: 4, new: 5 } }), ['rowsLost']);
      assert.deepEqual(await failing(fine, fine, { before: { legacy: 5, new: 5 } }), [], 'both lost as many');
      assert.deepEqual(await failing(fine, fine, { before: { legacy: 4, new: 4 } }), []);
    });
    it('come with the evidence: snapshots, queries, rules, and a checksum of each side', async () => {
      await given(values("(1, 'a')", "(2, 'b')"), values("(1, 'a')", "(2, 'x')"));
      const asked = aComparison({ columns: { word: { mapping: { legacy: { b: 'B' } } } } });
      const { evidence } = await compare(systems, asked);
      assert.deepEqual(
        [evidence.sql, evidence.rules, evidence.key],
        [{ legacy: asked.legacy, new: asked.new }, asked.columns, ['id']],
      );
      assert.match(evidence.snapshots.legacy, /snapshot \d|\d bytes, written 20/);
      assert.match(evidence.checksums?.legacy ?? '', /^[0-9a-f]{16}$/);
      assert.notEqual(evidence.checksums?.legacy, evidence.checksums?.new);
      const { evidence: read } = await compare(systems, asked, { hashFrom: Number.POSITIVE_INFINITY });
      assert.deepEqual([read.way, read.checksums], [null, null]);
    });
    it('can be left alone while they are compared', async () => {
      await given(values("(1, 'a')"));
      const stopping = AbortSignal.abort();
      await assert.rejects(
        compare(systems, aComparison(), { signal: stopping }),
        (error) => error instanceof SourceError && error.code === 'cancelled',
      );
    });

    it('come to the same as a full outer join in SQL, whatever they are', async () => {
      await fc.assert(
        fc.asyncProperty(someRows, someRows, fc.constantFrom('0', '0.01', '5'), async (legacy, now, amount) => {
          await given(asQuery(legacy), asQuery(now));
          const result = await compare(
            systems,
            aComparison({ columns: { pay: { tolerance: { amount, unit: 'absolute' } } } }),
          );
          assert.deepEqual(countsOf(result), await byFullJoin(asQuery(legacy), asQuery(now), amount));
        }),
        { numRuns: 10 },
      );
    });
  });
}

/** A few keys, so that they meet, repeat and are missing. */
const someRows = fc.array(
  fc.record({
    id: fc.option(fc.integer({ min: -3, max: 12 }), { freq: 8 }),
    word: fc.constantFrom(null, '', 'a', 'a ', 'A', '<null>', "o'clock", 'é'),
    pay: fc.option(fc.constantFrom('0.00', '-0.01', '10.00', '10.01', '15.00', '99999999.99')),
    day: fc.option(fc.constantFrom('2026-11-23', '2026-02-28', '1969-12-31')),
  }),
  { maxLength: 14 },
);

/** Values that are close to one another, so that they meet within tolerances and beside them. */
const anyRows = fc.array(
  fc.record({
    id: fc.option(fc.integer({ min: 1, max: 9 }).map(String), { freq: 9 }),
    word: fc.constantFrom('a', 'B', 'ß', '1:x', '|'),
    code: fc.option(fc.constantFrom('10', '20', 'X', "it's")),
    pay: fc.option(fc.constantFrom('1.005', '1.015', '1.004', '-0.5', '100')),
    share: fc.option(fc.constantFrom('0.1', '0.30000000000000004', '0.3', '-0', '0', 'NaN', '1e300')),
    big: fc.option(fc.constantFrom('9007199254740993', '9007199254740992', '-1')),
    since: fc.option(fc.constantFrom('2026-11-23 12:00:00+01', '2026-11-23 11:00:00+00', '2026-11-23 11:00:30+00')),
    flag: fc.option(fc.constantFrom('true', 'false')),
  }),
  { maxLength: 12 },
);

const someRules = fc.record(
  {
    code: fc.constant({ mapping: { legacy: { '10': 'L1', "it's": 'L2' }, new: { '20': 'L1', X: 'L2' } } }),
    pay: fc.constantFrom(
      ...(['absolute', '%', 'decimals'] as const).map((unit) => ({ tolerance: { amount: '2', unit } })),
    ),
    share: fc.constantFrom({ tolerance: { amount: '0.2', unit: 'absolute' as const } }),
    since: fc.constant({ tolerance: { amount: '30', unit: 'seconds' as const } }),
  },
  { requiredKeys: [] },
);

function asTyped(rows: readonly Readonly<Record<string, string | null>>[]): string {
  const types = {
    id: 'integer',
    word: 'varchar',
    code: 'varchar',
    pay: 'decimal(12, 3)',
    share: 'float8',
    big: 'bigint',
    since: 'timestamptz',
    flag: 'boolean',
  };
  const text = (value: string | null | undefined): string =>
    value == null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
  const names = Object.keys(types);
  const lines = rows.map((row) => `(${names.map((name) => text(row[name])).join(', ')})`);
  const last = `('100', 'z', NULL, NULL, NULL, NULL, NULL, NULL)`;
  return `SELECT ${Object.entries(types)
    .map(([name, type]) => `CAST(${name} AS ${type}) AS ${name}`)
    .join(', ')}
    FROM (VALUES ${[...lines, last].join(', ')}) AS given (${names.join(', ')})`;
}

function asQuery(
  rows: readonly { id: number | null; word: string | null; pay: string | null; day: string | null }[],
): string {
  const text = (value: string | number | null): string =>
    value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`;
  const lines = rows.map(({ id, word, pay, day }) => `(${[id, word, pay, day].map(text).join(', ')})`);
  return `SELECT CAST(id AS integer) AS id, CAST(word AS varchar) AS word, CAST(pay AS decimal(12, 2)) AS pay,
      CAST(day AS date) AS day
    FROM (VALUES ${[...lines, "('100', NULL, NULL, NULL)"].join(', ')}) AS given (id, word, pay, day)`;
}

function countsOf({ agree, differ, only, repeated, nullKeys, columns }: RowComparisonResult) {
  const numbers = sides.map((side: Side) => [only[side], repeated.rows[side], nullKeys[side]]);
  return [agree, differ, repeated.keys, ...numbers.flat(), ...columns.map((column) => column.differ)];
}

/** The same counts by the definition: a full outer join of what is there once. */
async function byFullJoin(legacy: string, now: string, amount: string): Promise<number[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const differs = {
      word: 'l.word IS DISTINCT FROM n.word',
      pay: `(l.pay IS DISTINCT FROM n.pay AND NOT coalesce(abs(l.pay - n.pay) <= ${amount}, false))`,
      day: 'l.day IS DISTINCT FROM n.day',
    };
    const any = Object.values(differs).join(' OR ');
    const reader = await connection.runAndReadAll(`
      WITH legacy AS (${legacy}), new AS (${now}),
        repeated AS (SELECT id FROM legacy WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1
          UNION SELECT id FROM new WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1),
        l AS (SELECT * FROM legacy WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM repeated)),
        n AS (SELECT * FROM new WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM repeated)),
        joined AS (SELECT l.id AS one, n.id AS other, l.id = n.id AND (${any}) AS differ, l.id = n.id AS matched,
          ${Object.entries(differs)
            .map(([column, test]) => `l.id = n.id AND ${test} AS ${column}`)
            .join(', ')}
          FROM l FULL OUTER JOIN n ON l.id = n.id)
      SELECT count(*) FILTER (matched AND NOT differ), count(*) FILTER (differ), (SELECT count(*) FROM repeated),
        count(*) FILTER (other IS NULL), (SELECT count(*) FROM legacy WHERE id IN (SELECT id FROM repeated)),
        (SELECT count(*) FROM legacy WHERE id IS NULL),
        count(*) FILTER (one IS NULL), (SELECT count(*) FROM new WHERE id IN (SELECT id FROM repeated)),
        (SELECT count(*) FROM new WHERE id IS NULL),
        count(*) FILTER (word), count(*) FILTER (pay), count(*) FILTER (day)
      FROM joined`);
    return (reader.getRowsJson()[0] ?? []).map(Number);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe('The rows of two tables with a primary key, in its order', function () {
  this.timeout(60_000);
  let systems: TwoSystems;
  const count = 60_000;
  const write = (side: Side, change: string, keys = 'number'): Promise<void> =>
    systems.write(
      side,
      'DROP TABLE IF EXISTS people',
      `CREATE TABLE people AS SELECT CAST(${keys} AS bigint) AS id, 'Person ' || number AS name, ${change} AS pay
       FROM generate_series(1, ${count}) AS numbers (number) ORDER BY 1`,
      'ALTER TABLE people ADD PRIMARY KEY (id)',
      'ANALYZE people',
    );
  before(async () => {
    systems = await openTwoSystems({ legacy: 'postgresql', new: 'postgresql' });
  });
  after(() => systems?.close());

  it('are compared range by range: all agree', async () => {
    await write('legacy', 'number % 77');
    await write('new', 'number % 77');
    const result = await compare(systems, aComparison());
    assert.deepEqual([result.verdict, result.agree], ['pass', count]);
  });
  it('are compared range by range until a limit is reached', async () => {
    await write('legacy', 'number % 77');
    await write('new', 'number % 77 + 1');
    const result = await compare(systems, aComparison({ limits: { differing: '50' } }));
    assert.equal(result.verdict, 'fail');
    assert.match(result.reason, /more than 50 %/);
    assert.ok(result.differ >= 10_000 && result.differ < count, String(result.differ));
  });
  it('are found where few differ, where many do, before the first key, after the last and across a gap', async () => {
    const keys =
      'CASE WHEN number = 1 THEN -5000000 WHEN number = 60000 THEN 9000000000000000000 ELSE number * 1000 END';
    await write('legacy', 'number % 77', keys);
    await write(
      'new',
      'number % 77 + CASE WHEN number IN (1, 500, 60000) OR number BETWEEN 30000 AND 50000 THEN 1 ELSE 0 END',
      keys,
    );
    await systems.write('new', 'DELETE FROM people WHERE id = 777000', 'INSERT INTO people VALUES (777001, NULL, 1)');
    const result = await compare(systems, aComparison());
    assert.deepEqual([result.differ, result.only, result.agree], [20_004, { legacy: 1, new: 1 }, count - 20_005]);
    assert.equal(result.columns.find(({ column }) => column === 'pay')?.differ, 20_004);
  });
});
