import assert from 'node:assert/strict';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyOf, signRequest } from '../../simulator/http-delivery.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Delivery, Simulator } from '../../simulator/types.ts';
import type { Request } from '../../src/core/request.ts';
import { connectSlack, type SlackConnection, type SlackOptions } from '../../src/slack/index.ts';
import { silentLog } from './support.ts';

const channel = 'C0RECONCILE';
const ana = 'U0ANA00001';
const nowInSeconds = (): number => Math.floor(Date.now() / 1_000);

describe('what people do in Slack, over signed HTTP', () => {
  let server: Server;
  let address: string;
  let slack: Simulator;
  let connection: SlackConnection;
  let requests: Request[];
  let save: SlackOptions['onRequest'];

  before(async () => {
    let listener: RequestListener | undefined;
    server = createServer((request, response) => listener?.(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
    slack = await startSimulator({ requestUrl: address });
    connection = connectSlack({
      settings: {
        mode: 'http',
        botToken: slack.botToken,
        signingSecret: slack.signingSecret,
        apiUrl: slack.apiUrl,
      },
      log: silentLog,
      onRequest: (request) => save(request),
      earlierOf: () => Promise.resolve(undefined),
      formFor: () => Promise.resolve(undefined),
      savingMilliseconds: 300,
    });
    listener = connection.requestListener;
    await connection.start();
  });
  after(async () => {
    await connection?.stop();
    await slack?.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    requests = [];
    save = (request) => {
      requests.push(request);
      return Promise.resolve('taken' as const);
    };
  });

  const post = (contentType: string, body: string, headers: Record<string, string>): Promise<Response> =>
    fetch(address, { method: 'POST', headers: { 'content-type': contentType, ...headers }, body });
  const command = (more: Record<string, string> = {}): Delivery => ({
    type: 'slash_commands',
    payload: {
      command: '/parallel',
      text: 'status',
      team_id: slack.team.id,
      user_id: ana,
      user_name: 'ana.ruiz',
      channel_id: channel,
      response_url: `${slack.pageUrl}commands/x`,
      trigger_id: 'trigger.1',
      ...more,
    },
  });
  /** Posts it as somebody would who knows the secret, unless told otherwise. */
  const send = async (
    delivery: Delivery,
    signature: { signingSecret?: string; timestamp?: number } = {},
  ): Promise<{ status: number; text: string }> => {
    const { contentType, body } = bodyOf(delivery);
    const signed = signRequest({ signingSecret: slack.signingSecret, ...signature, body });
    const response = await post(contentType, body, signed);
    return { status: response.status, text: await response.text() };
  };
  const refused = async (sending: Promise<{ status: number }>): Promise<void> => {
    assert.equal((await sending).status, 401);
    assert.deepEqual(requests, []);
  };

  it('takes commands, and the opening of the Home tab, that Slack signed', async () => {
    assert.equal((await slack.command(ana, channel, 'check levels')).acknowledged, true);
    assert.equal((await slack.openHome(ana)).acknowledged, true);
    assert.deepEqual(
      requests.map(({ words, actor }) => [words, actor.user]),
      [
        ['check levels', ana],
        ['home', ana],
      ],
    );
    assert.equal(connection.problem(), undefined);
  });

  it('gives what Slack delivers a second time the same id', async () => {
    await slack.openHome(ana);
    await slack.redeliver();
    assert.equal(requests.length, 2);
    assert.equal(requests[0]?.id, requests[1]?.id);
  });

  it('answers Slack’s question whether the address is ours', async () => {
    const question: Delivery = { type: 'events_api', payload: { type: 'url_verification', challenge: 'c-123' } };
    const { status, text } = await send(question);
    assert.equal(status, 200);
    assert.match(text, /c-123/);
    await refused(send(question, { signingSecret: 'wrong' }));
  });

  describe('refuses', () => {
    it('what is signed with another secret', () => refused(send(command(), { signingSecret: 'not-ours' })));

    it('what is not signed', async () => {
      const { contentType, body } = bodyOf(command());
      await refused(post(contentType, body, {}));
    });

    it('what is signed by half', async () => {
      const { contentType, body } = bodyOf(command());
      const signed = signRequest({ signingSecret: slack.signingSecret, body });
      await refused(post(contentType, body, { 'x-slack-signature': signed['x-slack-signature'] }));
      await refused(post(contentType, body, { 'x-slack-request-timestamp': signed['x-slack-request-timestamp'] }));
    });

    it('words that were changed under a good signature', async () => {
      const { contentType, body } = bodyOf(command());
      const signed = signRequest({ signingSecret: slack.signingSecret, body });
      await refused(post(contentType, body.replace('text=status', 'text=check'), signed));
    });

    it('what was recorded and is played again with a new time stamp', async () => {
      const { contentType, body } = bodyOf(command());
      const recorded = signRequest({ signingSecret: slack.signingSecret, body, timestamp: nowInSeconds() - 3_600 });
      await refused(post(contentType, body, { ...recorded, 'x-slack-request-timestamp': String(nowInSeconds()) }));
    });

    it('what is more than five minutes old', () => refused(send(command(), { timestamp: nowInSeconds() - 305 })));

    it('what is dated more than five minutes ahead', () =>
      refused(send(command(), { timestamp: nowInSeconds() + 305 })));

    it('what is dated years ahead', () => refused(send(command(), { timestamp: nowInSeconds() + 100_000_000 })));

    it('a time stamp that is no number', async () => {
      const { contentType, body } = bodyOf(command());
      const signed = signRequest({ signingSecret: slack.signingSecret, body, timestamp: Number.NaN });
      await refused(post(contentType, body, signed));
    });
  });

  it('takes what is nearly five minutes old or ahead', async () => {
    for (const seconds of [-290, 290]) {
      assert.equal((await send(command(), { timestamp: nowInSeconds() + seconds })).status, 200);
    }
    assert.equal(requests.length, 2);
  });

  it('gives what is played again within five minutes the same id, under which it takes effect once', async () => {
    const { contentType, body } = bodyOf(command({ trigger_id: 'trigger.replayed' }));
    const signed = signRequest({ signingSecret: slack.signingSecret, body });
    await post(contentType, body, signed);
    await post(contentType, body, signed);
    assert.deepEqual(
      requests.map(({ id }) => id),
      ['slack/command/trigger.replayed', 'slack/command/trigger.replayed'],
    );
  });

  it('tells people of another workspace, in private, that nothing was done', async () => {
    const { status, text } = await send(command({ team_id: 'T0STRANGERS' }));
    assert.equal(status, 200);
    assert.match(text, /only members of the workspace/);
    assert.match(text, /ephemeral/);
    assert.deepEqual(requests, []);
  });

  it('takes nothing from the bot itself or from Slackbot', async () => {
    for (const user of ['U0BOT00001', 'USLACKBOT']) {
      assert.match((await send(command({ user_id: user }))).text, /people, not bots/);
    }
    assert.deepEqual(requests, []);
  });

  it('does not tell Slack that it has a visit of the Home tab which it could not write down', async () => {
    save = () => Promise.reject(new Error('no database'));
    const { status } = await send({
      type: 'events_api',
      payload: {
        type: 'event_callback',
        team_id: slack.team.id,
        event_id: 'Ev1',
        event: { type: 'app_home_opened', user: ana, channel: 'D0ANA00001', tab: 'home', event_ts: '1.0' },
      },
    });
    assert.ok(status >= 500, `answered ${status}`);
  });

  it('has nothing at other addresses, and nothing to read', async () => {
    const elsewhere = await fetch(address.replace('/slack/events', '/slack/other'), { method: 'POST', body: '' });
    assert.equal(elsewhere.status, 404);
    assert.equal((await fetch(address)).status, 404);
  });
});
