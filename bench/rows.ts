import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import type { RowComparison } from '../src/core/playbook/playbook.ts';
import { measureRows } from '../src/core/rows/measure-rows.ts';
import type { Source } from '../src/core/sources.ts';
import { createSource } from '../src/sources/create-source.ts';
import { compareInTurns, inWords, median, ratioOf, timed } from './rounds.ts';

/*
 * A comparison of rows, beside the least that reading them takes: one count and one sum of each engine's own record hash,
 * both sides at once. With DuckDB it is shown beside a second floor too, md5 of each row's text on both sides at once:
 * what two engines that share no other hash take at least, when nothing is compared. BENCH_DATABASE_URL and
 * BENCH_SECOND_DATABASE_URL name throw-away servers (the second is the first when it is not set), BENCH_ROWS the sizes,
 * BENCH_KEYS and BENCH_DIFFERING what of "dense gappy uuid" and of the shares "0 10 1% 30%", BENCH_ENGINES "postgresql" or
 * "duckdb" for the new side. What it prints are rows of the table in README.md.
 */

const [first, second] = [process.env['BENCH_DATABASE_URL'], process.env['BENCH_SECOND_DATABASE_URL']];
if (first === undefined) throw new Error('Set BENCH_DATABASE_URL to a throw-away PostgreSQL server.');
const listOf = (name: string, otherwise: string): string[] => (process.env[name] ?? otherwise).split(' ');
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);

/** A dense key; one with gaps and an outlier; one without any order. */
const keys: Readonly<Record<string, string>> = {
  dense: 'i::bigint',
  gappy: 'CASE WHEN i = 1 THEN 9000000000000000000 ELSE i::bigint * 1000 + i % 7 END',
  uuid: 'md5(i::text)::uuid',
};

/** Which rows differ in the new system. */
const differing: Readonly<Record<string, (rows: number) => string>> = {
  '0': () => 'false',
  '10': (rows) => `i % ${Math.floor(rows / 10)} = 5`,
  '1%': () => 'i % 100 = 5',
  '30%': () => 'i % 10 IN (1, 4, 7)',
};

const table = (key: string, rows: number, differs: string): string => `
  CREATE TABLE people AS SELECT ${key} AS id, 'Person ' || i AS name, 'A' || i % 3 AS status, (i % 5)::integer AS level,
    'Department ' || i % 40 AS department, date '2000-01-01' + (i % 9000)::integer AS hired,
    CASE WHEN ${differs} THEN 1 ELSE 0 END + (50000 + i % 90000)::numeric(12, 2) AS pay, (i % 1000)::bigint AS manager,
    i % 2 = 0 AS full_time, (i % 40)::integer AS hours, 'Street ' || i % 500 AS street, 'City ' || i % 90 AS city,
    (10000 + i % 80000)::text AS zip, timestamp '2020-01-01' + (i % 100000) * interval '1 minute' AS changed,
    CASE WHEN i % 7 = 0 THEN NULL ELSE i % 7 END AS note
  FROM generate_series(1, ${rows}) AS i`;

const comparison: RowComparison = {
  name: 'people',
  title: 'People',
  legacy: 'SELECT * FROM people',
  new: 'SELECT * FROM people',
  key: ['id'],
  agreement: '100',
  ignore: [],
  columns: {},
  limits: {},
  segments: [{ column: 'level', part: 'value' }],
  noun: ['person', 'people'],
};

interface System {
  readonly source: Source;
  /** Reads and hashes every row, and nothing else. */
  floor(): Promise<unknown>;
  /** The same by md5 of the row's text. */
  md5Floor(): Promise<unknown>;
  close(): Promise<void>;
}

const run = promisify(execFile);
const databaseUrl = (server: string, name: string): string =>
  Object.assign(new URL(server), { pathname: `/${name}` }).href;

