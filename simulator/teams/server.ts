import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFaults } from '../faults.ts';
import { type Answer, answerWithFault } from '../faulty-answer.ts';
import { readBody, sendJson } from '../http.ts';
import { refusalOfBrowser } from '../loopback.ts';
import { people as samplePeople } from '../people.ts';
import type { Fault } from '../types.ts';
import { createTeamsActs } from './acts.ts';
import { answerConnector, operationOf, refusal } from './connector.ts';
import { postToBot } from './delivery.ts';
import { answerLogIn } from './log-in.ts';
import { createTeamsPage } from './page-side.ts';
import { createTenant } from './tenant.ts';
import { createTeamsTokens } from './tokens.ts';
import type {
  Activity,
  BotAnswer,
  ConnectorCall,
  Operation,
  TeamsMessage,
  TeamsSimulator,
  TeamsSimulatorOptions,
} from './types.ts';

/** The Bot Connector's own issuer. */
const connectorIssuer = 'https://api.botframework.com';
/** Teams' longest wait for a bot. */
const patienceMilliseconds = 15_000;
const metadataPath = '/v1/.well-known/openidconfiguration';
const jwksPath = '/v1/.well-known/keys';

/** What Microsoft names the statuses that its guide on rate limits tells bots to repeat. */
const codes: Readonly<Record<number, string>> = {
  412: 'PreconditionFailed',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'GatewayTimeout',
};

/**
 * Starts Microsoft's side of a Teams bot on 127.0.0.1: its keys and log-in, the Bot Connector, and a tenant with people
 * whose acts are posted to the bot. Nothing leaves this computer, and nothing is kept.
 * @throws Error when the port is taken.
 */
export async function startTeamsSimulator(options: TeamsSimulatorOptions = {}): Promise<TeamsSimulator> {
  const appId = options.appId ?? randomUUID();
  const appPassword = options.appPassword ?? randomBytes(16).toString('hex');
  const tenantId = options.tenantId ?? randomUUID();
  const issuer = options.issuer ?? connectorIssuer;
  const patience = options.patience ?? patienceMilliseconds;
  const clock = options.clock ?? { now: () => new Date() };
  let origin = '';
  let botEndpoint = options.botEndpoint;
  const closing = new AbortController();
  const tenant = createTenant({ tenantId, appId, people: options.people ?? samplePeople, now: () => clock.now() });
  const tokens = createTeamsTokens({ issuer, appId, serviceUrl: () => `${origin}/` });
  const faults = createFaults(options.seed ?? 1);
  const calls: ConnectorCall[] = [];
  const deliveries: Activity[] = [];

  const deliver = async (activity: Activity, authorization?: string | null): Promise<BotAnswer> => {
    if (botEndpoint === undefined)
      throw new Error('The simulator of Teams does not know its bot yet: connect it first.');
    deliveries.push(activity);
    return postToBot({
      endpoint: botEndpoint,
      activity,
      authorization: authorization === undefined ? `Bearer ${tokens.signed({})}` : authorization,
      patience,
      signal: closing.signal,
    });
  };
  const acts = createTeamsActs({
    tenant,
    serviceUrl: () => `${origin}/`,
    timeZone: options.timeZone ?? 'UTC',
    send: (activity) => deliver(activity),
  });

  const exchange = async (
    operation: Operation,
    request: IncomingMessage,
    response: ServerResponse,
    call: { readonly path: string; readonly body: unknown },
    answerNow: () => Answer,
  ): Promise<void> =>
    answerWithFault({
      fault: faults.next(operation),
      answerNow,
      answerOf,
      request,
      response,
      record: ({ status, error }) =>
        calls.push({
          operation,
          status: status ?? 0,
          ...(error === undefined ? {} : { error }),
          at: Date.now(),
          ...call,
        }),
    });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const stranger = refusalOfBrowser(request.headers, new URL(origin));
    if (stranger !== undefined) return sendJson(response, 403, { error: { code: 'Forbidden', message: stranger } });
    const { pathname, searchParams } = new URL(request.url ?? '/', origin);
    const { method = 'GET' } = request;
    if (method === 'GET' && pathname === metadataPath) {
      return sendJson(response, 200, tokens.metadata(origin + jwksPath));
    }
    if (method === 'GET' && pathname === jwksPath) return sendJson(response, 200, tokens.jwks);
    const raw = await readBody(request);
    if (method === 'POST' && pathname.endsWith('/oauth2/v2.0/token')) {
      const form = new URLSearchParams(raw.toString('utf8'));
      // The secret is not kept among the calls.
      const { client_secret: _, ...body } = Object.fromEntries(form);
      return exchange('token', request, response, { path: pathname, body }, () =>
        answerLogIn(pathname, form, { tenantId, appId, appPassword, tokens }),
      );
    }
    const path = pathname.startsWith('/v3/') ? pathname.slice('/v3/'.length).split('/').map(decodeURIComponent) : [];
    const operation = operationOf({ method, path });
    if (operation === undefined) {
      const { status, body } = refusal(404, 'NotFound', `There is nothing at ${method} ${pathname}.`);
      return sendJson(response, status, body);
    }
    const body = parse(raw.toString('utf8'));
    await exchange(operation, request, response, { path: path.join('/'), body }, () => {
      const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
      if (!tokens.accepts(bearer)) {
        return refusal(401, 'Unauthorized', 'Authorization has been denied for this request.');
      }
      return answerConnector(operation, { method, path, query: searchParams, body, bytes: raw.length }, tenant);
    });
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      sendJson(response, 500, { error: { code: 'InternalServerError', message } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const conversationOf = (where: string) => {
    const person = tenant.person(where);
    const conversation = person === undefined ? tenant.conversation(where) : tenant.chat(person);
    if (conversation === undefined) throw new Error(`There is no conversation with the id "${where}" in Teams.`);
    return conversation;
  };

  return {
    url: `${origin}/`,
    loginUrl: origin,
    openIdMetadataUrl: origin + metadataPath,
    issuer,
    appId,
    appPassword,
    tenantId,
    people: tenant.people,
    get channels() {
      return [...tenant.conversations.values()]
        .filter(({ person }) => person === undefined)
        .map(({ id, name, botIsMember }) => ({ id, name, botIsMember }));
    },
    acts,
    page: createTeamsPage(tenant, acts),
    connect: (endpoint) => {
      botEndpoint = endpoint;
    },
    messages: (where): readonly TeamsMessage[] => [...conversationOf(where).messages],
    cardSeenBy: (personId, activityId) => {
      const person = tenant.person(personId);
      const message = person === undefined ? undefined : tenant.messageSeenBy(person, activityId);
      return person === undefined || message === undefined ? undefined : tenant.cardSeenBy(person, message);
    },
    deleteMessage: (where, activityId) => {
      if (!tenant.remove(conversationOf(where), activityId))
        throw new Error(`There is no message ${activityId} there.`);
    },
    inject: ({ operation, ...rule }) => faults.inject({ ...rule, method: operation }),
    clearFaults: () => faults.clear(),
    expireTokens: () => tokens.expireAll(),
    calls,
    deliveries,
    signToken: (claims = {}) => tokens.signed(claims),
    deliver,
    onChange: (listener) => tenant.onChange(listener),
    close: async () => {
      closing.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function answerOf(fault: Extract<Fault, { kind: 'status' | 'error' }>): Answer {
  if (fault.kind === 'error') return refusal(403, fault.error, 'The simulator was asked to refuse this.');
  return refusal(fault.status, codes[fault.status] ?? 'Error', 'The simulator was asked to fail.');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
