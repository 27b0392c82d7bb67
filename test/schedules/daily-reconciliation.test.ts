import assert from 'node:assert/strict';
import { dailyReconciliation } from '../../schedules/daily-reconciliation.ts';
import type { Run } from '../../src/core/checks/run.ts';
import type { RowDifference } from '../../src/core/rows/result.ts';
import type { RunRequest } from '../../src/core/services.ts';
import type { Log } from '../../src/core/log.ts';
import { createSlotWorker, type SlotWorker } from '../../src/workers/slot-worker.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { aCheckResult, aRowComparison, aRun } from '../support/fixtures.ts';
import { servicesOver, type TestServices, thePlaybook } from '../support/services.ts';

const minute = 60_000;
const at = '2026-11-23T12:00:00.000Z';
const playbook = thePlaybook();
const held: Partial<Run> = {
  state: 'held',
  checks: [],
  batch: { ...aRun().batch, ready: false, reasons: ['The sync run has not finished yet.'] },
};
const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('The daily reconciliation', () => {
  let store = createFakeStore();
  let services: TestServices;
  let worker: SlotWorker;
  /** What the next run comes to. */
  let outcome: Partial<Run> = {};
  let differing: readonly RowDifference[] = [];

  beforeEach(() => {
    store = createFakeStore();
    outcome = {};
    differing = [];
    let count = 0;
    services = servicesOver(store, {
      playbook,
      measure: ({ slot, requestedBy, previous, keepRows }: RunRequest) => {
        count += 1;
        if (differing.length > 0) keepRows?.('people', differing);
        const startedAt = services.clock.now().toISOString();
        return aRun({
          id: previous?.id ?? `20261123-run${count}`,
          attempts: (previous?.attempts ?? 0) + 1,
          slot,
          requestedBy,
          startedAt,
          finishedAt: startedAt,
          ...outcome,
        });
      },
    });
    worker = createSlotWorker({ services, schedules: [dailyReconciliation], log: silent, onWritten: () => {} });
  });

  const tickAt = async (newYorkTime: string, day = '2026-11-23'): Promise<void> => {
    services.setTime(`${day}T${newYorkTime}-05:00`);
    await worker.tick();
  };
  const run = () => [...store.runs.values()][0];
  const message = (key: string) => store.outbox.get(key)?.message;
  const textOf = (key: string) => JSON.stringify(message(key)?.content ?? null);
  const keys = () => [...store.outbox.keys()];
  const state = () => store.slots.get(`daily-reconciliation ${at}`)?.state;

  it('is not planned without a start date, and from that day on with one', () => {
    assert.equal(dailyReconciliation.plan({ ...playbook, startDate: null }), undefined);
    assert.deepEqual(dailyReconciliation.plan(playbook), {
      at: '07:00',
      timeZone: 'America/New_York',
      weekdays: [1, 2, 3, 4, 5],
      from: '2026-11-09',
    });
  });

  it('is planned on each of the seven days after the cutover, once it is switched', () => {
    const cutover = (switched: boolean) => ({ ...playbook, cutover: { day: '2027-01-30', switched } });
    assert.equal(dailyReconciliation.plan(cutover(false))?.everyDay, undefined);
    assert.deepEqual(dailyReconciliation.plan(cutover(true))?.everyDay, { first: '2027-01-31', last: '2027-02-06' });
  });

  it('is planned on working days or on every day', () => {
    const daily = { at: '06:30', days: 'every' as const };
    const everyDay = { ...playbook, schedules: { ...playbook.schedules, dailyReconciliation: daily } };
    assert.deepEqual(dailyReconciliation.plan(everyDay)?.weekdays, [1, 2, 3, 4, 5, 6, 7]);
    assert.equal(dailyReconciliation.plan(everyDay)?.at, '06:30');
    assert.deepEqual(dailyReconciliation.plan({ ...playbook, workingDays: [1, 3] })?.weekdays, [1, 3]);
  });

  it('measures every check once, for the clock', async () => {
    await tickAt('07:00:09');
    await tickAt('07:00:24');
    assert.equal(services.asked.length, 1);
    const [asked] = services.asked;
    assert.deepEqual(asked?.checks, []);
    assert.equal(asked?.slot, at);
    assert.equal(asked?.previous, undefined);
    assert.equal(asked?.requestedBy.platform, 'clock');
  });

  for (const [title, verdict] of [
    ['passes', 'pass'],
    ['fails', 'fail'],
    ['could not be measured', 'error'],
  ] as const) {
    it(`is posted, stored and audited when it ${title}`, async () => {
      outcome = { state: verdict, checks: [aCheckResult({ verdict })] };
      await tickAt('07:00:05');
      assert.equal(run()?.state, verdict);
      assert.equal(state(), 'done');
      assert.deepEqual(keys(), [`digest/${at}`, `digest/${at}/csv`]);
      assert.equal(message(`digest/${at}`)?.place.channel, playbook.channels.reconciliation);
      assert.deepEqual(
        store.audit.map(({ action, actor }) => [action, actor]),
        [['run.finished', 'clock'], ...(verdict === 'fail' ? [['discrepancies.changed', 'clock']] : [])],
      );
      assert.equal(
        (await store.transaction((tx) => tx.discrepancies.active())).length,
        verdict === 'fail' ? 1 : 0,
        'what failed is on record, and nothing else',
      );
    });
  }

  it('explains in its thread why rows do not agree, and keeps them for those who may see them', async () => {
    const cause = { what: 'differs', column: 'status', rows: 7, segments: [], pattern: null, keys: null } as const;
    outcome = { state: 'fail', comparisons: [aRowComparison({ verdict: 'fail', causes: [cause] })] };
    differing = [{ key: ['E00017'], what: 'differs', values: [{ column: 'status', legacy: 'A', new: 'terminated' }] }];
    await tickAt('07:00:05');
    assert.deepEqual(keys(), [`digest/${at}`, `digest/${at}/why`, `digest/${at}/csv`]);
    assert.equal(message(`digest/${at}/why`)?.parent, `digest/${at}`);
    assert.match(textOf(`digest/${at}/why`), /7 people whose status differs/);
    assert.doesNotMatch(JSON.stringify([...store.outbox.values()]), /E00017/);
    const kept = await store.transaction((tx) => tx.rows.find(run()?.id ?? '', 'people', new Date(at)));
    assert.deepEqual(kept, differing);
  });

  it('is posted at once when it is held, and tried again after the pause', async () => {
    outcome = held;
    await tickAt('07:00');
    assert.equal(state(), 'due');
    assert.equal(run()?.state, 'held');
    assert.match(textOf(`digest/${at}`), /The sync run has not finished yet/);
    assert.match(textOf(`digest/${at}`), /Tried again at/);
    await tickAt('07:14:59.999');
    assert.equal(services.asked.length, 1);
    await tickAt('07:15');
    assert.equal(services.asked.length, 2);
    assert.equal(run()?.attempts, 2);
    assert.equal(store.runs.size, 1, 'it is one run, tried twice');
    assert.deepEqual(keys(), [`digest/${at}`], 'with one digest');
  });

  it('changes its digest when the batch completes, and says so in the thread', async () => {
    outcome = held;
    await tickAt('07:00');
    outcome = {};
    await tickAt('07:15');
    assert.equal(state(), 'done');
    assert.equal(run()?.state, 'pass');
    assert.doesNotMatch(textOf(`digest/${at}`), /has not finished yet/);
    assert.equal(message(`digest/${at}/complete`)?.parent, `digest/${at}`);
    assert.deepEqual(
      store.audit.map(({ action }) => action),
      ['run.held', 'run.finished'],
    );
  });

  describe('that stays held', () => {
    const until = async (last: string): Promise<void> => {
      outcome = held;
      for (let time = Date.parse(at); time <= Date.parse(`2026-11-23T${last}-05:00`); time += minute) {
        services.setTime(new Date(time).toISOString());
        await worker.tick();
      }
    };

    it('is tried a last time at the deadline, and raises no alert before', async () => {
      await until('09:59');
      assert.equal(state(), 'due');
      assert.equal(services.asked.length, 12, 'every quarter of an hour since 07:00');
      assert.equal(message(`alert/held/${at}`), undefined);
    });

    it('is done at the deadline: the digest says so, and one alert is raised', async () => {
      await until('12:00');
      assert.equal(state(), 'done');
      assert.equal(services.asked.length, 13);
      assert.match(textOf(`digest/${at}`), /It is not tried again by itself/);
      assert.match(textOf(`alert/held/${at}`), /asked 13 times: The sync run has not finished yet/);
      assert.equal(message(`alert/held/${at}`)?.place.channel, playbook.channels.alerts);
      assert.deepEqual(
        keys().filter((key) => key.startsWith('alert/')),
        [`alert/held/${at}`],
      );
    });

    it('is compared after all when the batch completes just before the deadline', async () => {
      await until('09:50');
      outcome = {};
      await tickAt('10:00');
      assert.equal(state(), 'done');
      assert.equal(run()?.state, 'pass');
      assert.equal(message(`alert/held/${at}`), undefined);
    });

    it('has its last try at the deadline also where the pause would lead beyond it', async () => {
      outcome = held;
      await tickAt('09:50');
      await tickAt('09:59:59.999');
      assert.equal(services.asked.length, 1);
      await tickAt('10:00');
      assert.equal(services.asked.length, 2);
      assert.equal(state(), 'done');
    });
  });

  describe('that begins late', () => {
    it('keeps the deadline when it began a millisecond before it', async () => {
      outcome = held;
      await tickAt('09:59:59.999');
      assert.equal(state(), 'due');
      await tickAt('10:00');
      assert.equal(state(), 'done');
    });

    it('has one hour from its beginning when it began at the deadline or later, and ends then', async () => {
      outcome = held;
      await tickAt('11:30');
      for (const time of ['11:45', '12:00', '12:15']) await tickAt(time);
      assert.equal(services.asked.length, 4);
      await tickAt('12:29:59.999');
      assert.equal(state(), 'due');
      assert.equal(message(`alert/held/${at}`), undefined);
      await tickAt('12:30');
      assert.equal(services.asked.length, 5);
      assert.equal(state(), 'done');
      assert.notEqual(message(`alert/held/${at}`), undefined);
    });

    it('says that it is late', async () => {
      await tickAt('07:12');
      assert.match(textOf(`digest/${at}`), /late: due 07:00, posted 07:12/);
    });

    it('still runs 12 hours after it was due, and not a millisecond later', async () => {
      await tickAt('19:00:00.001');
      assert.equal(services.asked.length, 0);
      await tickAt('19:00:00', '2026-11-24');
      assert.equal(services.asked[0]?.slot, '2026-11-24T12:00:00.000Z');
    });
  });

  it('leaves nothing behind when posting it fails, and comes again', async () => {
    const working = services.nextDue;
    services.nextDue = () => {
      throw new Error('no overview today');
    };
    await tickAt('07:00');
    assert.equal(store.runs.size + store.audit.length + store.outbox.size, 0);
    services.nextDue = working;
    await tickAt('07:01');
    assert.deepEqual([store.runs.size, store.audit.length, state()], [1, 1, 'done']);
  });

  it('writes no figure of any person and no pay into the audit', async () => {
    outcome = { checks: [aCheckResult({ check: 'payroll', findings: [] })] };
    await tickAt('07:00');
    assert.deepEqual(Object.keys(store.audit[0]?.details ?? {}).sort(), [
      'attempts',
      'batchDate',
      'checks',
      'errors',
      'failing',
      'playbookVersion',
      'slot',
      'state',
    ]);
  });
});
