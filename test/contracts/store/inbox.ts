import assert from 'node:assert/strict';
import type { Request } from '../../../src/core/request.ts';
import { leaseMilliseconds } from '../../../src/core/store.ts';
import type { TestStore } from '../../support/databases.ts';
import { aRequest, later } from '../../support/fixtures.ts';

const attemptLimit = 10;
const requestAt = (id: string, milliseconds: number): Request =>
  aRequest({ id, receivedAt: later(milliseconds).toISOString() });

export function inboxContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const receive = (request: Request) => run((tx) => tx.inbox.receive(request));
  const claim = (at = 0) => run((tx) => tx.inbox.claim(later(at)));
  const claimed = async (at = 0) => {
    const taken = await claim(at);
    assert.ok(taken !== undefined, 'there is nothing to claim');
    return taken;
  };
  const finish = (id: string, fence: number, at = 0) => run((tx) => tx.inbox.finish(id, fence, later(at)));
  const release = (id: string, fence: number, at = 0) => run((tx) => tx.inbox.release(id, fence, later(at)));
  const extend = (id: string, fence: number, at = 0) => run((tx) => tx.inbox.extend(id, fence, later(at)));
  const gauges = (at = 0) => run((tx) => tx.inbox.gauges(later(at)));

  describe('the inbox', () => {
    it('takes a request down once, however often it is delivered', async () => {
      assert.equal(await receive(aRequest()), true);
      assert.equal(await receive(aRequest({ words: 'something else' })), false);
      assert.deepEqual((await claimed()).request, aRequest());
      assert.equal(await claim(), undefined);
    });

    it('takes a request down once, though it was answered long since', async () => {
      await receive(aRequest());
      const { request, fence } = await claimed();
      assert.equal(await finish(request.id, fence), true);
      assert.equal(await receive(aRequest()), false);
      assert.equal(await claim(86_400_000), undefined);
    });

    it('tells a request that came before from another one under its id', async () => {
      const compare = (request: Request) => run((tx) => tx.inbox.compare(request));
      const form = { learning: 'Ask first', action: 'Ask' };
      const { actor } = aRequest();
      assert.equal(await compare(aRequest({ form })), undefined);
      await receive(aRequest({ form }));
      const again = { form: { action: 'Ask', learning: 'Ask first' }, receivedAt: later(60_000).toISOString() };
      assert.equal(await compare(aRequest(again)), 'same');
      assert.equal(await compare(aRequest({ form: { ...form, action: 'Ask twice' } })), 'other');
      assert.equal(await compare(aRequest({ form: { learning: form.learning } })), 'other');
      assert.equal(await compare(aRequest()), 'other');
      assert.equal(await compare(aRequest({ form, words: 'discrepancy' })), 'other');
      assert.equal(await compare(aRequest({ form, actor: { ...actor, user: 'U0SOMEBODY' } })), 'other');
      await receive(aRequest({ id: 'without a form' }));
      assert.equal(await compare(aRequest({ id: 'without a form' })), 'same');
    });

    it('cannot tell what a request said that it has forgotten', async () => {
      await receive(aRequest());
      const { request, fence } = await claimed();
      await run((tx) => tx.inbox.finish(request.id, fence, later(0), { forget: true }));
      assert.equal(await run((tx) => tx.inbox.compare(aRequest())), 'forgotten');
    });

    it('tells whether a request took effect', async () => {
      const finished = (id: string) => run((tx) => tx.inbox.isFinished(id));
      assert.equal(await finished(aRequest().id), false);
      await receive(aRequest());
      assert.equal(await finished(aRequest().id), false);
      const { request, fence } = await claimed();
      await finish(request.id, fence);
      assert.equal(await finished(aRequest().id), true);
    });

    it('keeps a request as it came, also one without a place', async () => {
      const { place: _place, ...request } = aRequest({ words: 'check "L3 ☃" --share' });
      await receive(request);
      assert.deepEqual((await claimed()).request, request);
    });

    it('can take down and answer what PostgreSQL refuses in a text', async () => {
      await receive(aRequest({ id: 'a\0b', words: 'check \ud800' }));
      const { request, fence } = await claimed();
      assert.deepEqual([request.id, request.words], ['a\ufffdb', 'check \ufffd']);
      assert.equal(await finish(request.id, fence), true);
    });

    it('gives requests out in the order in which they came', async () => {
      for (const [id, at] of [
        ['second', 200],
        ['third', 300],
        ['first', 100],
      ] as const) {
        await receive(requestAt(id, at));
      }
      const ids = [await claimed(1_000), await claimed(1_000), await claimed(1_000)].map(({ request }) => request.id);
      assert.deepEqual(ids, ['first', 'second', 'third']);
    });

    describe('under a lease', () => {
      it('keeps a request to its holder until it runs out, then gives it to another', async () => {
        await receive(aRequest());
        const first = await claimed();
        assert.equal(await claim(leaseMilliseconds - 1), undefined);
        const second = await claimed(leaseMilliseconds);
        assert.deepEqual([first.attempts, second.attempts], [1, 2]);
        assert.ok(second.fence > first.fence);
      });

      it('that is extended lasts on', async () => {
        await receive(aRequest());
        const { request, fence } = await claimed();
        assert.equal(await extend(request.id, fence, 20_000), true);
        assert.equal(await claim(20_000 + leaseMilliseconds - 1), undefined);
        assert.notEqual(await claim(20_000 + leaseMilliseconds), undefined);
      });

      it('that was lost can neither finish, nor extend, nor hand back', async () => {
        await receive(aRequest());
        const first = await claimed();
        const second = await claimed(leaseMilliseconds);
        const { id } = first.request;
        assert.equal(await finish(id, first.fence, leaseMilliseconds), false);
        assert.equal(await extend(id, first.fence, leaseMilliseconds * 5), false);
        await release(id, first.fence, 0);
        assert.equal(await claim(leaseMilliseconds), undefined, 'the second holder still has it');
        assert.equal(await finish(id, second.fence, leaseMilliseconds), true);
      });

      it('can be finished once', async () => {
        await receive(aRequest());
        const { request, fence } = await claimed();
        assert.equal(await finish(request.id, fence), true);
        assert.equal(await finish(request.id, fence), false);
        assert.equal(await extend(request.id, fence), false);
      });
    });

    it('takes a request back, to be given out from the time that was said, without an attempt spent', async () => {
      await receive(aRequest());
      const { request, fence } = await claimed();
      await release(request.id, fence, 5_000);
      assert.equal(await claim(4_999), undefined);
      assert.equal((await claimed(5_000)).attempts, 1);
    });

    it(`gives a request up whose holders died ${attemptLimit} times, and not before`, async () => {
      await receive(aRequest());
      for (let attempt = 1; attempt <= attemptLimit; attempt += 1) {
        const at = attempt * leaseMilliseconds;
        assert.equal((await gauges(at)).failed, 0);
        assert.equal((await claimed(at)).attempts, attempt);
      }
      assert.equal(await claim((attemptLimit + 1) * leaseMilliseconds), undefined);
      const { waiting, failed } = await gauges();
      assert.deepEqual([waiting, failed], [0, 1]);
    });

    it('does not give up a request that was handed back any number of times', async () => {
      await receive(aRequest());
      for (let times = 0; times <= attemptLimit; times += 1) {
        const { request, fence } = await claimed();
        await release(request.id, fence);
      }
      assert.equal((await claimed()).attempts, 1);
    });

    it('tells how many requests wait, and since when', async () => {
      assert.deepEqual(await gauges(), { waiting: 0, oldestSeconds: 0, failed: 0 });
      await receive(requestAt('one', 0));
      await receive(requestAt('two', 4_000));
      assert.deepEqual(await gauges(6_500), { waiting: 2, oldestSeconds: 6.5, failed: 0 });
      const { request, fence } = await claimed(6_500);
      await finish(request.id, fence, 6_500);
      assert.deepEqual(await gauges(6_500), { waiting: 1, oldestSeconds: 2.5, failed: 0 });
    });
  });
}
