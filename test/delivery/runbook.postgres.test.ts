import assert from 'node:assert/strict';
import { createLog } from '../../src/operate/logger.ts';
import type { Runbook } from '../../src/core/runbooks/runbook.ts';
import type { Store } from '../../src/core/store.ts';
import { openStore } from '../../src/store/open.ts';
import { crashPoints, type Day } from '../support/bot-settings.ts';
import { type Bot, killBots, startBot } from '../support/bots.ts';
import { assertAuditWhole, at, createWorld, eventually, keysIn, settled, type World } from '../support/world.ts';

const [ben, chen] = ['U0BEN00002', 'U0CHEN0003'];
// A Saturday: no daily run is due.
const day = '2026-06-06';
const playbook = `
name: Crash test
timeZone: UTC
workingDays: [monday, tuesday, wednesday, thursday, friday]
startDate: 2026-06-01
channels: { reconciliation: "\${RECONCILIATION_CHANNEL}", alerts: "\${ALERTS_CHANNEL}" }
roles:
  techLead: { title: Tech Lead, people: "slack:${chen}" }
  productOwner: { title: Product Owner, people: "slack:${ben}" }
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
    new: select count(*) as value from legacy_people
    tolerance: 0 %
    severity: 1
    owner: techLead
    action: Investigate at once
    critical: true
runbooks:
  - name: cutover
    title: Cutover
    startedBy: [techLead]
    pointOfNoReturn: switch-routing
    window: { ends: "20:00", rollbackMinutes: 60 }
    steps:
      - { name: backup, title: Back legacy up, owner: techLead, at: "06:00", minutes: 45, evidence: Where it lies }
      - { name: sync, title: Final data sync, owner: techLead, at: "08:00", minutes: 45, evidence: When it ended }
      - { name: validation, title: Validation checks, owner: techLead, at: "10:00", minutes: 30, kind: check }
      - name: switch-routing
        title: Switch DNS and routing
        owner: techLead
        at: "12:00"
        minutes: 15
        kind: decision
        seats: [techLead, productOwner]
        typed: switch
      - { name: access, title: Enable access, owner: productOwner, at: "14:00", minutes: 30, evidence: How you saw it }
      - { name: assessment, title: Day 1 assessment, owner: techLead, at: "16:00", minutes: 60, evidence: Link }
schedules:
  dailyReconciliation: { at: "07:00" }
  missedReport: { at: "23:00" }
`;

/** What a person does for a step once it is due; nothing where the bot does it by itself. */
const people: Readonly<Record<string, (pending: Pending | undefined) => readonly (readonly [string, string])[]>> = {
  backup: () => [[chen, 'runbook cutover done backup --evidence s3']],
  sync: () => [[chen, 'runbook cutover done sync --evidence 05:50']],
  validation: () => [],
  'switch-routing': (pending) =>
    [chen, ben].map((person) => [
      person,
      `decision ${pending?.number} approve --seen ${pending?.evidenceVersion} --confirm switch`,
    ]),
  access: () => [[ben, 'runbook cutover done access --evidence in']],
  assessment: () => [[chen, 'runbook cutover done assessment --evidence link']],
};

interface Pending {
  readonly number: number;
  readonly evidenceVersion: number;
}

