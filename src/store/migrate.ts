import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';
import { codeOf } from './query.ts';

export const schema = 'parallel_run';
export const applicationRole = 'parallel_run_application';

/** Any number, the same for every process that migrates: the transaction-level lock that lets one at a time. */
const lockKey = 7_027_314_155;
const folder = new URL('./migrations/', import.meta.url);

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => ({
      version: Number(name.slice(0, 4)),
      name,
      sql: await readFile(new URL(name, folder), 'utf8'),
    })),
  );
}

/**
 * Brings the schema up to this program's version, in one transaction under a lock, so that any number of processes can
 * start at once. Throws when the schema is newer than the program, or when the login may not do it.
 */
export async function migrate(client: pg.ClientBase): Promise<void> {
  const migrations = await readMigrations();
  await client.query('begin');
  try {
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    await ensureApplicationRole(client);
    await client.query(`create schema if not exists ${schema}`);
    await client.query(`set local search_path to ${schema}`);
    await client.query(
      `create table if not exists migrations (
         version integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null)`,
    );
    const { rows } = await client.query<{ version: number }>('select max(version) as version from migrations');
    const current = rows[0]?.version ?? 0;
    const newest = migrations.at(-1)?.version ?? 0;
    if (current > newest) {
      throw new Error(
        `The database is at schema version ${current}, and this program knows only ${newest}: start the newer program.`,
      );
    }
    for (const { version, name, sql } of migrations.filter((migration) => migration.version > current)) {
      // The row comes first, so that a second migrator without the lock would fail here and not half-way.
      await client.query('insert into migrations values ($1, $2, $3, now())', [
        version,
        name,
        createHash('sha256').update(sql).digest('hex'),
      ]);
      await client.query(sql);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Roles belong to the whole server, so another database's migration may be making the same one at this moment. */
async function ensureApplicationRole(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ exists: boolean; member: boolean | null }>(
    `select exists (select from pg_roles where rolname = $1),
       (select pg_has_role(current_user, oid, 'member') from pg_roles where rolname = $1) as member`,
    [applicationRole],
  );
  if (rows[0]?.exists === true && rows[0].member === true) return;
  await client.query('savepoint application_role');
  try {
    if (rows[0]?.exists !== true) await client.query(`create role ${applicationRole} nologin`);
    await client.query(`grant ${applicationRole} to current_user`);
    await client.query('release savepoint application_role');
  } catch (error) {
    await client.query('rollback to savepoint application_role');
    const code = codeOf(error);
    // 42710 duplicate_object, 23505 unique_violation, XX000 "tuple concurrently updated": somebody else was quicker.
    if (code === '42710' || code === '23505' || code === 'XX000') return ensureApplicationRole(client);
    throw new Error(
      `The role ${applicationRole} can't be set up by this login. Have an administrator run: ` +
        `CREATE ROLE ${applicationRole} NOLOGIN; GRANT ${applicationRole} TO <the login of DATABASE_URL>;`,
      { cause: error },
    );
  }
}
