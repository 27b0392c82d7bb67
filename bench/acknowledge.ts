import { spawn } from 'node:child_process';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startSimulator } from '../simulator/server.ts';
import { commandBody, signedHeaders } from '../test/support/signed.ts';
import { compareInTurns, inWords, quantile } from './rounds.ts';

/*
 * How long Slack waits for the acknowledgement of a slash command in HTTP mode, beside a bare Bolt app that does nothing
 * but acknowledge, under the same load: so many a second, each app in a process of its own. The product writes the
 * command down before it acknowledges it, and answers it meanwhile. BENCH_DATABASE_URL names a throw-away server,
 * BENCH_RATE the commands a second.
 */

const server = process.env['BENCH_DATABASE_URL'];
if (server === undefined) throw new Error('Set BENCH_DATABASE_URL to a throw-away PostgreSQL server.');
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const commandsARound = 300;
const commandsASecond = Number(process.env['BENCH_RATE'] ?? 10);
const signingSecret = 'bench-signing-secret';

let sent = 0;
function slashCommand(): { body: string; headers: Record<string, string> } {
  sent += 1;
  const body = commandBody({
    words: 'help',
    trigger: `bench.${sent}`,
    team: simulator.team.id,
    user: simulator.people[0]?.id ?? '',
    channel: 'C0RECONCILE',
    responseUrl: `http://127.0.0.1:${replies.port}/commands/bench`,
  });
  return { body, headers: signedHeaders(signingSecret, body, new Date()) };
}

const agent = new Agent({ keepAlive: true });
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

/** The 99th percentile over a round: commands come at their rate, whether or not earlier ones were answered. */
async function round(port: number): Promise<number> {
  const began = performance.now();
  const waits: Promise<number>[] = [];
  for (let index = 0; index < commandsARound; index += 1) {
    const due = began + (index * 1_000) / commandsASecond;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    waits.push(send(port));
  }
  return quantile(await Promise.all(waits), 0.99);
}

/** Takes what the product answers in private, as Slack does. */
async function startReplies(): Promise<{ port: number; close(): void }> {
  const http = createServer((incoming, outgoing) => {
    incoming.resume();
    outgoing.end('ok');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { port: (http.address() as AddressInfo).port, close: () => http.close() };
}

/** A process of its own, which says where it listens. */
async function startProcess(script: readonly string[], environment: Record<string, string>): Promise<Served> {
  const child = spawn(process.execPath, script, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.once('exit', (code) => reject(new Error(`${script.join(' ')} ended with ${code}`)));
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  };
  return { port, stop };
}

interface Served {
  readonly port: number;
  stop(): Promise<void>;
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const admin = new pg.Client({ connectionString: server });
await admin.connect();
await admin.query('DROP DATABASE IF EXISTS bench_acknowledge WITH (FORCE)');
await admin.query('CREATE DATABASE bench_acknowledge');
const databaseUrl = Object.assign(new URL(server), { pathname: '/bench_acknowledge' }).href;
const simulator = await startSimulator({ port: 0 });
const replies = await startReplies();
const slack = {
  SLACK_BOT_TOKEN: simulator.botToken,
  SLACK_SIGNING_SECRET: signingSecret,
  SLACK_API_URL: simulator.apiUrl,
};
const bare = await startProcess(['--import', 'tsx', path('bare-bolt.ts')], slack);
const product = await startProcess([path('../bin/parallel-run.js'), 'serve'], {
  ...slack,
  SLACK_MODE: 'http',
  PORT: '0',
  LOG_LEVEL: 'error',
  DATABASE_URL: databaseUrl,
  LEGACY_DATABASE_URL: server,
  NEW_DATABASE_PATH: 'not-used.duckdb',
  RECONCILIATION_CHANNEL: 'C0RECONCILE',
  ALERTS_CHANNEL: 'C0ALERTS',
});
try {
  const figures = await compareInTurns(
    `acknowledgement of a slash command, p99 of ${commandsARound} at ${commandsASecond} a second`,
    rounds,
    () => round(product.port),
    () => round(bare.port),
  );
  process.stdout.write(`${inWords(figures, 1.3)}\n`);
  const written = new pg.Client({ connectionString: databaseUrl });
  await written.connect();
  const { rows } = await written.query<{ count: number }>('SELECT count(*)::integer AS count FROM parallel_run.inbox');
  await written.end();
  // Otherwise the figure is about refusing them.
  if (rows[0]?.count !== (rounds + 1) * commandsARound)
    throw new Error(`only ${rows[0]?.count} commands were written down`);
} finally {
  agent.destroy();
  await product.stop();
  await bare.stop();
  replies.close();
  await simulator.close();
  await admin.query('DROP DATABASE IF EXISTS bench_acknowledge WITH (FORCE)');
  await admin.end();
}
