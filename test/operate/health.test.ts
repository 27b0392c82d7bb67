import assert from 'node:assert/strict';
import { createSandbox } from 'sinon';
import type { Outcome } from '../../src/core/messages/message.ts';
import type { Store } from '../../src/core/store.ts';
import { checkHealth, type Health, type HealthOptions } from '../../src/operate/health.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { aMessage, aRequest, later, someMoment } from '../support/fixtures.ts';
import { deliverAll } from '../support/outbox.ts';

const second = 1000;

describe('Health', () => {
  let store = createFakeStore();
  beforeEach(() => {
    store = createFakeStore();
  });
  const check = (overrides: Partial<HealthOptions> = {}, now = later(0)): Promise<Health> =>
    checkHealth({
      store,
      now: () => now,
      lastTick: () => now,
      connections: () => ({ slack: undefined }),
      ...overrides,
    });
  const post = (key: string): Promise<boolean> =>
    store.transaction((tx) =>
      tx.outbox.post(
        aMessage({ key, place: { platform: 'slack', channel: key, visibility: 'channel' } }),
        new Date(someMoment),
      ),
    );

  it('is ok when there is nothing to say', async () => {
    assert.deepEqual(await check(), { status: 'ok', platforms: { slack: 'ok' }, problems: [] });
  });

  it('is down without a connection, and says what the connection says', async () => {
    const problem = 'Slack has not been connected for 65 s. Look at https://status.slack.com.';
    const platforms = { slack: 'down' };
    assert.deepEqual(await check({ connections: () => ({ slack: problem }) }), {
      status: 'down',
      platforms,
      problems: [problem],
    });
  });

  describe('on two platforms', () => {
    const noSlack = 'Slack has not been connected for 65 s.';
    const noTeams = 'The bot has no token for Teams.';
    for (const [works, slack, teams] of [
      ['Teams', noSlack, undefined],
      ['Slack', undefined, noTeams],
    ] as const) {
      it(`is degraded while only ${works} works, and says which does not`, async () => {
        assert.deepEqual(await check({ connections: () => ({ slack, teams }) }), {
          status: 'degraded',
          platforms: { slack: slack === undefined ? 'ok' : 'down', teams: teams === undefined ? 'ok' : 'down' },
          problems: [slack ?? teams],
        });
      });
    }
    it('is down while neither works, and says both', async () => {
      assert.deepEqual(await check({ connections: () => ({ slack: noSlack, teams: noTeams }) }), {
        status: 'down',
        platforms: { slack: 'down', teams: 'down' },
        problems: [noSlack, noTeams],
      });
    });
    it('tells one that takes no messages from one that is not connected', async () => {
      await post('C1');
      await deliverAll(store, later(0), { kind: 'stopped', reason: 'token_revoked' });
      const { status, platforms } = await check({ connections: () => ({ slack: undefined, teams: undefined }) });
      assert.deepEqual([status, platforms], ['degraded', { slack: 'refused', teams: 'ok' }]);
    });
  });

  it('is down while the clock has not started', async () => {
    const { status, problems } = await check({ lastTick: () => undefined });
    assert.equal(status, 'down');
    assert.match(problems.join(), /The clock has not started: schedules do not run/);
  });

  it('bears a clock that was silent for a minute, and not a millisecond longer', async () => {
    assert.equal((await check({ lastTick: () => later(-60 * second) })).status, 'ok');
    const { status, problems } = await check({ lastTick: () => later(-60 * second - 1) });
    assert.equal(status, 'down');
    assert.match(problems.join(), /The clock last ticked 60 s ago: schedules do not run\. Restart the process/);
  });

  it('is down when the database refuses, with its reason', async () => {
    store.setUnavailable(true);
    const { status, problems } = await check();
    assert.equal(status, 'down');
    assert.deepEqual(problems, ['The database does not answer: the database does not answer']);
  });

  it('does not wait longer than three seconds for a database that is silent', async () => {
    const sandbox = createSandbox();
    const timers = sandbox.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const silent: Store = { transaction: () => new Promise(() => {}), close: () => Promise.resolve() };
      const checking = check({ store: silent });
      await timers.tickAsync(3_000);
      assert.deepEqual(await checking, {
        status: 'down',
        platforms: { slack: 'ok' },
        problems: ['The database does not answer: no answer within 3 s.'],
      });
    } finally {
      sandbox.restore();
    }
  });

  it('is degraded by a message that has been due for more than two minutes', async () => {
    await post('C1');
    assert.equal((await check({}, later(120 * second))).status, 'ok');
    const { status, problems } = await check({}, later(121 * second));
    assert.equal(status, 'degraded');
    assert.match(problems.join(), /The oldest message has been due for 121 s \(1 waiting\)/);
  });

  it('is degraded by a request that has waited more than two minutes', async () => {
    await store.transaction((tx) => tx.inbox.receive(aRequest()));
    assert.equal((await check({}, later(120 * second))).status, 'ok');
    const { status, problems } = await check({}, later(120 * second + 400));
    assert.equal(status, 'degraded');
    assert.match(problems.join(), /A request has waited 120 s for its answer \(1 waiting\)/);
  });

  it('is degraded by a request that was given up', async () => {
    await store.transaction((tx) => tx.inbox.receive(aRequest()));
    for (let death = 0; death <= 10; death += 1) {
      await store.transaction((tx) => tx.inbox.claim(later(death * 30 * second)));
    }
    const { status, problems } = await check({}, later(400 * second));
    assert.equal(status, 'degraded');
    assert.match(problems.join(), /Given up: 1 request, because every process that took it died/);
  });

  const outcomes: [title: string, outcome: Outcome, words: RegExp][] = [
    [
      'messages that were given up',
      { kind: 'refused', reason: 'is_archived' },
      /Given up: 1 message; the log and the alerts channel say which/,
    ],
    [
      'a platform that refuses us',
      { kind: 'stopped', reason: 'token_revoked' },
      /slack has refused us since 2026-11-23T12:00:00\.000Z \(token_revoked\): nothing is delivered\. Renew the token/,
    ],
  ];
  for (const [title, outcome, words] of outcomes) {
    it(`is degraded by ${title}`, async () => {
      await post('C1');
      await deliverAll(store, later(0), outcome);
      const { status, problems } = await check();
      assert.equal(status, 'degraded');
      assert.match(problems.join(), words);
    });
  }

  it('is degraded by messages of which nobody knows whether they arrived', async () => {
    await post('C1');
    await deliverAll(store, later(0), { kind: 'unknown', reason: 'timed out' });
    const claim = await store.transaction((tx) => tx.outbox.claim('slack', later(60 * second)));
    assert.ok(claim?.search);
    const unreadable = { kind: 'unreadable', reason: 'missing_scope' } as const;
    await store.transaction((tx) => tx.outbox.settle(claim, unreadable, later(60 * second)));
    const { status, problems } = await check({}, later(60 * second));
    assert.equal(status, 'degraded');
    assert.match(problems.join(), /Of 1 message nobody knows whether it arrived; look in the channels/);
  });

  it('is degraded by an alert that did not arrive, and says where it may be', async () => {
    await post('C0ALERTS');
    await deliverAll(store, later(0), { kind: 'refused', reason: 'is_archived' });
    assert.doesNotMatch((await check({ alertsChannels: ['C1'] })).problems.join(), /alerts channel: 1/);
    const { status, problems } = await check({ alertsChannels: ['C0ALERTS'] });
    assert.equal(status, 'degraded');
    assert.match(problems.join(), /Not delivered to the alerts channel: 1 message\. They are in the fallback channel/);
  });

  it('says everything at once, what is worst first', async () => {
    await post('C1');
    const { status, problems } = await check({ connections: () => ({ slack: 'Not connected.' }) }, later(500 * second));
    assert.equal(status, 'down');
    assert.equal(problems.length, 2);
    assert.equal(problems[0], 'Not connected.');
  });
});