async function onPostgresql(server: string, name: string, statement: string): Promise<System> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`DROP DATABASE IF EXISTS ${name}`);
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  const url = databaseUrl(server, name);
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  await pool.query(statement);
  await pool.query('ALTER TABLE people ADD PRIMARY KEY (id)');
  await pool.query('VACUUM ANALYZE people');
  const { rows } = await pool.query<{ id: string }>('SELECT pg_backend_pid()::text AS id');
  servers.add((await statOf(rows[0]?.id ?? ''))[0] ?? '');
  return {
    source: createSource({ kind: 'postgresql', title: name, url, statementTimeoutSeconds: 3_600, connections: 1 }),
    floor: () => pool.query('SELECT count(*), sum(hash_record_extended(t, 0)) FROM people t'),
    md5Floor: () => pool.query('SELECT count(*), max(md5(t::text)) FROM people t'),
    close: () => pool.end(),
  };
}

async function onDuckdb(directory: string, server: string, statement: string): Promise<System> {
  const path = join(directory, 'new.duckdb');
  await rm(path, { force: true });
  const from = await onPostgresql(server, 'bench_rows_copied', statement);
  const csv = join(directory, 'people.csv');
  await run('psql', [
    databaseUrl(server, 'bench_rows_copied'),
    '-qc',
    `\\copy people TO '${csv}' WITH (FORMAT csv, HEADER, NULL '\\N')`,
  ]);
  await from.source.close();
  await from.close();
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(`CREATE TABLE people AS SELECT * FROM read_csv('${csv}', header = true, nullstr = '\\N', columns = {
    id: 'BIGINT', name: 'VARCHAR', status: 'VARCHAR', level: 'INTEGER', department: 'VARCHAR', hired: 'DATE',
    pay: 'DOUBLE', manager: 'BIGINT', full_time: 'BOOLEAN', hours: 'INTEGER', street: 'VARCHAR', city: 'VARCHAR',
    zip: 'VARCHAR', changed: 'TIMESTAMP', note: 'INTEGER'})`);
  connection.closeSync();
  instance.closeSync();
  const ask = async (sql: string): Promise<void> => {
    const reading = await DuckDBInstance.create(path, { access_mode: 'READ_ONLY' });
    const reader = await reading.connect();
    await reader.runAndReadAll(sql);
    reader.closeSync();
    reading.closeSync();
  };
  return {
    source: createSource({ kind: 'duckdb', title: 'new', path, statementTimeoutSeconds: 3_600 }),
    floor: () => ask('SELECT count(*), sum(hash(people)) FROM people'),
    md5Floor: () => ask('SELECT count(*), max(md5(CAST(people AS VARCHAR))) FROM people'),
    close: async () => undefined,
  };
}

const megabytes = (): number => process.memoryUsage.rss() / 2 ** 20;

/** The main processes of the servers, where they are on this machine. */
const servers = new Set<string>();

/** What /proc says of a process, from its parent on. */
async function statOf(id: string): Promise<readonly string[]> {
  const text = await readFile(`/proc/${id}/stat`, 'utf8').catch(() => '');
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(1);
}

/** Milliseconds of processor time of this process and of the servers, where /proc tells it in hundredths of a second. */
async function processorTime(): Promise<{ readonly own: number; readonly servers: number }> {
  const { user, system } = process.cpuUsage();
  let ofServers = 0;
  for (const id of await readdir('/proc').catch(() => [])) {
    const [parent = '', ...more] = await statOf(id);
    const [itself = 0, ended = 0] = [more.slice(9, 11), more.slice(11, 13)].map((times) =>
      times.map(Number).reduce((sum, time) => sum + time, 0),
    );
    if (servers.has(parent)) ofServers += 10 * itself;
    if (servers.has(id)) ofServers += 10 * (itself + ended);
  }
  return { own: (user + system) / 1_000, servers: ofServers };
}

