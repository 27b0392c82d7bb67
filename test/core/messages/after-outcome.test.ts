import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  afterOutcome,
  attemptLimit,
  type Delivery,
  firstBackoffMilliseconds,
  longestBackoffMilliseconds,
} from '../../../src/core/messages/after-outcome.ts';
import type { Outcome, SearchResult } from '../../../src/core/messages/message.ts';
import { laneIntervalMilliseconds, leaseMilliseconds } from '../../../src/core/store.ts';

const firstPost: Delivery = {
  visibility: 'channel',
  externalId: null,
  version: 1,
  wantedVersion: 1,
  deliveredVersion: 0,
  attempts: 0,
  search: false,
};
const edit: Delivery = { ...firstPost, externalId: '1700.1', version: 2, wantedVersion: 2, deliveredVersion: 1 };
const middle = 0.5;

const delivered: Outcome = { kind: 'delivered', externalId: '1700.1' };
const unknown: Outcome = { kind: 'unknown', reason: 'timed out' };
const retry: Outcome = { kind: 'retry', reason: 'internal_error' };
const rateLimited: Outcome = { kind: 'rateLimited', retryAfterSeconds: 30 };
const stopped: Outcome = { kind: 'stopped', reason: 'token_revoked' };

const deliveries: fc.Arbitrary<Delivery> = fc
  .record({
    visibility: fc.constantFrom('channel', 'private', 'home'),
    externalId: fc.option(fc.string({ minLength: 1 })),
    version: fc.integer({ min: 1, max: 20 }),
    changesSince: fc.nat(3),
    attempts: fc.nat(attemptLimit - 1),
    search: fc.boolean(),
  })
  .map(({ changesSince, version, externalId, search, visibility, attempts }) => ({
    visibility,
    externalId,
    version,
    wantedVersion: version + changesSince,
    deliveredVersion: externalId === null ? 0 : version - 1,
    attempts,
    search: search && externalId === null && visibility === 'channel',
  }));
