import assert from 'node:assert/strict';
import type { Log } from '../../src/core/log.ts';
import type { Plan, Schedule, SlotResult } from '../../src/core/time/schedule.ts';
import { createSlotWorker, type SlotWorker } from '../../src/workers/slot-worker.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { someMoment } from '../support/fixtures.ts';
import { connect, type Connection, leaseTimersByHand, settle, Work } from '../support/processes.ts';
import { servicesOver, thePlaybook } from '../support/services.ts';

const second = 1000;
const minute = 60 * second;
const due = someMoment;
const playbook = thePlaybook();
const done = (): SlotResult => ({
  kind: 'done',
  write: async (tx) => {
    await tx.audit.append({ at: due, actor: 'clock', action: 'ran', subject: due, details: {} });
  },
});

describe('The slot worker', () => {
  const { tenSecondsPass } = leaseTimersByHand();
  let store = createFakeStore();
  let now = Date.parse(due);
  let lines: { level: string; message: string }[] = [];
  let written = 0;
  let plan: Plan | undefined;
  let works: Work<SlotResult>[] = [];

  beforeEach(() => {
    store = createFakeStore();
    now = Date.parse(due);
    lines = [];
    written = 0;
    plan = { at: '07:00', timeZone: 'America/New_York', weekdays: [1, 2, 3, 4, 5, 6, 7], from: '2026-11-01' };
    works = [];
  });

  const note =
    (level: string) =>
    (_fields: object, message: string): void => {
      lines.push({ level, message });
    };
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const begun = async (index: number): Promise<Work<SlotResult>> => {
    await settle();
    const work = works[index];
    assert.ok(work !== undefined, `only ${works.length} runs have begun`);
    return work;
  };

  /** A process of its own over the shared store; `run` defaults to work that the test ends by hand. */
  function aProcess(options: { schedules?: Schedule[]; run?: Schedule['run'] } = {}): SlotWorker & { db: Connection } {
    const db = connect(store);
    const schedule: Schedule = {
      name: 'daily',
      catchUp: { which: 'latest', withinHours: 12 },
      plan: () => plan,
      run: (taken, _services, signal) => {
        const work = new Work<SlotResult>(taken, signal);
        works.push(work);
        return work.done;
      },
      ...(options.run === undefined ? {} : { run: options.run }),
    };
    const services = { ...servicesOver(db, { playbook }), clock: { now: () => new Date(now) } };
    const worker = createSlotWorker({
      services,
      schedules: options.schedules ?? [schedule],
      log,
      onWritten: () => {
        written += 1;
      },
    });
    return { ...worker, db };
  }
  const states = () => [...store.slots.values()].map(({ at, state }) => [at, state]);
  const alerts = () => [...store.outbox.values()].map(({ message }) => message);

  it('runs what is due, and writes the result and "done" together', async () => {
    const { tick } = aProcess({ run: async () => done() });
    await tick();
    assert.deepEqual(states(), [[due, 'done']]);
    assert.equal(store.audit.length, 1);
    assert.equal(written, 1);
  });

  it('runs nothing before it is due, nothing a second time, and nothing while nothing is planned', async () => {
    const { tick } = aProcess({ run: async () => done() });
    plan = undefined;
    await tick();
    plan = { at: '07:00', timeZone: 'America/New_York', weekdays: [1], from: '2026-11-23' };
    now -= 1;
    await tick();
    assert.equal(store.audit.length, 0);
    now += 1;
    await tick();
    await tick();
    assert.equal(store.audit.length, 1);
  });

  it('leaves a due slot alone once the start date was taken back', async () => {
    const { tick } = aProcess({
      run: async () => ({ kind: 'again', at: new Date(now + minute), write: async () => {} }),
    });
    await tick();
    plan = undefined;
    now += minute;
    const other = aProcess({ run: async () => done() });
    await other.tick();
    assert.deepEqual(states(), [[due, 'due']]);
  });

  it('writes down what was missed without running it', async () => {
    const { tick } = aProcess({ run: async () => done() });
    await tick();
    now += 3 * 24 * 60 * minute;
    await tick();
    assert.deepEqual(
      states().map(([at, state]) => [at?.slice(8, 10), state]),
      [
        ['23', 'done'],
        ['24', 'missed'],
        ['25', 'missed'],
        ['26', 'done'],
      ],
    );
    assert.equal(store.audit.length, 2);
  });

  it('runs one at a time: a second tick waits for the first', async () => {
    const { tick } = aProcess();
    const first = tick();
    const second = tick();
    (await begun(0)).finish(done());
    await Promise.all([first, second]);
    assert.equal(works.length, 1);
  });

  it('lets only one of two processes have a slot, while its holder lives', async () => {
    const [one, other] = [aProcess(), aProcess()];
    const running = one.tick();
    await settle();
    for (let passed = 0; passed < 12; passed += 1) {
      now += 10 * second;
      await tenSecondsPass();
      await other.tick();
    }
    assert.equal(works.length, 1, 'the lease was extended for two minutes');
    (await begun(0)).finish(done());
    await running;
    assert.equal(store.audit.length, 1);
  });

  it('takes over from a holder that died, when its lease is over and not before', async () => {
    const [one, other] = [aProcess(), aProcess()];
    void one.tick();
    await settle();
    one.db.hold();
    now += 30 * second - 1;
    await other.tick();
    assert.equal(works.length, 1);
    now += 1;
    const taken = other.tick();
    (await begun(1)).finish(done());
    await taken;
    assert.deepEqual(states(), [[due, 'done']]);
  });

  it('writes nothing of a run whose slot was taken over meanwhile', async () => {
    const [one, other] = [aProcess(), aProcess()];
    const late = one.tick();
    await settle();
    now += 30 * second;
    const taken = other.tick();
    (await begun(1)).finish(done());
    await taken;
    (await begun(0)).finish(done());
    await late;
    assert.equal(store.audit.length, 1, 'the first one rolled back');
    assert.deepEqual(
      lines.map(({ level, message }) => [level, message]),
      [['warn', `daily ${due} was taken over by another process`]],
    );
  });

  it('tells the run to stop as soon as it knows that it lost the slot', async () => {
    const [one, other] = [aProcess(), aProcess()];
    const late = one.tick();
    await settle();
    now += 30 * second;
    const taken = other.tick();
    await begun(1);
    await tenSecondsPass();
    await late;
    assert.equal(works[0]?.signal.aborted, true);
    assert.equal(works[1]?.signal.aborted, false);
    assert.deepEqual(
      lines.map(({ level }) => level),
      ['warn'],
      'that is no failure of the schedule',
    );
    works[1]?.finish(done());
    await taken;
  });

  it('puts off a slot that is not ready, with what it wrote, and never counts that as a failure', async () => {
    let times = 0;
    const { tick } = aProcess({
      run: async () => {
        times += 1;
        if (times === 13) throw new Error('a single failure');
        return times < 13 ? { ...done(), kind: 'again', at: new Date(now + 15 * minute) } : done();
      },
    });
    for (let round = 0; round < 12; round += 1) {
      await tick();
      await tick();
      assert.equal(store.audit.length, round + 1);
      now += 15 * minute - 1;
      await tick();
      assert.equal(store.audit.length, round + 1, 'a millisecond early is early');
      now += 1;
    }
    await tick();
    assert.deepEqual(states(), [[due, 'due']]);
    now += minute;
    await tick();
    assert.deepEqual(states(), [[due, 'done']]);
  });

  it('tries a failure again after 1, 2, 4, 8 and then every 15 minutes, and gives up after eight with an alert', async () => {
    const starts: number[] = [];
    const { tick } = aProcess({
      run: () => {
        starts.push(now);
        return Promise.reject(new Error('no luck'));
      },
    });
    for (let passed = 0; passed < 120 * 4; passed += 1) {
      await tick();
      now += 15 * second;
    }
    assert.deepEqual(
      starts.map((start) => (start - Date.parse(due)) / minute),
      [0, 1, 3, 7, 15, 30, 45, 60],
    );
    const [alert, ...others] = alerts();
    assert.equal(others.length, 0);
    assert.equal(alert?.key, `alert/slot/daily/${due}`);
    assert.equal(alert.place.channel, playbook.channels.alerts);
    assert.match(JSON.stringify(alert.content), /due on Mon 23 Nov 2026, 07:00 and failed 8 times/);
    assert.deepEqual(states(), [[due, 'done']]);
  });

  it('counts a failure to write the result as well, and keeps nothing of it', async () => {
    const { tick } = aProcess({
      run: async () => ({
        kind: 'done',
        write: async (tx) => {
          await done().write(tx);
          throw new Error('the write failed');
        },
      }),
    });
    await tick();
    assert.equal(store.audit.length, 0);
    assert.deepEqual(states(), [[due, 'due']]);
    assert.equal([...store.slots.values()][0]?.attempts, 1);
  });

  it('gives up, with an alert, what takes down every process that runs it', async () => {
    for (let death = 0; death < 8; death += 1) {
      const { tick, db } = aProcess();
      void tick();
      await begun(death);
      db.hold();
      now += 30 * second;
    }
    await aProcess().tick();
    assert.equal(works.length, 8);
    assert.match(JSON.stringify(alerts()), /took its process down 8 times/);
    assert.deepEqual(states(), [[due, 'done']]);
  });

  it("does not run yesterday's slot today when its process died and none was up since: it alerts", async () => {
    const { tick, db } = aProcess();
    void tick();
    await begun(0);
    db.hold();
    now += 24 * 60 * minute;
    const ran: string[] = [];
    await aProcess({
      run: async (taken) => {
        ran.push(taken.at);
        return done();
      },
    }).tick();
    assert.deepEqual(ran, ['2026-11-24T12:00:00.000Z']);
    assert.match(JSON.stringify(alerts()), /due on Mon 23 Nov 2026, 07:00 and was not finished before the next one/);
  });

  it('is given up when whoever had it died, and the next process comes up too late for the policy', async () => {
    const { tick, db } = aProcess();
    void tick();
    await begun(0);
    db.hold();
    const ran: string[] = [];
    now += 12 * 60 * minute + 1;
    await aProcess({
      run: async (slot) => {
        ran.push(slot.at);
        return done();
      },
    }).tick();
    assert.deepEqual(ran, []);
    assert.match(JSON.stringify(alerts()), /was not finished within 12 hours/);
  });

  it('goes on with the next tick after the database was away', async () => {
    const { tick } = aProcess({ run: async () => done() });
    store.setUnavailable(true);
    await assert.rejects(tick(), { name: 'StoreUnavailableError' });
    store.setUnavailable(false);
    await tick();
    assert.deepEqual(states(), [[due, 'done']]);
  });

  describe('when the process stops', () => {
    it('lets a run finish within the grace', async () => {
      const { tick, stop } = aProcess();
      const running = tick();
      const work = await begun(0);
      const stopped = stop(60_000);
      work.finish(done());
      await Promise.all([running, stopped]);
      assert.equal(store.audit.length, 1);
    });

    it('hands a longer one back at once, and counts no attempt', async () => {
      const { tick, stop } = aProcess();
      void tick();
      await begun(0);
      await stop(0);
      assert.equal(store.audit.length, 0);
      assert.deepEqual(
        [...store.slots.values()].map(({ state, attempts }) => [state, attempts]),
        [['due', 0]],
      );
      const other = aProcess({ run: async () => done() });
      await other.tick();
      assert.deepEqual(states(), [[due, 'done']]);
    });

    it('begins nothing new', async () => {
      const { tick, stop } = aProcess({ run: async () => done() });
      await stop(0);
      await tick();
      assert.deepEqual(states(), []);
    });
  });

  it('keeps slots apart by schedule and runs the oldest first', async () => {
    const order: string[] = [];
    const schedule = (name: string, at: string): Schedule => ({
      name,
      catchUp: { which: 'latest', withinHours: 12 },
      plan: () => ({ at, timeZone: 'America/New_York', weekdays: [1], from: '2026-11-01' }),
      run: async () => {
        order.push(name);
        return { kind: 'done', write: async () => {} };
      },
    });
    now += 3 * 60 * minute;
    await aProcess({ schedules: [schedule('later', '09:00'), schedule('sooner', '07:00')] }).tick();
    assert.deepEqual(order, ['sooner', 'later']);
  });
});
