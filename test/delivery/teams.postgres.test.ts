import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTeamsSimulator } from '../../simulator/teams/server.ts';
import type { Operation, TeamsMessage, TeamsSimulator } from '../../simulator/teams/types.ts';
import { createLog } from '../../src/operate/logger.ts';
import { openStore } from '../../src/store/open.ts';
import { type BotSettings, crashPoints, type Day } from '../support/bot-settings.ts';
import { type Bot, killBots, startBot } from '../support/bots.ts';
import { createDatabase } from '../support/postgres-server.ts';
import { createRandom } from '../support/random.ts';
import { closedPort } from '../teams/support.ts';

const deliverySpeed = 10;
const kills = Number(process.env['KILLS'] ?? 20);
const leastDays = 3;
const firstDay = Date.UTC(2026, 5, 1);

const playbook = `
name: Crash test
timeZone: UTC
workingDays: [monday, tuesday, wednesday, thursday, friday]
startDate: 2026-06-01
channels: { reconciliation: "\${RECONCILIATION_CHANNEL}", alerts: "\${ALERTS_CHANNEL}" }
roles: { dataOwner: { title: Data Owner, people: [] } }
sources:
  legacy: { kind: postgresql, title: Legacy, url: "\${LEGACY_DATABASE_URL}" }
  new: { kind: postgresql, title: New, url: "\${LEGACY_DATABASE_URL}" }
readiness:
  sync: { source: new, query: "select * from sync_runs order by batch_date desc limit 1" }
  batchDate: today
  deadline: "10:00"
  retryMinutes: 15
checks:
  - name: employees
    title: Employee Count
    kind: scalar
    legacy: select count(*) as value from legacy_people
    new: select count(*) as value from new_people
    tolerance: 0 %
    severity: 1
    owner: dataOwner
    action: Investigate at once
    critical: true
schedules:
  dailyReconciliation: { at: "07:00", days: every }
  missedReport: { at: "23:00" }
`;

/** A message as the outbox has it. */
interface Row {
  readonly key: string;
  readonly state: string;
  readonly external_id: string | null;
}

/** The whole way outside: a database server, a tenant of Teams, and bots that die. */
interface World {
  readonly teams: TeamsSimulator;
  readonly channel: string;
  readonly alerts: string;
  readonly ana: string;
  settings(more?: Partial<BotSettings>): BotSettings;
  sync(day: number): Promise<void>;
  /** What was to be said in the channel, by the outbox; pins are no messages. */
  rows(): Promise<Row[]>;
  /** Alerts about a message of which nobody knows whether they arrived. */
  lostAlerts(key: string): Promise<number>;
  open(): Promise<number>;
  close(): Promise<void>;
}

