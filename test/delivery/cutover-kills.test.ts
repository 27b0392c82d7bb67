import assert from 'node:assert/strict';
import { createSandbox } from 'sinon';
import { crashPoints } from '../support/bot-settings.ts';
import { anActor } from '../support/fixtures.ts';
import { KilledBot } from '../support/killed-bot.ts';
import { thePlaybook } from '../support/services.ts';

const given = thePlaybook({
  START_DATE: '2026-11-09',
  DATA_OWNER: 'slack:U0ANA',
  PRODUCT_OWNER: 'slack:U0BEN',
  TECH_LEAD: 'slack:U0CHEN',
  ANALYSTS: 'slack:U0FAY',
});
// What is on the table of the vote is not what this is about, nor the list before the cutover.
const tasks = given.tasks.filter(({ phase }) => phase !== 'beforeCutover');
const playbook = { ...given, gates: [], metrics: [], registers: [], tasks };
const [ana, ben, chen, fay] = ['U0ANA', 'U0BEN', 'U0CHEN', 'U0FAY'].map((user) => anActor({ user })) as [
  ReturnType<typeof anActor>,
  ReturnType<typeof anActor>,
  ReturnType<typeof anActor>,
  ReturnType<typeof anActor>,
];

/** A time of the day of the cutover, a Saturday in New York: five hours behind UTC. */
const local = (time: string): string => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return new Date(Date.UTC(2027, 0, 30, hours + 5, minutes)).toISOString();
};

type Boundary = readonly [name: string, go: (bot: KilledBot) => Promise<void>];

const pending = async (bot: KilledBot, kind: string) => {
  const found = (await bot.store.transaction((tx) => tx.decisions.pending())).find((one) => one.kind === kind);
  return `decision ${found?.number ?? 0}`;
};
const seen = async (bot: KilledBot, kind: string) => {
  const found = (await bot.store.transaction((tx) => tx.decisions.pending())).find((one) => one.kind === kind);
  return `--seen ${found?.evidenceVersion ?? 0}`;
};
const vote = (actor: typeof ana) => async (bot: KilledBot) =>
  bot.say(actor, `${await pending(bot, 'goNoGo')} go ${await seen(bot, 'goNoGo')}`);
const approve = (actor: typeof ana) => async (bot: KilledBot) =>
  bot.say(actor, `${await pending(bot, 'step')} approve ${await seen(bot, 'step')} --confirm switch`);
const done = (step: string, actor: typeof ana) => (bot: KilledBot) =>
  bot.say(actor, `cutover done ${step} --evidence "Seen"`);
const acknowledge = async (bot: KilledBot) => {
  const [test] = await bot.store.transaction((tx) => tx.incidents.open());
  await bot.say(fay, `incident ${test?.number ?? 0} acknowledge`);
};

/** From the vote to the switch, in the order in which it happens; a process that dies does so between two of these. */
const untilTheSwitch: readonly Boundary[] = [
  ['the vote is opened', (bot) => bot.at('2027-01-18T05:00:00.000Z')],
  ['the first GO', vote(ana)],
  ['the second GO', vote(ben)],
  [
    'the start',
    async (bot) => {
      await bot.at('2027-01-29T17:00:00.000Z');
      await bot.say(chen, 'cutover start --day 2027-01-30');
    },
  ],
  ['the check-in', (bot) => bot.at(local('05:45'))],
  ['the deputy is called in', (bot) => bot.at(local('05:55'))],
  ['legacy-backup is due', (bot) => bot.at(local('06:00'))],
  ['legacy-backup is late', (bot) => bot.at(local('06:31'))],
  ['legacy-backup', done('legacy-backup', chen)],
  ['stop-legacy-batch is due', (bot) => bot.at(local('07:00'))],
  ['stop-legacy-batch', done('stop-legacy-batch', chen)],
  ['final-sync is due', (bot) => bot.at(local('08:00'))],
  ['final-sync', done('final-sync', chen)],
  ['validation, and the test alert', (bot) => bot.at(local('09:00'))],
  ['alerts', acknowledge],
  ['the decision to switch is asked', (bot) => bot.at(local('10:00'))],
  ['the first approval', approve(chen)],
  ['switch-routing', approve(ben)],
];
const toTheEnd: readonly Boundary[] = [
  ['user-access is due', (bot) => bot.at(local('11:00'))],
  ['user-access', done('user-access', ben)],
  ['monitoring is tried', (bot) => bot.at(local('12:00'))],
  ['monitoring', acknowledge],
  ['assessment is due', (bot) => bot.at(local('16:00'))],
  ['assessment', done('assessment', ana)],
];
const takenBack: readonly Boundary[] = [
  ['the abort', (bot) => bot.say(chen, 'cutover abort --reason "Wrong routes" --confirm "abort cutover"')],
  ['the switch is taken back', (bot) => bot.say(chen, 'cutover undone switch-routing --evidence "Legacy answers"')],
  ['the batch jobs run again', (bot) => bot.say(chen, 'cutover undone stop-legacy-batch --evidence "cron is on"')],
];

const days: readonly (readonly [title: string, ends: 'done' | 'aborted', boundaries: readonly Boundary[]])[] = [
  ['The day of a cutover, from the vote to the report,', 'done', [...untilTheSwitch, ...toTheEnd]],
  ['A cutover that is aborted after 10:00', 'aborted', [...untilTheSwitch, ...takenBack]],
];

for (const [title, ends, boundaries] of days) {
  describe(`${title} whose process is killed at each of its ${boundaries.length} boundaries`, () => {
    const sandbox = createSandbox();
    before(
      () => void sandbox.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }),
    );
    after(() => sandbox.restore());

    const wholeDay = async (bot: KilledBot) => {
      for (const [name, go] of boundaries) {
        bot.boundary = name;
        await go(bot);
      }
      return bot;
    };
    const result = async ({ store, posts }: KilledBot) => ({
      runbook: (await store.transaction((tx) => tx.runbooks.list(1)))[0],
      decisions: await store.transaction((tx) => tx.decisions.list(10)),
      audit: store.audit.map(({ at, actor, action, subject }) => `${at} ${actor} ${action} ${subject}`).toSorted(),
      // What stands in the channels, each under its key, as it was edited last.
      posts: posts.toSorted((one, other) => one.key.localeCompare(other.key)),
    });
    let undisturbed: Awaited<ReturnType<typeof result>>;
    before(async () => {
      undisturbed = await result(await wholeDay(new KilledBot(playbook)));
      assert.equal(undisturbed.runbook?.state, ends);
    });

    for (const point of crashPoints) {
      it(`${point} of everything that is written or said there: each ends in the same state, with the same messages, once`, async () => {
        const bot = await wholeDay(new KilledBot(playbook, point));
        const spared = boundaries.map(([name]) => name).filter((name) => !bot.deaths.includes(name));
        assert.deepEqual(spared, [], 'no process died there');
        assert.deepEqual(await result(bot), undisturbed);
        assert.equal(new Set(bot.posts.map(({ key }) => key)).size, bot.posts.length);
      });
    }
  });
}
