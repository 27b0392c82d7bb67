import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DuckDBInstance } from '@duckdb/node-api';
import { emptyDatabase } from '../support/embedded-database.ts';
import { type Measurement, measureCheck } from '../../src/core/checks/measure-check.ts';
import { parseDecimal } from '../../src/core/numbers/decimal.ts';
import { formatNumber } from '../../src/core/numbers/format.ts';
import { thePlaybook } from '../support/services.ts';

type Row = Readonly<Record<string, string | null>>;

/** A database with the tables of both systems; every value it gives is text. */
interface Database {
  run(sql: string): Promise<void>;
  read(sql: string): Promise<Row[]>;
  close(): Promise<void>;
}

const viewed = [
  'legacy_employee_count',
  'new_employee_count',
  'employee_count_difference',
  'employee_count_variance_percent',
  'employee_count_verdict',
  'legacy_total_compensation',
  'new_total_compensation',
  'total_compensation_difference',
  'total_compensation_variance_percent',
  'total_compensation_verdict',
  'legacy_average_compensation',
  'new_average_compensation',
] as const;

async function openPostgresql(): Promise<Database> {
  const db = await emptyDatabase();
  return {
    run: async (sql) => void (await db.exec(sql)),
    read: async (sql) => (await db.query<Row>(sql)).rows,
    close: () => db.close(),
  };
}

async function openDuckdb(): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  return {
    run: async (sql) => void (await connection.run(sql)),
    read: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[],
    close: async () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

const tables = `
  CREATE SCHEMA legacy;
  CREATE TABLE legacy.employees (status char(1), salary numeric(12, 2));
  CREATE TABLE fct_workforce_snapshot (simulation_year int, scenario_id varchar, employment_status varchar,
    current_compensation double precision);`;

/** Pay of active people on either side; besides them there are always people who must not count. */
interface World {
  readonly title: string;
  readonly legacy: readonly string[];
  readonly now: readonly string[];
}
const others = {
  legacy: `('T', 70000)`,
  now: `(2028, 'baseline', 'active', 70000), (2029, 'optimistic', 'active', 70000), (2029, 'baseline', 'terminated', 70000)`,
};
const worlds: readonly World[] = [
  { title: 'the same', legacy: ['84200.00', '51000.10'], now: ['51000.1', '84200'] },
  { title: 'the same, whose pay is no exact binary fraction', legacy: ['0.10', '0.20'], now: ['0.1', '0.2'] },
  { title: 'one person more', legacy: ['84200.00'], now: ['84200.00', '51000.00'] },
  { title: 'one person less', legacy: ['84200.00', '51000.00'], now: ['84200.00'] },
  { title: 'pay at the tolerance, above', legacy: ['84200.00'], now: ['84284.20'] },
  { title: 'pay just beyond the tolerance, above', legacy: ['84200.00'], now: ['84284.21'] },
  { title: 'pay at the tolerance, below', legacy: ['84200.00'], now: ['84115.80'] },
  { title: 'pay just beyond the tolerance, below', legacy: ['84200.00'], now: ['84115.79'] },
  {
    title: 'a hundred thousand millions',
    legacy: ['9000000000.00', '9000000000.01'],
    now: ['9000000000.02', '9000000000'],
  },
  { title: 'nobody in legacy', legacy: [], now: ['84200.00'] },
  { title: 'nobody in the new system', legacy: ['84200.00'], now: [] },
  { title: 'nobody at all', legacy: [], now: [] },
  { title: 'people without pay', legacy: ['0.00'], now: ['0'] },
  { title: 'people without pay in legacy only', legacy: ['0.00'], now: ['1'] },
];

async function fill(database: Database, { legacy, now }: World): Promise<void> {
  const legacyRows = [others.legacy, ...legacy.map((pay) => `('A', ${pay})`)];
  const newRows = [others.now, ...now.map((pay) => `(2029, 'baseline', 'active', ${pay})`)];
  await database.run(`
    DELETE FROM legacy.employees;
    DELETE FROM fct_workforce_snapshot;
    INSERT INTO legacy.employees VALUES ${legacyRows.join(', ')};
    INSERT INTO fct_workforce_snapshot VALUES ${newRows.join(', ')};`);
}

const playbook = thePlaybook();

/** What the default playbook's own check says of the same tables. */
async function measure(database: Database, name: string): Promise<Measurement> {
  const check = playbook.checks.find((one) => one.name === name);
  assert.ok(check !== undefined);
  const ask = async (sql: string) => ({
    columns: ['value'],
    rows: (await database.read(`SELECT CAST(value AS VARCHAR) AS value FROM (${sql}) asked`)).map(({ value }) => [
      value ?? null,
    ]),
  });
  return measureCheck(check, { legacy: await ask(check.legacy), new: await ask(check.new) });
}

const same = (one: string | null | undefined, other: string | null | undefined, what: string): void => {
  if (one == null || other == null) return assert.equal(one ?? null, other ?? null, what);
  return assert.ok(parseDecimal(one)?.eq(other), `${what}: ${one} in the view, ${other} in the check`);
};

for (const [name, open] of [
  ['PostgreSQL', openPostgresql],
  ['DuckDB', openDuckdb],
] as const) {
  describe(`The view parallel_run_metrics on ${name}`, () => {
    let database: Database;
    before(async function () {
      this.timeout(60_000);
      database = await open();
      await database.run(tables);
      await database.run(readFileSync(new URL('../../docs/parallel-run-metrics.sql', import.meta.url), 'utf8'));
    });
    after(async () => {
      await database.close();
    });

    const view = async (): Promise<Row> => {
      const columns = viewed.map((column) => `CAST(${column} AS VARCHAR) AS ${column}`).join(', ');
      const rows = await database.read(`SELECT ${columns} FROM parallel_run_metrics`);
      assert.equal(rows.length, 1);
      return rows[0] as Row;
    };

    for (const world of worlds) {
      it(`equals the checks of the playbook with ${world.title}`, async () => {
        await fill(database, world);
        const row = await view();
        for (const [check, prefix] of [
          ['employees', 'employee_count'],
          ['compensation', 'total_compensation'],
        ] as const) {
          const { verdict, findings } = await measure(database, check);
          assert.equal(row[`${prefix}_verdict`], verdict, `${prefix}_verdict`);
          const [finding] = findings;
          if (finding === undefined) continue;
          same(row[`legacy_${prefix}`], finding.legacy, `legacy_${prefix}`);
          same(row[`new_${prefix}`], finding.new, `new_${prefix}`);
          same(row[`${prefix}_difference`], finding.difference, `${prefix}_difference`);
          const variance = finding.legacy === '0' ? null : finding.variance;
          same(
            row[`${prefix}_variance_percent`],
            variance === null ? null : formatNumber(variance, 6).replaceAll(',', ''),
            `${prefix}_variance_percent`,
          );
        }
      });
    }

    it('tells averages, and none where there is nobody', async () => {
      await fill(database, { title: '', legacy: ['1.00', '2.01'], now: [] });
      const row = await view();
      same(row['legacy_average_compensation'], '1.51', 'legacy');
      assert.equal(row['new_average_compensation'], null);
    });

    it('says when it was measured', async () => {
      const rows = await database.read('SELECT CAST(measured_at AS VARCHAR) AS measured_at FROM parallel_run_metrics');
      assert.match(rows[0]?.['measured_at'] ?? '', /^\d{4}-\d{2}-\d{2} /);
    });

    it('can be created again', async () => {
      await database.run(readFileSync(new URL('../../docs/parallel-run-metrics.sql', import.meta.url), 'utf8'));
    });
  });
}
