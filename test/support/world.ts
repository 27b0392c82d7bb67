import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { createLog } from '../../src/operate/logger.ts';
import { openStore } from '../../src/store/open.ts';
import type { BotSettings, Day } from './bot-settings.ts';
import { createDatabase } from './postgres-server.ts';
import { type Proxy, startProxy } from './proxy.ts';

const deliverySpeed = 10;

/** The whole way outside: a database server, the workspace, and bots that die. */
export interface World {
  readonly database: Awaited<ReturnType<typeof createDatabase>>;
  readonly simulator: Simulator;
  readonly proxy: Proxy;
  readonly channel: string;
  readonly alerts: string;
  settings(more?: Partial<BotSettings>): BotSettings;
  close(): Promise<void>;
}

export const at = (now: string): Day => ({ now, setAt: Date.now() });

export async function createWorld(playbook: string, firstDay: number): Promise<World> {
  const database = await createDatabase();
  await database.query('create table legacy_people as select generate_series(1, 100) as id');
  await database.query('create table new_people as select generate_series(1, 99) as id');
  await database.query(
    'create table sync_runs (batch_date date, started_at timestamptz, finished_at timestamptz, rows_sent int, rows_loaded int)',
  );
  const proxy = await startProxy({ host: database.url.hostname, port: Number(database.url.port) });
  const epoch = Date.now();
  // Slack and the bots agree on the time, as they do outside: a lost post is looked for from its own time on.
  const simulator = await startSimulator({
    port: 0,
    now: () => new Date(epoch + (Date.now() - epoch) * deliverySpeed),
  });
  const directory = await mkdtemp(join(tmpdir(), 'parallel-run-crash-'));
  const playbookPath = join(directory, 'playbook.yml');
  await writeFile(playbookPath, playbook);
  const [channel, alerts] = ['parallel-run', 'parallel-run-alerts'].map((name) => {
    const found = simulator.channels.find((one) => one.name === name);
    assert.ok(found, `the simulator has no #${name}`);
    return found.id;
  }) as [string, string];
  const through = new URL(database.url);
  through.host = `127.0.0.1:${proxy.port}`;
  return {
    database,
    simulator,
    proxy,
    channel,
    alerts,
    settings: (more) => ({
      playbookPath,
      environment: {
        RECONCILIATION_CHANNEL: channel,
        ALERTS_CHANNEL: alerts,
        LEGACY_DATABASE_URL: database.url.href,
      },
      databaseUrl: through.href,
      slack: {
        mode: 'socket',
        apiUrl: simulator.apiUrl,
        botToken: simulator.botToken,
        appToken: simulator.appToken,
      },
      day: at(new Date(firstDay).toISOString()),
      deliverySpeed,
      epoch,
      ...more,
    }),
    close: async () => {
      await simulator.close();
      await proxy.close();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The keys of the bot's posts in a channel, by its own metadata. */
export function keysIn(world: World, channel: string): string[] {
  return world.simulator
    .messages(channel)
    .map(({ metadata }) => (metadata as { event_payload?: { key?: string } } | undefined)?.event_payload?.key)
    .filter((key) => key !== undefined);
}

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

export async function settled(world: World): Promise<void> {
  await eventually('everything that was asked for is done', 60, async () => {
    const { rows } = await world.database.query(
      `select (select count(*) from parallel_run.outbox where state = 'pending')
            + (select count(*) from parallel_run.inbox where state in ('waiting', 'pending')) as open`,
    );
    return Number(rows[0].open) === 0;
  });
}

export async function assertAuditWhole(world: World): Promise<void> {
  const store = await openStore({ databaseUrl: world.database.url.href, log: createLog('silent') });
  try {
    const verified = await store.transaction((tx) => tx.audit.verify());
    assert.deepEqual(
      { ...verified, head: undefined, entries: undefined },
      { ok: true, head: undefined, entries: undefined },
    );
    assert.ok(verified.entries > 0);
  } finally {
    await store.close();
  }
}
