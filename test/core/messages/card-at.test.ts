import assert from 'node:assert/strict';
import { cardAt } from '../../../src/core/messages/card-at.ts';
import { createFakeStore } from '../../support/fake-store.ts';
import { aCard, aMessage, aRequest, later } from '../../support/fixtures.ts';

describe('The card where somebody pressed a button', () => {
  const { channel } = aMessage().place;
  let store = createFakeStore();
  beforeEach(async () => {
    store = createFakeStore();
    await store.transaction((tx) => tx.outbox.post(aMessage(), later(0)));
    await store.transaction(async (tx) => {
      const claim = await tx.outbox.claim('slack', later(0));
      if (claim !== undefined) await tx.outbox.settle(claim, { kind: 'delivered', externalId: '1700.1' }, later(0));
    });
  });
  const never = new AbortController().signal;
  const at = { channel, externalId: '1700.1' };

  it('is the one that is to hang there now, also before the edit is delivered', async () => {
    await store.transaction((tx) => tx.outbox.change(aMessage().subject, aCard({ title: 'Changed' }), later(0)));
    const card = await cardAt({ store, wait: () => assert.fail() }, at, undefined, never);
    assert.equal(card?.title, 'Changed');
  });
  it('is waited for until what was asked took effect', async () => {
    await store.transaction((tx) => tx.inbox.receive(aRequest()));
    const waits: number[] = [];
    const wait = async (milliseconds: number): Promise<void> => {
      waits.push(milliseconds);
      if (waits.length < 3) return;
      await store.transaction(async (tx) => {
        const taken = await tx.inbox.claim(later(0));
        await tx.outbox.change(aMessage().subject, aCard({ title: 'Decided' }), later(0));
        await tx.inbox.finish(aRequest().id, taken?.fence ?? 0, later(0));
      });
    };
    assert.equal((await cardAt({ store, wait }, at, aRequest(), never))?.title, 'Decided');
    assert.equal(waits.length, 3);
  });
  it('is given up when that takes too long', async () => {
    const wait = (): Promise<void> => Promise.reject(new Error('too late'));
    await assert.rejects(cardAt({ store, wait }, at, aRequest(), never), /too late/);
  });
  it('is none where nothing of ours hangs', async () => {
    const elsewhere = { channel, externalId: '1700.2' };
    assert.equal(await cardAt({ store, wait: () => assert.fail() }, elsewhere, undefined, never), undefined);
  });
});
