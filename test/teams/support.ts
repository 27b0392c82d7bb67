import { createSign, generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TeamsSettings } from '../../src/teams/settings.ts';

export const tenantId = '6f1c4a5e-0000-4000-8000-00000000ten1';
export const ana = 'aaaaaaaa-0000-4000-8000-000000000ana';
export const channel = '19:reconcile@thread.tacv2';
export const personal = 'a:1-ana-and-the-bot';

type Json = Readonly<Record<string, unknown>>;

/** What Teams was asked for. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly authorization: string;
  readonly body: Json;
}

/** What happens to the next call of the connector, instead of its answer. */
export interface Fault {
  readonly status?: number;
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The message is there, and the answer is lost. */
  readonly drop?: true;
  /** No answer ever comes; the message is there. */
  readonly hang?: true;
  /** Only calls of this method. */
  readonly method?: string;
}

export interface Posted {
  readonly id: string;
  readonly conversation: string;
  activity: Json;
}

export interface TokenParts {
  readonly claims?: Json;
  readonly header?: Json;
  /** Signs with a key that nobody published. */
  readonly forged?: true;
}

/**
 * Microsoft's part, as small as the bot needs it: the login, the keys of the Bot Connector, and the connector itself with
 * conversations, messages and members.
 */
export interface FakeTeams {
  readonly url: string;
  readonly settings: TeamsSettings;
  readonly calls: readonly Call[];
  readonly messages: readonly Posted[];
  readonly members: Map<string, Json>;
  readonly faults: Fault[];
  /** What the login answers; by default a token. */
  login: { status: number; body: unknown };
  logins: number;
  /** Whether the keys are there. */
  keys: boolean;
  /** An authorization for one activity of this connector. */
  authorize(parts?: TokenParts): string;
  delete(id: string): void;
  close(): Promise<void>;
}

/** Keys take a while to make: one pair serves all. */
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const { n, e } = publicKey.export({ format: 'jwk' });

let bots = 0;

export async function startTeams(): Promise<FakeTeams> {
  bots += 1;
  const appId = `00000000-0000-4000-8000-${String(bots).padStart(12, '0')}`;
  const calls: Call[] = [];
  const messages: Posted[] = [];
  const members = new Map<string, Json>();
  const faults: Fault[] = [];
  let next = 1_700_000_000_000;

  const server = createServer((request, response) => {
    void bodyOf(request).then((text) => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://local').pathname);
      if (path.endsWith('/oauth2/v2.0/token')) {
        fake.logins += 1;
        return json(response, fake.login.status, fake.login.body);
      }
      if (path === '/openid') return json(response, fake.keys ? 200 : 503, { issuer, jwks_uri: `${fake.url}/keys` });
      if (path === '/keys') {
        return json(response, 200, {
          keys: [{ kty: 'RSA', use: 'sig', kid: 'key-1', n, e, endorsements: ['msteams'] }],
        });
      }
      return connector(request.method ?? '', path, text, request, response);
    });
  });

  const connector = (
    method: string,
    path: string,
    text: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): void => {
    const body = (text === '' ? {} : JSON.parse(text)) as Json;
    calls.push({ method, path, authorization: request.headers.authorization ?? '', body });
    const index = faults.findIndex((fault) => fault.method === undefined || fault.method === method);
    const [fault] = index === -1 ? [] : faults.splice(index, 1);
    if (fault?.status !== undefined) {
      const { status, code, headers = {} } = fault;
      return json(response, status, code === undefined ? {} : { error: { code, message: 'no' } }, headers);
    }
    const { status, answer } = act(method, path, body);
    if (fault?.drop === true) request.socket.destroy();
    else if (fault?.hang !== true) json(response, status, answer);
  };

  const act = (method: string, path: string, body: Json): { status: number; answer: unknown } => {
    if (path === '/v3/conversations') return { status: 201, answer: { id: personal } };
    const [, conversation = '', what = '', id = ''] =
      /^\/v3\/conversations\/([^/]+)\/(\w+)(?:\/(.+))?$/.exec(path) ?? [];
    if (what === 'members') {
      const member = members.get(id);
      return member === undefined
        ? { status: 404, answer: { error: { code: 'MemberNotFoundInConversation', message: 'no' } } }
        : { status: 200, answer: member };
    }
    if (method === 'PUT') {
      const known = messages.find((one) => one.id === id);
      if (known === undefined) return { status: 404, answer: { error: { code: 'ActivityNotFoundInConversation' } } };
      known.activity = body;
      return { status: 200, answer: { id } };
    }
    next += 1;
    messages.push({ id: String(next), conversation, activity: body });
    return { status: 201, answer: { id: String(next) } };
  };

  const port = await listen(server);
  const url = `http://127.0.0.1:${port}`;
  const issuer = `${url}/issuer`;
  const fake: FakeTeams = {
    url,
    settings: {
      appId,
      appPassword: 'secret',
      tenantId,
      endpoints: { loginUrl: url, issuer, openIdMetadataUrl: `${url}/openid` },
    },
    calls,
    messages,
    members,
    faults,
    login: { status: 200, body: { access_token: 'token-1', expires_in: 3600, token_type: 'Bearer' } },
    logins: 0,
    keys: true,
    authorize: ({ claims = {}, header = {}, forged } = {}) => {
      const seconds = Math.floor(Date.now() / 1000);
      const all = { iss: issuer, aud: appId, serviceurl: `${url}/`, nbf: seconds - 60, exp: seconds + 600, ...claims };
      const head = { alg: 'RS256', typ: 'JWT', kid: 'key-1', ...header };
      const signed = `${encode(head)}.${encode(all)}`;
      if (head.alg === 'none') return `Bearer ${signed}.`;
      const key = forged === true ? stranger : privateKey;
      return `Bearer ${signed}.${createSign('RSA-SHA256').update(signed).sign(key, 'base64url')}`;
    },
    delete: (id) => {
      messages.splice(
        messages.findIndex((one) => one.id === id),
        1,
      );
    },
    close: () => close(server),
  };
  return fake;
}

/** The bot's own address. */
export interface Bot {
  readonly address: string;
  close(): Promise<void>;
}

export async function serve(listener: RequestListener): Promise<Bot> {
  const server = createServer(listener);
  const port = await listen(server);
  return { address: `http://127.0.0.1:${port}/api/messages`, close: () => close(server) };
}

let events = 0;

/** An activity of Ana's, in her own chat with the bot unless told otherwise. */
export function activityOf(teams: Pick<FakeTeams, 'url' | 'settings'>, more: Json = {}): Json {
  events += 1;
  return {
    type: 'message',
    id: `1690000000${String(events).padStart(3, '0')}`,
    channelId: 'msteams',
    serviceUrl: `${teams.url}/`,
    from: { id: '29:ana', name: 'Ana Ruiz', aadObjectId: ana },
    recipient: { id: `28:${teams.settings.appId}`, name: 'Parallel Run' },
    conversation: { id: personal, conversationType: 'personal', tenantId },
    channelData: { tenant: { id: tenantId } },
    text: 'status',
    ...more,
  };
}

/** The same in the channel, in the thread of a message. */
export const inChannel = {
  conversation: { id: `${channel};messageid=1689999999999`, conversationType: 'channel', isGroup: true, tenantId },
};

export async function post(
  bot: Bot,
  activity: unknown,
  authorization: string | undefined,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(bot.address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
    body: typeof activity === 'string' ? activity : JSON.stringify(activity),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/** A port at which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return port;
}
