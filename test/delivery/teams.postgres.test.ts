import assert from 'node:assert/strict';
import { startTeamsSimulator } from '../../simulator/teams/server.ts';
import type { Operation, TeamsMessage, TeamsSimulator } from '../../simulator/teams/types.ts';
import { createLog } from '../../src/operate/logger.ts';
import { openStore } from '../../src/store/open.ts';
import { type BotSettings, crashPoints } from '../support/bot-settings.ts';
import { type Bot, killBots, startBot } from '../support/bots.ts';
import { crashPlaybook, digestKey, firstDay, morning, sync } from '../support/crash-days.ts';
import { at, createGround, eventually, type Ground, settled } from '../support/ground.ts';
import { createRandom } from '../support/random.ts';
import { closedPort } from '../teams/support.ts';

const deliverySpeed = 10;
const kills = Number(process.env['KILLS'] ?? 20);
const leastDays = 3;

/** A message as the outbox has it. */
interface Row {
  readonly key: string;
  readonly state: string;
  readonly external_id: string | null;
}

/** The whole way outside: a database server, a tenant of Teams, and bots that die. */
interface World extends Ground {
  readonly teams: TeamsSimulator;
  readonly channel: string;
  readonly alerts: string;
  readonly ana: string;
  settings(more?: Partial<BotSettings>): BotSettings;
  /** What was to be said in the channel, by the outbox; pins are no messages. */
  rows(): Promise<Row[]>;
  /** Alerts about a message of which nobody knows whether they arrived. */
  lostAlerts(key: string): Promise<number>;
}

async function createWorld(): Promise<World> {
  const ground = await createGround(crashPlaybook);
  const { database, playbookPath } = ground;
  const teams = await startTeamsSimulator();
  const port = await closedPort();
  teams.connect(`http://127.0.0.1:${port}/api/messages`);
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
    ...ground,
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
    close: async () => {
      await teams.close();
      await ground.close();
    },
  };
}

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
      await sync(world, 0);
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
    await sync(world, 0);
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
        await sync(world, day);
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
