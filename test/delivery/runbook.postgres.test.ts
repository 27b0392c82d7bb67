import assert from 'node:assert/strict';
import { createLog } from '../../src/operate/logger.ts';
import type { Runbook } from '../../src/core/runbooks/runbook.ts';
import type { Store } from '../../src/core/store.ts';
import { openStore } from '../../src/store/open.ts';
import { type CrashPoint, crashPoints, type Day } from '../support/bot-settings.ts';
import { crashPlaybookOf } from '../support/crash-playbook.ts';
import { type Bot, killBots, startBot } from '../support/bots.ts';
import { at, eventually, settled } from '../support/ground.ts';
import { assertAuditWhole, createWorld, keysIn, type World } from '../support/world.ts';

const [ben, chen] = ['U0BEN00002', 'U0CHEN0003'];
// A Saturday: no daily run is due.
const day = '2026-06-06';
const playbook = crashPlaybookOf({
  // The vote is from 1 to 7 June.
  startDate: '2026-03-23',
  roles: [
    `techLead: { title: Tech Lead, people: "slack:${chen}" }`,
    `productOwner: { title: Product Owner, people: "slack:${ben}" }`,
  ],
  owner: 'techLead',
  newTable: 'legacy_people',
  dailyReconciliation: '{ at: "07:00" }',
  more: `
decisions:
  goNoGo: { seats: [techLead, productOwner], hours: 168 }
  extension: { seats: [productOwner], hours: 72 }
runbooks:
  - name: cutover
    title: Cutover
    startedBy: [techLead]
    needsGo: true
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
`,
});

interface Pending {
  readonly number: number;
  readonly evidenceVersion: number;
}

type Words = readonly (readonly [person: string, words: string])[];
const both = (words: string): Words => [chen, ben].map((person) => [person, words]);
const answer = (pending: Pending | undefined, option: string): Words =>
  pending === undefined ? [] : both(`decision ${pending.number} ${option} --seen ${pending.evidenceVersion}`);
const done = (person: string, step: string): Words => [[person, `runbook cutover done ${step} --evidence seen`]];

/** The boundaries, each with the hour at which it is due, and what people do for it then; a check the bot does by itself. */
const boundaries: readonly { at: string; name: string; people(pending: Pending | undefined): Words }[] = [
  { at: '05:10', name: 'the GO vote', people: (pending) => answer(pending, 'go') },
  { at: '05:40', name: 'the start', people: () => [[chen, `runbook cutover start --day ${day}`]] },
  { at: '06:01', name: 'backup', people: () => done(chen, 'backup') },
  { at: '08:01', name: 'sync', people: () => done(chen, 'sync') },
  { at: '10:01', name: 'validation', people: () => [] },
  { at: '12:01', name: 'switch-routing', people: (pending) => answer(pending, 'approve --confirm switch') },
  { at: '14:01', name: 'access', people: () => done(ben, 'access') },
  { at: '16:01', name: 'assessment', people: () => done(chen, 'assessment') },
];
const steps = boundaries.slice(2).map(({ name }) => name);
/** At which point the process dies that begins a boundary: each in turn, so that all six are died at. */
const deathAt = (index: number): CrashPoint | undefined => crashPoints[index % crashPoints.length];

describe('The day of a cutover, from the vote on, whose bot is killed with SIGKILL at every boundary', function () {
  this.timeout(600_000);
  let world: World;
  let store: Store;
  let bot: Bot;
  /** Where the process is still to die at this boundary; undefined: the next one lives. */
  let death: CrashPoint | undefined;
  let time: Day = at(`${day}T05:00:00.000Z`);

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
    const started = startBot(world.settings({ day: time }));
    await started.ready;
    bot = started;
  };
  const isDead = (): boolean => bot.process.exitCode !== null || bot.process.signalCode !== null;
  const replaceTheDead = async (): Promise<void> => {
    if (!isDead()) return;
    assert.equal(bot.process.signalCode, 'SIGKILL', 'a process ended by itself');
    death = undefined;
    await start();
  };
  const cutover = async (): Promise<Runbook | undefined> => (await store.transaction((tx) => tx.runbooks.list(1)))[0];
  const isDone = async (name: string): Promise<boolean> => {
    if (name === 'the start') return (await cutover()) !== undefined;
    if (name !== 'the GO vote') return (await cutover())?.steps.find((step) => step.name === name)?.state === 'done';
    const [vote] = await store.transaction((tx) => tx.decisions.list(1));
    return vote?.outcome === 'go';
  };
  /** Somebody who got no answer asks again; the same is done once however often. */
  const until = async (what: string, holds: () => Promise<boolean>, words: () => Promise<void>): Promise<void> => {
    for (let attempt = 0; attempt < 20 && !(await holds()); attempt += 1) {
      await replaceTheDead();
      await words();
      await eventually(what, 6, async () => (await holds()) || isDead()).catch(() => undefined);
    }
    assert.ok(await holds(), `${what} did not happen`);
  };
  const say = async (person: string, words: string): Promise<void> => {
    await world.simulator.command(person, world.channel, words).catch(() => undefined);
  };

  it('comes to its end: it dies before and after a commit, a post and a mark in turn, every step is done once, and every message is there once', async () => {
    await start();
    for (const [index, { at: hour, name, people }] of boundaries.entries()) {
      death = deathAt(index);
      time = at(`${day}T${hour}:00.000Z`);
      if (death !== undefined) bot.setCrash(death);
      bot.setDay(time);
      await until(
        `${name} is done, and a process has died`,
        async () => {
          await replaceTheDead();
          return death === undefined && (await isDone(name));
        },
        async () => {
          if (await isDone(name)) return;
          const [pending] = await store.transaction((tx) => tx.decisions.pending());
          for (const [person, words] of people(pending)) await say(person, words);
        },
      );
    }
    await settled(world);
    await bot.stop();

    const ended = await cutover();
    assert.equal(ended?.state, 'done');
    const { rows: done } = await world.database.query(
      `select details->>'step' as step, count(*)::int as times from parallel_run.audit
       where action in ('runbook.done', 'runbook.measured') group by 1 order by min(sequence)`,
    );
    assert.deepEqual(
      done,
      steps.map((step) => ({ step, times: 1 })),
    );
    const { rows: wanted } = await world.database.query(
      `select key, channel from parallel_run.outbox where visibility = 'channel' and content->>'kind' = 'card'`,
    );
    const keys = [world.channel, world.alerts].flatMap((channel) =>
      keysIn(world, channel).map((key) => ({ key, channel })),
    );
    const inOrder = (list: readonly { key: string; channel: string }[]): string[] =>
      list.map(({ key, channel }) => `${channel} ${key}`).toSorted();
    assert.deepEqual(inOrder(keys), inOrder(wanted));
    // A number that was given in a transaction that was cut off is given to nobody else.
    const said = keys.map(({ key }) => key.replaceAll(/\d+/g, 'n'));
    const times = (key: string): number => said.filter((one) => one === key).length;
    const due = ['backup', 'sync', 'access', 'assessment'].map((step) => `${step}/due`);
    for (const key of ['card', 'report']) assert.equal(times(`runbook/n/${key}`), 1, key);
    // Somebody may close a step before a process that came back has said that it is due.
    for (const key of due) assert.ok(times(`runbook/n/${key}`) <= 1, key);
    assert.deepEqual([times('decision/n/card'), times('decision/n/notice')], [2, 1]);
    await assertAuditWhole(world);
  });
});
