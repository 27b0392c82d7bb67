import assert from 'node:assert/strict';
import type { Incident, NewIncident } from '../../../src/core/triggers/incident.ts';
import type { TestStore } from '../../support/databases.ts';
import { someMoment } from '../../support/fixtures.ts';

const fired: NewIncident = {
  trigger: 'variance',
  state: 'firing',
  openedBy: 'clock',
  openedAt: someMoment,
  firingAt: someMoment,
  count: 1,
  figure: 'Total Compensation: 5.3 %',
  limit: 'more than 5 %',
  command: 'show 20261123-k3f9a',
  source: 'run/20261123-k3f9a',
  reported: false,
  actedBy: null,
  reason: '',
  snoozedUntil: null,
  clearedAt: null,
};

/** Occasions on which a trigger fired. */
export function incidentsContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const save = (one: Incident | NewIncident) => run((tx) => tx.incidents.save(one));

  describe('incidents', () => {
    it('get numbers, are kept whole and changed by number', async () => {
      assert.deepEqual(await save(fired), { ...fired, number: 1 });
      const snoozed: Incident = {
        ...fired,
        number: 1,
        state: 'snoozed',
        count: 7,
        actedBy: 'slack:T0TEST/U0ANA',
        reason: 'Known <!channel>',
        snoozedUntil: '2026-11-23T13:00:00.000Z',
      };
      await save(snoozed);
      assert.deepEqual(await run((tx) => tx.incidents.find(1)), snoozed);
      assert.deepEqual(await run((tx) => tx.incidents.lock(1)), snoozed);
      assert.deepEqual(await run((tx) => tx.incidents.lockNewest('variance')), snoozed);
      assert.equal(await run((tx) => tx.incidents.find(2)), undefined);
    });
    it('are one at a time for each trigger, until one has cleared', async () => {
      await save(fired);
      assert.equal(await save(fired), undefined);
      const other = await save({ ...fired, trigger: 'security', reported: true, source: null, command: null });
      await save({ ...fired, number: 1, state: 'cleared', clearedAt: someMoment });
      const again = await save(fired);
      assert.ok(other !== undefined && again !== undefined);
      assert.deepEqual(
        (await run((tx) => tx.incidents.open())).map(({ number }) => number),
        [other.number, again.number],
      );
      assert.deepEqual(
        (await run((tx) => tx.incidents.list(2))).map(({ number }) => number),
        [again.number, other.number],
      );
    });
    it('are deleted by nobody', async () => {
      await save(fired);
      await assert.rejects(opened().application('delete from incidents'), { code: '42501' });
    });
  });
}
