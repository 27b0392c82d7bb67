import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { acknowledgeMilliseconds, Awaited, maxRetries, type Transport } from './delivery.ts';
import type { Delivery } from './types.ts';

/** Slack tries again at once, after a minute and after five; here it is all over within seconds. */
const pauseBeforeRetry = [0, 1_000, 5_000] as const;

/**
 * Slack's signature of a request (https://docs.slack.dev/authentication/verifying-requests-from-slack). With a wrong
 * secret or an old `timestamp` (seconds since 1970) it makes what an app must refuse.
 */
export function signRequest(request: {
  readonly signingSecret: string;
  readonly body: string;
  readonly timestamp?: number;
}): { readonly 'x-slack-request-timestamp': string; readonly 'x-slack-signature': string } {
  const timestamp = String(request.timestamp ?? Math.floor(Date.now() / 1_000));
  const digest = createHmac('sha256', request.signingSecret).update(`v0:${timestamp}:${request.body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
}

/** The body of the post, of the form that Slack uses for each type. */
export function bodyOf({ type, payload }: Delivery): { readonly contentType: string; readonly body: string } {
  if (type === 'events_api') return { contentType: 'application/json', body: JSON.stringify(payload) };
  const fields: Record<string, string> =
    type === 'interactive'
      ? { payload: JSON.stringify(payload) }
      : Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, String(value)]));
  return { contentType: 'application/x-www-form-urlencoded', body: new URLSearchParams(fields).toString() };
}

/** Posts to the app's request URL. Events are tried again when they are not answered with 2xx within 3 s. */
export function createHttpDelivery(options: {
  readonly requestUrl: string;
  readonly signingSecret: string;
  /** How long to wait for an answer, in milliseconds. */
  readonly patience?: number;
}): Transport & { close(): void } {
  const patience = options.patience ?? acknowledgeMilliseconds;
  const closing = new AbortController();
  const post = async (delivery: Delivery, answer: Awaited, retry: number): Promise<void> => {
    const { contentType, body } = bodyOf(delivery);
    const signals = [closing.signal, AbortSignal.timeout(patience)];
    try {
      const response = await fetch(options.requestUrl, {
        method: 'POST',
        headers: {
          'content-type': contentType,
          ...signRequest({ signingSecret: options.signingSecret, body }),
          ...(retry > 0 ? { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': 'http_timeout' } : {}),
        },
        body,
        redirect: 'error',
        signal: AbortSignal.any(signals),
      });
      const text = await response.text();
      if (response.ok) answer.acknowledge(parse(text));
    } catch {
      // Not taken: the next attempt, if there is one, is due.
    }
  };
  const attempts = async (delivery: Delivery, answer: Awaited, first: number): Promise<void> => {
    const retries = delivery.type === 'events_api' ? maxRetries : first;
    for (let retry = first; retry <= retries && !answer.done && !closing.signal.aborted; retry += 1) {
      if (retry > first) {
        await sleep(pauseBeforeRetry[retry - 1] ?? 0, undefined, { signal: closing.signal }).catch(() => undefined);
      }
      await post(delivery, answer, retry);
    }
  };
  return {
    deliver: async (delivery, retried = false) => {
      const answer = new Awaited(patience);
      const all = attempts(delivery, answer, retried ? 1 : 0);
      await answer.wait(patience, all);
      return answer.result();
    },
    close: () => closing.abort(),
  };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
