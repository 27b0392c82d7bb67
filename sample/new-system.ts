import { copyFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Fault } from './faults.ts';
import type { People } from './generate.ts';

/** A night's sync. `finishedAt` null: still at work. */
export interface SyncRun {
  /** yyyy-mm-dd */
  readonly date: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

const healthyFile = 'healthy.duckdb';

/** Writes the new system, in PlanWise Navigator's own tables, as it would be without a fault. */
export async function createNewSystem(
  directory: string,
  people: People,
  inputs: { readonly seed: string; readonly fingerprint: string },
): Promise<void> {
  const workforce = join(directory, 'workforce.json');
  const events = join(directory, 'events.json');
  await Promise.all([
    writeFile(workforce, JSON.stringify(people.workforce)),
    writeFile(events, JSON.stringify(people.events)),
  ]);
  await withDatabase(join(directory, healthyFile), [
    `CREATE TABLE fct_workforce_snapshot AS
     SELECT CAST("year" AS INTEGER) AS simulation_year, 'baseline' AS scenario_id, id AS employee_id,
       name AS employee_name, CASE WHEN active THEN 'active' ELSE 'terminated' END AS employment_status,
       CAST(level AS INTEGER) AS level_id, department, CAST(hiredOn AS DATE) AS employee_hire_date,
       CAST(salary AS DOUBLE) AS current_compensation
     FROM read_json(${quoted(workforce)}, columns = {"year": 'INTEGER', id: 'VARCHAR', name: 'VARCHAR', active: 'BOOLEAN',
       level: 'INTEGER', department: 'VARCHAR', hiredOn: 'VARCHAR', salary: 'VARCHAR'})`,
    `CREATE TABLE fct_yearly_events AS
     SELECT CAST("year" AS INTEGER) AS simulation_year, type AS event_type, id AS employee_id,
       CAST("date" AS DATE) AS effective_date, CAST(amount AS DOUBLE) AS compensation_amount
     FROM read_json(${quoted(events)}, columns = {"year": 'INTEGER', type: 'VARCHAR', id: 'VARCHAR', "date": 'VARCHAR',
       amount: 'VARCHAR'})`,
    `CREATE TABLE sync_runs (batch_date DATE, started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, rows_sent BIGINT,
       rows_loaded BIGINT)`,
    `CREATE TABLE simulation_inputs AS SELECT ${quoted(inputs.seed)} AS seed, ${quoted(inputs.fingerprint)} AS fingerprint`,
  ]);
}

/**
 * Publishes a finished copy with these faults and nights at `path`: written under another name and renamed, so that a
 * reader never sees it half done.
 */
export async function publishNewSystem(
  directory: string,
  path: string,
  faults: readonly Fault[],
  syncs: readonly SyncRun[],
): Promise<void> {
  const draft = join(directory, 'draft.duckdb');
  await copyFile(join(directory, healthyFile), draft);
  await withDatabase(draft, [
    ...faults.map(({ sql }) => sql),
    ...syncs.map(({ date, startedAt, finishedAt }) => {
      const finished = finishedAt === null ? 'NULL' : quoted(finishedAt.toISOString());
      const loaded = finishedAt === null ? 'NULL' : 'count(*)';
      return `INSERT INTO sync_runs SELECT ${quoted(date)}, ${quoted(startedAt.toISOString())}, ${finished}, count(*), ${loaded}
              FROM fct_workforce_snapshot`;
    }),
  ]);
  await rename(draft, path);
}

async function withDatabase(path: string, statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path, { threads: '1' });
  try {
    const connection = await instance.connect();
    try {
      for (const statement of statements) await connection.run(statement);
      await connection.run('CHECKPOINT');
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