async function createWorld(): Promise<World> {
  const database = await createDatabase();
  await database.query('create table legacy_people as select generate_series(1, 100) as id');
  await database.query('create table new_people as select generate_series(1, 99) as id');
  await database.query(
    'create table sync_runs (batch_date date, started_at timestamptz, finished_at timestamptz, rows_sent int, rows_loaded int)',
  );
  const teams = await startTeamsSimulator();
  const port = await closedPort();
  teams.connect(`http://127.0.0.1:${port}/api/messages`);
  const directory = await mkdtemp(join(tmpdir(), 'parallel-run-teams-'));
  const playbookPath = join(directory, 'playbook.yml');
  await writeFile(playbookPath, playbook);
  const [channel, alerts] = ['parallel-run', 'parallel-run-alerts'].map(
    (name) => teams.channels.find((one) => one.name === name)?.id ?? '',
  ) as [string, string];
  // As if the bot had been added to the team long ago.
  const store = await openStore({ databaseUrl: database.url.href, log: createLog('silent') });
  for (const one of [channel, alerts]) {
    const reference = { conversation: one, serviceUrl: teams.url, bot: `28:${teams.appId}` };
    await store.transaction((tx) =>
      tx.conversationReferences.save({ platform: 'teams', channel: one, ...reference }, new Date().toISOString()),
    );
  }
  await store.close();
  const { appId, appPassword, tenantId, loginUrl, issuer, openIdMetadataUrl } = teams;
  const epoch = Date.now();
  return {
    teams,
    channel,
    alerts,
    ana: teams.people[0]?.aadObjectId ?? '',
    settings: (more) => ({
      playbookPath,
      environment: {
        RECONCILIATION_CHANNEL: channel,
        ALERTS_CHANNEL: alerts,
        LEGACY_DATABASE_URL: database.url.href,
      },
      databaseUrl: database.url.href,
      teams: { appId, appPassword, tenantId, endpoints: { loginUrl, issuer, openIdMetadataUrl } },
      port,
      day: at(new Date(firstDay).toISOString()),
      deliverySpeed,
      epoch,
      ...more,
    }),
    sync: async (day) => {
      const hour = (hours: number): string => new Date(firstDay + day * 86_400_000 + hours * 3_600_000).toISOString();
      await database.query(
        `insert into sync_runs values ('${hour(0).slice(0, 10)}', '${hour(5)}', '${hour(6)}', 99, 99)`,
      );
    },
    rows: async () => {
      const { rows } = await database.query(
        `select key, state, external_id from parallel_run.outbox
         where channel = '${channel}' and content->>'kind' <> 'pin' order by id`,
      );
      return rows as Row[];
    },
    lostAlerts: async (key) => {
      const { rows } = await database.query(
        `select count(*) from parallel_run.outbox
         where channel = '${alerts}' and state = 'unknown' and content->'card'->>'summary' like '%"${key}"%'`,
      );
      return Number((rows[0] as { count: string }).count);
    },
    open: async () => {
      const { rows } = await database.query(
        `select (select count(*) from parallel_run.outbox where state = 'pending')
              + (select count(*) from parallel_run.inbox where state = 'waiting') as open`,
      );
      return Number((rows[0] as { open: string }).open);
    },
    close: async () => {
      await teams.close();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const at = (now: string): Day => ({ now, setAt: Date.now() });
const morning = (day: number): string => new Date(firstDay + day * 86_400_000 + 7 * 3_600_000 + 1_000).toISOString();
const digestKey = (day: number): string =>
  `digest/${new Date(firstDay + day * 86_400_000 + 7 * 3_600_000).toISOString()}`;

async function eventually(what: string, seconds: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > until) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const settled = (world: World): Promise<void> =>
  eventually('everything that was asked for is done', 90, async () => (await world.open()) === 0);

/** The bot's own messages in a conversation. */
const said = ({ teams }: World, where: string): readonly TeamsMessage[] =>
  teams.messages(where).filter(({ from }) => from.startsWith('28:'));

/**
 * Every message of the channel hangs there once where the outbox says so, is told of in the alerts channel where nobody
 * knows, and none stands there that nobody asked for.
 */
async function assertNothingLostOrTwice(world: World, note: string): Promise<Row[]> {
  const rows = await world.rows();
  const hanging = said(world, world.channel);
  const sent = rows.filter(({ state }) => state === 'sent');
  const unknown = rows.filter(({ state }) => state === 'unknown');
  const ids = sent.map(({ external_id: id }) => id);
  assert.equal(new Set(ids).size, ids.length, `two messages under one id, ${note}`);
  for (const { key, external_id: id } of sent) {
    assert.ok(
      hanging.some((message) => message.id === id),
      `${key} does not hang, ${note}`,
    );
  }
  assert.ok(
    hanging.length <= sent.length + unknown.length,
    `${hanging.length} hang of ${sent.length} sent and ${unknown.length} flagged, ${note}`,
  );
  const alerts = said(world, world.alerts).map(({ summary, card }) => `${summary} ${JSON.stringify(card)}`);
  for (const { key } of unknown) {
    // Of an alert nobody may know either whether it arrived: the health of the bot counts those.
    assert.ok(
      alerts.some((alert) => alert.includes(`"${key}"`)) || (await world.lostAlerts(key)) > 0,
      `${key} was not told of, ${note}`,
    );
  }
  return rows;
}

describe('When the process is killed on Teams', function () {
  this.timeout(1_200_000);
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
  });
  afterEach(async () => {
    killBots();
    await world.close();
  });

  for (const point of crashPoints) {
    const flagged = point === 'before post' || point === 'after post' || point === 'before mark';
    it(`${point}, its successor says the rest once, and ${flagged ? 'tells of the message in hand that nobody knows whether it is there' : 'loses nothing'}`, async () => {
      await world.sync(0);
      const first = startBot(world.settings({ crashAt: point }));
      await first.ready;
      first.setDay(at(morning(0)));
      await first.ended;
      const second = startBot(world.settings({ day: at(morning(0)) }));
      await second.ready;
      await eventually('the digest is due no more', 90, async () =>
        (await world.rows()).some(({ key, state }) => key === digestKey(0) && state !== 'pending'),
      );
      await settled(world);
      await second.stop();
      const rows = await assertNothingLostOrTwice(world, point);
      const unknown = rows.filter(({ state }) => state === 'unknown');
      const sent = rows.filter(({ state }) => state === 'sent');
      assert.equal(unknown.length, flagged ? 1 : 0);
      assert.equal(sent.length + unknown.length, rows.length);
      const hanging = said(world, world.channel).length;
      assert.equal(hanging, point === 'before post' ? sent.length : rows.length);
    });
  }

  it(`at ${kills} random moments, with a faulty Teams and three processes, nothing stands twice and what is not there is told`, async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const random = createRandom(seed);
    const { teams } = world;
    const often = (
      operation: Operation,
      fault: Parameters<TeamsSimulator['inject']>[0]['fault'],
      probability: number,
    ) => teams.inject({ operation, fault, probability, times: Infinity });
    for (const operation of ['post', 'reply', 'edit', 'createConversation'] as const) {
      for (const status of [412, 502, 504]) often(operation, { kind: 'status', status }, 0.05);
      often(operation, { kind: 'status', status: 429, retryAfterSeconds: 1 }, 0.03);
      often(operation, { kind: 'dropReply' }, 0.05);
    }
    often('token', { kind: 'status', status: 503 }, 0.05);

    let day = 0;
    await world.sync(0);
    let time = at(morning(0));
    // One at a port; the others only deliver and watch the clock.
    const settings = (index: number): BotSettings => world.settings({ day: time, ...(index === 0 ? {} : { port: 0 }) });
    const bots: Bot[] = [0, 1, 2].map((index) => startBot(settings(index)));
    const asked: boolean[] = [];
    for (let killed = 0; killed < kills || day < leastDays; killed += 1) {
      const victim = Math.floor(random() * bots.length);
      // Only who lives can be killed at work.
      await bots[victim]?.ready;
      await new Promise((resolve) => setTimeout(resolve, random() * 1_500));
      bots[victim]?.kill();
      await bots[victim]?.ended;
      if (killed % 5 === 0) {
        const answer = await teams.acts.ask(world.ana, world.channel, 'help').catch(() => undefined);
        asked.push(answer?.acknowledged === true);
      }
      if ((await world.rows()).some(({ key, state }) => key === digestKey(day) && state !== 'pending')) {
        day += 1;
        await world.sync(day);
        time = at(morning(day));
        for (const bot of bots) bot.setDay(time);
      }
      bots[victim] = startBot(settings(victim));
    }
    teams.clearFaults();
    await eventually('the last digest is due no more', 120, async () =>
      (await world.rows()).some(({ key, state }) => key === digestKey(day) && state !== 'pending'),
    );
    await settled(world);
    await Promise.all(bots.map((bot) => bot.stop()));

    const note = `seed ${seed}, ${day + 1} days`;
    const rows = await assertNothingLostOrTwice(world, note);
    for (let each = 0; each <= day; each += 1) {
      const digests = rows.filter(({ key }) => key === digestKey(each));
      assert.equal(digests.length, 1, `day ${each}, ${note}`);
      assert.match(digests[0]?.state ?? '', /^(sent|unknown)$/, `day ${each}, ${note}`);
    }
    const answers = said(world, world.ana).length;
    const acknowledged = asked.filter((one) => one).length;
    assert.ok(answers >= acknowledged, `${acknowledged} acknowledged, ${answers} answered, ${note}`);
  });
});
