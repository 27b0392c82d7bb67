import assert from 'node:assert/strict';
import type { Runbook } from '../../../src/core/runbooks/runbook.ts';
import type { TestStore } from '../../support/databases.ts';
import { someMoment } from '../../support/fixtures.ts';

const begun: Omit<Runbook, 'number'> = {
  name: 'rollback',
  definition: {
    name: 'rollback',
    title: 'Rollback',
    startedBy: [],
    needsGo: false,
    steps: [
      {
        kind: 'task',
        name: 'disable-access',
        title: 'Disable access <!channel>',
        owner: 'techLead',
        at: { afterMinutes: 0 },
        minutes: 30,
        evidence: 'How you saw it',
        undo: '',
      },
    ],
  },
  state: 'running',
  anchor: someMoment,
  movedMinutes: 0,
  startedBy: 'slack:T0TEST/U0CHEN',
  startedAt: someMoment,
  endedAt: null,
  hungAt: null,
  about: 'incident/4',
  reason: '',
  steps: [
    {
      name: 'disable-access',
      state: 'open',
      readyBy: null,
      deputisedAt: null,
      startedAt: null,
      finishedAt: null,
      by: null,
      evidence: '',
      attempts: 0,
      askedAt: null,
    },
  ],
  channel: 'C0ALERTS',
  rehearsal: null,
};

/** Runbooks that are carried out. */
export function runbooksContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const start = (overrides: Partial<Runbook> = {}) => run((tx) => tx.runbooks.start({ ...begun, ...overrides }));

  describe('runbooks', () => {
    it('get numbers, are kept whole and changed by number', async () => {
      assert.deepEqual(await start(), { ...begun, number: 1 });
      const moved = { state: 'paused', movedMinutes: -15, hungAt: someMoment } as const;
      const changed: Runbook = { ...begun, ...moved, number: 1, reason: 'The power is out' };
      await run((tx) => tx.runbooks.save(changed));
      assert.deepEqual(await run((tx) => tx.runbooks.find(1)), changed);
      assert.deepEqual(await run((tx) => tx.runbooks.lock(1)), changed);
      assert.deepEqual(await run((tx) => tx.runbooks.list(5)), [changed]);
    });
    it('go on one at a time under a name, beside one rehearsal', async () => {
      await start();
      assert.equal(await start(), undefined);
      const rehearsal = await start({ rehearsal: { speed: 60, from: someMoment } });
      assert.deepEqual(rehearsal?.rehearsal, { speed: 60, from: someMoment });
      assert.equal(await start({ rehearsal: { speed: 2, from: someMoment } }), undefined);
      await run((tx) => tx.runbooks.save({ ...begun, number: 1, state: 'done', endedAt: someMoment }));
      const again = await start();
      assert.deepEqual(
        (await run((tx) => tx.runbooks.open())).map(({ number }) => number),
        [rehearsal.number, again?.number],
      );
    });
    it('stay as they ended, and are deleted by nobody', async () => {
      await start();
      const ended: Runbook = { ...begun, number: 1, state: 'done', endedAt: someMoment };
      await run((tx) => tx.runbooks.save(ended));
      await assert.rejects(
        run((tx) => tx.runbooks.save({ ...ended, reason: 'other' })),
        /has ended/,
      );
      await assert.rejects(opened().application('delete from runbooks'), { code: '42501' });
    });
  });
}
