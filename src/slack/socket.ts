import { setTimeout as sleep } from 'node:timers/promises';
import { type App, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Log } from '../core/log.ts';
import { acknowledgeLate } from './acknowledge-late.ts';
import { callMilliseconds, slackLogger } from './client.ts';
import { type Failure, failureOf } from './errors.ts';

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string | undefined;
  readonly log: Log;
  readonly now: () => Date;
  /** How many connections to hold; Slack delivers each thing over one of them. */
  readonly connections: number;
  /** Time between the first attempts of the connections, so that Slack does not refresh them all at once. */
  readonly staggerMilliseconds: number;
}

export interface SocketConnections {
  readonly receiver: Receiver;
  /** Why nothing can arrive; undefined while at least one connection stands. */
  problem(): string | undefined;
}

/** Longest time from the first step of a connection to Slack's hello. */
const connectMilliseconds = 15_000;
const shortestPause = 250;
const longestPause = 30_000;
/** A connection that stood this long was a good one: the next attempt follows without a pause. */
const goodMilliseconds = 10_000;

/**
 * Socket Mode over several connections at once. Slack closes each now and then; while one is opened again, the others
 * deliver. The library's own reconnecting is off: it waits seconds after each close, and its rejected promise ends the
 * process when Slack answers an attempt with an HTTP error.
 */
export function createSocketConnections(options: SocketOptions): SocketConnections {
  const stopping = new AbortController();
  const links = Array.from({ length: options.connections }, (_, index) => createLink(options, index, stopping.signal));
  let lostAt = options.now();
  let working: Promise<void>[] = [];
  const up = (): number => links.filter((link) => link.connected()).length;
  for (const link of links) {
    link.onLost(() => {
      if (up() === 0) lostAt = options.now();
    });
  }
  return {
    problem: () => {
      if (up() > 0) return undefined;
      const reason = links.map((link) => link.lastProblem()).find((problem) => problem !== undefined);
      return `No connection to Slack since ${lostAt.toISOString()}${reason === undefined ? '' : `: ${reason}`}.`;
    },
    receiver: {
      init: (app: App) => {
        for (const link of links) link.init(acknowledgeLate(app));
      },
      start: async () => {
        working = links.map((link) => link.hold());
        await links[0]?.firstAttempt;
      },
      stop: async () => {
        stopping.abort();
        await Promise.all(links.map((link) => link.close()));
        await Promise.all(working);
      },
    },
  };
}

function createLink(options: SocketOptions, index: number, stopping: AbortSignal) {
  const { log } = options;
  const receiver = new SocketModeReceiver({
    appToken: options.appToken,
    autoReconnectEnabled: false,
    logger: slackLogger(log),
    // Nothing that failed is acknowledged: Slack delivers it again.
    processEventErrorHandler: ({ error }) => {
      log.error({ err: error }, 'something from Slack could not be taken and is not acknowledged');
      return Promise.resolve(false);
    },
    installerOptions: {
      clientOptions: {
        ...(options.apiUrl === undefined ? {} : { slackApiUrl: options.apiUrl }),
        retryConfig: { retries: 0 },
        timeout: callMilliseconds,
        rejectRateLimitedCalls: true,
        fetch: (input, init) =>
          fetch(input, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, stopping]) : stopping }),
      },
    },
  });
  const { client } = receiver;
  let connected = false;
  let problem: string | undefined;
  let lost = (): void => undefined;
  let settleFirst = (): void => undefined;
  const firstAttempt = new Promise<void>((resolve) => {
    settleFirst = resolve;
  });

  /** One connection from its first step to its end. Resolves when it ended; rejects when it never stood. */
  const connectOnce = async (): Promise<void> => {
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    client.once('disconnected', end);
    const timer = setTimeout(() => void client.disconnect(), connectMilliseconds);
    try {
      await receiver.start();
    } catch (error) {
      client.off('disconnected', end);
      throw error;
    } finally {
      clearTimeout(timer);
    }
    connected = true;
    problem = undefined;
    log.info({ connection: index }, 'connected to Slack');
    settleFirst();
    if (stopping.aborted) void client.disconnect();
    await ended;
    connected = false;
    lost();
  };

  const pauseAfter = (failure: Failure | undefined, failures: number): number => {
    if (failure?.kind === 'rateLimited') return failure.retryAfterSeconds * 1_000;
    if (failures === 0) return 0;
    return Math.min(longestPause, shortestPause * 2 ** Math.min(failures, 10)) * (0.75 + Math.random() / 2);
  };

  const hold = async (): Promise<void> => {
    let failures = 0;
    await pause(index * options.staggerMilliseconds, stopping);
    while (!stopping.aborted) {
      const began = performance.now();
      let failure: Failure | undefined;
      try {
        await connectOnce();
        failures = performance.now() - began >= goodMilliseconds ? 0 : failures + 1;
      } catch (error) {
        failures += 1;
        // The client rejects with nothing when the WebSocket was closed before Slack's hello.
        failure = failureOf(error ?? new Error('closed before the greeting'), 'repeatable');
        problem = failure.kind === 'rateLimited' ? 'Slack asks for a pause' : adviceFor(failure);
        if (!stopping.aborted) log.warn({ connection: index, reason: problem }, 'no connection to Slack');
      }
      settleFirst();
      await pause(pauseAfter(failure, failures), stopping);
    }
  };

  return {
    firstAttempt,
    hold,
    init: (app: App) => receiver.init(app),
    connected: () => connected,
    lastProblem: () => problem,
    onLost: (listener: () => void) => {
      lost = listener;
    },
    close: () => client.disconnect(),
  };
}

/** The table of errors speaks of the bot's token; connections are opened with the other one. */
function adviceFor(failure: Exclude<Failure, { kind: 'rateLimited' }>): string {
  return failure.kind === 'stopped'
    ? 'Slack does not accept the app-level token: check SLACK_APP_TOKEN and its scope connections:write'
    : failure.reason;
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
