import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { App, HTTPReceiver } from '@slack/bolt';

/* The floor of acknowledge.ts: a Bolt app that does nothing but acknowledge. */

const { SLACK_BOT_TOKEN = '', SLACK_SIGNING_SECRET = '', SLACK_API_URL = '' } = process.env;
const receiver = new HTTPReceiver({ signingSecret: SLACK_SIGNING_SECRET, endpoints: ['/slack/events'] });
const app = new App({ token: SLACK_BOT_TOKEN, receiver, clientOptions: { slackApiUrl: SLACK_API_URL } });
app.command('/parallel', async ({ ack }) => ack());
const http = createServer((incoming, outgoing) => receiver.requestListener(incoming, outgoing));
http.listen(0, '127.0.0.1', () =>
  process.stdout.write(`http://127.0.0.1:${(http.address() as AddressInfo).port}/slack/events\n`),
);