const reasons = fc.string();
const outcomes: fc.Arbitrary<Outcome | SearchResult> = fc.oneof(
  fc.record({ kind: fc.constantFrom('delivered', 'found'), externalId: fc.string({ minLength: 1 }) }),
  fc.record({ kind: fc.constantFrom('unknown', 'retry', 'stopped', 'refused', 'gone', 'unreadable'), reason: reasons }),
  fc.record({ kind: fc.constant('rateLimited' as const), retryAfterSeconds: fc.integer({ min: 0, max: 3600 }) }),
  fc.constant({ kind: 'absent' as const }),
);
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('what follows from what came of a delivery', () => {
  describe('delivered', () => {
    it('lets the next private reply and the next Home follow at once', () => {
      for (const visibility of ['private', 'home'] as const) {
        assert.equal(afterOutcome({ ...firstPost, visibility }, delivered, middle).laneWaitMilliseconds, 0);
      }
    });

    it('is sent, with the id that it has on the platform, and its lane rests', () => {
      assert.deepEqual(afterOutcome(firstPost, delivered, middle), {
        state: 'sent',
        externalId: '1700.1',
        deliveredVersion: 1,
        attempts: 0,
        reason: null,
        search: false,
        waitMilliseconds: 0,
        laneWaitMilliseconds: laneIntervalMilliseconds,
      });
    });

    it('forgets earlier failures', () => {
      assert.equal(afterOutcome({ ...firstPost, attempts: 7 }, delivered, middle).attempts, 0);
    });

    it('is edited next when it was changed during the delivery', () => {
      const next = afterOutcome({ ...firstPost, wantedVersion: 4 }, delivered, middle);
      assert.deepEqual([next.state, next.deliveredVersion, next.externalId], ['pending', 1, '1700.1']);
    });
  });

  describe('unknown', () => {
    it('of a first post to a channel is searched for once the lease is over', () => {
      const next = afterOutcome(firstPost, unknown, middle);
      assert.deepEqual(
        [next.state, next.search, next.waitMilliseconds, next.laneWaitMilliseconds, next.reason],
        ['pending', true, leaseMilliseconds, 0, 'timed out'],
      );
    });

    it('of a private reply is sent again once the lease is over, without a search', () => {
      const next = afterOutcome({ ...firstPost, visibility: 'private' }, unknown, middle);
      assert.deepEqual([next.state, next.search, next.waitMilliseconds], ['pending', false, leaseMilliseconds]);
    });

    for (const [what, delivery] of [
      ['an edit', edit],
      ['a Home', { ...firstPost, visibility: 'home' }],
    ] satisfies [string, Delivery][]) {
      it(`of ${what} is plainly tried again, since it can be done twice`, () => {
        assert.deepEqual(
          afterOutcome(delivery, unknown, middle),
          afterOutcome(delivery, { ...retry, reason: 'timed out' }, middle),
        );
      });
    }

    it('is left to a person when the last attempt at a first post has no answer either', () => {
      const last = { ...firstPost, attempts: attemptLimit - 1 };
      assert.equal(afterOutcome({ ...last, attempts: attemptLimit - 2 }, unknown, middle).state, 'pending');
      assert.equal(afterOutcome(last, unknown, middle).state, 'unknown');
    });
  });

  describe('retry', () => {
    it('counts an attempt and backs off', () => {
      const next = afterOutcome({ ...firstPost, attempts: 3 }, retry, middle);
      assert.deepEqual([next.state, next.attempts, next.reason], ['pending', 4, 'internal_error']);
      assert.equal(next.waitMilliseconds, 4_000);
    });

    it(`gives up at attempt ${attemptLimit} and not before`, () => {
      assert.equal(afterOutcome({ ...firstPost, attempts: attemptLimit - 2 }, retry, middle).state, 'pending');
      assert.equal(afterOutcome({ ...firstPost, attempts: attemptLimit - 1 }, retry, middle).state, 'dead');
    });

    it('waits at most 1 s at first, twice as long each time, and never longer than 5 minutes', () => {
      const longest = Array.from({ length: attemptLimit }, (_, attempts) =>
        afterOutcome({ ...firstPost, attempts }, retry, 1 - Number.EPSILON),
      ).map(({ waitMilliseconds }) => waitMilliseconds / 1000);
      assert.deepEqual(longest, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
      assert.equal(firstBackoffMilliseconds, 1_000);
      assert.equal(longestBackoffMilliseconds, 300_000);
    });

    it('waits anything between nothing and that', () => {
      fc.assert(
        fc.property(deliveries, randoms, (delivery, random) => {
          const { waitMilliseconds } = afterOutcome(delivery, retry, random);
          const bound = Math.min(300_000, 1_000 * 2 ** delivery.attempts);
          assert.ok(Number.isInteger(waitMilliseconds) && waitMilliseconds >= 0 && waitMilliseconds <= bound);
          assert.ok(Math.abs(waitMilliseconds - random * bound) <= 1, 'jitter is spread evenly over all of it');
        }),
      );
    });
  });

  it('a rate limit makes the whole platform wait as long as it said, and burns no attempt', () => {
    const next = afterOutcome({ ...firstPost, attempts: attemptLimit - 1 }, rateLimited, middle);
    assert.deepEqual(
      [next.state, next.attempts, next.waitMilliseconds, next.platformWaitMilliseconds],
      ['pending', attemptLimit - 1, 0, 30_000],
    );
  });

  it('a rate limit without a time is taken for one second', () => {
    const next = afterOutcome(firstPost, { kind: 'rateLimited', retryAfterSeconds: 0 }, middle);
    assert.equal(next.platformWaitMilliseconds, 1_000);
  });

  it('a platform that refuses us altogether is stopped, and burns no attempt', () => {
    const next = afterOutcome({ ...firstPost, attempts: attemptLimit - 1 }, stopped, middle);
    assert.deepEqual([next.state, next.attempts, next.platformStopped], ['pending', attemptLimit - 1, 'token_revoked']);
  });

  it('a message that will never be taken is dead at once, with the reason', () => {
    const next = afterOutcome(firstPost, { kind: 'refused', reason: 'is_archived' }, middle);
    assert.deepEqual([next.state, next.reason], ['dead', 'is_archived']);
  });

  it('a message that somebody deleted is gone, and not said again', () => {
    const next = afterOutcome(edit, { kind: 'gone', reason: 'message_not_found' }, middle);
    assert.deepEqual([next.state, next.reason], ['gone', 'message_not_found']);
  });

  describe('a search for a post whose outcome is unknown', () => {
    const search = { ...firstPost, attempts: 1, search: true };

    it('that finds it takes it for delivered, without a rest for the lane', () => {
      const next = afterOutcome(search, { kind: 'found', externalId: '1700.9' }, middle);
      assert.deepEqual(
        [next.state, next.externalId, next.deliveredVersion, next.search, next.laneWaitMilliseconds],
        ['sent', '1700.9', 1, false, 0],
      );
    });

    it('that finds it has it edited when it was changed at all: which version was found nobody knows', () => {
      for (const version of [1, 2]) {
        const changed = { ...search, version, wantedVersion: 2 };
        const next = afterOutcome(changed, { kind: 'found', externalId: '1700.9' }, middle);
        assert.deepEqual([next.state, next.deliveredVersion], ['pending', 1]);
      }
    });

    it('that finds nothing has it posted at once', () => {
      const next = afterOutcome(search, { kind: 'absent' }, middle);
      assert.deepEqual([next.state, next.search, next.waitMilliseconds], ['pending', false, 0]);
    });

    it('that may not read the history leaves it to a person', () => {
      const next = afterOutcome(search, { kind: 'unreadable', reason: 'missing_scope' }, middle);
      assert.deepEqual([next.state, next.reason], ['unknown', 'missing_scope']);
    });

    for (const outcome of [retry, rateLimited, stopped, unknown]) {
      it(`that could not be made (${outcome.kind}) is made again: nothing is posted before`, () => {
        const next = afterOutcome(search, outcome, middle);
        assert.deepEqual([next.state, next.search], ['pending', true]);
      });
    }

    it('that never could be made leaves it to a person, not to be taken for undelivered', () => {
      assert.equal(afterOutcome({ ...search, attempts: attemptLimit - 1 }, retry, middle).state, 'unknown');
    });
  });

  it('never forgets where a message hangs, never burns more than one attempt, and always says why it ended', () => {
    fc.assert(
      fc.property(deliveries, outcomes, randoms, (delivery, outcome, random) => {
        const next = afterOutcome(delivery, outcome, random);
        assert.ok(next.attempts <= delivery.attempts + 1);
        assert.ok(next.deliveredVersion >= delivery.deliveredVersion);
        assert.ok(next.deliveredVersion <= delivery.wantedVersion);
        if (delivery.externalId !== null) assert.notEqual(next.externalId, null);
        if (next.state === 'sent') assert.equal(next.deliveredVersion, delivery.wantedVersion);
        if (next.state !== 'sent' && next.state !== 'pending') assert.notEqual(next.reason, null);
        assert.ok(next.waitMilliseconds >= 0 && next.laneWaitMilliseconds >= 0);
      }),
    );
  });
});
