import assert from 'node:assert/strict';
import { createSandbox, type SinonFakeTimers } from 'sinon';
import type { Log } from '../../src/core/log.ts';
import type { Claim, Courier, Message, Outcome, SearchResult } from '../../src/core/messages/message.ts';
import { createDispatcher } from '../../src/workers/dispatcher.ts';
import type { Loops } from '../../src/workers/loop.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { aCard, aMessage, someMoment } from '../support/fixtures.ts';

const alertsChannel = 'C0ALERTS';
const playbook = {
  channels: { reconciliation: 'C0DAILY', alerts: alertsChannel },
  people: [{ name: 'Ana', accounts: ['teams:0a0b', 'slack:U0ANA'] }],
};

describe('The dispatcher', () => {
  const sandbox = createSandbox();
  let timers: SinonFakeTimers;
  let store = createFakeStore();
  let dispatcher: Loops;
  /** What the courier was asked, in order. */
  let asked: string[] = [];
  let outcomes: string[] = [];
  let logged: string[] = [];
  let deliver: (claim: Claim) => Outcome | Promise<Outcome>;
  let search: (claim: Claim) => SearchResult;
  let takesAgain = false;

  const note = (level: string) => (fields: object, message: string) => {
    logged.push(`${level} ${message} ${JSON.stringify(fields)}`);
  };
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };

  const start = (more: { readonly fallback?: string } = {}): void => {
    const courier: Courier = {
      platform: 'slack',
      deliver: async (claim) => {
        asked.push(`${claim.externalId === null ? 'post' : 'edit'} ${claim.message.key}`);
        return deliver(claim);
      },
      search: async (claim) => {
        asked.push(`search ${claim.message.key}`);
        return search(claim);
      },
      probe: async () => {
        asked.push('probe');
        return takesAgain;
      },
    };
    const clock = { now: () => new Date() };
    const onOutcome = (kind: string): void => void outcomes.push(kind);
    dispatcher = createDispatcher({
      store,
      courier,
      clock,
      log,
      playbook: () => ({ ...playbook, channels: { ...playbook.channels, ...more } }),
      onOutcome,
    });
  };

  beforeEach(() => {
    timers = sandbox.useFakeTimers({ now: Date.parse(someMoment), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    store = createFakeStore();
    asked = [];
    outcomes = [];
    logged = [];
    takesAgain = false;
    deliver = ({ id, externalId }) => ({ kind: 'delivered', externalId: externalId ?? `ts${id}` });
    search = () => ({ kind: 'absent' });
    start();
  });
  afterEach(async () => {
    const stopped = dispatcher.stop();
    await timers.tickAsync(60_000);
    await stopped;
    sandbox.restore();
  });

  const post = (overrides: Partial<Message> = {}): Promise<boolean> =>
    store.transaction((tx) => tx.outbox.post(aMessage(overrides), new Date()));
  const run = async (milliseconds: number): Promise<void> => {
    dispatcher.start();
    dispatcher.nudge();
    await timers.tickAsync(milliseconds);
  };
  const row = (key = aMessage().key) => store.outbox.get(key);
  const alerts = () => [...store.outbox.values()].filter(({ message }) => message.key.startsWith('alert/'));

  it('delivers what waits and writes down where it hangs', async () => {
    await post();
    await run(600);
    assert.deepEqual(asked, [`post ${aMessage().key}`]);
    assert.equal(row()?.state, 'sent');
    assert.equal(row()?.externalId, 'ts1');
    assert.deepEqual(outcomes, ['delivered']);
  });

  it('finds what was written down later by looking every half second, and at once when nudged', async () => {
    await run(1000);
    await post();
    await run(0);
    assert.equal(row()?.state, 'sent');
    await post({ key: 'second', place: { platform: 'slack', channel: 'C2', visibility: 'channel' } });
    await timers.tickAsync(499);
    assert.equal(row('second')?.state, 'pending');
    await timers.tickAsync(1);
    assert.equal(row('second')?.state, 'sent');
  });

  it('names somebody as the platform knows them, whichever of their accounts did something', async () => {
    const seen: Message['content'][] = [];
    deliver = ({ message, id }) => {
      seen.push(message.content);
      return { kind: 'delivered', externalId: id };
    };
    const by = (person: string, name: string): Message['content'] => ({
      kind: 'card',
      card: aCard({ body: [{ kind: 'text', text: ['By ', { person, name }] }] }),
    });
    await post({ content: by('teams:0a0b', '0a0b') });
    await run(600);
    assert.deepEqual(seen, [by('slack:U0ANA', 'Ana')]);
  });

  it('edits the message when its subject changes', async () => {
    await post();
    await run(1000);
    await store.transaction((tx) => tx.outbox.change(aMessage().subject, aCard({ title: 'Changed' }), new Date()));
    await timers.tickAsync(1000);
    assert.deepEqual(asked, [`post ${aMessage().key}`, `edit ${aMessage().key}`]);
  });

  it('keeps a second between two messages of a channel, and none between channels', async () => {
    const times: [string, number][] = [];
    deliver = ({ message, id }) => {
      times.push([message.key, Date.now() - Date.parse(someMoment)]);
      return { kind: 'delivered', externalId: id };
    };
    await post({ key: 'a1' });
    await post({ key: 'a2' });
    await post({ key: 'b1', place: { platform: 'slack', channel: 'C2', visibility: 'channel' } });
    await run(3000);
    assert.deepEqual(times, [
      ['a1', 0],
      ['b1', 0],
      ['a2', 1000],
    ]);
  });

  it('serves other channels while one is slow', async () => {
    let finish = (): void => {};
    deliver = ({ message, id }) => {
      const arrived: Outcome = { kind: 'delivered', externalId: id };
      return message.key === 'slow' ? new Promise((resolve) => (finish = () => resolve(arrived))) : arrived;
    };
    await post({ key: 'slow' });
    await post({ key: 'quick', place: { platform: 'slack', channel: 'C2', visibility: 'channel' } });
    await run(1000);
    assert.equal(row('quick')?.state, 'sent');
    assert.equal(row('slow')?.state, 'pending');
    finish();
  });

  describe('when nobody knows whether a post arrived', () => {
    it('looks for it before it posts again, and not while the first call may be under way', async () => {
      deliver = () => ({ kind: 'unknown', reason: 'connection reset' });
      await post();
      await run(29_000);
      assert.deepEqual(asked, [`post ${aMessage().key}`]);
      deliver = () => ({ kind: 'delivered', externalId: 'again' });
      await timers.tickAsync(3_000);
      assert.deepEqual(asked.slice(1), [`search ${aMessage().key}`, `post ${aMessage().key}`]);
      assert.equal(row()?.externalId, 'again');
    });

    it('does not post what it finds', async () => {
      deliver = () => ({ kind: 'unknown', reason: 'connection reset' });
      search = () => ({ kind: 'found', externalId: 'there' });
      await post();
      await run(32_000);
      assert.deepEqual(asked, [`post ${aMessage().key}`, `search ${aMessage().key}`]);
      assert.deepEqual([row()?.state, row()?.externalId], ['sent', 'there']);
    });

    it('leaves it to a person when the history can not be read, with one alert', async () => {
      deliver = ({ message, id }) =>
        message.key.startsWith('alert/')
          ? { kind: 'delivered', externalId: id }
          : { kind: 'unknown', reason: 'connection reset' };
      search = () => ({ kind: 'unreadable', reason: 'missing_scope' });
      await post();
      await run(120_000);
      assert.equal(row()?.state, 'unknown');
      assert.equal(alerts().length, 1);
      assert.equal(alerts()[0]?.message.place.channel, alertsChannel);
      assert.match(JSON.stringify(alerts()[0]?.message.content), /may or may not have been delivered/);
    });

    it('treats a courier that does not answer within 15 s like that', async () => {
      deliver = () => new Promise(() => {});
      await post();
      await run(14_999);
      assert.deepEqual(outcomes, []);
      await timers.tickAsync(1);
      assert.deepEqual(outcomes, ['unknown']);
      assert.equal(row()?.state, 'pending');
    });
  });

  describe('when a message can not be delivered', () => {
    it('raises one alert in the alerts channel, with the reason, and goes on with the rest', async () => {
      deliver = ({ message, id }) =>
        message.key === 'lost' ? { kind: 'refused', reason: 'is_archived' } : { kind: 'delivered', externalId: id };
      await post({ key: 'lost' });
      await post({ key: 'next' });
      await run(5_000);
      assert.equal(row('lost')?.state, 'dead');
      assert.equal(row('next')?.state, 'sent');
      assert.equal(alerts().length, 1);
      assert.equal(alerts()[0]?.message.place.channel, alertsChannel);
      assert.equal(alerts()[0]?.state, 'sent');
      assert.match(JSON.stringify(alerts()[0]?.message.content), /\\"lost\\" was given up: is_archived/);
    });

    describe('in the alerts channel, and there is a fallback channel', () => {
      const fallbackChannel = 'C0FALLBACK';
      const inAlerts = { platform: 'slack', channel: alertsChannel, visibility: 'channel' } as const;
      const inFallback = () =>
        [...store.outbox.values()].filter(({ message }) => message.place.channel === fallbackChannel);
      beforeEach(() => start({ fallback: fallbackChannel }));

      for (const [state, outcome] of [
        ['dead', { kind: 'refused', reason: 'is_archived' }],
        ['unknown', { kind: 'unknown', reason: 'connection reset' }],
      ] as const) {
        it(`brings the alert there once with the reason, where it is ${state}`, async () => {
          deliver = ({ message, id }) =>
            message.place.channel === alertsChannel ? outcome : { kind: 'delivered', externalId: id };
          search = () => ({ kind: 'unreadable', reason: 'missing_scope' });
          await post({ place: inAlerts });
          await run(120_000);
          assert.equal(row()?.state, state);
          const [copy, why] = inFallback();
          assert.equal(inFallback().length, 2);
          assert.deepEqual([copy?.message.content, copy?.state], [aMessage().content, 'sent']);
          assert.deepEqual([why?.message.parent, why?.state], [copy?.message.key, 'sent']);
          assert.match(JSON.stringify(why?.message.content), /is_archived|missing_scope/);
        });
      }
      it('keeps the alert up there as it changes', async () => {
        deliver = ({ message, id }) =>
          message.place.channel === alertsChannel
            ? { kind: 'refused', reason: 'is_archived' }
            : { kind: 'delivered', externalId: id };
        await post({ place: inAlerts });
        await run(5_000);
        const cleared = aCard({ title: 'Cleared' });
        await store.transaction((tx) => tx.outbox.change(aMessage().subject, cleared, new Date()));
        await timers.tickAsync(5_000);
        assert.deepEqual(inFallback()[0]?.message.content, { kind: 'card', card: cleared });
        assert.equal(asked.at(-1), `edit ${inFallback()[0]?.message.key}`);
      });
      it('goes no further where that channel takes nothing either', async () => {
        deliver = () => ({ kind: 'refused', reason: 'channel_not_found' });
        await post({ place: inAlerts });
        await run(60_000);
        assert.deepEqual(
          inFallback().map(({ state }) => state),
          ['dead', 'dead'],
        );
        assert.equal(store.outbox.size, 3);
      });
      it('tells the alerts channel, and not that one, of a message to any other', async () => {
        deliver = ({ message, id }) =>
          message.key === 'lost' ? { kind: 'refused', reason: 'is_archived' } : { kind: 'delivered', externalId: id };
        await post({ key: 'lost' });
        await run(5_000);
        assert.deepEqual(
          alerts().map(({ message }) => message.place.channel),
          [alertsChannel],
        );
      });
    });

    it('raises no alert about an alert', async () => {
      deliver = () => ({ kind: 'refused', reason: 'channel_not_found' });
      await post();
      await run(60_000);
      assert.equal(alerts().length, 1);
      assert.equal(alerts()[0]?.state, 'dead');
    });

    for (const visibility of ['private', 'home'] as const) {
      it(`raises no alert about a ${visibility} one: nobody else misses it`, async () => {
        deliver = () => ({ kind: 'refused', reason: 'expired_url' });
        await post({ place: { platform: 'slack', channel: 'U0ANA', visibility } });
        await run(2_000);
        assert.equal(row()?.state, 'dead');
        assert.deepEqual(alerts(), []);
      });
    }

    it('raises no alert about a message that somebody deleted', async () => {
      await post();
      await run(1_000);
      deliver = () => ({ kind: 'gone', reason: 'message_not_found' });
      await store.transaction((tx) => tx.outbox.change(aMessage().subject, aCard({ title: 'Changed' }), new Date()));
      await timers.tickAsync(2_000);
      assert.equal(row()?.state, 'gone');
      assert.deepEqual(alerts(), []);
    });

    it('tries a failure again, later and later, and gives up after twelve', async () => {
      deliver = ({ message, id }) =>
        message.key.startsWith('alert/')
          ? { kind: 'delivered', externalId: id }
          : { kind: 'retry', reason: 'http 503' };
      await post();
      await run(3_600_000);
      assert.equal(asked.filter((one) => one === `post ${aMessage().key}`).length, 12);
      assert.equal(row()?.state, 'dead');
      assert.equal(alerts().length, 1);
    });
  });

  describe('when the platform refuses us altogether', () => {
    it('posts nothing more, asks once a minute whether it takes us again, and then goes on where it was', async () => {
      deliver = () => ({ kind: 'stopped', reason: 'token_revoked' });
      await post();
      await post({ key: 'second', place: { platform: 'slack', channel: 'C2', visibility: 'channel' } });
      await run(180_000);
      assert.ok(asked.filter((one) => one.startsWith('post')).length <= 2, 'only what was in flight');
      const probes = asked.filter((one) => one === 'probe').length;
      assert.ok(probes >= 2 && probes <= 4, `${probes} probes in three minutes`);
      assert.equal(row()?.attempts, 0);

      takesAgain = true;
      deliver = ({ id }) => ({ kind: 'delivered', externalId: id });
      await timers.tickAsync(62_000);
      assert.deepEqual([row()?.state, row('second')?.state], ['sent', 'sent']);
      assert.ok(logged.some((line) => line.startsWith('info the platform takes messages again')));
    });

    it('asks nothing while all is well', async () => {
      await post();
      await run(300_000);
      assert.ok(!asked.includes('probe'));
    });
  });

  it('waits as long as the platform says, and counts no attempt', async () => {
    let first = true;
    deliver = ({ id }) => {
      if (!first) return { kind: 'delivered', externalId: id };
      first = false;
      return { kind: 'rateLimited', retryAfterSeconds: 30 };
    };
    await post();
    await run(29_900);
    assert.equal(asked.length, 1);
    assert.equal(row()?.attempts, 0);
    await timers.tickAsync(1_000);
    assert.equal(row()?.state, 'sent');
  });

  it('changes nothing when its lease was lost to another process', async () => {
    deliver = async ({ id, lane }) => {
      // The other process claims as soon as the lease is over, and delivers.
      const later = new Date(Date.now() + 30_000);
      const other = await store.transaction((tx) => tx.outbox.claim('slack', later));
      assert.equal(other?.lane, lane);
      await store.transaction((tx) => tx.outbox.settle(other, { kind: 'found', externalId: 'of the other' }, later));
      return { kind: 'delivered', externalId: id };
    };
    await post();
    await run(1_000);
    assert.equal(row()?.externalId, 'of the other');
  });

  it('goes on after the database was away', async () => {
    await post();
    store.setUnavailable(true);
    await run(3_000);
    assert.deepEqual(asked, []);
    store.setUnavailable(false);
    await timers.tickAsync(6_000);
    assert.equal(row()?.state, 'sent');
  });

  it('when stopped, settles what is in flight and begins nothing new', async () => {
    let finish = (): void => {};
    deliver = ({ id }) => new Promise((resolve) => (finish = () => resolve({ kind: 'delivered', externalId: id })));
    await post();
    await run(100);
    const stopped = dispatcher.stop();
    await post({ key: 'later', place: { platform: 'slack', channel: 'C2', visibility: 'channel' } });
    finish();
    await stopped;
    assert.equal(row()?.state, 'sent');
    assert.equal(row('later')?.state, 'pending');
  });

  it('writes no content of a message into the log', async () => {
    deliver = () => ({ kind: 'refused', reason: 'invalid_blocks' });
    await post({ content: { kind: 'card', card: aCard({ title: 'Pay of L3: 1234567', summary: '1234567' }) } });
    await run(5_000);
    assert.ok(logged.some((line) => line.includes('invalid_blocks')));
    assert.ok(!logged.some((line) => line.includes('1234567')));
  });
});
