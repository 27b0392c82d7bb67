import assert from 'node:assert/strict';
import { leaseMilliseconds, type Slot } from '../../../src/core/store.ts';
import type { TestStore } from '../../support/databases.ts';
import { later } from '../../support/fixtures.ts';

const slotAt = (milliseconds: number, name = 'daily'): Slot => ({ name, at: later(milliseconds).toISOString() });
const minute = 60_000;

export function slotsContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const plan = (...slots: (Slot & { missed?: boolean })[]) =>
    run((tx) =>
      tx.slots.plan(
        slots.map((slot) => ({ missed: false, ...slot })),
        later(0),
      ),
    );
  const claim = (at = 0, names = ['daily']) => run((tx) => tx.slots.claim(names, later(at)));
  const claimed = async (at = 0, names = ['daily']) => {
    const taken = await claim(at, names);
    assert.ok(taken !== undefined, 'there is nothing to claim');
    return taken;
  };
  const finish = (slot: Slot, fence: number, at = 0) => run((tx) => tx.slots.finish(slot, fence, later(at)));
  const again = (slot: Slot, fence: number, at: number) => run((tx) => tx.slots.again(slot, fence, later(at)));
  const extend = (slot: Slot, fence: number, at: number) => run((tx) => tx.slots.extend(slot, fence, later(at)));
  const list = (name: string, since: number) => run((tx) => tx.slots.list(name, later(since)));

  describe('the slots of schedules', () => {
    it('happen once, however often they are planned', async () => {
      await plan(slotAt(0));
      await plan(slotAt(0));
      const { slot, fence } = await claimed();
      assert.deepEqual(slot, slotAt(0));
      assert.equal(await finish(slot, fence), true);
      await plan(slotAt(0), { ...slotAt(0), missed: true });
      assert.equal(await claim(minute), undefined);
      assert.deepEqual(await list('daily', 0), [
        { slot: slotAt(0), state: 'done', finishedAt: later(0).toISOString() },
      ]);
    });

    it('tell the latest that was ever planned, done, missed or due', async () => {
      const last = (name: string) => run((tx) => tx.slots.last(name));
      assert.equal(await last('daily'), undefined);
      await plan(
        slotAt(2 * minute),
        { ...slotAt(3 * minute), missed: true },
        slotAt(minute),
        slotAt(9 * minute, 'other'),
      );
      assert.equal(await last('daily'), slotAt(3 * minute).at);
    });

    it('tell since when a schedule is watched, from the second time on', async () => {
      const since = (at: number, name = 'daily') => run((tx) => tx.slots.watchedSince(name, later(at)));
      assert.equal(await since(0), undefined);
      assert.equal(await since(minute), later(0).toISOString());
      assert.equal(await since(minute, 'other'), undefined);
    });

    it('are not given out before they are due', async () => {
      await plan(slotAt(minute));
      assert.equal(await claim(minute - 1), undefined);
      assert.deepEqual((await claimed(minute)).slot, slotAt(minute));
    });

    it('are given out oldest first, of the schedules that were asked for', async () => {
      await plan(slotAt(minute), slotAt(0), slotAt(-minute, 'other'));
      assert.deepEqual((await claimed(minute)).slot, slotAt(0));
      assert.deepEqual((await claimed(minute)).slot, slotAt(minute));
      assert.equal(await claim(minute), undefined);
      assert.equal(await claim(minute, []), undefined);
      assert.deepEqual((await claimed(minute, ['daily', 'other'])).slot, slotAt(-minute, 'other'));
    });

    it('that were missed are never given out, and are listed as missed', async () => {
      await plan({ ...slotAt(0), missed: true });
      assert.equal(await claim(minute), undefined);
      assert.deepEqual(await list('daily', 0), [{ slot: slotAt(0), state: 'missed', finishedAt: null }]);
    });

    it('stay with their holder until the lease runs out, and go to another then', async () => {
      await plan(slotAt(0));
      const first = await claimed();
      assert.equal(await claim(leaseMilliseconds - 1), undefined);
      const second = await claimed(leaseMilliseconds);
      assert.deepEqual([first.attempts, second.attempts, second.slot], [1, 2, slotAt(0)]);
      assert.equal(await finish(first.slot, first.fence), false);
      assert.equal(await again(first.slot, first.fence, 0), false);
      assert.equal(await extend(first.slot, first.fence, leaseMilliseconds), false);
      assert.equal(await finish(second.slot, second.fence), true);
    });

    it('stay with a holder who extends the lease', async () => {
      await plan(slotAt(0));
      const { slot, fence } = await claimed();
      assert.equal(await extend(slot, fence, 20_000), true);
      assert.equal(await claim(20_000 + leaseMilliseconds - 1), undefined);
      assert.notEqual(await claim(20_000 + leaseMilliseconds), undefined);
    });

    it('can be tried again from a time on', async () => {
      await plan(slotAt(0));
      const { slot, fence } = await claimed();
      assert.equal(await again(slot, fence, 15 * minute), true);
      assert.equal(await again(slot, fence, 0), true, 'its holder may change that while nobody else has it');
      assert.equal(await again(slot, fence, 15 * minute), true);
      assert.equal(await claim(15 * minute - 1), undefined);
      const second = await claimed(15 * minute);
      assert.deepEqual([second.slot, second.attempts], [slotAt(0), 2]);
    });

    it('count their attempts from what they are told, where an attempt was no failure', async () => {
      await plan(slotAt(0));
      const { slot, fence } = await claimed();
      assert.equal(await run((tx) => tx.slots.again(slot, fence, later(0), 0)), true);
      assert.equal((await claimed()).attempts, 1);
    });

    it('are finished once', async () => {
      await plan(slotAt(0));
      const { slot, fence } = await claimed();
      assert.equal(await finish(slot, fence, 5), true);
      assert.equal(await finish(slot, fence, 6), false);
      assert.equal(await again(slot, fence, 0), false);
      assert.equal((await list('daily', 0))[0]?.finishedAt, later(5).toISOString());
    });

    it('are listed from a time on, oldest first, of one schedule', async () => {
      await plan(slotAt(2), slotAt(1), slotAt(0), slotAt(1, 'other'));
      assert.deepEqual(
        (await list('daily', 1)).map(({ slot, state }) => [slot, state]),
        [
          [slotAt(1), 'due'],
          [slotAt(2), 'due'],
        ],
      );
    });
  });
}
