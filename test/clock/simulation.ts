import type { Log } from '../../src/core/log.ts';
import type { CatchUp, Plan, Schedule, SlotResult } from '../../src/core/time/schedule.ts';
import { createSlotWorker, type SlotWorker } from '../../src/workers/slot-worker.ts';
import { createFakeStore, type FakeStore } from '../support/fake-store.ts';
import { connect, type Connection, settle, Work } from '../support/processes.ts';
import { servicesOver, thePlaybook } from '../support/services.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Uniform over [0, 1), the same for the same seed (mulberry32, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Everything that came of years with three processes. */
export interface History {
  readonly store: FakeStore;
  /** When some living process looked what was due. */
  readonly looks: readonly number[];
  /** From when to when no process was up at all. */
  readonly outages: readonly { readonly from: number; readonly to: number }[];
  readonly deaths: number;
  readonly handBacks: number;
  /** Runs that ended after somebody else had taken their slot over, and could write nothing. */
  readonly fencedOff: number;
  readonly until: number;
}

export interface Setting {
  readonly random: () => number;
  readonly schedules: readonly { readonly name: string; readonly plan: Plan; readonly times: readonly number[] }[];
  readonly catchUp: CatchUp;
  readonly from: number;
  readonly until: number;
  readonly tenSecondsPass: () => Promise<void>;
}

interface Process {
  readonly worker: SlotWorker;
  readonly db: Connection;
  work: (Work<SlotResult> & { endsAt: number }) | undefined;
  /** Stopped without a word: no renewal, no write, until it is let go or replaced. */
  frozenUntil: number | undefined;
  downUntil: number;
}

const playbook = thePlaybook();

/**
 * Lets three processes share the schedules from one day to another. They look about every minute while something is due,
 * and otherwise at the due times and at random moments between. Some die in the middle of a run and are replaced; some hang
 * and go on minutes later as if nothing had been; some are restarted properly; and now and then all are gone for a day.
 */
export async function simulate(setting: Setting): Promise<History> {
  const { random, until, tenSecondsPass } = setting;
  const store = createFakeStore();
  const dueTimes = setting.schedules
    .flatMap(({ name, times }) => times.map((time) => ({ time, key: `${name} ${new Date(time).toISOString()}` })))
    .sort((one, other) => one.time - other.time);
  let now = setting.from;
  const looks: number[] = [];
  const outages: { from: number; to: number }[] = [];
  const counts = { deaths: 0, handBacks: 0, fencedOff: 0 };
  const chance = (probability: number): boolean => random() < probability;

  const silent = (): void => undefined;
  const log: Log = {
    debug: silent,
    info: silent,
    warn: (_fields, message) => {
      if (message.includes('taken over')) counts.fencedOff += 1;
    },
    error: silent,
  };

  const start = (downUntil: number): Process => {
    const db = connect(store);
    const schedules: Schedule[] = setting.schedules.map(({ name, plan }) => ({
      name,
      catchUp: setting.catchUp,
      plan: () => plan,
      run: (slot, _services, signal) => {
        const work = new Work<SlotResult>(slot, signal);
        const endsAt = now + (chance(0.8) ? random() * 20 * second : random() * 2 * minute);
        process.work = Object.assign(work, { endsAt });
        return work.done.finally(() => {
          process.work = undefined;
        });
      },
    }));
    const services = { ...servicesOver(db, { playbook }), clock: { now: () => new Date(now) } };
    const worker = createSlotWorker({ services, schedules, log, onWritten: silent });
    const process: Process = { worker, db, work: undefined, frozenUntil: undefined, downUntil };
    return process;
  };
  const processes = [start(now), start(now), start(now)];
  const isIdle = (process: Process): boolean => isUp(process) && process.work === undefined;
  const isUp = (process: Process): boolean => process.downUntil <= now && process.frozenUntil === undefined;

  /** A death in the middle of a run, or a long pause of which the process itself knows nothing. */
  const strike = (process: Process, index: number): void => {
    process.db.hold();
    counts.deaths += 1;
    if (chance(0.4)) process.frozenUntil = now + (20 + random() * 400) * second;
    else processes[index] = start(now + random() * 20 * minute);
  };

  const endWork = (process: Process): void => {
    const { work } = process;
    if (work === undefined || work.endsAt > now) return;
    if (chance(0.05)) return work.fail(new Error('one of the failures that happen'));
    const { name, at } = work.slot;
    const write: SlotResult['write'] = async (tx) => {
      await tx.audit.append({ at, actor: 'clock', action: 'done', subject: `${name} ${at}`, details: {} });
    };
    work.finish(
      chance(0.05)
        ? { kind: 'again', at: new Date(now + 15 * minute), write: async () => undefined }
        : { kind: 'done', write },
    );
  };

  let upcoming = 0;
  /** The next moment at which anything is to be done, or undefined when that is now. */
  const nextMoment = (): number | undefined => {
    while ((dueTimes[upcoming]?.time ?? Infinity) <= now) upcoming += 1;
    const latest = dueTimes[upcoming - 1];
    if (latest !== undefined && !store.slots.has(latest.key)) return undefined;
    if (processes.some(({ work, frozenUntil }) => work !== undefined || frozenUntil !== undefined)) return undefined;
    const open = [...store.openSlots()].map(({ nextAt }) => nextAt);
    if (open.some((at) => at <= now)) return undefined;
    return Math.min(until, dueTimes[upcoming]?.time ?? until, ...open);
  };

  while (now < until) {
    for (const [index, process] of processes.entries()) {
      if (process.frozenUntil !== undefined && process.frozenUntil <= now) {
        process.frozenUntil = undefined;
        process.db.letGo();
      }
      if (!isUp(process)) continue;
      endWork(process);
      if (process.work !== undefined && chance(0.04)) strike(process, index);
    }
    await settle();
    for (const [index, process] of processes.entries()) {
      if (!isUp(process)) continue;
      if (chance(0.002)) {
        counts.handBacks += process.work === undefined ? 0 : 1;
        await process.worker.stop(0);
        processes[index] = start(now + random() * 5 * minute);
        continue;
      }
      if (!isIdle(process) || chance(0.8)) continue;
      looks.push(now);
      void process.worker.tick();
    }
    await settle();

    if (chance(0.002)) {
      const to = now + random() * 40 * hour;
      outages.push({ from: now, to });
      for (const [index, { db }] of processes.entries()) {
        db.hold();
        processes[index] = start(to);
      }
      now = to;
      continue;
    }
    const next = nextMoment();
    if (next === undefined) {
      now += 10 * second;
      await tenSecondsPass();
    } else {
      // Not exactly at the due time: a tick is up to 15 s late. Sometimes it is just some moment before.
      now = chance(0.2) ? now + Math.ceil(random() * (next - now)) : next + Math.floor(random() * 15 * second);
    }
  }
  return { store, looks, outages, ...counts, until: now };
}