async function bench(size: number, key: string, share: string, engine: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-rows-'));
  const differs = differing[share]?.(size) ?? 'false';
  const legacy = await onPostgresql(first as string, 'bench_rows_legacy', table(keys[key] ?? 'i', size, 'false'));
  const changed = table(keys[key] ?? 'i', size, differs);
  const now =
    engine === 'duckdb'
      ? await onDuckdb(directory, first as string, changed)
      : await onPostgresql(second ?? (first as string), 'bench_rows_new', changed);
  let [peak, before, found] = [0, 0, ''];
  const spent = { ours: { own: 0, servers: 0 }, floor: { own: 0, servers: 0 } };
  const counted = async (of: keyof typeof spent, work: () => Promise<number>): Promise<number> => {
    const before = await processorTime();
    const took = await work();
    const after = await processorTime();
    spent[of].own += after.own - before.own;
    spent[of].servers += after.servers - before.servers;
    return took;
  };
  const compareOnce = async (): Promise<number> => {
    const snapshots = { legacy: await legacy.source.open(), new: await now.source.open() };
    if (before === 0) before = megabytes();
    const watch = setInterval(() => {
      peak = Math.max(peak, megabytes());
    }, 20);
    try {
      return await timed(async () => {
        const { result } = await measureRows(comparison, snapshots, {
          toExplain: [],
          progress: () => undefined,
          signal: new AbortController().signal,
        });
        found = `${result.agree} agree, ${result.differ} differ${result.reason === '' ? '' : `, ${result.reason}`}`;
      });
    } finally {
      clearInterval(watch);
      await Promise.all([snapshots.legacy.close(), snapshots.new.close()]);
    }
  };
  const floor = (): Promise<number> => timed(() => Promise.all([legacy.floor(), now.floor()]));
  const name = `${engine === 'duckdb' ? 'PostgreSQL and DuckDB' : 'PostgreSQL'}, ${key}`;
  const compared = await compareInTurns(
    name,
    rounds,
    () => counted('ours', compareOnce),
    () => counted('floor', floor),
  );
  const aim = engine === 'duckdb' ? 3 : ({ '1%': 1.7, '30%': 2.5 }[share] ?? 1.2);
  const whole = ({ own, servers }: typeof spent.ours): number => own + servers;
  const seconds = (milliseconds: number): string => (milliseconds / 1_000 / (rounds + 1)).toFixed(1);
  const cells = [
    name,
    size.toLocaleString('en'),
    share,
    ratioOf(compared),
    String(aim),
    (whole(spent.ours) / whole(spent.floor)).toFixed(1),
    `${seconds(spent.ours.own)} + ${seconds(spent.ours.servers)} s`,
    `${peak.toFixed(0)} MB, ${before.toFixed(0)} MB`,
  ];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
  if (engine === 'duckdb') {
    const md5 = await timed(() => Promise.all([legacy.md5Floor(), now.md5Floor()]));
    const ratio = (median(compared.product) / md5).toFixed(2);
    process.stderr.write(`  md5 of each row's text on both sides: ${md5.toFixed(0)} ms; ours is ${ratio} times that\n`);
  }
  process.stderr.write(`  ${inWords(compared, aim)}; ${found}\n`);
  await Promise.all([legacy.source.close(), now.source.close()]);
  await Promise.all([legacy.close(), now.close()]);
  await rm(directory, { recursive: true, force: true });
}

const cases = listOf('BENCH_ENGINES', 'postgresql duckdb').flatMap((engine) =>
  listOf('BENCH_ROWS', '1000000').flatMap((size) =>
    listOf('BENCH_KEYS', 'dense gappy uuid')
      .filter((key) => engine !== 'duckdb' || key !== 'uuid')
      .flatMap((key) => listOf('BENCH_DIFFERING', '0 10 1% 30%').map((share) => ({ engine, size, key, share }))),
  ),
);
const [only] = cases;
if (cases.length === 1 && only !== undefined) await bench(Number(only.size), only.key, only.share, only.engine);
else {
  process.stdout.write(
    `| systems, key | rows a side | differ | times the floor (spread over ${rounds} rounds) | aim | processor time, times the floor's | bot + servers | resident, of it before |\n|---|---|---|---|---|---|---|---|\n`,
  );
  // Each in a process of its own: what one leaves behind is not the next one's.
  for (const { engine, size, key, share } of cases) {
    const asked = { BENCH_ENGINES: engine, BENCH_ROWS: size, BENCH_KEYS: key, BENCH_DIFFERING: share };
    const { stdout, stderr } = await run(process.execPath, process.argv.slice(1), {
      env: { ...process.env, ...asked },
    });
    process.stdout.write(stdout);
    process.stderr.write(stderr);
  }
}
