import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { WebSocket } from 'ws';
import type { Simulator } from '../../simulator/types.ts';

export const channel = 'C0RECONCILE';
export const ana = 'U0ANA00001';

const nothing = (): void => undefined;
/** The client tells the console of every refusal, which is what these tests are about. */
export const silent: Logger = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

/** The real client, which sends each call once. */
export function clientOf(simulator: Simulator, token = simulator.botToken): WebClient {
  return new WebClient(token, {
    logger: silent,
    slackApiUrl: simulator.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
  });
}

/** What Slack's answer says was wrong: its error, and the messages beside it. */
export async function refusalOf(call: Promise<unknown>): Promise<{ error: string; messages: readonly string[] }> {
  try {
    await call;
  } catch (error) {
    const { data } = error as { data?: { error: string; response_metadata?: { messages?: string[] } } };
    if (data === undefined) throw error;
    return { error: data.error, messages: data.response_metadata?.messages ?? [] };
  }
  return { error: 'none', messages: [] };
}

export interface Envelope {
  readonly envelope_id: string;
  readonly type: string;
  readonly retry_attempt?: number;
  readonly reason?: string;
  readonly payload: { readonly text?: string; readonly trigger_id?: string };
}

/** A Socket Mode connection without a library, which acknowledges only what it is told to. */
export interface RawSocket {
  next(): Promise<Envelope>;
  acknowledge(envelope: Envelope, payload?: unknown): void;
  readonly closed: Promise<void>;
  close(): void;
}

export async function openSocket(simulator: Simulator): Promise<RawSocket> {
  const { url } = await clientOf(simulator, simulator.appToken).apps.connections.open();
  const socket = new WebSocket(url ?? '');
  const arrived: Envelope[] = [];
  let waiting: ((envelope: Envelope) => void)[] = [];
  socket.on('message', (data: Buffer) => {
    const envelope = JSON.parse(data.toString('utf8')) as Envelope;
    const resolve = waiting.shift();
    if (resolve === undefined) arrived.push(envelope);
    else resolve(envelope);
  });
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
  });
  const next = (): Promise<Envelope> => {
    const envelope = arrived.shift();
    return envelope === undefined
      ? new Promise((resolve) => {
          waiting = [...waiting, resolve];
        })
      : Promise.resolve(envelope);
  };
  const hello = await next();
  if (hello.type !== 'hello') throw new Error(`expected hello, got ${hello.type}`);
  return {
    next,
    acknowledge: ({ envelope_id }, payload) => socket.send(JSON.stringify({ envelope_id, payload })),
    closed,
    close: () => socket.terminate(),
  };
}
