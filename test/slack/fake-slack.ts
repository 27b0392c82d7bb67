import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call that arrived at the fake Web API. */
export interface ApiCall {
  readonly method: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How one call is answered: JSON, or by doing as one likes with the connection. */
export type Answer =
  | Readonly<Record<string, unknown>>
  | ((call: ApiCall, response: ServerResponse, request: IncomingMessage) => void);

/** A scripted Web API: each method answers by its queue, and with `{ ok: true }` when that is empty. */
export interface FakeSlack {
  readonly apiUrl: string;
  readonly calls: ApiCall[];
  answer(method: string, ...answers: Answer[]): void;
  callsOf(method: string): ApiCall[];
  close(): Promise<void>;
}

export async function startFakeSlack(): Promise<FakeSlack> {
  const calls: ApiCall[] = [];
  const queues = new Map<string, Answer[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const method = (request.url ?? '').replace(/^\/api\//, '').split('?')[0] ?? '';
      const call = { method, body: parse(request, Buffer.concat(chunks).toString('utf8')) };
      calls.push(call);
      const answer = queues.get(method)?.shift() ?? { ok: true };
      if (typeof answer === 'function') answer(call, response, request);
      else json(response, answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    calls,
    answer: (method, ...answers) => {
      queues.set(method, [...(queues.get(method) ?? []), ...answers]);
    },
    callsOf: (method) => calls.filter((call) => call.method === method),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function json(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

export const dropReply: Answer = (_call, response) => void response.socket?.destroy();
export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_call, response) =>
    void response.writeHead(code, headers).end('<html>not JSON</html>');

function parse(request: IncomingMessage, text: string): Record<string, unknown> {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/json')) return JSON.parse(text) as Record<string, unknown>;
  if (!type.startsWith('application/x-www-form-urlencoded')) return { raw: text };
  return Object.fromEntries([...new URLSearchParams(text)].map(([key, value]) => [key, decoded(value)]));
}

/** The client writes everything that is not a text as JSON into its form. */
function decoded(value: string): unknown {
  try {
    return /^[[{]|^(true|false)$/.test(value) ? JSON.parse(value) : value;
  } catch {
    return value;
  }
}
