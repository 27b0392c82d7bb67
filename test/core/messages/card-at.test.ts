import assert from 'node:assert/strict';
import { createCardAt } from '../../../src/core/messages/card-at.ts';
import { createFakeStore, type FakeStore } from '../../support/fake-store.ts';
import { aCard, aMessage, aRequest, later } from '../../support/fixtures.ts';

const at = { channel: 'C0RECON', externalId: '1700.1' };
const before = aCard({ title: 'Before' });
const changed = aCard({ title: 'Changed' });
const never = new AbortController().signal;

describe('The card at a message', () => {
  let store: FakeStore;
  let waits: number;
  /** What happens during each wait. */
  let meanwhile: () => Promise<unknown>;

  beforeEach(async () => {
    store = createFakeStore();
    waits = 0;
    meanwhile = () => Promise.resolve();
    await store.transaction(async (tx) => {
      await tx.outbox.post(aMessage({ content: { kind: 'card', card: before } }), later(0));
      const claim = await tx.outbox.claim('slack', later(0));
      assert.ok(claim !== undefined);
      assert.equal(claim.message.place.channel, at.channel);
      await tx.outbox.settle(claim, { kind: 'delivered', externalId: at.externalId }, later(0));
    });
  });

  const cardAt = (...asked: Parameters<ReturnType<typeof createCardAt>>) =>
    createCardAt({
      store,
      platform: 'slack',
      wait: async (_milliseconds, signal) => {
        signal.throwIfAborted();
        waits += 1;
        await meanwhile();
      },
    })(...asked);
  const finish = () =>
    store.transaction(async (tx) => {
      const claimed = await tx.inbox.claim(later(0));
      assert.ok(claimed !== undefined);
      await tx.outbox.change(aMessage().subject, changed, later(0));
      await tx.inbox.finish(claimed.request.id, claimed.fence, later(0));
    });

  it('is the one that is wanted there by now, without waiting', async () => {
    assert.deepEqual(await cardAt(at, undefined, never), before);
    assert.equal(waits, 0);
  });
  it('is the one after a request, as soon as that took effect', async () => {
    await store.transaction((tx) => tx.inbox.receive(aRequest()));
    meanwhile = async () => {
      if (waits === 3) await finish();
    };
    assert.deepEqual(await cardAt(at, aRequest(), never), changed);
    assert.equal(waits, 3);
  });
  it('is none, at once, where nothing of ours hangs', async () => {
    await store.transaction((tx) => tx.inbox.receive(aRequest()));
    assert.equal(await cardAt({ ...at, externalId: '1700.2' }, aRequest(), never), undefined);
    assert.equal(waits, 0);
  });
  it('is not waited for beyond the time that was given', async () => {
    await store.transaction((tx) => tx.inbox.receive(aRequest()));
    await assert.rejects(cardAt(at, aRequest(), AbortSignal.abort(new Error('too late'))), { message: 'too late' });
  });
});
