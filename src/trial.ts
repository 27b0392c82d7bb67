import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSample, type Sample } from '../sample/sample.ts';
import { startSimulator } from '../simulator/server.ts';
import type { Control } from '../simulator/types.ts';
import { type App, type ServiceOptions, startApp } from './app.ts';
import type { Config, Environment } from './config.ts';
import type { Log } from './core/log.ts';
import type { Playbook } from './core/playbook/playbook.ts';
import type { Clock } from './core/time/clock.ts';
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
  /** The next working day at the reconciliation's hour, that night's sync done at 05:41. */
  nextMorning(): Promise<string>;
  close(): Promise<void>;
}

const zoneOfTheSample = 'America/New_York';

/** Makes the sample systems (seeded: the same every time) and reads the playbook with them in place of real ones. */
export async function createTrial(config: Config, environment: Environment, log: Log): Promise<Trial> {
  const directory = await mkdtemp(join(tmpdir(), 'parallel-run-sample-'));
  const clock = createSimulatedClock();
  const today = firstWorkingDay(localDate(clock.now(), zoneOfTheSample));
  const sample = await createSample({ seed: 20_251, directory, date: today });
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
  let day = today;
  const morningOf = async (date: string): Promise<void> => {
    await sample.loadBatch(date, at(date, '05:41'));
    clock.set(at(date, playbook.schedules.dailyReconciliation.at));
  };
  await morningOf(day);
  return {
    playbook,
    sources,
    sample,
    clock,
    nextMorning: async () => {
      day = firstWorkingDay(addDays(day, 1));
      await morningOf(day);
      return `It is ${day}, ${playbook.schedules.dailyReconciliation.at}. The night's sync is complete.`;
    },
    close: async () => {
      await closeAll([() => sources.legacy.close(), () => sources.new.close(), () => sample.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function firstWorkingDay(date: string): string {
  return weekday(date) <= 5 ? date : firstWorkingDay(addDays(date, 1));
}

/** Starts the whole product against the simulated workspace: the real bot, over Socket Mode, on sample systems. */
export async function startTrial(options: { config: Config; environment: Environment; log: Log }): Promise<Running> {
  const { config, environment, log } = options;
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const [trial, store] = await Promise.all([
      createTrial(config, environment, log),
      openConfiguredStore(config.store, log),
    ]);
    closing.push(
      () => store.close(),
      () => trial.close(),
    );
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
  const then = async (work: Promise<string>): Promise<string> => {
    const said = await work;
    await tick();
    return said;
  };
  return [
    {
      name: 'next-morning',
      label: 'Next morning',
      description: 'Go to the next working day, 07:00, after a complete sync',
      run: () => then(trial.nextMorning()),
    },
    {
      name: 'drift',
      label: 'Let it drift',
      description: 'One more realistic fault in the new system',
      run: () => trial.sample.drift(),
    },
    { name: 'heal', label: 'Heal', description: 'Mend every fault of the new system', run: () => trial.sample.heal() },
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
