import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver } from '@slack/bolt';
import { signRequest } from '../../simulator/http-delivery.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { ana, channel, silent } from './client.ts';

const signingSecret = 'a secret of these tests';

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
}

describe('The simulated HTTP mode, with an app on the real Bolt', () => {
  let server: Server;
  let simulator: Simulator;
  let requestUrl: string;
  const opened: string[] = [];
  before(async () => {
    const receiver = new HTTPReceiver({ signingSecret, endpoints: ['/slack/events'], logger: silent });
    const authorize = () => Promise.resolve({ botToken: 'xoxb-unused', botId: 'B1', botUserId: 'U1' });
    const app = new App({ authorize, receiver, logger: silent });
    app.command('/parallel', async ({ command, ack }) => ack(`You said ${command.text}.`));
    app.event('app_home_opened', async ({ event }) => {
      opened.push(event.user);
    });
    server = createServer((request, response) => receiver.requestListener(request, response));
    requestUrl = await listen(server);
    simulator = await startSimulator({ signingSecret, requestUrl });
  });
  after(async () => {
    await simulator?.close();
    server?.close();
  });

  it('signs a command so that Bolt takes it, and shows the answer', async () => {
    const { acknowledged } = await simulator.command(ana, channel, 'hello & <goodbye>');
    assert.equal(acknowledged, true);
    assert.equal(simulator.privateMessages(ana).at(-1)?.text, 'You said hello &amp; &lt;goodbye&gt;.');
  });
  it('signs an event so that Bolt takes it', async () => {
    assert.equal((await simulator.openHome(ana)).acknowledged, true);
    assert.deepEqual(opened, [ana]);
  });

  const body = new URLSearchParams({ command: '/parallel', text: 'forged' }).toString();
  const send = async (headers: Record<string, string>): Promise<number> => {
    const contentType = { 'content-type': 'application/x-www-form-urlencoded' };
    return (await fetch(requestUrl, { method: 'POST', headers: { ...contentType, ...headers }, body })).status;
  };
  it('helps to forge what Bolt refuses: another secret, an old request, another body', async () => {
    const quarter = Math.floor(Date.now() / 1_000) - 15 * 60;
    assert.equal(await send({ ...signRequest({ signingSecret, body }) }), 200);
    assert.equal(await send({ ...signRequest({ signingSecret: 'another', body }) }), 401);
    assert.equal(await send({ ...signRequest({ signingSecret, body, timestamp: quarter }) }), 401);
    assert.equal(await send({ ...signRequest({ signingSecret, body: `${body}&more=1` }) }), 401);
  });
});

describe('The simulated HTTP mode', () => {
  let server: Server;
  let simulator: Simulator;
  let statuses: number[];
  let requests: IncomingHttpHeaders[];
  beforeEach(async () => {
    statuses = [];
    requests = [];
    server = createServer((request, response) => {
      request.resume();
      requests.push(request.headers);
      response.writeHead(statuses.shift() ?? 200).end();
    });
    simulator = await startSimulator({ signingSecret, requestUrl: await listen(server) });
  });
  afterEach(async () => {
    await simulator.close();
    server.close();
  });

  it('tries an event again that was not taken, and says so', async () => {
    statuses = [500];
    assert.equal((await simulator.openHome(ana)).acknowledged, true);
    assert.deepEqual(
      requests.map((headers) => headers['x-slack-retry-num']),
      [undefined, '1'],
    );
    assert.equal(requests[1]?.['x-slack-retry-reason'], 'http_timeout');
  });
  it('does not try a command again', async () => {
    statuses = [500];
    assert.equal((await simulator.command(ana, channel, 'x')).acknowledged, false);
    assert.equal(requests.length, 1);
  });
  it('signs as documented', () => {
    // The example of https://docs.slack.dev/authentication/verifying-requests-from-slack
    const headers = signRequest({
      signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
      timestamp: 1_531_420_618,
      body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    });
    assert.equal(headers['x-slack-signature'], 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503');
  });
});
