import type { Logger } from '@slack/bolt';
import { LogLevel } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { Log } from '../core/log.ts';

export interface ClientOptions {
  readonly token: string;
  /** With a slash at its end; default: Slack's own, https://slack.com/api/. */
  readonly apiUrl: string | undefined;
  readonly log: Log;
  /** Ends every call in flight. */
  readonly signal?: AbortSignal;
}

/** Longest time one call may take. */
export const callMilliseconds = 10_000;

/**
 * A client that sends each call once. Slack has no idempotency keys: the client's own retries posted one message several
 * times when an answer got lost, and its queue made every call wait for one that was sent too fast.
 */
export function createClient({ token, apiUrl, log, signal }: ClientOptions): WebClient {
  return new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    timeout: callMilliseconds,
    rejectRateLimitedCalls: true,
    logger: slackLogger(log),
    fetch: (input, init) => fetchWithPause(input, init, signal),
  });
}

/** Slack's libraries throw a nameless error for a 429 without a `Retry-After`: it gets the usual pause here. */
async function fetchWithPause(
  input: Parameters<typeof fetch>[0],
  init: Parameters<typeof fetch>[1],
  signal: AbortSignal | undefined,
): Promise<Response> {
  const signals = [init?.signal, signal].filter((one) => one !== undefined && one !== null);
  const response = await fetch(input, {
    ...init,
    ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
  });
  if (response.status !== 429 || /^\d+$/.test(response.headers.get('retry-after') ?? '')) return response;
  return new Response(response.body, { status: 429, headers: { 'retry-after': '30' } });
}

/** Slack's libraries log through ours. Their debug lines hold whole requests, and so pay and tokens: they go nowhere. */
export function slackLogger(log: Log): Logger {
  const line = (messages: unknown[]): string => messages.map(String).join(' ');
  return {
    debug: () => undefined,
    info: (...messages) => log.debug({}, line(messages)),
    warn: (...messages) => log.warn({}, line(messages)),
    error: (...messages) => log.error({}, line(messages)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.INFO,
    setName: () => undefined,
  };
}
