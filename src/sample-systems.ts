import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FrontDoor, openFrontDoor } from '../sample/front-door.ts';
import { createSample, type Sample } from '../sample/sample.ts';
import type { ServiceOptions } from './services.ts';
import type { Config, Environment } from './config.ts';
import type { Log } from './core/log.ts';
import type { Clock } from './core/time/clock.ts';
import { addDays, instantOf, localDate, weekday } from './core/time/local-time.ts';
import { closeAll, loadPlaybook } from './setup.ts';
import { createSource } from './sources/create-source.ts';

/** A clock that runs like the real one from any moment on, and can be set forward. */
interface SimulatedClock extends Clock {
  set(moment: Date): void;
}

function createSimulatedClock(): SimulatedClock {
  let offset = 0;
  return {
    now: () => new Date(Date.now() + offset),
    set: (moment) => {
      offset = moment.getTime() - Date.now();
    },
  };
}

/** The sample systems, a playbook about them whose third week begins today, and a clock that can be set. */
export interface SampleSystems extends Pick<ServiceOptions, 'playbook' | 'sources'> {
  readonly sample: Sample;
  readonly clock: SimulatedClock;
  /** Where people open the new system. */
  readonly frontDoor: FrontDoor;
  /** The day to begin with, yyyy-mm-dd: today, or the next working day. */
  readonly today: string;
  /** Goes to a day's reconciliation hour, that night's sync complete at 05:41, or still at work since 05:00. */
  morningOf(date: string, night: 'complete' | 'stalled'): Promise<void>;
  /** 15 minutes on; a sync that was still at work is complete then. */
  fifteenMinutesLater(): Promise<void>;
  /** Copies the new system's data aside, as somebody does who preserves its state (L127). */
  preserve(): Promise<void>;
  close(): Promise<void>;
}

const zoneOfTheSample = 'America/New_York';

/** Makes the sample systems (seeded: the same every time) and reads the playbook with them in place of real ones. */
export async function openSampleSystems(
  config: Config,
  environment: Environment,
  log: Log,
  faultsAtFirst = 3,
): Promise<SampleSystems> {
  const directory = join(tmpdir(), `parallel-run-sample-${randomUUID()}`);
  const clock = createSimulatedClock();
  const today = workingDay(localDate(clock.now(), zoneOfTheSample), 1);
  const newDatabasePath = join(directory, 'planwise.duckdb');
  const frontDoor = await openFrontDoor();
  const playbook = await loadPlaybook(
    config.playbookPath,
    {
      LEGACY_DATABASE_URL: 'postgresql://sample/legacy',
      NEW_DATABASE_PATH: newDatabasePath,
      NEW_SYSTEM_URL: frontDoor.url,
      RECONCILIATION_CHANNEL: 'C0RECONCILE',
      ALERTS_CHANNEL: 'C0ALERTS',
      START_DATE: addDays(today, -14),
      TIME_ZONE: zoneOfTheSample,
      ...environment,
    },
    'serve',
    log,
  );
  await mkdir(directory, { mode: 0o700 });
  const sample = await createSample({ seed: 20_251, newDatabasePath, faultsAtFirst });
  const sources = {
    legacy: createSource(playbook.sources.legacy, { pool: sample.legacyPool }),
    new: createSource(playbook.sources.new),
  };
  const at = (date: string, time: string): Date => instantOf(date, time, playbook.timeZone);
  let stalled: string | undefined;
  const morningOf: SampleSystems['morningOf'] = async (date, night) => {
    if (night === 'complete') await sample.loadBatch(date, at(date, '05:41'));
    else await sample.stallBatch(date, at(date, '05:00'));
    stalled = night === 'stalled' ? date : undefined;
    clock.set(at(date, playbook.schedules.dailyReconciliation.at));
  };
  return {
    playbook,
    today,
    sources,
    sample,
    frontDoor,
    clock,
    morningOf,
    fifteenMinutesLater: async () => {
      clock.set(new Date(clock.now().getTime() + 15 * 60_000));
      if (stalled === undefined) return;
      await sample.loadBatch(stalled, clock.now());
      stalled = undefined;
    },
    preserve: () => copyFile(newDatabasePath, `${newDatabasePath}.preserved`),
    close: async () => {
      await closeAll([
        () => frontDoor.close(),
        () => sources.legacy.close(),
        () => sources.new.close(),
        () => sample.close(),
      ]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The date itself or the nearest working day after it (1) or before it (-1). */
export function workingDay(date: string, direction: 1 | -1): string {
  return weekday(date) <= 5 ? date : workingDay(addDays(date, direction), direction);
}
