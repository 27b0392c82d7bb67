import assert from 'node:assert/strict';
import type { Command } from '../../src/core/command.ts';
import type { Log } from '../../src/core/log.ts';
import { leaseMilliseconds } from '../../src/core/store.ts';
import type { Schedule } from '../../src/core/time/schedule.ts';
import { createInboxWorker } from '../../src/workers/inbox-worker.ts';
import { createSlotWorker } from '../../src/workers/slot-worker.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aCard, aRequest, aRun, later, someMoment } from '../support/fixtures.ts';
import { servicesOver, thePlaybook } from '../support/services.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('Over the embedded database', () => {
  const opened = shareStore(openEmbeddedStore);
  const count = async (table: string): Promise<number> => {
    const [row] = await opened().owner<{ count: number }>(`select count(*)::int as count from ${table}`);
    return row?.count ?? -1;
  };

  /** Something that writes a run and its audit; while it works, `meanwhile` happens. */
  const aSchedule = (meanwhile: () => Promise<void>): Schedule => ({
    name: 'daily',
    catchUp: { which: 'latest', withinHours: 12 },
    plan: () => ({ at: '07:00', timeZone: 'America/New_York', weekdays: [1, 2, 3, 4, 5], from: '2026-11-09' }),
    run: async (slot) => {
      await meanwhile();
      return {
        kind: 'done',
        write: async (tx) => {
          await tx.runs.save(aRun({ slot: slot.at }));
          await tx.audit.append({ at: slot.at, actor: 'clock', action: 'ran', subject: 'run', details: {} });
        },
      };
    },
  });
  const runSlots = (meanwhile: () => Promise<void> = async () => {}): Promise<void> => {
    const services = servicesOver(opened().store, { playbook: thePlaybook() });
    const schedules = [aSchedule(meanwhile)];
    return createSlotWorker({ services, schedules, log: silent, onWritten: () => {} }).tick();
  };

  it('a slot and what it wrote are there together', async () => {
    await runSlots();
    await runSlots();
    assert.deepEqual([await count('runs'), await count('audit')], [1, 1]);
    assert.deepEqual(await opened().owner('select state from schedule_slots'), [{ state: 'done' }]);
  });

  it('nothing is written of a slot that was taken over meanwhile', async () => {
    await runSlots(async () => {
      const taken = await opened().store.transaction((tx) => tx.slots.claim(['daily'], later(leaseMilliseconds)));
      assert.equal(taken?.attempts, 2);
    });
    assert.deepEqual([await count('runs'), await count('audit')], [0, 0]);
    assert.deepEqual(await opened().owner('select state from schedule_slots'), [{ state: 'due' }]);
  });

  /** Answers what waits, with a command that writes a run; `meanwhile` happens while it works. */
  const answer = async (meanwhile: () => Promise<void> = async () => {}): Promise<void> => {
    const { store } = opened();
    let finished = (): void => {};
    const over = new Promise<void>((resolve) => (finished = resolve));
    const command: Command = {
      name: 'do',
      summary: 'Does something',
      usage: '',
      examples: [],
      run: async () => {
        await meanwhile();
        return {
          card: aCard(),
          write: async (tx) => {
            finished();
            await tx.runs.save(aRun());
            return undefined;
          },
        };
      },
    };
    await store.transaction((tx) => tx.inbox.receive(aRequest({ words: 'do' })));
    const services = servicesOver(store, { playbook: thePlaybook() });
    const worker = createInboxWorker({
      services,
      commands: [command],
      clock: { now: () => new Date(someMoment) },
      log: silent,
      onWritten: () => {},
      concurrency: 1,
    });
    worker.start();
    await over;
    await worker.stop(5_000);
  };

  it('an answer, what it changed and "done" are there together', async () => {
    await answer();
    assert.deepEqual([await count('runs'), await count('outbox')], [1, 1]);
    assert.deepEqual(await opened().owner('select state from inbox'), [{ state: 'done' }]);
  });

  it('nothing is said of a request that was taken over meanwhile', async () => {
    await answer(async () => {
      await opened().store.transaction((tx) => tx.inbox.claim(later(leaseMilliseconds)));
    });
    assert.deepEqual([await count('runs'), await count('outbox')], [0, 0]);
    assert.deepEqual(await opened().owner('select state from inbox'), [{ state: 'waiting' }]);
  });
});
