import { startApp } from '../../src/app.ts';
import type { Courier } from '../../src/core/messages/message.ts';
import type { Store, Transaction } from '../../src/core/store.ts';
import type { Clock } from '../../src/core/time/clock.ts';
import { createLog } from '../../src/operate/logger.ts';
import { createSources, loadPlaybook } from '../../src/setup.ts';
import { openStore } from '../../src/store/open.ts';
import type { BotSettings, BotStarted, CrashPoint, Day } from './bot-settings.ts';

/**
 * The real bot as a process of its own that a test can kill. Run with one argument, the settings as JSON. It says
 * its port to its parent when it has started, and takes messages that set its time, or the point at which it dies.
 */
const settings: BotSettings = JSON.parse(process.argv[2] ?? '{}');

const { epoch, deliverySpeed } = settings;
let { crashAt } = settings;
/** The day that was set, running on as fast as the deliveries: leases of due times are of this clock. */
let { day } = settings;
const clock: Clock = { now: () => new Date(Date.parse(day.now) + (Date.now() - day.setAt) * deliverySpeed) };
const deliveryClock: Clock = { now: () => new Date(epoch + (Date.now() - epoch) * deliverySpeed) };

function reach(point: CrashPoint): void {
  if (point === crashAt) process.kill(process.pid, 'SIGKILL');
}

/** Notes whether a transaction closes work or marks a delivery, and dies on either side of its commit. */
function crashing(store: Store): Store {
  return {
    close: () => store.close(),
    transaction: async (work) => {
      let kind: 'commit' | 'mark' | undefined;
      const result = await store.transaction(async (tx) => {
        const watched: Transaction = {
          ...tx,
          slots: watch(tx.slots, ['finish'], () => (kind = 'commit')),
          inbox: watch(tx.inbox, ['finish'], () => (kind = 'commit')),
          outbox: watch(tx.outbox, ['settle'], () => (kind = 'mark')),
        };
        const value = await work(watched);
        if (kind !== undefined) reach(`before ${kind}`);
        return value;
      });
      if (kind !== undefined) reach(`after ${kind}`);
      return result;
    },
  };
}

function watch<T extends object>(target: T, methods: readonly string[], called: () => void): T {
  return new Proxy(target, {
    get: (object, name) => {
      const value: unknown = Reflect.get(object, name);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        if (methods.includes(String(name))) called();
        return Reflect.apply(value, object, given);
      };
    },
  });
}

const decorateCourier = (courier: Courier): Courier => ({
  platform: courier.platform,
  search: (claim) => courier.search(claim),
  probe: () => courier.probe(),
  deliver: async (claim) => {
    reach('before post');
    const outcome = await courier.deliver(claim);
    reach('after post');
    return outcome;
  },
});

const log = createLog('silent');
const playbook = await loadPlaybook(settings.playbookPath, settings.environment, 'serve');
// Where the database is down just now, this process can't start: the next one tries again.
const store = await openStore({ databaseUrl: settings.databaseUrl, log }).catch(() => process.exit(1));
const app = await startApp({
  playbook,
  store: crashing(store),
  sources: createSources(playbook),
  clock,
  deliveryClock,
  slack: settings.slack ?? null,
  teams: settings.teams ?? null,
  host: '127.0.0.1',
  port: settings.port ?? 0,
  log,
  decorateCourier,
});

process.on('message', (message: { day?: Day; crashAt?: CrashPoint; stop?: true }) => {
  if (message.crashAt !== undefined) crashAt = message.crashAt;
  if (message.day !== undefined) {
    day = message.day;
    app.tick().catch(() => undefined);
  }
  if (message.stop === true) {
    app.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  }
});
process.send?.({ port: app.port } satisfies BotStarted);
