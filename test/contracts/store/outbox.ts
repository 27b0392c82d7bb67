import assert from 'node:assert/strict';
import type { Message } from '../../../src/core/messages/message.ts';
import type { Place } from '../../../src/core/request.ts';
import { laneIntervalMilliseconds } from '../../../src/core/store.ts';
import type { TestStore } from '../../support/databases.ts';
import { aCard, aMessage, later, someMoment } from '../../support/fixtures.ts';
import { messageIn, outboxSteps } from './outbox-steps.ts';

const card = (title: string): Message['content'] => ({ kind: 'card', card: aCard({ title }) });

/** The ordinary life of messages: said once, edited, in order, one at a time. */
export function outboxContract(opened: () => TestStore): void {
  const { post, change, claim, claimed, settle, deliver, find, gauges } = outboxSteps(opened);

  describe('the outbox', () => {
    it('says a message once, however often it is asked for', async () => {
      assert.equal(await post(aMessage()), true);
      assert.equal(await post(aMessage({ content: card('Something else') })), false);
      assert.deepEqual((await find(aMessage().key)).message, aMessage());
      await deliver('1700.1');
      assert.equal(await claim(60_000), undefined);
    });

    it('gives out a message with all that its delivery needs', async () => {
      await post(aMessage());
      const { id, fence, lane, ...rest } = await claimed();
      assert.deepEqual(rest, {
        message: aMessage(),
        version: 1,
        externalId: null,
        parentExternalId: null,
        attempts: 0,
        search: false,
        createdAt: someMoment,
      });
      assert.deepEqual([typeof id, typeof fence, typeof lane], ['string', 'number', 'string']);
    });

    it('knows where a delivered message hangs, and since when', async () => {
      await post(aMessage());
      await deliver('1700.1', 5);
      const { id: _id, ...row } = await find(aMessage().key);
      assert.deepEqual(row, {
        message: aMessage(),
        state: 'sent',
        externalId: '1700.1',
        attempts: 0,
        reason: null,
        createdAt: someMoment,
        sentAt: later(5).toISOString(),
      });
    });

    it('knows what hangs under an id of the platform', async () => {
      await post(aMessage());
      await deliver('1700.1');
      const at = (channel: string, id: string) => opened().store.transaction((tx) => tx.outbox.hangingAt(channel, id));
      assert.equal((await at(aMessage().place.channel, '1700.1'))?.message.key, aMessage().key);
      assert.equal(await at(aMessage().place.channel, '1700.2'), undefined);
      assert.equal(await at('C0OTHER', '1700.1'), undefined);
    });

    it('knows nothing of a key that was never asked for', async () => {
      assert.equal(await opened().store.transaction((tx) => tx.outbox.find('nothing')), undefined);
    });

    it('keeps what a place and a file are made of', async () => {
      const message = aMessage({
        key: 'file',
        place: { platform: 'slack', channel: 'C1', visibility: 'private', responseUrl: 'https://hooks.test/1' },
        content: { kind: 'file', name: 'run.csv', title: 'Run', text: 'a,b\n1,"2"\n' },
      });
      await post(message);
      assert.deepEqual((await claimed()).message, message);
    });

    describe('with channels beside its own', () => {
      const beside = '19:reconciliation@thread.tacv2';
      const place: Place = { platform: 'slack', channel: 'C1', visibility: 'channel', also: [beside] };
      it('is said in each of them, on its own platform', async () => {
        await post(aMessage({ place }));
        const { message } = await find(`${aMessage().key}@${beside}`);
        assert.deepEqual(message.place, { platform: 'teams', channel: beside, visibility: 'channel' });
        assert.deepEqual(message.subject, aMessage().subject);
        assert.equal((await claimed()).message.place.channel, 'C1');
      });
      it('is said once in each, however often it is asked for', async () => {
        assert.equal(await post(aMessage({ place })), true);
        assert.equal(await post(aMessage({ place })), false);
        assert.equal((await gauges()).pending, 2);
      });
      it('is edited in all of them when its subject changes', async () => {
        await post(aMessage({ place }));
        await change(aMessage().subject, aCard({ title: 'Changed' }), 10);
        for (const key of [aMessage().key, `${aMessage().key}@${beside}`]) {
          assert.deepEqual((await find(key)).message.content, card('Changed'));
        }
      });
      it('has its replies in the thread of each copy', async () => {
        await post(aMessage({ place }));
        await post(aMessage({ key: 'reply', parent: aMessage().key, place }));
        assert.equal((await find(`reply@${beside}`)).message.parent, `${aMessage().key}@${beside}`);
      });
      it('has no reply where its parent has no copy', async () => {
        await post(aMessage());
        assert.equal(await post(aMessage({ key: 'reply', parent: aMessage().key, place })), true);
        const copy = await opened().store.transaction((tx) => tx.outbox.find(`reply@${beside}`));
        assert.equal(copy, undefined);
      });
    });

    describe('when a subject changes', () => {
      it('edits the message that hangs there', async () => {
        await post(aMessage());
        await deliver('1700.1');
        await change(aMessage().subject, aCard({ title: 'Changed' }), 10);
        const edit = await claimed(laneIntervalMilliseconds);
        assert.deepEqual([edit.externalId, edit.version, edit.message.content], ['1700.1', 2, card('Changed')]);
        assert.equal(await settle(edit, { kind: 'delivered', externalId: '1700.1' }, laneIntervalMilliseconds), 'sent');
      });

      it('makes one edit of several changes', async () => {
        await post(aMessage());
        await deliver('1700.1');
        for (const title of ['one', 'two', 'three']) await change(aMessage().subject, aCard({ title }));
        assert.deepEqual((await deliver('1700.1', 2_000)).message.content, card('three'));
        assert.equal(await claim(60_000), undefined);
      });

      it('posts only the newest when the first was not posted yet', async () => {
        await post(aMessage());
        await change(aMessage().subject, aCard({ title: 'newest' }));
        const first = await deliver('1700.1');
        assert.deepEqual([first.externalId, first.message.content], [null, card('newest')]);
        assert.equal(await claim(60_000), undefined);
      });

      it('edits once more when it changed during the delivery', async () => {
        await post(aMessage());
        const first = await claimed();
        await change(aMessage().subject, aCard({ title: 'changed meanwhile' }));
        assert.equal(await settle(first, { kind: 'delivered', externalId: '1700.1' }), 'pending');
        const edit = await deliver('1700.1', 1_000);
        assert.deepEqual([edit.externalId, edit.message.content], ['1700.1', card('changed meanwhile')]);
        assert.equal((await find(aMessage().key)).state, 'sent');
      });

      it('edits every message about it and no other', async () => {
        await post(messageIn('C1', 'one', { subject: 'shared' }));
        await post(messageIn('C2', 'two', { subject: 'shared' }));
        await post(messageIn('C3', 'other'));
        for (const id of ['1', '2', '3']) await deliver(id);
        await change('shared', aCard({ title: 'Changed' }));
        const edits = [await claimed(1_000), await claimed(1_000)].map(({ message }) => message.key);
        assert.deepEqual(edits, ['one', 'two']);
        assert.equal(await claim(1_000), undefined);
      });

      it('leaves alone what says the same already', async () => {
        await post(aMessage());
        await deliver('1700.1');
        await change(aMessage().subject, aCard());
        assert.equal(await claim(60_000), undefined);
      });

      it('tries a Home tab again that was given up, and no other message', async () => {
        const place: Place = { platform: 'slack', channel: 'U1', visibility: 'home' };
        await post(messageIn('U1', 'home', { subject: 'shared', place }));
        await post(messageIn('C1', 'given up', { subject: 'shared' }));
        for (const reason of ['no such user', 'archived']) await settle(await claimed(), { kind: 'refused', reason });
        await change('shared', aCard({ title: 'Changed' }));
        assert.equal((await claimed(1_000)).message.key, 'home');
        assert.equal(await claim(1_000), undefined);
      });

      it('never edits a file', async () => {
        const file = aMessage({ content: { kind: 'file', name: 'a.csv', title: 'A', text: 'a' } });
        await post(file);
        await deliver('1700.1');
        await change(file.subject, aCard());
        assert.equal(await claim(60_000), undefined);
        assert.deepEqual((await find(file.key)).message, file);
      });

      it('puts off no message that waits for its next attempt, and spares it none', async () => {
        await post(aMessage());
        await settle(await claimed(), { kind: 'retry', reason: 'busy' });
        await change(aMessage().subject, aCard({ title: 'Changed' }), 100);
        const again = await claimed(1_000);
        assert.deepEqual([again.attempts, again.message.content], [1, card('Changed')]);
      });
    });

    describe('in a lane', () => {
      it('has one message in flight at a time, the oldest first', async () => {
        await post(messageIn('C1', 'one'));
        await post(messageIn('C1', 'two'));
        const first = await claimed();
        assert.equal(first.message.key, 'one');
        assert.equal(await claim(), undefined);
        await settle(first, { kind: 'delivered', externalId: '1' });
        assert.equal((await claimed(1_000)).message.key, 'two');
      });

      it(`rests ${laneIntervalMilliseconds} ms after a delivery`, async () => {
        await post(messageIn('C1', 'one'));
        await post(messageIn('C1', 'two'));
        await deliver('1');
        assert.equal(await claim(laneIntervalMilliseconds - 1), undefined);
        assert.equal((await claimed(laneIntervalMilliseconds)).message.key, 'two');
      });

      it('does not wait for another lane', async () => {
        const place = (channel: string, visibility: Place['visibility']): Place => ({
          platform: 'slack',
          channel,
          visibility,
        });
        await post(aMessage({ key: 'channel', place: place('C1', 'channel') }));
        await post(aMessage({ key: 'other channel', place: place('C2', 'channel') }));
        await post(aMessage({ key: 'private', place: place('C1', 'private') }));
        await post(aMessage({ key: 'home', place: place('U1', 'home') }));
        await post(aMessage({ key: 'other home', subject: 'other home', place: place('U2', 'home') }));
        assert.deepEqual(
          (await opened().store.transaction((tx) => tx.outbox.homes())).map(({ person }) => person),
          ['slack:U1', 'slack:U2'],
        );
        const keys: (string | undefined)[] = [];
        for (let index = 0; index < 6; index += 1) keys.push((await claim())?.message.key);
        assert.deepEqual(keys, ['channel', 'other channel', 'private', 'home', 'other home', undefined]);
      });

      it('lets later messages pass one that waits for its next attempt', async () => {
        await post(messageIn('C1', 'failing'));
        await post(messageIn('C1', 'next'));
        const failing = await claimed();
        await settle(failing, { kind: 'unknown', reason: 'timed out' });
        assert.equal((await claimed()).message.key, 'next');
      });
    });

    describe('for a reply in a thread', () => {
      const reply = messageIn('C1', 'reply', { parent: 'parent' });

      it('waits until the message above it hangs there', async () => {
        await post(messageIn('C1', 'parent'));
        await post(reply);
        const parent = await claimed();
        await settle(parent, { kind: 'retry', reason: 'busy' });
        const again = await claimed(60_000);
        assert.equal(again.message.key, 'parent');
        await settle(again, { kind: 'delivered', externalId: '1700.1' }, 60_000);
        const next = await claimed(61_000);
        assert.deepEqual([next.message.key, next.parentExternalId], ['reply', '1700.1']);
      });

      it('waits while nobody knows whether the message above it arrived', async () => {
        await post(messageIn('C1', 'parent'));
        await post(reply);
        await settle(await claimed(), { kind: 'unknown', reason: 'timed out' });
        assert.equal(await claim(29_999), undefined);
      });

      it('goes out while the message above it has an edit ahead of it', async () => {
        await post(messageIn('C1', 'parent'));
        await deliver('1700.1');
        await change('parent', aCard({ title: 'Changed' }));
        await settle(await claimed(1_000), { kind: 'unknown', reason: 'timed out' }, 1_000);
        await post(reply, 1_000);
        const keys = [await deliver('x', 400_000), await deliver('y', 402_000)].map(({ message }) => message.key);
        assert.deepEqual(keys, ['parent', 'reply']);
      });

      it('can not be asked for before the message above it', async () => {
        await assert.rejects(post(reply), { code: '23503' });
      });
    });

    it('tells how much waits, and how long the oldest has been due', async () => {
      assert.deepEqual(await gauges(), { pending: 0, dead: 0, unknown: 0, oldestDueSeconds: 0, stopped: [] });
      await post(messageIn('C1', 'one'), 0);
      await post(messageIn('C2', 'two'), 5_000);
      assert.equal((await gauges(0)).oldestDueSeconds, 0);
      const { pending, oldestDueSeconds } = await gauges(7_500);
      assert.deepEqual([pending, oldestDueSeconds], [2, 7.5]);
    });

    it('gives out nothing for another platform', async () => {
      await post(aMessage());
      assert.equal(await opened().store.transaction((tx) => tx.outbox.claim('elsewhere', later(0))), undefined);
    });
  });
}
