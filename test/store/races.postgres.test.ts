import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Outcome, SearchResult } from '../../src/core/messages/message.ts';
import { leaseMilliseconds, type Store } from '../../src/core/store.ts';
import { createLog } from '../../src/operate/logger.ts';
import { openStore } from '../../src/store/open.ts';
import { openServerStore, shareStore } from '../support/databases.ts';
import { aMessage, aRequest, later, someMoment } from '../support/fixtures.ts';

const log = createLog('silent');
const anEntry = { at: someMoment, actor: 'clock', action: 'test', subject: 'run/1', details: {} };
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Numbers from 0 to 1 that look random and are the same in every run (Park and Miller). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

describe('several processes on one server', function () {
  this.timeout(60_000);
  const opened = shareStore(openServerStore);
  let stores: Store[] = [];
  before(async () => {
    const open = () => openStore({ databaseUrl: opened().url, connections: 3, log });
    stores = await Promise.all(numbers(3).map(open));
  });
  after(async () => {
    for (const store of stores) await store.close();
  });
  /** Six workers, two in each pool, at the same time. */
  const atOnce = async (work: (store: Store, worker: number) => Promise<void>): Promise<void> => {
    await Promise.all([...stores, ...stores].map(work));
  };

  it('never have two messages of one lane in flight, and deliver each once', async () => {
    const keys = numbers(60).map((number) => `message ${number}`);
    await opened().store.transaction(async (tx) => {
      for (const [index, key] of keys.entries()) {
        const place = { platform: 'slack', channel: `C${index % 5}`, visibility: 'channel' } as const;
        await tx.outbox.post(aMessage({ key, place }), later(0));
      }
    });
    const inFlight = new Set<string>();
    const deliveries: string[] = [];
    let now = 0;
    await atOnce(async (store, worker) => {
      const random = randomFrom(worker + 1);
      while (deliveries.length < keys.length) {
        const claim = await store.transaction((tx) => tx.outbox.claim('slack', later(now)));
        if (claim === undefined) {
          // Lanes rest after a delivery; time passes only while nobody holds a lease.
          if (inFlight.size === 0) now += 1_000;
          continue;
        }
        assert.ok(!inFlight.has(claim.lane), `two messages in flight in ${claim.lane}`);
        inFlight.add(claim.lane);
        for (let turns = random() * 20; turns > 0; turns -= 1) await setImmediate();
        deliveries.push(claim.message.key);
        inFlight.delete(claim.lane);
        const outcome = { kind: 'delivered', externalId: claim.message.key } as const;
        assert.equal(await store.transaction((tx) => tx.outbox.settle(claim, outcome, later(now))), 'sent');
      }
    });
    assert.deepEqual(deliveries.toSorted(), keys.toSorted());
    for (const lane of numbers(5)) {
      const order = deliveries.map((key) => Number(key.slice(8))).filter((number) => number % 5 === lane);
      assert.deepEqual(
        order,
        order.toSorted((a, b) => a - b),
        'each lane in order',
      );
    }
  });

  it('post a message once, though they die before and after posting, and settle late', async () => {
    const keys = numbers(40).map((number) => `message ${number}`);
    await opened().store.transaction(async (tx) => {
      for (const [index, key] of keys.entries()) {
        const place = { platform: 'slack', channel: `C${index % 5}`, visibility: 'channel' } as const;
        await tx.outbox.post(aMessage({ key, place }), later(0));
      }
    });
    const hanging = new Map<string, number>();
    const undelivered = async (): Promise<number> =>
      (await opened().owner(`select from outbox where state = 'pending'`)).length;
    let now = 0;
    let late = 0;
    const slow = new Set<number>();
    let working = 0;
    const waiting: (() => void)[] = [];
    // Time passes only while everybody waits: a call in flight is shorter than a lease, so nobody posts after having lost it.
    const passTime = (): void => {
      if (waiting.length < working) return;
      now += leaseMilliseconds / 2;
      for (const wake of waiting.splice(0)) wake();
    };
    const wait = (): Promise<void> =>
      new Promise((resolve) => {
        waiting.push(resolve);
        passTime();
      });
    await atOnce(async (store, worker) => {
      const random = randomFrom(worker + 100);
      working += 1;
      for (;;) {
        const claim = await store.transaction((tx) => tx.outbox.claim('slack', later(now)));
        if (claim === undefined) {
          if ((await undelivered()) === 0) break;
          await wait();
          continue;
        }
        const { key } = claim.message;
        // A message whose every holder dies is given up, rightly: one that lost three is left to its next.
        const fate = claim.attempts >= 3 ? 1 : random();
        if (fate < 0.1) continue; // It died before it posted.
        let outcome: Outcome | SearchResult;
        if (claim.search) {
          outcome = hanging.has(key) ? { kind: 'found', externalId: key } : { kind: 'absent' };
        } else {
          hanging.set(key, (hanging.get(key) ?? 0) + 1);
          outcome = { kind: 'delivered', externalId: key };
        }
        if (fate < 0.2) continue; // It died after it posted.
        if (fate < 0.3 || !slow.has(worker)) {
          // Its lease is over by then, and whoever takes the lane next is as fast as this one.
          await wait();
          await wait();
          // The first time, somebody has taken it.
          if (!slow.has(worker)) await wait();
          slow.add(worker);
        }
        const state = await store.transaction((tx) => tx.outbox.settle(claim, outcome, later(now)));
        if (state === undefined) late += 1;
      }
      working -= 1;
      passTime();
    });
    assert.ok(late > 0, 'somebody settled too late');
    assert.deepEqual([...hanging.keys()].toSorted(), keys.toSorted());
    assert.deepEqual(new Set(hanging.values()), new Set([1]), `each posted once (${late} settled too late)`);
    const rows = await opened().owner<{ state: string }>('select distinct state from outbox');
    assert.deepEqual(rows, [{ state: 'sent' }]);
  });

  it('take each request and each due time once', async () => {
    const count = 60;
    await opened().store.transaction(async (tx) => {
      for (const number of numbers(count)) {
        await tx.inbox.receive(aRequest({ id: `Ev${number}` }));
        await tx.slots.plan([{ name: 'daily', at: later(number).toISOString(), missed: false }], later(0));
      }
    });
    const requests: string[] = [];
    const slots: string[] = [];
    await atOnce(async (store) => {
      for (;;) {
        const request = await store.transaction((tx) => tx.inbox.claim(later(1_000)));
        const slot = await store.transaction((tx) => tx.slots.claim(['daily'], later(1_000)));
        if (request !== undefined) {
          requests.push(request.request.id);
          assert.ok(await store.transaction((tx) => tx.inbox.finish(request.request.id, request.fence, later(1_000))));
        }
        if (slot !== undefined) {
          slots.push(slot.slot.at);
          assert.ok(await store.transaction((tx) => tx.slots.finish(slot.slot, slot.fence, later(1_000))));
        }
        // A claim skips what others have locked at that moment, so that nothing left means nothing unfinished.
        if (request === undefined && slot === undefined && requests.length === count && slots.length === count) return;
      }
    });
    assert.deepEqual([requests.length, new Set(requests).size], [count, count]);
    assert.deepEqual([slots.length, new Set(slots).size], [count, count]);
  });

  it('write a message, a request and a due time down once, when all do it at the same time', async () => {
    const written = { posts: 0, requests: 0 };
    for (const number of numbers(10)) {
      const key = `message ${number}`;
      await atOnce(async (store) => {
        await store.transaction(async (tx) => {
          const posted = await tx.outbox.post(aMessage({ key }), later(0));
          const received = await tx.inbox.receive(aRequest({ id: key }));
          await tx.slots.plan([{ name: 'daily', at: later(number).toISOString(), missed: false }], later(0));
          if (posted) written.posts += 1;
          if (received) written.requests += 1;
        });
      });
    }
    assert.deepEqual(written, { posts: 10, requests: 10 });
    const slots = await opened().store.transaction((tx) => tx.slots.list('daily', later(0)));
    assert.equal(slots.length, 10);
  });

  it('write one audit, which is right at every moment of it', async () => {
    const progress = { writing: 6, verified: 0 };
    const verifying = (async () => {
      while (progress.writing > 0) {
        const answer = await opened().store.transaction((tx) => tx.audit.verify());
        assert.ok(answer.ok, JSON.stringify(answer));
        progress.verified += 1;
      }
    })();
    await atOnce(async (store) => {
      for (const number of numbers(40)) {
        await store.transaction((tx) => tx.audit.append({ ...anEntry, details: { number } }));
      }
      progress.writing -= 1;
    });
    await verifying;
    assert.ok(progress.verified > 3);
    const answer = await opened().store.transaction((tx) => tx.audit.verify());
    assert.deepEqual([answer.ok, answer.entries], [true, 240]);
  });

  it('leave no reply waiting for a message that ends at the very moment at which it is asked for', async () => {
    const [one, other] = stores;
    assert.ok(one !== undefined && other !== undefined);
    await one.transaction((tx) => tx.outbox.post(aMessage({ key: 'parent' }), later(0)));
    const claim = await one.transaction((tx) => tx.outbox.claim('slack', later(0)));
    assert.ok(claim !== undefined);
    let settling: Promise<unknown> | undefined;
    await one.transaction(async (tx) => {
      await tx.outbox.post(aMessage({ key: 'reply', parent: 'parent' }), later(0));
      settling ??= other.transaction((inner) =>
        inner.outbox.settle(claim, { kind: 'refused', reason: 'is_archived' }, later(0)),
      );
      // Until the other one waits for this one, or is through.
      const settled = { already: false };
      settling.finally(() => (settled.already = true)).catch(() => undefined);
      const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      while (!settled.already && (await opened().owner(waits)).length === 0) await setImmediate();
    });
    assert.equal(await settling, 'dead');
    const reply = await one.transaction((tx) => tx.outbox.find('reply'));
    assert.equal(reply?.state, 'dead');
  });
});
