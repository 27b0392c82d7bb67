import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { isRecord } from './arguments.ts';
import { acknowledgeMilliseconds, Awaited, maxRetries, type Transport } from './delivery.ts';
import { bot } from './people.ts';
import type { Delivery } from './types.ts';

/** Slack's Socket Mode: up to ten connections, and each envelope goes over one of them. */
export interface Sockets extends Transport {
  /** Takes an upgrade of the server; refuses one whose ticket was not given by `ticketPath`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** The path of one new connection. */
  ticketPath(): string;
  readonly open: number;
  drop(): void;
  refresh(): void;
  close(): void;
}

/** https://docs.slack.dev/apis/events-api/using-socket-mode */
const maxConnections = 10;
/** Clients take a connection without pings for dead after 30 s. */
const pingMilliseconds = 5_000;
/** How long a connection stays after its refresh was announced. */
const refreshMilliseconds = 500;
/** How long a retry waits for an app that is not connected. */
const retryWaitMilliseconds = 60_000;

interface Connection {
  readonly socket: WebSocket;
  readonly closed: Promise<void>;
  refreshing: boolean;
}

/** @param patience how long to wait for an acknowledgement, in milliseconds */
export function createSockets(patience: number = acknowledgeMilliseconds): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Set<string>();
  const awaited = new Map<string, Awaited>();
  let connections: Connection[] = [];
  let waiting: (() => void)[] = [];
  let turn = 0;
  const closing = new AbortController();

  const usable = (): Connection[] =>
    connections.filter(({ socket, refreshing }) => !refreshing && socket.readyState === socket.OPEN);

  const accept = (socket: WebSocket): void => {
    let end = (): void => undefined;
    const connection: Connection = {
      socket,
      refreshing: false,
      closed: new Promise((resolve) => {
        end = resolve;
      }),
    };
    const ping = setInterval(() => socket.ping(), pingMilliseconds);
    socket.on('close', () => {
      clearInterval(ping);
      connections = connections.filter((other) => other !== connection);
      end();
    });
    socket.on('error', () => socket.terminate());
    socket.on('message', (data: Buffer) => {
      const message = parse(data.toString('utf8'));
      const id = message?.['envelope_id'];
      if (typeof id === 'string') awaited.get(id)?.acknowledge(message?.['payload']);
    });
    connections.push(connection);
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections.length,
        debug_info: { host: 'simulator', approximate_connection_time: 18_060 },
        connection_info: { app_id: bot.appId },
      }),
    );
    const waited = waiting;
    waiting = [];
    for (const resume of waited) resume();
  };

  /** The next connection in turn, another one than `last` where there is one. */
  const nextConnection = async (
    waitMilliseconds: number,
    last: Connection | undefined,
  ): Promise<Connection | undefined> => {
    const until = performance.now() + waitMilliseconds;
    while (!closing.signal.aborted) {
      const all = usable();
      const others = all.filter((connection) => connection !== last);
      const candidates = others.length > 0 ? others : all;
      turn += 1;
      const found = candidates[turn % Math.max(1, candidates.length)];
      const left = until - performance.now();
      if (found !== undefined || left <= 0) return found;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return undefined;
  };

  /** Sends until something is acknowledged; every attempt has an envelope of its own around the same payload. */
  const attempt = async (delivery: Delivery, answer: Awaited, retried: boolean): Promise<void> => {
    const ids: string[] = [];
    let connection: Connection | undefined;
    for (let retry = retried ? 1 : 0; retry <= maxRetries && !answer.done; retry += 1) {
      connection = await nextConnection(ids.length === 0 ? patience : retryWaitMilliseconds, connection);
      if (connection === undefined) break;
      const id = randomBytes(16).toString('hex');
      ids.push(id);
      awaited.set(id, answer);
      connection.socket.send(
        JSON.stringify({
          envelope_id: id,
          type: delivery.type,
          payload: delivery.payload,
          accepts_response_payload: delivery.type !== 'events_api',
          ...(retry > 0 || delivery.type === 'events_api'
            ? { retry_attempt: retry, retry_reason: retry > 0 ? 'timeout' : '' }
            : {}),
        }),
      );
      await answer.wait(patience, connection.closed);
    }
    for (const id of ids) awaited.delete(id);
  };

  return {
    upgrade: (request, socket, head) => {
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      if (!tickets.delete(ticket) || connections.length >= maxConnections) {
        socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, accept);
    },
    ticketPath: () => {
      const ticket = randomBytes(12).toString('hex');
      tickets.add(ticket);
      return `/link/?ticket=${ticket}`;
    },
    get open() {
      return usable().length;
    },
    drop: () => {
      for (const { socket } of connections) socket.terminate();
    },
    refresh: () => {
      for (const connection of connections) {
        connection.refreshing = true;
        connection.socket.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: {} }));
        setTimeout(() => connection.socket.close(), refreshMilliseconds).unref();
      }
    },
    deliver: async (delivery, retried = false) => {
      const answer = new Awaited(patience);
      void attempt(delivery, answer, retried);
      await answer.wait(patience);
      return answer.result();
    },
    close: () => {
      closing.abort();
      for (const resume of waiting) resume();
      for (const { socket } of connections) socket.terminate();
      server.close();
    },
  };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
