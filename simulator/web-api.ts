import type { IncomingMessage, ServerResponse } from 'node:http';
import { callMethod } from './api.ts';
import { type ApiContext, ApiError } from './api-method.ts';
import { Arguments, parseArguments } from './arguments.ts';
import type { Faults } from './faults.ts';
import { type Answer, answerWithFault } from './faulty-answer.ts';
import { readBody } from './http.ts';
import type { RateLimit } from './rate-limit.ts';
import { takeResponse } from './response-answers.ts';
import type { Tokens } from './tokens.ts';
import type { ApiCall, Fault } from './types.ts';

export interface WebApiOptions {
  readonly context: ApiContext;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly rateLimit: RateLimit;
  readonly onCall: (call: ApiCall) => void;
}

/** The part of the server that the app calls: `/api/…`, uploads and response URLs. Undefined for any other path. */
export function createWebApi(options: WebApiOptions) {
  return async (request: IncomingMessage, response: ServerResponse, url: URL): Promise<boolean> => {
    const { pathname } = url;
    const name = pathname.startsWith('/api/')
      ? pathname.slice('/api/'.length)
      : pathname.startsWith('/upload/v1/')
        ? 'upload'
        : /^\/(commands|actions)\//.test(pathname)
          ? 'response_url'
          : pathname.startsWith('/files-pri/')
            ? 'download'
            : undefined;
    if (name === undefined) return false;
    const body = await readBody(request);
    const contentType = request.headers['content-type'] ?? '';
    const log = loggedBody(name, contentType, body, url);
    const answerNow = (): Answer => {
      if (name === 'upload') return upload(pathname.slice('/upload/v1/'.length), contentType, body, options.context);
      if (name === 'download') return download(pathname.split('/')[2] ?? '', request, options);
      if (name === 'response_url') {
        const { status, error } = takeResponse(pathname, body.toString('utf8'), options.context);
        return error === undefined ? { status, body: 'ok' } : { status, body: { ok: false, error }, error };
      }
      return callApi(name, request, contentType, body, url, options);
    };
    await answerWithFault({
      fault: options.faults.next(name),
      answerNow,
      answerOf,
      request,
      response,
      record: ({ error }) =>
        options.onCall({
          method: name,
          ok: error === undefined,
          ...(error === undefined ? {} : { error }),
          at: Date.now(),
          body: log,
        }),
    });
    return true;
  };
}

function callApi(
  name: string,
  request: IncomingMessage,
  contentType: string,
  body: Buffer,
  url: URL,
  { context, tokens, rateLimit }: WebApiOptions,
): Answer {
  try {
    const parsed = parseArguments(contentType, body.toString('utf8'), url.searchParams);
    const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const retryAfter = rateLimit.retryAfter(name, parsed);
    if (retryAfter !== undefined) return tooFast(retryAfter);
    return {
      status: 200,
      body: { ok: true, ...callMethod(name, bearer ?? parsed.text('token'), parsed, context, tokens) },
    };
  } catch (error) {
    if (error instanceof ApiError) {
      return { status: 200, body: { ok: false, error: error.error, ...error.details }, error: error.error };
    }
    if (error instanceof SyntaxError)
      return { status: 200, body: { ok: false, error: 'invalid_json' }, error: 'invalid_json' };
    throw error;
  }
}

function answerOf(fault: Extract<Fault, { kind: 'status' | 'error' }>): Answer {
  if (fault.kind === 'error') return { status: 200, body: { ok: false, error: fault.error }, error: fault.error };
  const error = fault.status === 429 ? 'ratelimited' : 'internal_error';
  return { status: fault.status, body: { ok: false, error }, error: `status ${fault.status}` };
}

function tooFast(seconds: number): Answer {
  return {
    status: 429,
    body: { ok: false, error: 'ratelimited' },
    headers: { 'retry-after': String(seconds) },
    error: 'ratelimited',
  };
}

/** The file itself, as the whole body or as the `file` part of a form. */
function upload(id: string, contentType: string, body: Buffer, { workspace }: ApiContext): Answer {
  const pending = workspace.uploads.get(id);
  if (pending === undefined) return { status: 404, body: 'not found', error: 'not_found' };
  const content = contentType.startsWith('multipart/form-data') ? filePart(contentType, body) : body;
  if (content === undefined || content.length !== pending.length) {
    return { status: 400, body: `expected ${pending.length} bytes`, error: 'wrong_length' };
  }
  pending.content = content;
  return { status: 200, body: `OK - ${content.length}` };
}

/** A file that somebody put into a modal. Without the right token Slack answers with its page to sign in. */
function download(id: string, request: IncomingMessage, { context, tokens }: WebApiOptions): Answer {
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const refusal = tokens.refusalOf(bearer, { token: 'bot', scope: 'files:read' });
  if (refusal !== undefined) {
    return { status: 200, body: 'Sign in', headers: { 'content-type': 'text/html' }, error: refusal.error };
  }
  const content = context.workspace.uploads.get(id)?.content;
  return content === undefined
    ? { status: 404, body: 'not found', error: 'file_not_found' }
    : { status: 200, body: content.toString('utf8') };
}

function filePart(contentType: string, body: Buffer): Buffer | undefined {
  const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1];
  const start = body.indexOf('\r\n\r\n');
  const end = body.indexOf(`\r\n--${boundary ?? ''}`, start);
  return boundary === undefined || start < 0 || end < 0 ? undefined : body.subarray(start + 4, end);
}

/** The arguments for the record of calls; a file's content is not repeated there. */
function loggedBody(name: string, contentType: string, body: Buffer, url: URL): Record<string, unknown> {
  if (name === 'upload') return { length: body.length };
  try {
    const { raw } = parseArguments(
      name === 'response_url' ? 'application/json' : contentType,
      body.toString('utf8'),
      url.searchParams,
    );
    const all = new Arguments(raw);
    const parsed = ['blocks', 'metadata', 'view', 'files'].filter((key) => raw[key] !== undefined);
    const { token: _, ...rest } = raw;
    return { ...rest, ...Object.fromEntries(parsed.map((key) => [key, all.json(key)])) };
  } catch {
    return {};
  }
}
