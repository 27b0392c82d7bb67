import type { IncomingMessage, RequestListener } from 'node:http';
import type { Log } from '../core/log.ts';
import { type Reported, takeReport } from '../core/metrics/report.ts';
import type { Services } from '../core/services.ts';
import { StoreUnavailableError } from '../core/store.ts';
import { isSigned } from './signature.ts';
import { createTokenBucket } from './token-bucket.ts';

const largestBytes = 16 * 1024;
const perMinute = 60;
const retryAfterSeconds = 30;

interface Reply {
  readonly status: number;
  readonly said: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** POST /readings: readings of metrics that programs sign. Nothing of a body or a secret goes into the log. */
export function createReadingsListener(options: {
  readonly services: Services;
  /** At least one: any of them may have signed, so that a new one can take over from an old one. */
  readonly secrets: readonly string[];
  readonly log: Log;
}): RequestListener {
  const { services, secrets, log } = options;
  const now = (): Date => services.deliveryClock.now();
  // Of their own: whoever has no secret can't use up the share of those who have.
  const buckets = { signed: createTokenBucket(perMinute, now), unsigned: createTokenBucket(perMinute, now) };
  const limited = (bucket: keyof typeof buckets, reply: Reply): Reply => {
    const wait = buckets[bucket].take();
    return wait === 0
      ? reply
      : refusal(429, `More than ${perMinute} requests a minute.`, { 'retry-after': String(wait) });
  };

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    if (request.method !== 'POST') return limited('unsigned', refusal(405, 'POST a reading.', { allow: 'POST' }));
    const body = await readBody(request);
    if (body === undefined)
      return limited('unsigned', refusal(413, `A reading has at most ${largestBytes} bytes.`, { connection: 'close' }));
    const header = (name: string): string | undefined => [request.headers[name]].flat()[0];
    const signed = {
      timestamp: header('x-parallel-run-timestamp'),
      signature: header('x-parallel-run-signature'),
      body,
    };
    if (!isSigned(signed, secrets, now())) {
      return limited('unsigned', refusal(401, 'The signature is wrong, or the time is more than 5 minutes off.'));
    }
    const turn = limited('signed', { status: 200, said: {} });
    return turn.status === 200 ? take(body) : turn;
  };
  const take = async (body: Buffer): Promise<Reply> => {
    const given = parse(body);
    if (given === undefined) return refusal(400, 'The body is not JSON in UTF-8.');
    return replyTo(await takeReport(given.json, services));
  };

  return (request, response) => {
    answer(request)
      .catch((error: unknown) => {
        if (error instanceof StoreUnavailableError) {
          log.warn({}, 'a reading of a metric was not taken: the database is not there');
          return refusal(503, 'The database is not there; try again.', { 'retry-after': String(retryAfterSeconds) });
        }
        // Not its message: a database's may quote what was sent.
        log.error({ error: error instanceof Error ? error.name : 'unknown' }, 'a reading of a metric was not taken');
        return refusal(500, 'Something went wrong; the log says what.');
      })
      .then(({ status, said, headers }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(`${JSON.stringify(said)}\n`);
      })
      .catch(() => response.destroy());
  };
}

function refusal(status: number, error: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, said: { error }, headers };
}

function replyTo(reported: Reported): Reply {
  switch (reported.kind) {
    case 'stored':
      return {
        status: 201,
        said: { result: 'stored', metric: reported.reading.metric, value: reported.reading.value },
      };
    case 'already':
      return { status: 200, said: { result: 'stored before, under the same id: nothing was changed' } };
    case 'conflict':
      return refusal(409, reported.problem);
    case 'refused':
      return refusal(422, reported.problem);
  }
}

/** Undefined when it is too large, and the rest is let go by; or when the caller goes away: nobody hears the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > largestBytes) resolve(undefined);
      else parts.push(part);
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', () => resolve(undefined));
    request.once('close', () => resolve(undefined));
  });
}

function parse(body: Buffer): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as unknown };
  } catch {
    return undefined;
  }
}