describe('The day of a cutover whose bot is killed with SIGKILL at every boundary of a step', function () {
  this.timeout(600_000);
  let world: World;
  let store: Store;
  let bot: Bot;
  /** Where the processes to come die, each at the first time that it gets there; none left: they live. */
  let deaths: (typeof crashPoints)[number][] = [];
  let killed = 0;
  let time: Day = at(`${day}T05:30:00.000Z`);

  beforeEach(async () => {
    world = await createWorld(playbook, Date.parse(`${day}T00:00:00.000Z`));
    const [from, to] = [`${day}T04:00:00.000Z`, `${day}T05:00:00.000Z`];
    await world.database.query(`insert into sync_runs values ('${day}', '${from}', '${to}', 100, 100)`);
    store = await openStore({ databaseUrl: world.database.url.href, log: createLog('silent') });
  });
  afterEach(async () => {
    killBots();
    await store.close();
    await world.close();
  });

  const start = async (): Promise<void> => {
    const [crashAt] = deaths.splice(0, 1);
    const started = startBot(world.settings({ day: time, ...(crashAt === undefined ? {} : { crashAt }) }));
    // One that dies on its first transactions may never say that it is ready.
    await Promise.race([started.ready, started.ended]).catch(() => undefined);
    bot = started;
  };
  const replaceTheDead = async (): Promise<void> => {
    if (bot.process.exitCode === null && bot.process.signalCode === null) return;
    killed += 1;
    await start();
  };
  const cutover = async (): Promise<Runbook | undefined> => (await store.transaction((tx) => tx.runbooks.list(1)))[0];
  const isDone = async (step: string): Promise<boolean> =>
    (await cutover())?.steps.find(({ name }) => name === step)?.state === 'done';
  /** Somebody who got no answer asks again; the same is done once however often. */
  const until = async (what: string, holds: () => Promise<boolean>, words: () => Promise<void>): Promise<void> => {
    for (let attempt = 0; attempt < 20 && !(await holds()); attempt += 1) {
      await replaceTheDead();
      await words();
      await eventually(what, 6, async () => (await holds()) || bot.process.signalCode !== null).catch(() => undefined);
    }
    assert.ok(await holds(), `${what} did not happen`);
  };
  const say = async (person: string, words: string): Promise<void> => {
    await world.simulator.command(person, world.channel, words).catch(() => undefined);
  };

  it('comes to its end: every step is done once, and every message is there once', async () => {
    const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    const point = (index: number) => crashPoints[(seed + index) % crashPoints.length] ?? 'before commit';
    await start();
    await until(
      'the cutover has begun',
      async () => (await cutover()) !== undefined,
      () => say(chen, `runbook cutover start --day ${day}`),
    );
    const steps = Object.keys(people);
    for (const [index, step] of steps.entries()) {
      // The boundary: what was done last is on record, and may not be said yet.
      bot.kill();
      await bot.ended;
      time = at(`${day}T${String(6 + 2 * index).padStart(2, '0')}:01:00.000Z`);
      deaths = [point(index), point(index + 3)];
      await start();
      await until(
        `${step} is done`,
        () => isDone(step),
        async () => {
          const [pending] = await store.transaction((tx) => tx.decisions.pending());
          if (step === 'switch-routing' && pending === undefined) return;
          for (const [person, words] of people[step]?.(pending) ?? []) await say(person, words);
        },
      );
    }
    deaths = [];
    await replaceTheDead();
    await settled(world);
    await bot.stop();

    const message = `seed ${seed}, ${killed + steps.length} kills`;
    assert.ok(killed >= steps.length, `only ${message}`);
    const ended = await cutover();
    assert.equal(ended?.state, 'done', message);
    const { rows: done } = await world.database.query(
      `select details->>'step' as step, count(*)::int as times from parallel_run.audit
       where action in ('runbook.done', 'runbook.measured') group by 1 order by min(sequence)`,
    );
    assert.deepEqual(
      done,
      steps.map((step) => ({ step, times: 1 })),
      message,
    );
    const { rows: wanted } = await world.database.query(
      `select key, channel from parallel_run.outbox where visibility = 'channel' and content->>'kind' = 'card'`,
    );
    const keys = [world.channel, world.alerts].flatMap((channel) =>
      keysIn(world, channel).map((key) => ({ key, channel })),
    );
    const inOrder = (list: readonly { key: string; channel: string }[]): string[] =>
      list.map(({ key, channel }) => `${channel} ${key}`).toSorted();
    assert.deepEqual(inOrder(keys), inOrder(wanted), message);
    for (const key of ['card', 'report', 'backup/due', 'sync/due', 'access/due', 'assessment/due']) {
      assert.equal(keys.filter((one) => one.key === `runbook/1/${key}`).length, 1, `${key}, ${message}`);
    }
    await assertAuditWhole(world);
  });
});
