import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSample, type Sample } from '../sample/sample.ts';
import { startSimulator } from '../simulator/server.ts';
import type { Control } from '../simulator/types.ts';
import { type App, createServices, type ServiceOptions, startApp } from './app.ts';
import type { Config, Environment } from './config.ts';
import type { Log } from './core/log.ts';
import type { Playbook } from './core/playbook/playbook.ts';
import { recordRun } from './core/reports/say-run.ts';
import type { Store } from './core/store.ts';
import type { Clock } from './core/time/clock.ts';
import { formatDate, formatTime } from './core/time/format.ts';
import { addDays, instantOf, localDate, weekday } from './core/time/local-time.ts';
import type { Running } from './serve.ts';
import { closeAll, loadPlaybook, openConfiguredStore } from './setup.ts';
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

/** The sample systems, a playbook about them, and a clock that stands on a morning of the third week. */
export interface Trial extends Pick<ServiceOptions, 'playbook' | 'sources'> {
  readonly sample: Sample;
  readonly clock: SimulatedClock;
  /** Goes to a day's reconciliation hour, that night's sync complete at 05:41, or still at work since 05:00. */
  morningOf(date: string, night: 'complete' | 'stalled'): Promise<void>;
  /** 15 minutes on; a sync that was still at work is complete then. */
  fifteenMinutesLater(): Promise<void>;
  close(): Promise<void>;
}

const zoneOfTheSample = 'America/New_York';

