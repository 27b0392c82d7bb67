import assert from 'node:assert/strict';
import type { Discrepancy } from '../../../src/core/records/discrepancy.ts';
import type { Lesson } from '../../../src/core/records/lesson.ts';
import type { TestStore } from '../../support/databases.ts';
import { aDiscrepancy } from '../../support/fixtures.ts';

const lesson: Lesson = {
  date: '2026-11-20',
  category: 'Data Quality',
  learning: 'Legacy has NULL levels for people on leave.',
  action: 'Map them to L1',
  owner: 'analysts',
  recordedBy: 'slack:T0TEST/U0ANA',
  recordedAt: '2026-11-23T12:00:00.000Z',
};

/** What is on record: discrepancies by check and key, and lessons. */
export function recordsContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const save = (...discrepancies: Discrepancy[]) => run((tx) => tx.discrepancies.save(discrepancies));

  describe('discrepancies', () => {
    it('are kept whole', async () => {
      await save(aDiscrepancy());
      assert.deepEqual(await run((tx) => tx.discrepancies.of(['levels'])), [aDiscrepancy()]);
    });
    it('are one for each check and key: a later state takes the place of the earlier', async () => {
      await save(aDiscrepancy());
      const resolved = aDiscrepancy({
        state: 'resolved',
        resolvedAt: '2026-11-24T12:00:00.000Z',
        resolvedRun: '20261124-aaaaa',
      });
      await save(resolved);
      assert.deepEqual(await run((tx) => tx.discrepancies.of(['levels'])), [resolved]);
    });
    it('are listed by check', async () => {
      await save(aDiscrepancy(), aDiscrepancy({ check: 'events', key: '2027 / hire' }));
      const found = await run((tx) => tx.discrepancies.of(['events', 'growth']));
      assert.deepEqual(
        found.map(({ key }) => key),
        ['2027 / hire'],
      );
    });
    it('that are open are listed with the longest open first', async () => {
      await save(
        aDiscrepancy({ key: 'L1', openedAt: '2026-11-20T12:00:00.000Z' }),
        aDiscrepancy({ key: 'L2', openedAt: '2026-11-18T12:00:00.000Z' }),
        aDiscrepancy({ key: 'L3', state: 'resolved', resolvedAt: '2026-11-20T12:00:00.000Z', resolvedRun: 'r' }),
      );
      assert.deepEqual(
        (await run((tx) => tx.discrepancies.open())).map(({ key }) => key),
        ['L2', 'L1'],
      );
    });
  });

  describe('lessons', () => {
    it('are kept whole, the newest by date first', async () => {
      const older: Lesson = { ...lesson, date: '2026-11-02', owner: null, action: '' };
      await run((tx) => tx.lessons.add(lesson));
      await run((tx) => tx.lessons.add(older));
      assert.deepEqual(await run((tx) => tx.lessons.list(10)), [lesson, older]);
      assert.deepEqual(await run((tx) => tx.lessons.list(1)), [lesson]);
    });
    it('that were written down twice are two', async () => {
      await run((tx) => tx.lessons.add(lesson));
      await run((tx) => tx.lessons.add(lesson));
      assert.equal((await run((tx) => tx.lessons.list(10))).length, 2);
    });
  });
}
