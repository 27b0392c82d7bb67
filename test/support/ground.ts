import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Day } from './bot-settings.ts';
import { createDatabase } from './postgres-server.ts';

/** What bots that die stand on, whichever chat they speak in: a database server with both systems, and a playbook's file. */
export interface Ground {
  readonly database: Awaited<ReturnType<typeof createDatabase>>;
  readonly playbookPath: string;
  /** Messages and requests that are not done yet. */
  open(): Promise<number>;
  close(): Promise<void>;
}

/** Legacy has a hundred people, the new system one fewer; both are in the bot's own database. */
export async function createGround(playbook: string): Promise<Ground> {
  const database = await createDatabase();
  await database.query('create table legacy_people as select generate_series(1, 100) as id');
  await database.query('create table new_people as select generate_series(1, 99) as id');
  await database.query(
    'create table sync_runs (batch_date date, started_at timestamptz, finished_at timestamptz, rows_sent int, rows_loaded int)',
  );
  const directory = await mkdtemp(join(tmpdir(), 'parallel-run-crash-'));
  const playbookPath = join(directory, 'playbook.yml');
  await writeFile(playbookPath, playbook);
  return {
    database,
    playbookPath,
    open: async () => {
      const { rows } = await database.query(
        `select (select count(*) from parallel_run.outbox where state = 'pending')
              + (select count(*) from parallel_run.inbox where state in ('waiting', 'pending')) as open`,
      );
      return Number(rows[0].open);
    },
    close: async () => {
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const at = (now: string): Day => ({ now, setAt: Date.now() });

/** Looks again until it holds; rejects when it does not within so many seconds. */
export async function eventually(
  what: string,
  seconds: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const until = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const settled = ({ open }: Pick<Ground, 'open'>): Promise<void> =>
  eventually('everything that was asked for is done', 90, async () => (await open()) === 0);
