import assert from 'node:assert/strict';
import type { ConversationReference } from '../../../src/core/messages/conversation-reference.ts';
import type { TestStore } from '../../support/databases.ts';
import { later, someMoment } from '../../support/fixtures.ts';

const channel: ConversationReference = {
  platform: 'teams',
  channel: '19:reconcile@thread.tacv2',
  conversation: '19:reconcile@thread.tacv2',
  serviceUrl: 'https://smba.trafficmanager.net/emea/',
  bot: '28:bot',
};
const ana: ConversationReference = { ...channel, channel: 'aad-ana', conversation: "a:1ana'chat" };
const minuteLater = later(60_000).toISOString();

/** Where channels and people are reached. */
export function referencesContract(opened: () => Pick<TestStore, 'store'>): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const save = (reference: ConversationReference, at = someMoment) =>
    run((tx) => tx.conversationReferences.save(reference, at));
  const find = (one: ConversationReference) => run((tx) => tx.conversationReferences.find(one.platform, one.channel));

  describe('a conversation reference', () => {
    it('is found by its platform and its channel or person, and nobody else’s is', async () => {
      await save(channel);
      await save(ana);
      assert.deepEqual(await find(channel), channel);
      assert.deepEqual(await find(ana), ana);
      assert.equal(await find({ ...ana, platform: 'slack' }), undefined);
      assert.equal(await find({ ...ana, channel: 'aad-ben' }), undefined);
    });
    it('is replaced by a newer one, and written only where it says something new', async () => {
      const moved = { ...ana, serviceUrl: 'https://smba.trafficmanager.net/amer/' };
      assert.deepEqual([await save(ana), await save(ana), await save(moved)], [true, false, true]);
      assert.deepEqual(await find(ana), moved);
    });
    it('is the newest of its platform when it was written last', async () => {
      assert.equal(await run((tx) => tx.conversationReferences.newest('teams')), undefined);
      await save(channel);
      await save(ana, minuteLater);
      assert.deepEqual(await run((tx) => tx.conversationReferences.newest('teams')), ana);
      assert.equal(await run((tx) => tx.conversationReferences.newest('slack')), undefined);
    });
    it('is forgotten once, when it leads nowhere', async () => {
      await save(channel);
      await save(ana);
      const remove = () => run((tx) => tx.conversationReferences.remove('teams', ana.channel));
      assert.deepEqual([await remove(), await remove()], [true, false]);
      assert.equal(await find(ana), undefined);
      assert.deepEqual(await find(channel), channel);
    });
  });
}
