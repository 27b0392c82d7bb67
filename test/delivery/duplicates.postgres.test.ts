import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import type { Simulator } from '../../simulator/types.ts';
import { startSimulator } from '../../simulator/server.ts';
import { type App, startApp } from '../../src/app.ts';
import { systemClock } from '../../src/services.ts';
import { createLog } from '../../src/operate/logger.ts';
import type { Source } from '../../src/core/sources.ts';
import { openServerStore, shareStore } from '../support/databases.ts';
import { createRandom, shuffled } from '../support/random.ts';
import { anUnaskedSnapshot } from '../support/fake-snapshot.ts';
import { thePlaybook } from '../support/services.ts';
import { clickBody, commandBody, signedHeaders } from '../support/signed.ts';

const signingSecret = 'test-signing-secret';
const events = 1_000;
const deliveries = 10_000;
const inFlight = 20;

/** A system whose every answer is one figure. */
const figures: Source = {
  open: async () => ({
    ...anUnaskedSnapshot,
    query: async () => ({ columns: ['value'], rows: [['100']] }),
  }),
  close: () => Promise.resolve(),
};

describe(`${deliveries} deliveries of ${events} commands and clicks, in any order and repeated`, function () {
  this.timeout(300_000);
  const opened = shareStore(openServerStore);
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  let simulator: Simulator;
  let app: App;

  before(async () => {
    simulator = await startSimulator({ port: 0 });
    const playbook = { ...thePlaybook({ START_DATE: '' }), comparisons: [] };
    app = await startApp({
      playbook: {
        ...playbook,
        checks: playbook.checks.filter(({ name }) => name === 'employees'),
        readiness: { batchDate: 'any', deadline: '10:00', retryMinutes: 15, syncLimitMinutes: 60 },
      },
      store: opened().store,
      sources: { legacy: figures, new: figures },
      clock: systemClock,
      slack: { mode: 'http', botToken: simulator.botToken, signingSecret, apiUrl: simulator.apiUrl },
      host: '127.0.0.1',
      port: 0,
      log: createLog('silent'),
    });
  });
  after(async () => {
    agent.destroy();
    await app?.stop();
    await simulator?.close();
  });

  const send = (body: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const options = { port: app.port, path: '/slack/events', method: 'POST', agent };
      const outgoing = request({ ...options, headers: signedHeaders(signingSecret, body, new Date()) }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });

  it(`have ${events} effects`, async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const random = createRandom(seed);
    const bodies = Array.from({ length: events }, (_, index) => {
      const event = {
        words: 'check employees',
        trigger: `trigger.${index}`,
        team: simulator.team.id,
        user: simulator.people[index % 3]?.id ?? '',
        channel: simulator.channels[0]?.id ?? '',
        responseUrl: 'http://127.0.0.1:9/commands/none',
      };
      return index % 2 === 0 ? commandBody(event) : clickBody(event);
    });
    // Every one at least once, and the rest at random.
    const again = Array.from({ length: deliveries - events }, () => bodies[Math.floor(random() * events)] ?? '');
    const queue = shuffled([...bodies, ...again], random);
    assert.equal(queue.length, deliveries);

    const statuses = new Map<number, number>();
    const worker = async (): Promise<void> => {
      for (let body = queue.pop(); body !== undefined; body = queue.pop()) {
        const status = await send(body);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    assert.deepEqual([...statuses], [[200, deliveries]], `seed ${seed}`);

    const count = async (sql: string): Promise<number> =>
      Number((await opened().owner<{ count: string }>(`select count(*) as count from ${sql}`))[0]?.count);
    const until = Date.now() + 120_000;
    while ((await count(`inbox where state = 'waiting'`)) > 0 && Date.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const effects = {
      requests: await count(`inbox where state = 'done'`),
      runs: await count('runs'),
      audit: await count(`audit where action = 'run.finished'`),
      replies: await count(`outbox where key like 'reply/%'`),
    };
    assert.deepEqual(effects, { requests: events, runs: events, audit: events, replies: events }, `seed ${seed}`);
    const verified = await opened().store.transaction((tx) => tx.audit.verify());
    assert.equal(verified.ok, true);
  });
});
