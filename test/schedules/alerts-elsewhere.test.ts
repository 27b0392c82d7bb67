import assert from 'node:assert/strict';
import { createSandbox, type SinonFakeTimers } from 'sinon';
import { lateAlerts } from '../../schedules/late-alerts.ts';
import { triggers } from '../../schedules/triggers.ts';
import type { Claim, Courier, Outcome } from '../../src/core/messages/message.ts';
import { channelPlace } from '../../src/core/messages/place.ts';
import type { Playbook } from '../../src/core/playbook/playbook.ts';
import { createDispatcher } from '../../src/workers/dispatcher.ts';
import type { Loops } from '../../src/workers/loop.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { aCard, aCheckResult, aFinding, aMessage, aRun, someMoment } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';
import { silentLog } from '../slack/support.ts';

const inSlack = 'C0ALERTS';
const inTeams = '19:alerts@thread.tacv2';
const minute = 60_000;

const ways = [
  { from: 'slack', name: 'Slack', alerts: inSlack, to: 'teams', elsewhere: inTeams },
  { from: 'teams', name: 'Teams', alerts: inTeams, to: 'slack', elsewhere: inSlack },
] as const;

for (const { from, name, alerts, to, elsewhere } of ways) {
  describe(`An urgent alert in ${name}`, () => {
    const sandbox = createSandbox();
    let timers: SinonFakeTimers;
    let store = createFakeStore();
    let dispatchers: Loops[] = [];
    /** What comes of a post on the platform of the alerts; the other takes everything. */
    let outcome: (claim: Claim) => Outcome;
    let playbook: Playbook;

    const delivered = ({ id, externalId }: Claim): Outcome => ({
      kind: 'delivered',
      externalId: externalId ?? `m${id}`,
    });
    const courierOf = (platform: 'slack' | 'teams'): Courier => ({
      platform,
      deliver: async (claim) => (platform === from ? outcome(claim) : delivered(claim)),
      search: async () => ({ kind: 'unreadable', reason: 'its history can not be read' }),
      probe: async () => false,
    });
    const named = (channels: Playbook['channels']): void => {
      playbook = { ...thePlaybook(), channels };
    };

    beforeEach(() => {
      timers = sandbox.useFakeTimers({ now: Date.parse(someMoment), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
      store = createFakeStore();
      outcome = delivered;
      named({ reconciliation: 'C0DAILY', alerts, fallback: elsewhere });
      const clock = { now: () => new Date() };
      dispatchers = (['slack', 'teams'] as const).map((platform) =>
        createDispatcher({ store, courier: courierOf(platform), clock, log: silentLog, playbook: () => playbook }),
      );
      for (const dispatcher of dispatchers) dispatcher.start();
    });
    afterEach(async () => {
      const stopped = Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()));
      await timers.tickAsync(minute);
      await stopped;
      sandbox.restore();
    });

    const services = () => {
      const all = servicesOver(store, { playbook });
      all.setTime(new Date().toISOString());
      return all;
    };
    const post = () =>
      store.transaction((tx) =>
        tx.outbox.post(aMessage({ key: 'urgent', place: channelPlace(alerts, playbook) }), new Date()),
      );
    const look = () => store.transaction((tx) => lateAlerts.look(tx, services()));
    const hanging = () =>
      [...store.outbox.values()].filter(
        ({ message: { place }, state }) => place.channel === elsewhere && state === 'sent',
      );
    const textsElsewhere = (): string[] =>
      hanging().map(({ message: { content } }) => (content.kind === 'card' ? textOf(content.card) : content.kind));
    const assertCarried = (why: RegExp): void => {
      const [alert = '', reason = '', ...others] = textsElsewhere();
      assert.equal(alert, textOf(aCard()));
      assert.match(reason, new RegExp(`urgent.* ${name} \\(${alerts.replaceAll('.', '\\.')}\\)`));
      assert.match(reason, why);
      assert.deepEqual(others, []);
      assert.ok(hanging().every(({ message }) => message.place.platform === to));
    };

    it(`that is refused goes to the fallback channel on the other platform, with the reason`, async () => {
      outcome = () => ({ kind: 'refused', reason: 'the channel is archived' });
      await post();
      await timers.tickAsync(5_000);
      assertCarried(/was given up: the channel is archived/);
    });

    it('goes there when nobody knows whether it arrived, and is not posted again where it may be', async () => {
      let posts = 0;
      outcome = () => {
        posts += 1;
        return { kind: 'unknown', reason: 'the connection broke' };
      };
      await post();
      await timers.tickAsync(minute);
      assertCarried(/may not have arrived in/);
      assert.equal(posts, 1);
      const channels = [alerts];
      assert.equal(await store.transaction((tx) => tx.outbox.undelivered(channels, new Date())), 1);
    });

    for (const [title, answered] of [
      ['refuses the bot altogether', { kind: 'stopped', reason: 'the token was revoked' }],
      ['can not be reached', { kind: 'retry', reason: 'it could not be reached' }],
    ] satisfies [string, Outcome][]) {
      it(`goes there after five minutes in which the platform ${title}, and no sooner`, async () => {
        outcome = () => answered;
        await post();
        await timers.tickAsync(5 * minute - 1);
        assert.equal(await look(), false);
        await timers.tickAsync(1);
        assert.equal(await look(), true);
        await timers.tickAsync(5_000);
        assertCarried(/had not arrived in/);
        assert.equal(await look(), false);
      });
    }

    it('that was late says there in the end that it was given up', async () => {
      outcome = () => ({ kind: 'retry', reason: 'it could not be reached' });
      await post();
      await timers.tickAsync(5 * minute);
      await look();
      await timers.tickAsync(60 * minute);
      assertCarried(/was given up: it could not be reached/);
    });

    it('is told of in the channel beside its own, where it is anyway, when there is no fallback channel', async () => {
      named({ reconciliation: 'C0DAILY', alerts, beside: { [alerts]: [elsewhere] } });
      outcome = () => ({ kind: 'unknown', reason: 'the connection broke' });
      await post();
      await timers.tickAsync(minute);
      assertCarried(/may not have arrived in/);
    });

    it('that nobody acknowledges goes to the fallback channel, and not once somebody did', async () => {
      const fire = async () => {
        const check = (check: string, variance: string) =>
          aCheckResult({
            check,
            critical: true,
            findings: [aFinding({ check, key: check, variance, verdict: 'fail' })],
          });
        const checks = [check('employees', '0'), check('compensation', '9')];
        await store.transaction((tx) => tx.runs.save(aRun({ slot: null, state: 'fail', checks })));
        await store.transaction((tx) => triggers.look(tx, services()));
      };
      const wait = async (minutes: number): Promise<void> => {
        await timers.tickAsync(minutes * minute);
        await store.transaction((tx) => triggers.look(tx, services()));
        await timers.tickAsync(5_000);
      };
      await fire();
      await wait(44);
      assert.deepEqual(textsElsewhere(), []);
      await wait(1);
      assert.match(textsElsewhere().join(), /I-1 waits/);
      assert.equal(hanging()[0]?.message.place.platform, to);

      store = createFakeStore();
      await fire();
      await ask(services(), 'incident I-1 acknowledge');
      await wait(60);
      assert.deepEqual(textsElsewhere(), []);
    });
  });
}
