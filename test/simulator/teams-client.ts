import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TeamsSimulator } from '../../simulator/teams/types.ts';

export const reconciliation = '19:reconciliation@thread.tacv2';
export const steering = '19:steering@thread.tacv2';
export const ana = 'U0ANA00001';
export const ben = 'U0BEN00002';

export const cardOf = (...body: readonly unknown[]): Record<string, unknown> => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body,
});
export const activityWith = (content: unknown): Record<string, unknown> => ({
  type: 'message',
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
});
export const words = (text: string): Record<string, unknown> => ({ type: 'message', text });

export interface ConnectorAnswer {
  readonly status: number;
  readonly body: Record<string, unknown> & { readonly error?: { readonly code: string; readonly message: string } };
  readonly headers: Headers;
}

/** The bot's token, asked for as a bot does. */
export async function logIn(
  { loginUrl, tenantId, appId, appPassword }: TeamsSimulator,
  changes: Readonly<Record<string, string>> = {},
  tenant = tenantId,
): Promise<ConnectorAnswer> {
  const scope = 'https://api.botframework.com/.default';
  const form = { grant_type: 'client_credentials', client_id: appId, client_secret: appPassword, scope, ...changes };
  const response = await fetch(`${loginUrl}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return answerOf(response);
}

async function answerOf(response: Response): Promise<ConnectorAnswer> {
  const body = (await response.json()) as ConnectorAnswer['body'];
  return { status: response.status, body, headers: response.headers };
}

/** Calls the connector as the bot. */
export async function connectorOf(simulator: TeamsSimulator) {
  const { body } = await logIn(simulator);
  const token = String(body['access_token']);
  const call = async (method: string, path: readonly string[], sent?: unknown, bearer = token) =>
    answerOf(
      await fetch(`${simulator.url}v3/${path.map(encodeURIComponent).join('/')}`, {
        method,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      }),
    );
  return {
    call,
    post: (conversation: string, sent: unknown) => call('POST', ['conversations', conversation, 'activities'], sent),
    reply: (conversation: string, id: string, sent: unknown) =>
      call('POST', ['conversations', conversation, 'activities', id], sent),
    edit: (conversation: string, id: string, sent: unknown) =>
      call('PUT', ['conversations', conversation, 'activities', id], sent),
    remove: (conversation: string, id: string) => call('DELETE', ['conversations', conversation, 'activities', id]),
  };
}

export type Connector = Awaited<ReturnType<typeof connectorOf>>;

/** Posts something that has to arrive, and answers its id. */
export async function posted(connector: Connector, conversation: string, sent: unknown): Promise<string> {
  const { status, body } = await connector.post(conversation, sent);
  assert.equal(status, 201, JSON.stringify(body));
  return String(body['id']);
}

export interface Received {
  readonly authorization: string | undefined;
  readonly activity: Record<string, unknown>;
}

/** A bot that answers as it is told: with a status and, for an invoke, a body. */
export interface StubBot {
  readonly endpoint: string;
  readonly received: readonly Received[];
  answer: (received: Received) => Promise<{ readonly status: number; readonly body?: unknown }>;
  close(): void;
}

export async function startStubBot(): Promise<StubBot> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const take = async (): Promise<void> => {
      const activity = JSON.parse(await textOf(request)) as Record<string, unknown>;
      const one = { authorization: request.headers.authorization, activity };
      received.push(one);
      const { status, body } = await bot.answer(one);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body === undefined ? undefined : JSON.stringify(body));
    };
    take().catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bot: StubBot = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`,
    received,
    answer: () => Promise.resolve({ status: 200 }),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return bot;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
