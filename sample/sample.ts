import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type pg from 'pg';
import { faults } from './faults.ts';
import { generatePeople } from './generate.ts';
import { createLegacySystem } from './legacy-system.ts';
import { createNewSystem, publishNewSystem, type SyncRun } from './new-system.ts';

/** A legacy and a new system to try the product on: some thousands of people, five years of events, realistic faults. */
export interface Sample {
  readonly legacyPool: pg.Pool;
  /** That night's sync, complete at `finishedAt`. */
  loadBatch(date: string, finishedAt: Date): Promise<void>;
  /** That night's sync, begun and still at work. */
  stallBatch(date: string, startedAt: Date): Promise<void>;
  /** One more fault; says in words which. */
  drift(): Promise<string>;
  /** Mends every fault; says so. */
  heal(): Promise<string>;
  close(): Promise<void>;
}

export interface SampleOptions {
  readonly seed: number;
  /** How many people there are at first; default 3,000. */
  readonly people?: number;
  /** How many faults the new system has at first; default 3. */
  readonly faultsAtFirst?: number;
  /** The new system's file, in a folder that is there and its own. */
  readonly newDatabasePath: string;
}

const syncMilliseconds = 41 * 60_000;
const nightsKept = 30;

/** Deterministic: the same seed gives the same systems. Takes about 2 s, most of it for the embedded PostgreSQL. */
export async function createSample(options: SampleOptions): Promise<Sample> {
  const { seed, people = 3_000, faultsAtFirst = 3, newDatabasePath: path } = options;
  const generated = generatePeople(seed, people);
  const inputs = { seed: String(seed), fingerprint: fingerprintOf(generated) };
  const directory = dirname(path);
  const [legacy] = await Promise.all([
    createLegacySystem(generated, inputs),
    createNewSystem(directory, generated, inputs),
  ]);
  let count = faultsAtFirst;
  let syncs: readonly SyncRun[] = [];
  const publish = (): Promise<void> => publishNewSystem(directory, path, faults.slice(0, count), syncs);
  const add = async (sync: SyncRun): Promise<void> => {
    syncs = [...syncs.filter(({ date }) => date !== sync.date), sync].slice(-nightsKept);
    await publish();
  };
  await publish();

  return {
    legacyPool: legacy.pool,
    loadBatch: (date, finishedAt) =>
      add({ date, startedAt: new Date(finishedAt.getTime() - syncMilliseconds), finishedAt }),
    stallBatch: (date, startedAt) => add({ date, startedAt, finishedAt: null }),
    drift: async () => {
      const next = faults[count];
      if (next === undefined) return 'Everything that can go wrong here has gone wrong already. Heal it first.';
      count += 1;
      await publish();
      return next.story;
    },
    heal: async () => {
      count = 0;
      await publish();
      return 'Every fault of the new system is mended.';
    },
    close: () => legacy.close(),
  };
}

function fingerprintOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
