import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type IncomingActivity, readActivity } from './activity.ts';

/** An answer to Teams; `body` as JSON. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

export interface ListenerOptions {
  /** Whether the request may be read any further. */
  readonly admit: (authorization: string) => boolean;
  readonly onActivity: (activity: IncomingActivity, authorization: string) => Promise<Answer>;
}

/** Teams' own activities have some 100 KB at most: a form with all its fields. */
export const longestBody = 256 * 1_024;

/** Answers `POST /api/messages`. A request is not read before its token looks right, and never beyond the bound. */
export function createListener({ admit, onActivity }: ListenerOptions): RequestListener {
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    if ((request.url ?? '').split('?')[0] !== '/api/messages') return { status: 404 };
    if (request.method !== 'POST') return { status: 405 };
    const authorization = request.headers.authorization ?? '';
    if (!admit(authorization)) return { status: 401 };
    const body = await readBody(request);
    if (body === undefined) return { status: 413 };
    const activity = readActivity(parse(body));
    return activity === undefined ? { status: 400 } : onActivity(activity, authorization);
  };
  return (request, response) => {
    answer(request).then(
      (one) => send(response, one),
      () => send(response, { status: 500 }),
    );
  };
}

/** Undefined where it is longer than the bound. Rejects when the connection breaks. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length > longestBody) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  // What was not read to its end can't be followed by another request.
  if (!response.req.complete) response.setHeader('connection', 'close');
  if (body === undefined) response.writeHead(status).end();
  else response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
