import type pg from 'pg';
import { createEmbeddedPool, openEmbeddedDatabase } from '../src/postgresql/embedded.ts';
import type { People } from './generate.ts';

const codes = { hire: 'HIR', termination: 'TRM', promotion: 'PRO', raise: 'RAI' } as const;

const tables = `
  CREATE SCHEMA legacy;
  CREATE TABLE legacy.workforce (
    plan_year integer NOT NULL, scenario text NOT NULL, employee_id text NOT NULL, full_name text NOT NULL,
    status char(1) NOT NULL, level_code text NOT NULL, department text NOT NULL, hire_date date NOT NULL,
    salary numeric(12, 2) NOT NULL, PRIMARY KEY (plan_year, scenario, employee_id));
  CREATE VIEW legacy.employees AS
    SELECT employee_id, full_name, status, level_code, department, hire_date, salary FROM legacy.workforce
    WHERE plan_year = 2029 AND scenario = 'baseline';
  CREATE TABLE legacy.events (
    plan_year integer NOT NULL, event_code text NOT NULL, employee_id text NOT NULL, event_date date NOT NULL,
    amount numeric(12, 2) NOT NULL);
  CREATE TABLE legacy.inputs (seed text NOT NULL, fingerprint text NOT NULL);`;

/** The legacy system: a PostgreSQL of its own in this process. */
export async function createLegacySystem(
  { workforce, events }: People,
  inputs: { readonly seed: string; readonly fingerprint: string },
): Promise<{ pool: pg.Pool; close(): Promise<void> }> {
  const db = await openEmbeddedDatabase();
  const pool = createEmbeddedPool(db);
  for (const statement of tables.split(';')) await pool.query(statement);
  await pool.query(
    `INSERT INTO legacy.workforce
     SELECT y, 'baseline', i, n, s, l, d, h, p FROM jsonb_to_recordset($1) AS r
       (y integer, i text, n text, s text, l text, d text, h date, p numeric)`,
    [
      JSON.stringify(
        workforce.map((row) => ({
          y: row.year,
          i: row.id,
          n: row.name,
          s: row.active ? 'A' : 'T',
          l: String(row.level * 10),
          d: row.department,
          h: row.hiredOn,
          p: row.salary,
        })),
      ),
    ],
  );
  await pool.query(
    `INSERT INTO legacy.events
     SELECT y, c, i, d, a FROM jsonb_to_recordset($1) AS r (y integer, c text, i text, d date, a numeric)`,
    [JSON.stringify(events.map((row) => ({ y: row.year, c: codes[row.type], i: row.id, d: row.date, a: row.amount })))],
  );
  await pool.query('INSERT INTO legacy.inputs VALUES ($1, $2)', [inputs.seed, inputs.fingerprint]);
  return {
    pool,
    close: async () => {
      await pool.end();
      await db.close();
    },
  };
}
