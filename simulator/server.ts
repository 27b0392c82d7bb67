import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createActs } from './acts.ts';
import { allScopes } from './api.ts';
import type { ApiContext } from './api-method.ts';
import { createFaults } from './faults.ts';
import { sendJson } from './http.ts';
import { createHttpDelivery } from './http-delivery.ts';
import { refusalOfBrowser } from './loopback.ts';
import { createPageApi } from './page-api.ts';
import { people, team } from './people.ts';
import { createRateLimit } from './rate-limit.ts';
import { createSockets } from './sockets.ts';
import { createTokens } from './tokens.ts';
import { createTriggers } from './triggers.ts';
import type { ApiCall, Delivery, Simulator, SimulatorOptions } from './types.ts';
import { createWebApi } from './web-api.ts';
import { createWorkspace } from './workspace.ts';

const loopback: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/**
 * Starts a Slack workspace of its own: the Web API, Socket Mode or signed posts, and, when asked for, a page to act in
 * it. Nothing leaves this computer, and nothing is kept.
 * @throws Error when the host is no loopback address or the port is taken.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = options.host ?? '127.0.0.1';
  if (!loopback.includes(host)) {
    throw new Error(`The simulator listens on this computer alone (127.0.0.1), not on ${host}: it has no log-in.`);
  }
  const page = options.page === true ? await (await import('./page/build.ts')).buildPage() : undefined;
  const signingSecret = options.signingSecret ?? randomBytes(16).toString('hex');
  const everybody = [...people, ...(options.morePeople ?? [])];
  const workspace = createWorkspace(options.now ?? (() => new Date()), everybody);
  const triggers = createTriggers();
  const scopes = options.scopes ?? allScopes;
  const tokens = createTokens(scopes);
  const faults = createFaults(options.seed ?? 1);
  const sockets = createSockets(options.patience);
  const posts =
    options.requestUrl === undefined
      ? undefined
      : createHttpDelivery({
          requestUrl: options.requestUrl,
          signingSecret,
          ...(options.patience === undefined ? {} : { patience: options.patience }),
        });
  const transport = posts ?? sockets;
  const calls: ApiCall[] = [];
  const deliveries: Delivery[] = [];

  let origin = '';
  const context: ApiContext = {
    workspace,
    triggers,
    scopes,
    origin: () => origin,
    openSocketUrl: () => origin.replace('http:', 'ws:') + sockets.ticketPath(),
  };
  const acts = createActs({
    workspace,
    triggers,
    origin: () => origin,
    send: (delivery) => {
      deliveries.push(delivery);
      return transport.deliver(delivery);
    },
  });
  const webApi = createWebApi({
    context,
    tokens,
    faults,
    rateLimit: createRateLimit(options.rateLimit ?? false),
    onCall: (call) => calls.push(call),
  });
  const pageApi = createPageApi({
    workspace,
    acts,
    page,
    controls: options.controls ?? [],
    suggestions: options.suggestions ?? [],
    timeZone: options.timeZone,
    teams: options.teams,
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = refusalOfBrowser(request.headers, new URL(origin));
    if (refusal !== undefined) return sendJson(response, 403, { error: refusal });
    const url = new URL(request.url ?? '/', origin);
    if (await webApi(request, response, url)) return;
    if (await pageApi.handle(request, response, url.pathname)) return;
    sendJson(response, 404, { error: `There is nothing at ${request.method ?? ''} ${url.pathname}.` });
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      sendJson(response, 500, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  server.on('upgrade', (request, socket, head) => sockets.upgrade(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

  return {
    apiUrl: `${origin}/api/`,
    pageUrl: `${origin}/`,
    botToken: tokens.bot,
    appToken: tokens.app,
    signingSecret,
    team: { id: team.id, name: team.name },
    people: everybody,
    get channels() {
      return [...workspace.channels.values()]
        .filter(({ person }) => person === undefined)
        .map(({ id, name, archived }) => ({ id, name, ...(archived ? { archived } : {}) }));
    },
    command: (person, channel, text) => acts.command(person, channel, text),
    press: (person, channel, ts, actionId) => acts.press({ person, place: { channel, ts }, actionId }),
    openHome: (person) => acts.openHome(person),
    say: (person, channel, text) => acts.say(person, channel, text),
    shortcut: (person, channel, ts, callbackId) => acts.shortcut(person, channel, ts, callbackId),
    modal: (person) => {
      const top = workspace.modals.get(person)?.at(-1);
      return top === undefined ? undefined : { id: top.id, view: top.content };
    },
    submit: (person, viewId, state) => acts.submit(person, viewId, state),
    setUserGroup: (id, members) => workspace.userGroups.set(id, members),
    deleteMessage: (channel, ts) => {
      const found = workspace.channel(channel);
      if (found === undefined || !workspace.remove(found, ts)) throw new Error(`There is no message ${ts} there.`);
    },
    archive: (channel) => {
      const found = workspace.channel(channel);
      if (found === undefined) throw new Error(`There is no channel ${channel}.`);
      found.archived = true;
      workspace.changed();
    },
    revokeToken: () => tokens.revoke(),
    restoreToken: () => tokens.restore(),
    messages: (channel) => [...(workspace.channel(channel)?.messages ?? [])],
    privateMessages: (person) => [...(workspace.privateMessages.get(person) ?? [])],
    home: (person) => workspace.homes.get(person)?.content,
    inject: (rule) => faults.inject(rule),
    clearFaults: () => faults.clear(),
    calls,
    deliveries,
    get openSockets() {
      return sockets.open;
    },
    dropSockets: () => sockets.drop(),
    refreshSockets: () => sockets.refresh(),
    redeliver: (index = deliveries.length - 1) => {
      const delivery = deliveries[index];
      if (delivery === undefined) throw new Error(`Nothing was sent at index ${index}: there is nothing to repeat.`);
      return transport.deliver(delivery, true);
    },
    onChange: (listener) => workspace.onChange(listener),
    close: async () => {
      sockets.close();
      posts?.close();
      pageApi.close();
      triggers.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
