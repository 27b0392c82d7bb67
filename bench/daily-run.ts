import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import pg from 'pg';
import { reconcile } from '../src/core/checks/reconcile.ts';
import type { Check } from '../src/core/playbook/playbook.ts';
import { createPostgresqlSource } from '../src/sources/postgresql.ts';
import { thePlaybook } from '../test/support/services.ts';
import { compareInTurns, inWords, timed } from './rounds.ts';

/*
 * A whole daily run over two PostgreSQL databases, beside the very same queries in psql: one psql a side, both at once.
 * The floor is the slower side, which is when both are done. BENCH_DATABASE_URL names a throw-away server;
 * BENCH_PEOPLE the sizes, such as "1000000 10000000".
 */

const server = process.env['BENCH_DATABASE_URL'];
if (server === undefined) throw new Error('Set BENCH_DATABASE_URL to a throw-away PostgreSQL server.');
const sizes = (process.env['BENCH_PEOPLE'] ?? '1000000').split(' ').map(Number);
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);

const years = [2025, 2026, 2027, 2028, 2029];
const value = (sql: string): string => sql.replace(/\s+/g, ' ').trim();

/** The default playbook's checks, both sides in PostgreSQL with the new system's own names and types. */
function checksOnPostgresql(): Check[] {
  return thePlaybook().checks.map((check) => ({ ...check, legacy: value(check.legacy), new: value(check.new) }));
}

async function fill(url: string, people: number, side: 'legacy' | 'new'): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const level = side === 'legacy' ? '((i % 5 + 1) * 10)::text' : '(i % 5 + 1)::integer';
  const status =
    side === 'legacy'
      ? `CASE WHEN i % 20 = 0 THEN 'T' ELSE 'A' END::char(1)`
      : `CASE WHEN i % 20 = 0 THEN 'terminated' ELSE 'active' END`;
  const everybody = `FROM generate_series(1, ${people / years.length}) AS i, unnest(ARRAY[${years.join(',')}]) AS y`;
  const events =
    side === 'legacy'
      ? `(ARRAY['HIR','TRM','PRO','RAI'])[i % 4 + 1]`
      : `(ARRAY['hire','termination','promotion','raise'])[i % 4 + 1]`;
  const statements =
    side === 'legacy'
      ? [
          'CREATE SCHEMA legacy',
          `CREATE TABLE legacy.workforce AS SELECT y AS plan_year, 'baseline'::text AS scenario, 'E' || i AS employee_id,
             ${status} AS status, ${level} AS level_code, (50000 + i % 90000)::numeric(12, 2) AS salary ${everybody}`,
          `CREATE VIEW legacy.employees AS SELECT * FROM legacy.workforce WHERE plan_year = 2029 AND scenario = 'baseline'`,
          `CREATE TABLE legacy.events AS SELECT y AS plan_year, ${events} AS event_code, 'E' || i AS employee_id ${everybody}`,
        ]
      : [
          `CREATE TABLE fct_workforce_snapshot AS SELECT y AS simulation_year, 'baseline'::text AS scenario_id,
             'E' || i AS employee_id, ${status} AS employment_status, ${level} AS level_id,
             (50000 + i % 90000)::double precision AS current_compensation ${everybody}`,
          `CREATE TABLE fct_yearly_events AS SELECT y AS simulation_year, ${events} AS event_type, 'E' || i AS employee_id ${everybody}`,
        ];
  for (const statement of statements) await client.query(statement);
  await client.query('VACUUM ANALYZE');
  await client.end();
}

async function psql(url: string, queries: readonly string[]): Promise<void> {
  const script = [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;',
    ...queries.map((query) => `${query};`),
    'COMMIT;',
  ];
  const child = spawn('psql', [url, '-qAt', '-v', 'ON_ERROR_STOP=1', '-f', '-'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  child.stdin.end(script.join('\n'));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`psql ended with ${code}`);
}

async function bench(people: number): Promise<void> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  const names = { legacy: `bench_legacy_${people}`, new: `bench_new_${people}` };
  const urlOf = (name: string): string => Object.assign(new URL(server as string), { pathname: `/${name}` }).href;
  const urls = { legacy: urlOf(names.legacy), new: urlOf(names.new) };
  try {
    for (const side of ['legacy', 'new'] as const) {
      await admin.query(`DROP DATABASE IF EXISTS ${names[side]}`);
      await admin.query(`CREATE DATABASE ${names[side]}`);
      await fill(urls[side], people, side);
    }
    const checks = checksOnPostgresql();
    const playbook = {
      ...thePlaybook(),
      comparisons: [],
      checks,
      readiness: { batchDate: 'any' as const, deadline: '10:00', retryMinutes: 15, syncLimitMinutes: 60 },
    };
    const source = (side: 'legacy' | 'new') =>
      createPostgresqlSource({
        kind: 'postgresql',
        title: side,
        url: urls[side],
        statementTimeoutSeconds: 600,
        connections: 1,
      });
    const sources = { legacy: source('legacy'), new: source('new') };
    const request = {
      checks: [],
      requestedBy: { platform: 'terminal', workspace: '', user: 'bench', name: 'bench' } as const,
      slot: null,
      signal: new AbortController().signal,
    };
    const product = async (): Promise<void> => {
      const run = await reconcile({
        playbook,
        sources,
        request,
        clock: { now: () => new Date() },
        random: Math.random,
        suppressedKeys: new Map(),
        hiddenCauses: new Map(),
        knownOfRows: new Map(),
        wait: async () => undefined,
      });
      if (run.state !== 'pass')
        throw new Error(`the run is ${run.state}: ${JSON.stringify(run.checks.map(({ reason }) => reason))}`);
    };
    const floor = () =>
      Promise.all([
        psql(
          urls.legacy,
          checks.map((check) => check.legacy),
        ),
        psql(
          urls.new,
          checks.map((check) => check.new),
        ),
      ]);
    const figures = await compareInTurns(
      `daily run, ${people.toLocaleString('en')} rows of people a side`,
      rounds,
      () => timed(product),
      () => timed(floor),
    );
    process.stdout.write(`${inWords(figures, 1.1)}\n`);
    await Promise.all([sources.legacy.close(), sources.new.close()]);
  } finally {
    for (const side of ['legacy', 'new'] as const) await admin.query(`DROP DATABASE IF EXISTS ${names[side]}`);
    await admin.end();
  }
}

for (const size of sizes) await bench(size);
