import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../commands/index.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { createServices, systemClock } from '../../src/services.ts';
import { answerRequest, concludeAnswer } from '../../src/core/answer-request.ts';
import { codeHash } from '../../src/core/decisions/codes.ts';
import type { Services } from '../../src/core/services.ts';
import type { Source } from '../../src/core/sources.ts';
import { readPlaybook } from '../../src/playbook/read.ts';
import { type Bot, killBots, startBot } from '../support/bots.ts';
import { openServerStore, shareStore } from '../support/databases.ts';
import { anActor, aRequest } from '../support/fixtures.ts';
import { createRandom, shuffled } from '../support/random.ts';
import { clickBody, signedHeaders } from '../support/signed.ts';
import { at } from '../support/ground.ts';

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

/** The product's own playbook, with these people, and nine who answer. */
async function playbookText(): Promise<string> {
  const text = await readFile(new URL('../../playbook.yml', import.meta.url), 'utf8');
  const replace = (before: RegExp, after: string) => (whole: string) => {
    assert.match(whole, before);
    return whole.replace(before, after);
  };
  const everyAccount = twice.map((user) => ({ name: user, accounts: slack([user, second(user)]) }));
  const seats = '[{ roles: [securityOfficer], count: 4 }, { roles: [techLead], count: 5 }]';
  return [
    replace(/^people: \[\]$/m, `people: ${JSON.stringify(everyAccount)}`),
    replace(/^ {2}writeAccess: .*$/m, `  writeAccess: { seats: ${seats}, hours: 72 }`),
  ].reduce((whole, change) => change(whole), text);
}

describe(`${clicks} answers from 50 accounts of 40 people at once, in chat and shells, to three bots in processes of their own`, function () {
  this.timeout(300_000);
  const opened = shareStore(openServerStore);
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  let bots: readonly Bot[] = [];
  let ports: readonly number[] = [];
  let simulator: Simulator;
  let shell: Services;
  let directory: string;

  before(async () => {
    const morePeople = accounts.map((id) => ({ id, name: id, title: 'Somebody' }));
    simulator = await startSimulator({ port: 0, morePeople });
    const channelOf = (name: string): string => simulator.channels.find((one) => one.name === name)?.id ?? '';
    const environment = {
      RECONCILIATION_CHANNEL: channelOf('parallel-run'),
      ALERTS_CHANNEL: channelOf('parallel-run-alerts'),
      LEGACY_DATABASE_URL: 'postgresql://localhost/legacy',
      NEW_DATABASE_PATH: 'planwise.duckdb',
      SECURITY_OFFICER: slack(officers).join(' '),
      TECH_LEAD: slack(leads).join(' '),
    };
    directory = await mkdtemp(join(tmpdir(), 'parallel-run-decision-'));
    const playbookPath = join(directory, 'playbook.yml');
    const text = await playbookText();
    await writeFile(playbookPath, text);
    const read = readPlaybook(text, environment, '2026-11-23');
    assert.ok('playbook' in read, JSON.stringify(read));
    shell = createServices({
      playbook: read.playbook,
      store: opened().store,
      sources: { legacy: nothing, new: nothing },
      clock: systemClock,
    });
    const now = at(new Date().toISOString());
    const settings = {
      playbookPath,
      environment,
      databaseUrl: opened().url,
      slack: { mode: 'http', apiUrl: simulator.apiUrl, botToken: simulator.botToken, signingSecret } as const,
      day: now,
      deliverySpeed: 1,
      epoch: now.setAt,
    };
    bots = Array.from({ length: 3 }, () => startBot(settings));
    ports = (await Promise.all(bots.map(({ ready }) => ready))).map(({ port }) => port);
    assert.equal(new Set(bots.map((bot) => bot.process.pid)).size, 3);
  });
  after(async () => {
    agent.destroy();
    await Promise.all(bots.map((bot) => bot.stop()));
    killBots();
    await simulator?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const click = (port: number, body: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const options = { port, path: '/slack/events', method: 'POST', agent };
      const outgoing = request({ ...options, headers: signedHeaders(signingSecret, body, new Date()) }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });

  /** In a shell of a server, by a code of that person. */
  const type = async (words: string, index: number): Promise<void> => {
    const asked = aRequest({
      id: `shell-${index}`,
      words,
      actor: anActor({ platform: 'terminal', workspace: '', user: 'somebody' }),
    });
    const answer = await answerRequest({
      request: asked,
      commands,
      services: shell,
      progress: () => undefined,
      signal: new AbortController().signal,
      failed: (error) => assert.fail(String(error)),
    });
    await shell.store.transaction((tx) => concludeAnswer(tx, answer, asked));
  };

  it('are one transition, each person counted once, and the card right', async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const random = createRandom(seed);
    const issuedAt = new Date().toISOString();
    const codes = everybody.map((user) => ({ user, code: `CODE-${user}` }));
    await shell.store.transaction(async (tx) => {
      for (const { user, code } of codes) await tx.codes.issue(`slack:${user}`, [codeHash(code)], issuedAt);
    });
    const event = (user: string, words: string, index: number) =>
      clickBody({
        words,
        trigger: `trigger.${index}`,
        team: simulator.team.id,
        user,
        channel: shell.playbook.channels.reconciliation,
        responseUrl: 'http://127.0.0.1:9/commands/none',
      });
    await type('decision', 0);
    await click(
      ports[0] ?? 0,
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
      if (random() < 0.1) return type(`decision 1 approve --seen 1 --code ${any(codes).code}`, index + 1);
      const status = await click(any(ports), event(any(accounts), 'decision 1 approve --seen 1', index));
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
      .messages(shell.playbook.channels.reconciliation)
      .filter(({ text }) => text.includes('Write access'));
    assert.equal(cards.length, 1);
    assert.match(cards[0]?.text ?? '', /\? Approve/);
    assert.doesNotMatch(JSON.stringify(cards[0]?.blocks), /"type":"button"/);
    assert.equal((await opened().store.transaction((tx) => tx.audit.verify())).ok, true);
  });
});
