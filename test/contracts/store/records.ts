import assert from 'node:assert/strict';
import type { Discrepancy, DiscrepancyEntry, NewDiscrepancy } from '../../../src/core/records/discrepancy.ts';
import type { Checkpoint } from '../../../src/core/checkpoints/checkpoint.ts';
import type { NewLesson } from '../../../src/core/records/lesson.ts';
import type { TestStore } from '../../support/databases.ts';
import { aDiscrepancy, aMeasurement, aReport } from '../../support/fixtures.ts';

const lesson: NewLesson = {
  date: '2026-11-20',
  category: 'Data Quality',
  learning: 'Legacy has NULL levels for people on leave.',
  action: 'Map them to L1',
  owner: 'analysts',
  link: 'https://example.slack.com/archives/C1/p1',
  discrepancy: null,
  blocks: null,
  recordedBy: 'slack:T0TEST/U0ANA',
  recordedAt: '2026-11-23T12:00:00.000Z',
};

/** What is on record: discrepancies by check and key, and lessons. */
export function recordsContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const save = (...all: (Discrepancy | NewDiscrepancy)[]) => run((tx) => tx.discrepancies.save(all));
  const filed = (overrides: Partial<NewDiscrepancy> = {}): NewDiscrepancy => ({
    ...aDiscrepancy(),
    ...overrides,
    number: null,
  });
  const reported = filed({ measured: null, reported: aReport() });

  describe('discrepancies', () => {
    it('get numbers, and are kept whole', async () => {
      const [one] = await save(filed());
      assert.equal(one?.number, 1);
      assert.deepEqual(await run((tx) => tx.discrepancies.of(['levels'])), [aDiscrepancy({ number: 1 })]);
      assert.deepEqual(await run((tx) => tx.discrepancies.find(1)), aDiscrepancy({ number: 1 }));
      assert.deepEqual(await run((tx) => tx.discrepancies.lock(1)), aDiscrepancy({ number: 1 }));
      assert.equal(await run((tx) => tx.discrepancies.find(2)), undefined);
    });
    it('that a person reported are kept whole', async () => {
      await save(filed(), reported);
      assert.deepEqual(await run((tx) => tx.discrepancies.find(2)), { ...reported, number: 2 });
    });
    it('are changed by number, in all that may change', async () => {
      await save(filed());
      const changed = aDiscrepancy({
        number: 1,
        state: 'explained',
        severity: 1,
        assignee: 'slack:U0BEN',
        actedAt: '2026-11-23T13:00:00.000Z',
        acceptance: { amount: '-12.50', reason: 'Known <!channel>', by: 'slack:T0TEST/U0ANA', until: '2026-12-31' },
        snooze: { until: '2026-11-25T12:00:00.000Z', reason: 'Waiting for the vendor' },
      });
      assert.deepEqual(await save(changed), [changed]);
      assert.deepEqual(await run((tx) => tx.discrepancies.list(10)), [changed]);
    });
    it('are listed by check, and newest first', async () => {
      await save(filed(), filed({ measured: aMeasurement({ check: 'events', key: '2027 / hire' }) }), reported);
      const numbers = async (found: Promise<Discrepancy[]>) => (await found).map(({ number }) => number);
      assert.deepEqual(await numbers(run((tx) => tx.discrepancies.of(['events', 'growth']))), [2]);
      assert.deepEqual(await numbers(run((tx) => tx.discrepancies.list(2))), [3, 2]);
    });
    it('that are not closed are listed with the longest open first', async () => {
      const acceptance = { amount: null, reason: 'Known', by: 'clock', until: '2026-12-31' };
      const key = (name: string) => ({ measured: aMeasurement({ key: name }) });
      await save(
        filed({ ...key('L1'), openedAt: '2026-11-20T12:00:00.000Z' }),
        filed({ ...key('L2'), openedAt: '2026-11-18T12:00:00.000Z', state: 'explained', acceptance }),
        filed({ ...key('L3'), state: 'resolved', resolvedAt: '2026-11-20T12:00:00.000Z' }),
        filed({ ...key('L4'), state: 'rejected' }),
      );
      assert.deepEqual(
        (await run((tx) => tx.discrepancies.active())).map(({ measured }) => measured?.key),
        ['L2', 'L1'],
      );
    });
    it('keep their history, the newest first', async () => {
      await save(filed(), reported);
      const entry = (number: number, text: string): DiscrepancyEntry => ({
        number,
        at: '2026-11-23T12:00:00.000Z',
        by: 'clock',
        kind: 'comment',
        text,
      });
      for (const one of [entry(1, 'first'), entry(2, 'another'), entry(1, 'second')]) {
        await run((tx) => tx.discrepancies.addEntry(one));
      }
      assert.deepEqual(await run((tx) => tx.discrepancies.entries(1, 10)), [entry(1, 'second'), entry(1, 'first')]);
      assert.deepEqual(await run((tx) => tx.discrepancies.entries(1, 1)), [entry(1, 'second')]);
    });
  });

  describe('lessons', () => {
    it('get numbers and are kept whole, the newest by date first', async () => {
      const [taught] = await save(filed());
      const older: NewLesson = {
        ...lesson,
        date: '2026-11-02',
        owner: null,
        action: '',
        discrepancy: taught?.number ?? 0,
      };
      assert.deepEqual(await run((tx) => tx.lessons.add(lesson)), { ...lesson, number: 1, done: null });
      await run((tx) => tx.lessons.add(older));
      const kept = [
        { ...lesson, number: 1, done: null },
        { ...older, number: 2, done: null },
      ];
      assert.deepEqual(await run((tx) => tx.lessons.list(10)), kept);
      assert.deepEqual(await run((tx) => tx.lessons.list(1)), kept.slice(0, 1));
    });
    it('know what was done about them, once', async () => {
      const done = { evidence: 'A link', by: 'slack:T0TEST/U0ANA', at: '2026-11-24T12:00:00.000Z' };
      await run((tx) => tx.lessons.add({ ...lesson, blocks: 2 }));
      assert.equal(await run((tx) => tx.lessons.finish(1, done)), true);
      assert.equal(await run((tx) => tx.lessons.finish(1, { ...done, evidence: 'Another' })), false);
      assert.deepEqual(await run((tx) => tx.lessons.list(1)), [{ ...lesson, number: 1, blocks: 2, done }]);
    });
    it('that were written down twice are two', async () => {
      await run((tx) => tx.lessons.add(lesson));
      await run((tx) => tx.lessons.add(lesson));
      assert.equal((await run((tx) => tx.lessons.list(10))).length, 2);
    });
  });

  describe('checkpoints', () => {
    const checkpoint: Checkpoint = {
      date: '2026-11-25',
      dueAt: '2026-11-25T15:00:00.000Z',
      agenda: {
        from: '2026-11-18T15:00:00.000Z',
        to: '2026-11-25T15:00:00.000Z',
        runs: [{ id: '20261123-k3f9a', date: '2026-11-23', state: 'fail' }],
        checks: [{ check: 'levels', title: 'Level Distribution', failed: 1 }],
        opened: [1],
        closed: [],
        active: [{ number: 1, severity: 2, state: 'open', days: 2 }],
        tasks: [{ name: 'add-users', title: 'Add users', daysLate: 2 }],
        metrics: [{ title: 'Uptime', status: 'pass', words: '99.95 %, target > 99.9 %: ✓ pass' }],
        gates: [{ phase: 1, green: false, words: '2 of 4 green' }],
        lessons: [{ number: 1, category: 'Data Quality', learning: 'NULLs' }],
        feedback: [{ number: 1, text: 'Much faster' }],
      },
      minutes: null,
      missedAt: null,
    };
    const minutes = { attendance: 'Ana', decisions: '', notes: 'None', by: 'clock', at: '2026-11-25T16:00:00.000Z' };
    it('are one a day, with the agenda that they had first', async () => {
      assert.equal(await run((tx) => tx.checkpoints.open(checkpoint)), true);
      const other = { ...checkpoint, agenda: { ...checkpoint.agenda, opened: [] } };
      assert.equal(await run((tx) => tx.checkpoints.open(other)), false);
      assert.deepEqual(await run((tx) => tx.checkpoints.lock('2026-11-25')), checkpoint);
      assert.equal(await run((tx) => tx.checkpoints.lock('2026-11-24')), undefined);
    });
    it('keep what came of them, and are listed newest first', async () => {
      const next = { ...checkpoint, date: '2026-12-02' };
      for (const one of [checkpoint, next]) await run((tx) => tx.checkpoints.open(one));
      const held = { ...checkpoint, minutes, missedAt: '2026-11-26T15:00:00.000Z' };
      await run((tx) => tx.checkpoints.save(held));
      assert.deepEqual(await run((tx) => tx.checkpoints.list(2)), [next, held]);
      assert.deepEqual(await run((tx) => tx.checkpoints.list(1)), [next]);
    });
  });
}
