import assert from 'node:assert/strict';
import { attemptLimit } from '../../../src/core/messages/after-outcome.ts';
import type { MessageState, Outcome } from '../../../src/core/messages/message.ts';
import { leaseMilliseconds, type OutboxRow } from '../../../src/core/store.ts';
import type { TestStore } from '../../support/databases.ts';
import { aCard, aMessage, later } from '../../support/fixtures.ts';
import { messageIn, outboxSteps } from './outbox-steps.ts';

const delivered = (externalId: string): Outcome => ({ kind: 'delivered', externalId });
const unknown: Outcome = { kind: 'unknown', reason: 'timed out' };
const refused: Outcome = { kind: 'refused', reason: 'is_archived' };
const gone: Outcome = { kind: 'gone', reason: 'message_not_found' };

const toKey = ({ message }: OutboxRow): string => message.key;

/** What becomes of messages when processes die and platforms refuse. */
export function outboxFailureContract(opened: () => TestStore): void {
  const { post, change, claim, claimed, settle, deliver, resume, find, states, gauges } = outboxSteps(opened);

  describe('the outbox, when things go wrong', () => {
    describe('a lease', () => {
      it('keeps its message to its holder until it runs out', async () => {
        await post(aMessage());
        await claimed();
        assert.equal(await claim(leaseMilliseconds - 1), undefined);
        assert.equal((await claimed(leaseMilliseconds)).message.key, aMessage().key);
      });

      it('that ran out in a first post to a channel has the post searched for', async () => {
        await post(aMessage());
        await claimed();
        const again = await claimed(leaseMilliseconds);
        assert.deepEqual([again.search, again.attempts, again.externalId], [true, 1, null]);
        assert.equal(await settle(again, { kind: 'found', externalId: '1700.1' }, leaseMilliseconds), 'sent');
        assert.equal(await claim(600_000), undefined);
      });

      it('that ran out twelve times has its message given up, and the next one of its channel goes on', async () => {
        await post(messageIn('C1', 'deadly'));
        await post(messageIn('C1', 'harmless'));
        let at = 0;
        let taken = 0;
        for (; taken < 30; taken += 1) {
          const next = await claimed(at);
          if (next.message.key !== 'deadly') break;
          at += leaseMilliseconds;
        }
        assert.equal(taken, 12);
        assert.equal((await find('deadly'))?.state, 'dead');
        assert.match((await find('deadly'))?.reason ?? '', /every process that took it died/);
      });

      it('that ran out in an edit, a private reply or a Home has it plainly done again', async () => {
        await post(messageIn('C1', 'edit'));
        await deliver('1700.1');
        await change('edit', aCard({ title: 'Changed' }));
        const place = { platform: 'slack', channel: 'U1' } as const;
        await post(aMessage({ key: 'private', place: { ...place, visibility: 'private' } }));
        await post(aMessage({ key: 'home', place: { ...place, visibility: 'home' } }));
        for (let index = 0; index < 3; index += 1) await claimed(1_000);
        const again = [await claimed(60_000), await claimed(60_000), await claimed(60_000)];
        assert.deepEqual(
          again.map(({ message, search, attempts }) => [message.key, search, attempts]),
          [
            ['edit', false, 1],
            ['private', false, 1],
            ['home', false, 1],
          ],
        );
      });

      it('that was lost changes nothing any more', async () => {
        await post(aMessage());
        const first = await claimed();
        const second = await claimed(leaseMilliseconds);
        assert.ok(second.fence > first.fence);
        for (const outcome of [
          delivered('1700.1'),
          refused,
          gone,
          unknown,
          { kind: 'stopped', reason: 'x' },
        ] as const) {
          assert.equal(await settle(first, outcome, leaseMilliseconds), undefined);
        }
        assert.deepEqual([(await find(aMessage().key)).state, (await gauges()).stopped], ['pending', []]);
        assert.equal(await claim(leaseMilliseconds), undefined, 'the second holder still has the lane');
        assert.equal(await settle(second, delivered('1700.2'), leaseMilliseconds), 'sent');
        assert.equal((await find(aMessage().key)).externalId, '1700.2');
      });

      it('that ran out and that nobody took over still counts', async () => {
        await post(aMessage());
        const first = await claimed();
        assert.equal(await settle(first, delivered('1700.1'), leaseMilliseconds * 10), 'sent');
      });

      it('is settled once', async () => {
        await post(aMessage());
        const first = await deliver('1700.1');
        assert.equal(await settle(first, delivered('1700.2')), undefined);
        assert.equal((await find(aMessage().key)).externalId, '1700.1');
      });
    });

    describe('a first post that nobody knows the outcome of', () => {
      it('is searched for once the lease is over, and posted at once when it is not there', async () => {
        await post(aMessage());
        await settle(await claimed(), unknown);
        assert.equal(await claim(leaseMilliseconds - 1), undefined);
        const search = await claimed(leaseMilliseconds);
        assert.equal(search.search, true);
        assert.equal(await settle(search, { kind: 'absent' }, leaseMilliseconds), 'pending');
        const again = await claimed(leaseMilliseconds);
        assert.deepEqual([again.search, again.attempts], [false, 1]);
      });

      it('is still searched for when the search was rate-limited', async () => {
        await post(aMessage());
        await settle(await claimed(), unknown);
        const search = await claimed(leaseMilliseconds);
        await settle(search, { kind: 'rateLimited', retryAfterSeconds: 5 }, leaseMilliseconds);
        assert.equal((await claimed(leaseMilliseconds + 5_000)).search, true);
      });

      it('that was changed before it was found is edited to the newest', async () => {
        await post(aMessage());
        await settle(await claimed(), unknown);
        await change(aMessage().subject, aCard({ title: 'Changed' }), 10);
        const search = await claimed(leaseMilliseconds);
        assert.equal(await settle(search, { kind: 'found', externalId: '1700.1' }, leaseMilliseconds), 'pending');
        const edit = await claimed(leaseMilliseconds);
        assert.deepEqual([edit.externalId, edit.search], ['1700.1', false]);
        assert.deepEqual(edit.message.content, { kind: 'card', card: aCard({ title: 'Changed' }) });
      });

      it('is left to a person when the history can not be read', async () => {
        await post(aMessage());
        await settle(await claimed(), unknown);
        const search = await claimed(leaseMilliseconds);
        const outcome = { kind: 'unreadable', reason: 'missing_scope' } as const;
        assert.equal(await settle(search, outcome, leaseMilliseconds), 'unknown');
        assert.equal(await claim(leaseMilliseconds * 100), undefined);
        assert.equal((await gauges()).unknown, 1);
      });
    });

    it(`a message that fails ${attemptLimit} times is dead, and its lane goes on`, async () => {
      await post(messageIn('C1', 'failing'));
      let at = 0;
      for (let attempt = 1; attempt <= attemptLimit; attempt += 1, at += 400_000) {
        const failing = await claimed(at);
        const state = await settle(failing, { kind: 'retry', reason: 'busy' }, at);
        assert.equal(state, attempt < attemptLimit ? 'pending' : 'dead');
      }
      const { state, attempts, reason } = await find('failing');
      assert.deepEqual([state, attempts, reason], ['dead', attemptLimit, 'busy']);
      await post(messageIn('C1', 'next'), at);
      assert.equal((await claimed(at)).message.key, 'next');
    });

    describe('a platform', () => {
      it('that limits our rate gets nothing, in any lane, until it said', async () => {
        await post(messageIn('C1', 'one'));
        await post(messageIn('C2', 'two'));
        await settle(await claimed(), { kind: 'rateLimited', retryAfterSeconds: 30 });
        assert.equal(await claim(29_999), undefined);
        assert.equal((await claimed(30_000)).attempts, 0);
      });

      it('that said a longer and then a shorter time is left alone for the longer', async () => {
        await post(messageIn('C1', 'one'));
        await post(messageIn('C2', 'two'));
        const both = [await claimed(), await claimed()];
        for (const [index, taken] of both.entries()) {
          await settle(taken, { kind: 'rateLimited', retryAfterSeconds: index === 0 ? 30 : 1 });
        }
        assert.equal(await claim(29_999), undefined);
      });

      it('that refuses us altogether gets nothing until it is told to go on', async () => {
        await post(messageIn('C1', 'one'));
        await post(messageIn('C2', 'two'));
        const first = await claimed();
        assert.equal(await settle(first, { kind: 'stopped', reason: 'token_revoked' }, 100), 'pending');
        assert.equal(await claim(86_400_000), undefined);
        assert.deepEqual((await gauges()).stopped, [
          { platform: 'slack', reason: 'token_revoked', since: later(100).toISOString() },
        ]);
        await resume(90_000_000);
        assert.deepEqual((await gauges()).stopped, []);
        const again = await claimed(90_000_000);
        assert.deepEqual([again.message.key, again.attempts], ['one', 0]);
      });

      it('takes posts down while it is stopped, to be said later', async () => {
        await post(messageIn('C1', 'one'));
        await settle(await claimed(), { kind: 'stopped', reason: 'token_revoked' });
        assert.equal(await post(messageIn('C1', 'two')), true);
        await resume();
        assert.deepEqual([(await deliver('1')).message.key, (await deliver('2', 1_000)).message.key], ['one', 'two']);
      });
    });

    describe('a message that ended', () => {
      for (const [state, outcome] of [
        ['dead', refused],
        ['gone', gone],
      ] satisfies [MessageState, Outcome][]) {
        it(`"${state}" is said no more, whatever changes, and its lane goes on`, async () => {
          await post(messageIn('C1', 'ended'));
          await post(messageIn('C1', 'next'));
          assert.equal(await settle(await claimed(), outcome), state);
          await change('ended', aCard({ title: 'Changed' }));
          assert.equal((await claimed()).message.key, 'next');
          const row = await find('ended');
          assert.deepEqual([row.state, 'reason' in outcome && outcome.reason], [state, row.reason]);
          assert.deepEqual(row.message.content, { kind: 'card', card: aCard() });
        });
      }

      it('takes its replies with it, those that wait and those asked for later', async () => {
        await post(messageIn('C1', 'parent'));
        await post(messageIn('C1', 'early', { parent: 'parent' }));
        await settle(await claimed(), refused);
        assert.equal(await post(messageIn('C1', 'late', { parent: 'parent' })), true);
        assert.deepEqual(await states(), { parent: 'dead', early: 'dead', late: 'dead' });
        assert.equal((await find('late')).reason, 'the message whose thread it belongs to is dead');
        assert.equal(await claim(86_400_000), undefined);
      });

      it('and was deleted takes its replies with it', async () => {
        await post(messageIn('C1', 'parent'));
        await deliver('1700.1');
        await change('parent', aCard({ title: 'Changed' }));
        await post(messageIn('C1', 'reply', { parent: 'parent' }));
        await settle(await claimed(1_000), gone, 1_000);
        assert.deepEqual(await states(), { parent: 'gone', reply: 'gone' });
      });

      it('with an edit that was refused still hangs there: its replies are said', async () => {
        await post(messageIn('C1', 'parent'));
        await deliver('1700.1');
        await change('parent', aCard({ title: 'Changed' }));
        await post(messageIn('C1', 'early', { parent: 'parent' }));
        await settle(await claimed(1_000), { kind: 'refused', reason: 'edit_window_closed' }, 1_000);
        await post(messageIn('C1', 'late', { parent: 'parent' }));
        assert.deepEqual(await states(), { parent: 'dead', early: 'pending', late: 'pending' });
        assert.equal((await claimed(2_000)).parentExternalId, '1700.1');
      });

      it('is not waited for: what a channel has not got is what is still tried there, and was to be there by then', async () => {
        const slack = { platform: 'slack', visibility: 'channel' } as const;
        for (const key of ['sent', 'refused', 'first', 'second']) await post(messageIn(`C-${key}`, key));
        for (const outcome of [delivered('1'), refused]) await settle(await claimed(), outcome);
        await post(messageIn('C-first', 'reply', { parent: 'first' }));
        await post(messageIn('C-other', 'other'));
        await post(aMessage({ key: 'private', place: { ...slack, channel: 'C-first', visibility: 'private' } }));
        await post(messageIn('C-first', 'late'), 1);
        const channels = ['C-sent', 'C-refused', 'C-first', 'C-second'];
        const unposted = (at: number) =>
          opened().store.transaction(async (tx) => (await tx.outbox.unposted(channels, later(at))).map(toKey));
        assert.deepEqual(await unposted(-1), []);
        assert.deepEqual(await unposted(0), ['second', 'first']);
        assert.deepEqual(await unposted(1), ['late', 'second', 'first']);
      });

      it('is listed by its state, the oldest first, as many as asked for, and counted', async () => {
        for (const key of ['one', 'two', 'three', 'gone']) await post(messageIn(`C-${key}`, key));
        const claims = [await claimed(), await claimed(), await claimed(), await claimed()];
        for (const [index, taken] of claims.entries()) await settle(taken, index === 3 ? gone : refused);
        const list = (state: MessageState, limit: number) =>
          opened().store.transaction(async (tx) => (await tx.outbox.list(state, limit)).map((row) => row.message.key));
        assert.deepEqual(await list('dead', 10), ['one', 'two', 'three']);
        assert.deepEqual(await list('dead', 2), ['one', 'two']);
        assert.deepEqual(await list('gone', 10), ['gone']);
        assert.deepEqual(await list('unknown', 10), []);
        const { pending, dead, unknown: lost } = await gauges();
        assert.deepEqual([pending, dead, lost], [0, 3, 0]);
        const undelivered = (channel: string, at: number) =>
          opened().store.transaction((tx) => tx.outbox.undelivered([channel], later(at)));
        assert.deepEqual([await undelivered('C-one', 0), await undelivered('C-gone', 0)], [1, 0]);
        const week = 7 * 86_400_000;
        assert.deepEqual([await undelivered('C-one', week - 1), await undelivered('C-one', week)], [1, 0]);
      });
    });
  });
}
