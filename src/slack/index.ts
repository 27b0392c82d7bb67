import type { RequestListener } from 'node:http';
import type { Receiver } from '@slack/bolt';
import type { Log } from '../core/log.ts';
import type { Courier } from '../core/messages/message.ts';
import type { Actor, Request } from '../core/request.ts';
import type { EarlierOf, Taken } from '../core/take-request.ts';
import { createSlackCourier } from './courier.ts';
import type { FormFor } from './forms.ts';
import { createHttpReceiver } from './http.ts';
import { createIdentity, IdentityError } from './identity.ts';
import { createMembers } from './members.ts';
import { createBoltApp } from './receive.ts';
import { createSocketConnections } from './socket.ts';
import { createUserGroups, type MembersOf } from './user-groups.ts';

/** `apiUrl` ends with a slash; absent: Slack's own. Tokens and secrets are never logged. */
export type SlackSettings =
  | { readonly mode: 'socket'; readonly botToken: string; readonly appToken: string; readonly apiUrl?: string }
  | { readonly mode: 'http'; readonly botToken: string; readonly signingSecret: string; readonly apiUrl?: string };

export interface SlackOptions {
  readonly settings: SlackSettings;
  /** Writes the request down, durably; only then is Slack told that we have it. The same id may come again. */
  readonly onRequest: (request: Request) => Promise<Taken>;
  /** What became of a form that was sent before; undefined where nothing did. */
  readonly earlierOf: EarlierOf;
  /** The form that words ask for, or why nobody is asked; undefined where they say it all. */
  readonly formFor: FormFor;
  readonly log: Log;
  /** The real time; default: the system's clock. */
  readonly now?: () => Date;
  /** Bound for `onRequest` in milliseconds; default 2,500, as Slack waits 3 s. */
  readonly savingMilliseconds?: number;
  /** Default 5,000: see SocketOptions. */
  readonly staggerMilliseconds?: number;
}

export interface SlackConnection {
  /**
   * Begins to listen. Rejects with IdentityError when Slack does not accept the bot's token; when Slack can't be reached,
   * goes on trying and says so in `problem`.
   */
  start(): Promise<void>;
  /** Takes nothing new. The courier goes on working. */
  stop(): Promise<void>;
  readonly courier: Courier;
  /** Why somebody may not decide, whatever roles they have; undefined for a full member of the workspace. */
  outsider(actor: Actor): Promise<string | undefined>;
  readonly membersOf: MembersOf;
  /** What is wrong with the connection, in words; undefined while all is well. */
  problem(): string | undefined;
  /** In HTTP mode: answers `POST /slack/events`, to be mounted on a server. */
  readonly requestListener?: RequestListener;
}

/** How Slack's requests reach us. */
interface Way {
  readonly receiver: Receiver;
  problem(): string | undefined;
  readonly listener?: RequestListener;
}

/** Slack, both ways: what people do there becomes a Request; what the outbox holds goes out through the courier. */
export function connectSlack(options: SlackOptions): SlackConnection {
  const { settings, log } = options;
  const { botToken, apiUrl } = settings;
  const now = options.now ?? (() => new Date());
  const identity = createIdentity({ botToken, apiUrl, log });
  const courier = createSlackCourier({ botToken, log, ...(apiUrl === undefined ? {} : { apiUrl }) });

  const way: Way =
    settings.mode === 'socket'
      ? createSocketConnections({
          appToken: settings.appToken,
          apiUrl,
          log,
          now,
          connections: 2,
          staggerMilliseconds: options.staggerMilliseconds ?? 5_000,
        })
      : { ...createHttpReceiver({ signingSecret: settings.signingSecret, log, now }), problem: () => undefined };
  const app = createBoltApp({
    receiver: way.receiver,
    botToken,
    apiUrl,
    identity: identity.ask,
    onRequest: options.onRequest,
    earlierOf: options.earlierOf,
    formFor: options.formFor,
    log,
    now,
    savingMilliseconds: options.savingMilliseconds ?? 2_500,
  });

  return {
    courier,
    outsider: createMembers({ botToken, apiUrl, identity, log }),
    membersOf: createUserGroups({ botToken, apiUrl, log }),
    problem: () => way.problem() ?? identity.problem(),
    start: async () => {
      try {
        await identity.ask();
      } catch (error) {
        if (!(error instanceof IdentityError) || error.failure.kind === 'stopped') throw error;
        log.warn({ reason: error.message }, 'Slack does not answer yet: trying again with each request');
      }
      await app.start();
    },
    stop: async () => {
      await app.stop();
    },
    ...(way.listener !== undefined ? { requestListener: way.listener } : {}),
  };
}

export { createSlackCourier } from './courier.ts';
export { IdentityError } from './identity.ts';
