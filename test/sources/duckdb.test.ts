import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createSource } from '../../src/sources/create-source.ts';
import { refuses, sourceContract } from '../contracts/source.ts';

const rows = `SELECT * FROM (VALUES (1, 'Ana', 1.50::DECIMAL(12, 2)), (2, 'Béa', 2.25), (3, NULL, 3.00)) AS t (id, name, pay)`;
const slow = 'SELECT count(*) AS value FROM range(100000) AS a (x), range(10000000) AS b (y) WHERE (a.x * b.y) % 7 = 3';

async function write(path: string, ...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}
const sourceOf = (path: string, statementTimeoutSeconds = 60) =>
  createSource({ kind: 'duckdb', title: 'PlanWise', path, statementTimeoutSeconds });

sourceContract('a DuckDB file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'duckdb-source-'));
  const path = join(directory, 'planwise.duckdb');
  await write(path, `CREATE TABLE people AS ${rows}`);
  return {
    source: sourceOf(path),
    hurried: sourceOf(path, 1),
    pay: 'pay',
    slow,
    write: async () => {
      const draft = join(directory, 'draft.duckdb');
      await copyFile(path, draft);
      await write(draft, `INSERT INTO people VALUES (4, 'Dan', 4.00)`);
      await rename(draft, path);
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
});

describe('a DuckDB file', function () {
  this.timeout(20_000);
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'duckdb-source-'));
    path = join(directory, 'planwise.duckdb');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('that is not there yet holds the run', () => refuses(sourceOf(path).open(), 'busy', /not there/));
  it('that is no database yet holds the run', async () => {
    await writeFile(path, 'half of something');
    await refuses(sourceOf(path).open(), 'busy', /not written to its end/);
  });
  it('that was cut off holds the run', async () => {
    await write(path, `CREATE TABLE people AS ${rows}`);
    await truncate(path, 5_000);
    await refuses(sourceOf(path).open(), 'busy');
  });
  it('that another process writes to holds the run, until it is done', async () => {
    await write(path, `CREATE TABLE people AS ${rows}`);
    const script = `const { DuckDBInstance } = await import('@duckdb/node-api');
      const instance = await DuckDBInstance.create(${JSON.stringify(path)});
      process.stdin.once('data', () => { instance.closeSync(); process.exit(0); });
      process.stdout.write('locked');`;
    const writer = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    await refuses(sourceOf(path).open(), 'busy', /locked/);
    const ended = once(writer, 'exit');
    writer.stdin.write('done');
    await ended;
    const snapshot = await sourceOf(path).open();
    await snapshot.close();
  });
  it('lets its writer in again when the snapshot is closed', async () => {
    await write(path, `CREATE TABLE people AS ${rows}`);
    const snapshot = await sourceOf(path).open();
    await snapshot.query('SELECT 1 AS one');
    await snapshot.close();
    await write(path, 'CREATE TABLE more AS SELECT 1 AS one');
  });
  it('gives a query no way to other files', async () => {
    await write(path, `CREATE TABLE people AS ${rows}`);
    await writeFile(join(directory, 'secret.csv'), 'a\n1\n');
    const snapshot = await sourceOf(path).open();
    await refuses(snapshot.query(`SELECT * FROM read_csv('${join(directory, 'secret.csv')}')`), 'query');
    await refuses(snapshot.query(`COPY people TO '${join(directory, 'out.csv')}'`), 'query');
    await refuses(snapshot.query('SET enable_external_access = true'), 'query');
    await snapshot.close();
  });
  it('prints doubles so that they read back as themselves, and times in UTC', async () => {
    await write(
      path,
      `CREATE TABLE t AS SELECT 0.1::DOUBLE + 0.2 AS d, TIMESTAMPTZ '2026-11-23 05:41:00-05' AS z, DATE '2026-11-23' AS day`,
    );
    const snapshot = await sourceOf(path).open();
    assert.deepEqual((await snapshot.query('SELECT * FROM t')).rows, [
      ['0.30000000000000004', '2026-11-23 10:41:00+00', '2026-11-23'],
    ]);
    await snapshot.close();
  });
  it('lets days begin where UTC has them begin, whatever zone the process runs in', async () => {
    await write(path, `CREATE TABLE t AS SELECT TIMESTAMPTZ '2026-11-23 23:41:00-05' AS z`);
    const snapshot = await sourceOf(path).open();
    assert.deepEqual((await snapshot.query('SELECT CAST(z AS DATE) AS day FROM t')).rows, [['2026-11-24']]);
    await snapshot.close();
  });
  it('refuses a query that answers more rows than a comparison needs', async () => {
    await write(path, `CREATE TABLE people AS ${rows}`);
    const snapshot = await sourceOf(path).open();
    assert.equal((await snapshot.query('SELECT x FROM range(100000) AS t (x)')).rows.length, 100_000);
    await refuses(snapshot.query('SELECT x FROM range(100001) AS t (x)'), 'query', /100,000 rows/);
    await snapshot.close();
  });
  it('closes its snapshots when it is closed itself', async () => {
    await write(path, `CREATE TABLE people AS ${rows}`);
    const source = sourceOf(path);
    const snapshot = await source.open();
    await source.close();
    await refuses(snapshot.query('SELECT 1 AS one'), 'unreachable');
  });
});