/** Makes the sample systems (seeded: the same every time) and reads the playbook with them in place of real ones. */
export async function createTrial(
  config: Config,
  environment: Environment,
  log: Log,
  faultsAtFirst = 3,
): Promise<Trial> {
  const directory = await mkdtemp(join(tmpdir(), 'parallel-run-sample-'));
  const clock = createSimulatedClock();
  const today = workingDay(localDate(clock.now(), zoneOfTheSample), 1);
  const sample = await createSample({ seed: 20_251, directory, faultsAtFirst });
  const playbook = await loadPlaybook(
    config.playbookPath,
    {
      LEGACY_DATABASE_URL: 'postgresql://sample/legacy',
      NEW_DATABASE_PATH: sample.newDatabasePath,
      RECONCILIATION_CHANNEL: 'C0RECONCILE',
      ALERTS_CHANNEL: 'C0ALERTS',
      START_DATE: addDays(today, -14),
      TIME_ZONE: zoneOfTheSample,
      ...environment,
    },
    log,
  );
  const sources = {
    legacy: createSource(playbook.sources.legacy, { pool: sample.legacyPool }),
    new: createSource(playbook.sources.new),
  };
  const at = (date: string, time: string): Date => instantOf(date, time, playbook.timeZone);
  let stalled: string | undefined;
  const morningOf: Trial['morningOf'] = async (date, night) => {
    if (night === 'complete') await sample.loadBatch(date, at(date, '05:41'));
    else await sample.stallBatch(date, at(date, '05:00'));
    stalled = night === 'stalled' ? date : undefined;
    clock.set(at(date, playbook.schedules.dailyReconciliation.at));
  };
  await morningOf(today, 'complete');
  return {
    playbook,
    sources,
    sample,
    clock,
    morningOf,
    fifteenMinutesLater: async () => {
      clock.set(new Date(clock.now().getTime() + 15 * 60_000));
      if (stalled === undefined) return;
      await sample.loadBatch(stalled, clock.now());
      stalled = undefined;
    },
    close: async () => {
      await closeAll([() => sources.legacy.close(), () => sources.new.close(), () => sample.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The date itself or the nearest working day after it (1) or before it (-1). */
function workingDay(date: string, direction: 1 | -1): string {
  return weekday(date) <= 5 ? date : workingDay(addDays(date, direction), direction);
}

/** Days on which there was a run already, and how many faults the new system had by then. */
const earlierDays = [0, 0, 1, 1, 2, 2];

/** The runs of the days before, so that the first report has a trend; they were never posted. */
async function recordEarlierDays(trial: Trial, store: Store): Promise<void> {
  const { playbook, clock, sample, morningOf } = trial;
  const services = createServices({ ...trial, store });
  const today = localDate(clock.now(), playbook.timeZone);
  const dates = earlierDays.reduce<string[]>((days) => [workingDay(addDays(days[0] ?? today, -1), -1), ...days], []);
  let faults = 0;
  for (const [index, date] of dates.entries()) {
    for (; faults < (earlierDays[index] ?? 0); faults += 1) await sample.drift();
    await morningOf(date, 'complete');
    const requestedBy = { platform: 'clock', workspace: '', user: 'clock', name: 'the daily schedule' } as const;
    const slot = clock.now().toISOString();
    const run = await services.measure({ checks: [], requestedBy, slot, signal: new AbortController().signal });
    await store.transaction((tx) => recordRun(tx, run, clock.now()));
  }
  await sample.drift();
  await morningOf(today, 'complete');
}
/** Starts the whole product against the simulated workspace: the real bot, over Socket Mode, on sample systems. */
export async function startTrial(options: { config: Config; environment: Environment; log: Log }): Promise<Running> {
  const { config, environment, log } = options;
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const [trial, store] = await Promise.all([
      createTrial(config, environment, log, 0),
      openConfiguredStore(config.store, log),
    ]);
    closing.push(
      () => store.close(),
      () => trial.close(),
    );
    await recordEarlierDays(trial, store);
    let app: App | undefined;
    const simulator = await startSimulator({
      port: config.simulatorPort,
      page: true,
      now: () => trial.clock.now(),
      controls: controlsOf(trial, async () => app?.tick()),
    });
    closing.push(() => simulator.close());
    app = await startApp({
      ...trial,
      store,
      log,
      slack: { mode: 'socket', botToken: simulator.botToken, appToken: simulator.appToken, apiUrl: simulator.apiUrl },
      host: '127.0.0.1',
      port: config.port,
    });
    const started = app;
    closing.push(() => started.stop());
    return { greeting: greeting(simulator.pageUrl, trial.playbook), stop: () => closeAll(closing) };
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}

function controlsOf(trial: Trial, tick: () => Promise<void>): Control[] {
  const { clock, playbook, sample } = trial;
  const nextMorning = async (night: 'complete' | 'stalled'): Promise<void> => {
    const tomorrow = addDays(localDate(clock.now(), playbook.timeZone), 1);
    await trial.morningOf(workingDay(tomorrow, 1), night);
    await tick();
  };
  const day = (): string => formatDate(localDate(clock.now(), playbook.timeZone));
  return [
    {
      name: 'next-morning',
      label: 'Next morning',
      description: 'Go to the next working day after a complete sync: its report is posted',
      run: async () => {
        await nextMorning('complete');
        return `It is ${day()}, and the night's sync is complete.`;
      },
    },
    {
      name: 'stalled-night',
      label: 'Next morning, sync late',
      description: 'Go to the next working day while the sync is still at work: the run is held',
      run: async () => {
        await nextMorning('stalled');
        return `It is ${day()}, and the night's sync is still at work.`;
      },
    },
    {
      name: 'later',
      label: '15 minutes later',
      description: 'Move the clock; a late sync is complete by then, and a held run is tried again',
      run: async () => {
        await trial.fifteenMinutesLater();
        await tick();
        return `It is ${formatTime(clock.now(), playbook.timeZone)}.`;
      },
    },
    {
      name: 'drift',
      label: 'Let it drift',
      description: 'One more realistic fault in the new system',
      run: () => sample.drift(),
    },
    { name: 'heal', label: 'Heal', description: 'Mend every fault of the new system', run: () => sample.heal() },
  ];
}

function greeting(pageUrl: string, playbook: Playbook): string {
  return [
    'Nothing is configured, so this is the simulator: the real bot in a simulated Slack workspace,',
    `with sample systems for ${playbook.name}. Nothing leaves this computer, and nothing is kept.`,
    '',
    `  Open ${pageUrl}`,
    '',
    'To connect a real Slack workspace, see docs/operating.md. Stop with Ctrl+C.',
  ].join('\n');
}
