import assert from 'node:assert/strict';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import type { RowComparisonResult } from '../../../src/core/rows/result.ts';
import { type Side, sides } from '../../../src/core/sources.ts';
import { aComparison, compare, forEveryPairing } from './pairings.ts';

forEveryPairing((opened) => {
  it('come to the same by hashes as when all are read, whatever their types, tolerances and codes', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyRows,
        anyRows,
        someRules,
        fc.constantFrom<string[]>(['id'], ['word', 'id'], ['code']),
        async (legacy, now, columns, key) => {
          await opened().given(asTyped(legacy), asTyped(now));
          const rules = Object.fromEntries(Object.entries(columns).filter(([name]) => !key.includes(name)));
          const asked = aComparison({ key, columns: rules });
          const [hashed, read] = [
            await compare(opened().systems, asked),
            await compare(opened().systems, asked, { hashFrom: Number.POSITIVE_INFINITY }),
          ];
          assert.deepEqual(countsOf(hashed), countsOf(read));
          assert.deepEqual(
            new Set(hashed.differences.map((one) => JSON.stringify(one))),
            new Set(read.differences.map((one) => JSON.stringify(one))),
          );
        },
      ),
      { numRuns: 8 },
    );
  });
  it('come to the same as a full outer join in SQL, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, someRows, fc.constantFrom('0', '0.01', '5'), async (legacy, now, amount) => {
        await opened().given(asQuery(legacy), asQuery(now));
        const result = await compare(
          opened().systems,
          aComparison({ columns: { pay: { tolerance: { amount, unit: 'absolute' } } } }),
        );
        assert.deepEqual(countsOf(result), await byFullJoin(asQuery(legacy), asQuery(now), amount));
      }),
      { numRuns: 6 },
    );
  });
});

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

let shared: Promise<DuckDBInstance> | undefined;
const counting = (): Promise<DuckDBInstance> => (shared ??= DuckDBInstance.create(':memory:'));
after(async () => (await shared)?.closeSync());

/** The same counts by the definition: a full outer join of what is there once. */
async function byFullJoin(legacy: string, now: string, amount: string): Promise<number[]> {
  const connection = await (await counting()).connect();
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
  }
}
