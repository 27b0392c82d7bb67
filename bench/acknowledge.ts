import { createHmac } from 'node:crypto';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { App, HTTPReceiver } from '@slack/bolt';
import pg from 'pg';
import { startSimulator } from '../simulator/server.ts';
import { startApp, systemClock } from '../src/app.ts';
import { createLog } from '../src/operate/logger.ts';
import { openStore } from '../src/store/open.ts';
import { thePlaybook } from '../test/support/services.ts';
import { compareInTurns, inWords, quantile } from './rounds.ts';

/*
 * How long Slack waits for the acknowledgement of a slash command in HTTP mode, beside a bare Bolt app that does nothing
 * but acknowledge, under the same load: `inFlight` at a time. The product writes the command down before it answers.
 * BENCH_DATABASE_URL names a throw-away server.
 */

const server = process.env['BENCH_DATABASE_URL'];
if (server === undefined) throw new Error('Set BENCH_DATABASE_URL to a throw-away PostgreSQL server.');
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const commandsARound = 500;
const inFlight = 5;
const signingSecret = 'bench-signing-secret';
const team = 'T0SIMULATE';

let sent = 0;
function slashCommand(): { body: string; headers: Record<string, string> } {
  sent += 1;
  const body = new URLSearchParams({
    command: '/parallel',
    text: 'help',
    trigger_id: `bench.${sent}`,
    team_id: team,
    team_domain: 'bench',
    channel_id: 'C0RECONCILE',
    channel_name: 'parallel-run',
    user_id: 'U0BENCH0001',
    user_name: 'bench',
    response_url: 'http://127.0.0.1:9/commands/bench',
    api_app_id: 'A0BENCH',
    is_enterprise_install: 'false',
    token: 'unused',
  }).toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return {
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
    },
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
function send(port: number): Promise<number> {
  const { body, headers } = slashCommand();
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const outgoing = request(
      { port, host: '127.0.0.1', path: '/slack/events', method: 'POST', headers, agent },
      (response) => {
        response.resume();
        response.once('end', () => {
          if (response.statusCode === 200) resolve(performance.now() - began);
          else reject(new Error(`answered ${response.statusCode}`));
        });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

/** The 99th percentile over a round. */
async function round(port: number): Promise<number> {
  const waits: number[] = [];
  let left = commandsARound;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      waits.push(await send(port));
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return quantile(waits, 0.99);
}

async function startBareBolt(apiUrl: string, token: string): Promise<{ port: number; close(): void }> {
  const receiver = new HTTPReceiver({ signingSecret, endpoints: ['/slack/events'] });
  const app = new App({ token, receiver, clientOptions: { slackApiUrl: apiUrl } });
  app.command('/parallel', async ({ ack }) => ack());
  const http = createServer((incoming, outgoing) => receiver.requestListener(incoming, outgoing));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { port: (http.address() as AddressInfo).port, close: () => http.close() };
}

const admin = new pg.Client({ connectionString: server });
await admin.connect();
await admin.query('DROP DATABASE IF EXISTS bench_acknowledge');
await admin.query('CREATE DATABASE bench_acknowledge');
const databaseUrl = Object.assign(new URL(server), { pathname: '/bench_acknowledge' }).href;
const simulator = await startSimulator({ port: 0 });
const bare = await startBareBolt(simulator.apiUrl, simulator.botToken);
const log = createLog('silent');
const store = await openStore({ databaseUrl, log });
const nowhere = { open: () => Promise.reject(new Error('not used')), close: () => Promise.resolve() };
const app = await startApp({
  playbook: { ...thePlaybook(), startDate: null },
  store,
  sources: { legacy: nowhere, new: nowhere },
  clock: systemClock,
  slack: { mode: 'http', botToken: simulator.botToken, signingSecret, apiUrl: simulator.apiUrl },
  host: '127.0.0.1',
  port: 0,
  log,
});
try {
  const figures = await compareInTurns(
    `acknowledgement of a slash command, p99 of ${commandsARound}, ${inFlight} at a time`,
    rounds,
    () => round(app.port),
    () => round(bare.port),
  );
  process.stdout.write(`${inWords(figures, 1.3)}\n`);
} finally {
  agent.destroy();
  await app.stop();
  await store.close();
  bare.close();
  await simulator.close();
  await admin.query('DROP DATABASE IF EXISTS bench_acknowledge WITH (FORCE)');
  await admin.end();
}
