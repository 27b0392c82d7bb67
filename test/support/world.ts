import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { createLog } from '../../src/operate/logger.ts';
import { openStore } from '../../src/store/open.ts';
import type { BotSettings } from './bot-settings.ts';
import { at, createGround, type Ground } from './ground.ts';
import { type Proxy, startProxy } from './proxy.ts';

const deliverySpeed = 10;

/** The whole way outside: a database server, the workspace, and bots that die. */
export interface World extends Ground {
  readonly simulator: Simulator;
  readonly proxy: Proxy;
  readonly channel: string;
  readonly alerts: string;
  settings(more?: Partial<BotSettings>): BotSettings;
}

export async function createWorld(playbook: string, firstDay: number): Promise<World> {
  const ground = await createGround(playbook);
  const { database, playbookPath } = ground;
  const proxy = await startProxy({ host: database.url.hostname, port: Number(database.url.port) });
  const epoch = Date.now();
  // Slack and the bots agree on the time, as they do outside: a lost post is looked for from its own time on.
  const simulator = await startSimulator({
    port: 0,
    now: () => new Date(epoch + (Date.now() - epoch) * deliverySpeed),
  });
  const [channel, alerts] = ['parallel-run', 'parallel-run-alerts'].map((name) => {
    const found = simulator.channels.find((one) => one.name === name);
    assert.ok(found, `the simulator has no #${name}`);
    return found.id;
  }) as [string, string];
  const through = new URL(database.url);
  through.host = `127.0.0.1:${proxy.port}`;
  return {
    ...ground,
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
      await ground.close();
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
