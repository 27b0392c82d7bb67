import assert from 'node:assert/strict';
import { schedules } from '../../schedules/index.ts';
import type { Log } from '../../src/core/log.ts';
import { createSlotWorker, type SlotWorker } from '../../src/workers/slot-worker.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { aRun } from '../support/fixtures.ts';
import { deliverAll } from '../support/outbox.ts';
import { servicesOver, type TestServices, thePlaybook } from '../support/services.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('The two schedules together', () => {
  let store = createFakeStore();
  let services: TestServices;
  let worker: SlotWorker;
  beforeEach(() => {
    store = createFakeStore();
    services = servicesOver(store, {
      playbook: thePlaybook(),
      measure: ({ slot, requestedBy }) => aRun({ id: `run-${slot?.slice(0, 10)}`, slot, requestedBy }),
    });
    worker = createSlotWorker({ services, schedules, log: silent, onWritten: () => {} });
  });
  const tickAt = async (newYork: string): Promise<void> => {
    services.setTime(`${newYork}-05:00`);
    await worker.tick();
  };
  const alerts = () => [...store.outbox.keys()].filter((key) => key.startsWith('alert/'));
  const deliver = (): Promise<number> => deliverAll(store, services.clock.now());

  it('raise no alarm on a start so late that both are due: the report is posted a moment later', async () => {
    await tickAt('2026-11-23T13:00:00');
    assert.deepEqual(
      [...store.slots.values()].map(({ state }) => state),
      ['done', 'due'],
    );
    assert.deepEqual(alerts(), []);
    await deliver();
    await tickAt('2026-11-23T13:01:00');
    assert.deepEqual(
      [...store.slots.values()].map(({ state }) => state),
      ['done', 'done'],
    );
    assert.deepEqual(alerts(), []);
  });

  it('alert once for each day on which no process was up, and not for the days around it', async () => {
    await tickAt('2026-11-16T07:00:00');
    await deliver();
    await tickAt('2026-11-16T11:00:00');
    // Down from then until Friday morning.
    await tickAt('2026-11-20T07:00:05');
    await deliver();
    await tickAt('2026-11-20T12:00:00');
    await deliver();
    await tickAt('2026-11-23T07:00:00');
    await deliver();
    await tickAt('2026-11-23T12:00:00');
    assert.deepEqual(alerts().sort(), [
      'alert/missed/2026-11-17T12:00:00.000Z',
      'alert/missed/2026-11-18T12:00:00.000Z',
      'alert/missed/2026-11-19T12:00:00.000Z',
    ]);
  });

  it('do nothing at all before the start date', async () => {
    services = servicesOver(store, { playbook: thePlaybook({ START_DATE: '2026-11-24' }) });
    worker = createSlotWorker({ services, schedules, log: silent, onWritten: () => {} });
    await tickAt('2026-11-23T23:59:59');
    assert.equal(store.slots.size + store.outbox.size, 0);
    await tickAt('2026-11-24T07:00:00');
    assert.equal(store.runs.size, 1);
  });
});
