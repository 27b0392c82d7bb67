import { createHmac } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { commands } from '../commands/index.ts';
import { schedules, watches } from '../schedules/index.ts';
import { createTicker } from './clock/ticker.ts';
import type { SlackConnection } from './config.ts';
import { formFor } from './core/answer-request.ts';
import type { Command } from './core/command.ts';
import type { Log } from './core/log.ts';
import { addressed } from './core/cards/addressed.ts';
import { cardAt } from './core/messages/card-at.ts';
import type { Courier } from './core/messages/message.ts';
import type { Request } from './core/request.ts';
import type { Services } from './core/services.ts';
import { earlierOf, type Taken, takeRequest } from './core/take-request.ts';
import { checkHealth, type Health } from './operate/health.ts';
import { startHttpServer } from './operate/http-server.ts';
import { createMetrics } from './operate/metrics.ts';
import { createReadingsListener } from './operate/readings.ts';
import { createServices, inAShell, type ServiceOptions, wait } from './services.ts';
import { connectSlack } from './slack/index.ts';
import { channelsOf } from './core/messages/place.ts';
import type { TeamsSettings } from './teams/settings.ts';
import { createDispatcher } from './workers/dispatcher.ts';
import { createInboxWorker } from './workers/inbox-worker.ts';
import { createSlotWorker } from './workers/slot-worker.ts';
import { createUserGroupWorker } from './workers/user-group-worker.ts';
import { createWatchWorker } from './workers/watch-worker.ts';

export interface AppOptions extends Omit<ServiceOptions, 'onRun' | 'outsider'> {
  /** At least one of the two; with both, one bot is in two places. */
  readonly slack?: SlackConnection | null;
  readonly teams?: TeamsSettings | null;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  /** Beside those of the product: the simulator's own. */
  readonly moreCommands?: readonly Command[];
  /** Who may report readings of metrics over HTTP signs with one of these; nobody may when there are none. */
  readonly metricsSigningSecrets?: readonly string[];
  /** Called when requests are taken, and before any is answered or anything is said. */
  readonly onListening?: (port: number) => Promise<void>;
  /** Stands between the dispatcher and a platform; tests use it. */
  readonly decorateCourier?: (courier: Courier) => Courier;
}

export interface App {
  readonly services: Services;
  readonly port: number;
  health(): Promise<Health>;
  /** Looks at once what is due; the simulator calls it when it moves its clock. */
  tick(): Promise<void>;
  /** Takes nothing new, finishes or hands back what is in hand, and closes what the app opened. At most about 25 s. */
  stop(): Promise<void>;
}

/** The bot's own token, or its password in Teams, is the one secret that every process of it has. */
function keyedHash(secret: string): (text: string) => string {
  const key = createHmac('sha256', secret).update('anonymous answers').digest();
  return (text) => createHmac('sha256', key).update(text).digest('hex');
}

const graceMilliseconds = 8_000;

/** Puts the house together and starts it: chat in, inbox, commands, schedules, outbox, chat out. */
export async function startApp(options: AppOptions): Promise<App> {
  const { store, log } = options;
  const watched = { store, now: () => services.deliveryClock.now() };
  const metrics = createMetrics(watched);
  const services = createServices({
    ...options,
    anonymous: keyedHash(options.slack?.botToken ?? options.teams?.appPassword ?? ''),
    onRun: metrics.run,
    outsider: (actor) => {
      const chat = actor.platform === 'slack' ? slack : actor.platform === 'teams' ? teams : undefined;
      return chat?.outsider(actor) ?? inAShell(actor);
    },
  });
  const { deliveryClock } = services;
  const known = [...commands, ...(options.moreCommands ?? [])];

  const ways = {
    log,
    onRequest: async (request: Request): Promise<Taken> => {
      const taken = await store.transaction((tx) => takeRequest(tx, request));
      inbox.nudge();
      return taken;
    },
    earlierOf: (request: Request) => store.transaction((tx) => earlierOf(tx, request)),
    formFor: (request: Request) => formFor(request, known, services),
  };
  const slack = options.slack == null ? undefined : connectSlack({ settings: options.slack, ...ways });
  // Loaded where it is used: Microsoft's SDK takes longer to load than everything else together.
  const teams =
    options.teams == null
      ? undefined
      : (await import('./teams/index.ts')).connectTeams({
          settings: options.teams,
          store,
          people: () => services.playbook.people,
          cardAt: async (at, after, signal) => {
            const card = await cardAt({ store, wait }, at, after, signal);
            return card === undefined ? undefined : addressed(card, 'teams', services.playbook.people);
          },
          ...ways,
        });
  const chats = [slack, teams].filter((chat) => chat !== undefined);
  const dispatchers = chats.map(({ courier }) =>
    createDispatcher({
      store,
      courier: options.decorateCourier?.(courier) ?? courier,
      clock: deliveryClock,
      log,
      playbook: () => services.playbook,
      onOutcome: metrics.delivery,
    }),
  );
  const onWritten = (): void => dispatchers.forEach((one) => one.nudge());
  const inbox = createInboxWorker({
    services,
    commands: known,
    clock: deliveryClock,
    log,
    onWritten,
  });
  // One a schedule: the watch that looks for a report must not wait for the run that makes it.
  const slots = schedules.map((schedule) => createSlotWorker({ services, schedules: [schedule], log, onWritten }));
  const works = [
    ...slots,
    ...(slack === undefined ? [] : [createUserGroupWorker({ services, membersOf: slack.membersOf })]),
    ...watches.map((watch) => createWatchWorker({ watch, services, onWritten })),
  ].map((one) => () => one.tick());
  const ticker = createTicker({ works, log, clock: deliveryClock });

  const health = (): Promise<Health> =>
    checkHealth({
      ...watched,
      lastTick: () => ticker.lastTick,
      connections: () => Object.fromEntries(chats.map((chat) => [chat.courier.platform, chat.problem()])),
      alertsChannels: channelsOf(services.playbook.channels.alerts, services.playbook),
    });
  const secrets = options.metricsSigningSecrets ?? [];
  const listeners = new Map<string, RequestListener>();
  if (slack?.requestListener !== undefined) listeners.set('/slack/events', slack.requestListener);
  if (teams !== undefined) listeners.set('/api/messages', teams.requestListener);
  if (secrets.length > 0) listeners.set('/readings', createReadingsListener({ services, secrets, log }));
  const server = await startHttpServer({ host: options.host, port: options.port, health, metrics, listeners });

  // First: a bot that its platform does not accept must not use up a due time, a request or a message.
  await Promise.all(chats.map((chat) => chat.start())).catch(async (error: unknown) => {
    await Promise.allSettled(chats.map((chat) => chat.stop()));
    await server.close();
    throw error;
  });
  await options.onListening?.(server.port);
  for (const dispatcher of dispatchers) dispatcher.start();
  inbox.start();
  ticker.start();

  return {
    services,
    port: server.port,
    health,
    tick: async () => {
      await Promise.all(works.map((work) => work()));
    },
    stop: async () => {
      await Promise.all(chats.map((chat) => chat.stop()));
      await ticker.stop();
      await Promise.all([inbox.stop(graceMilliseconds), ...slots.map((one) => one.stop(graceMilliseconds))]);
      await Promise.all(dispatchers.map((one) => one.stop()));
      await server.close();
    },
  };
}
