import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { commands } from '../../commands/index.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { type App, startApp, systemClock } from '../../src/app.ts';
import { answerRequest, concludeAnswer } from '../../src/core/answer-request.ts';
import { codeHash } from '../../src/core/decisions/codes.ts';
import type { Playbook } from '../../src/core/playbook/playbook.ts';
import type { Source } from '../../src/core/sources.ts';
import type { Store } from '../../src/core/store.ts';
import { createLog } from '../../src/operate/logger.ts';
import { openStore } from '../../src/store/open.ts';
import { openServerStore, shareStore } from '../support/databases.ts';
import { anActor, aRequest } from '../support/fixtures.ts';
import { createRandom, shuffled } from '../support/random.ts';
import { clickBody, signedHeaders } from '../support/signed.ts';
import { thePlaybook } from '../support/services.ts';

const signingSecret = 'test-signing-secret';
const clicks = 1_000;
const inFlight = 20;

/** 40 people, of whom ten have a second account in chat: 50 accounts. */
const everybody = Array.from({ length: 40 }, (_, index) => `U0P${String(index).padStart(2, '0')}`);
const second = (user: string): string => `${user}B`;
const twice = everybody.slice(0, 10);
const accounts = [...everybody, ...twice.map(second)];
const officers = everybody.slice(0, 5);
const leads = everybody.slice(3, 10);
const slack = (users: readonly string[]): string[] => users.map((user) => `slack:${user}`);

const nothing: Source = { open: () => Promise.reject(new Error('no system here')), close: () => Promise.resolve() };

describe(`${clicks} answers from 50 accounts of 40 people at once, in chat and shells, to three bots`, function () {
  this.timeout(300_000);
  const opened = shareStore(openServerStore);
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const stores: Store[] = [];
  const apps: App[] = [];
  let simulator: Simulator;
  const base = thePlaybook({ START_DATE: '' });
  let playbook: Playbook;

  before(async () => {
    const morePeople = accounts.map((id) => ({ id, name: id, title: 'Somebody' }));
    simulator = await startSimulator({ port: 0, morePeople });
    const channelOf = (name: string): string => simulator.channels.find((one) => one.name === name)?.id ?? '';
    playbook = {
      ...base,
      channels: { reconciliation: channelOf('parallel-run'), alerts: channelOf('parallel-run-alerts') },
      people: twice.map((user) => ({ name: user, accounts: slack([user, second(user)]) })),
      roles: {
        ...base.roles,
        securityOfficer: { title: 'Security Officer', people: slack(officers) },
        techLead: { title: 'Tech Lead', people: slack(leads) },
      },
      decisions: {
        ...base.decisions,
        writeAccess: {
          seats: [
            { roles: ['securityOfficer'], count: 4 },
            { roles: ['techLead'], count: 5 },
          ],
          hours: 72,
          ordered: false,
          excludesAsker: false,
          reason: 'never',
          sealed: false,
        },
      },
    };
    for (let index = 0; index < 3; index += 1) {
      const store = await openStore({ databaseUrl: opened().url, log: createLog('silent') });
      stores.push(store);
      apps.push(
        await startApp({
          playbook,
          store,
          sources: { legacy: nothing, new: nothing },
          clock: systemClock,
          slack: { mode: 'http', botToken: simulator.botToken, signingSecret, apiUrl: simulator.apiUrl },
          host: '127.0.0.1',
          port: 0,
          log: createLog('silent'),
        }),
      );
    }
  });
  after(async () => {
    agent.destroy();
    for (const app of apps) await app.stop();
    for (const store of stores) await store.close();
    await simulator?.close();
  });

  const click = (app: App, body: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const options = { port: app.port, path: '/slack/events', method: 'POST', agent };
      const outgoing = request({ ...options, headers: signedHeaders(signingSecret, body, new Date()) }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });

  /** In a shell of a server, by a code of that person. */
  const type = async (app: App, words: string, index: number): Promise<void> => {
    const asked = aRequest({
      id: `shell-${index}`,
      words,
      actor: anActor({ platform: 'terminal', workspace: '', user: 'somebody' }),
    });
    const { services } = app;
    const answer = await answerRequest({
      request: asked,
      commands,
      services,
      progress: () => undefined,
      signal: new AbortController().signal,
      failed: (error) => assert.fail(String(error)),
    });
    await services.store.transaction((tx) => concludeAnswer(tx, answer, asked));
  };

  it('are one transition, each person counted once, and the card right', async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const random = createRandom(seed);
    const [first] = apps;
    assert.ok(first !== undefined);
    const at = new Date().toISOString();
    const codes = everybody.map((user) => ({ user, code: `CODE-${user}` }));
    await first.services.store.transaction(async (tx) => {
      for (const { user, code } of codes) await tx.codes.issue(`slack:${user}`, [codeHash(code)], at);
    });
    const event = (user: string, words: string, index: number) =>
      clickBody({
        words,
        trigger: `trigger.${index}`,
        team: simulator.team.id,
        user,
        channel: playbook.channels.reconciliation,
        responseUrl: 'http://127.0.0.1:9/commands/none',
      });
    await type(first, 'decision', 0);
    await click(
      first,
      event(everybody[3] ?? '', 'decision ask writeAccess --people Fay --until 2099-12-31', 1_000_000),
    );
    const count = async (sql: string): Promise<number> =>
      Number((await opened().owner<{ count: string }>(`select count(*) as count from ${sql}`))[0]?.count);
    const waitFor = async (sql: string, wanted: number): Promise<void> => {
      const until = Date.now() + 120_000;
      while ((await count(sql)) !== wanted && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.equal(await count(sql), wanted, `${sql} (seed ${seed})`);
    };
    await waitFor('decisions', 1);

    const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
    const work = Array.from({ length: clicks }, (_, index) => async (): Promise<void> => {
      const app = any(apps);
      if (random() < 0.1) return type(app, `decision 1 approve --seen 1 --code ${any(codes).code}`, index + 1);
      const status = await click(app, event(any(accounts), 'decision 1 approve --seen 1', index));
      assert.equal(status, 200);
    });
    const queue = shuffled(work, random);
    const worker = async (): Promise<void> => {
      for (let next = queue.pop(); next !== undefined; next = queue.pop()) await next();
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    await waitFor(`inbox where state = 'waiting'`, 0);

    assert.equal(await count(`decisions where state = 'decided' and outcome = 'approve'`), 1, `seed ${seed}`);
    assert.equal(await count(`audit where action = 'decision.decided'`), 1);
    const given = await opened().owner<{ person: string; times: string }>(
      'select person, count(*) as times from decision_answers group by person',
    );
    assert.deepEqual(
      given.filter(({ times }) => times !== '1'),
      [],
      'everybody once',
    );
    const persons = given.map(({ person }) => person);
    assert.deepEqual(
      persons.filter((person) => !slack([...officers, ...leads]).includes(person)),
      [],
    );
    // Four officers and five leads, nobody in both: of the ten people with a role, at least nine.
    assert.ok(persons.length >= 9, `${persons.length} people`);
    await waitFor(`outbox where state = 'pending' and key = 'decision/1/card'`, 0);
    const cards = simulator
      .messages(playbook.channels.reconciliation)
      .filter(({ text }) => text.includes('Write access'));
    assert.equal(cards.length, 1);
    assert.match(cards[0]?.text ?? '', /\? Approve/);
    assert.doesNotMatch(JSON.stringify(cards[0]?.blocks), /"type":"button"/);
    assert.equal((await opened().store.transaction((tx) => tx.audit.verify())).ok, true);
  });
});
