import assert from 'node:assert/strict';
import type { RowDifference } from '../../../src/core/rows/result.ts';
import type { TestStore } from '../../support/databases.ts';
import { aRun } from '../../support/fixtures.ts';

const differences: readonly RowDifference[] = [
  { key: ['E00017', null], what: 'differs', values: [{ column: 'pay', legacy: '71829', new: null }] },
  { key: ['E00099', 'x'], what: 'onlyLegacy', values: [] },
];
const now = new Date('2026-11-23T12:00:00.000Z');
const until = '2026-12-23T12:00:00.000Z';

/** Rows that did not agree, kept for a while. */
export function rowsContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const keep = (more: { until?: string; differences?: readonly RowDifference[] } = {}, at = now) =>
    run((tx) => tx.rows.keep({ run: aRun().id, comparison: 'people', until, differences, ...more }, at));
  const find = (comparison = 'people', at = now) => run((tx) => tx.rows.find(aRun().id, comparison, at));

  describe('differing rows', () => {
    beforeEach(async () => {
      await run((tx) => tx.runs.save(aRun()));
    });
    it('are kept whole, in their order', async () => {
      await keep();
      assert.deepEqual(await find(), differences);
    });
    it('are none of a comparison that kept none', async () => {
      await keep();
      assert.equal(await find('events'), undefined);
    });
    it('are there until their time is over, and not at that moment', async () => {
      await keep();
      assert.deepEqual(await find('people', new Date('2026-12-23T11:59:59.999Z')), differences);
      assert.equal(await find('people', new Date(until)), undefined);
    });
    it('are taken away for good when others are kept after their time', async () => {
      await keep();
      const later = new Date('2027-01-01T00:00:00.000Z');
      await run((tx) =>
        tx.rows.keep({ run: aRun().id, comparison: 'events', until: '2028-01-01T00:00:00.000Z', differences }, later),
      );
      assert.equal(await find(), undefined);
    });
    it('are told from noise by what was last measured of it', async () => {
      assert.equal(await run((tx) => tx.rows.noise('people')), undefined);
      await run((tx) => tx.rows.saveNoise('people', new Map([['pay', 0.25]]), now));
      await run((tx) => tx.rows.saveNoise('people', new Map([['pay', 0.125]]), now));
      assert.deepEqual(await run((tx) => tx.rows.noise('people')), new Map([['pay', 0.125]]));
    });
    it('of the same run and comparison take the place of the earlier', async () => {
      await keep();
      await keep({ differences: [] });
      assert.deepEqual(await find(), []);
    });
  });
}
