import { commands } from '../commands/index.ts';
import { firstChannels, people } from '../simulator/people.ts';
import { startSimulator } from '../simulator/server.ts';
import { startTeamsSimulator } from '../simulator/teams/server.ts';
import type { TeamsSimulator } from '../simulator/teams/types.ts';
import type { Control } from '../simulator/types.ts';
import { type App, startApp } from './app.ts';
import { createServices } from './services.ts';
import type { Config, Environment } from './config.ts';
import type { Log } from './core/log.ts';
import type { Playbook } from './core/playbook/playbook.ts';
import { recordRun } from './core/reports/say-run.ts';
import type { Store } from './core/store.ts';
import { formatDate, formatTime } from './core/time/format.ts';
import { addDays, localDate } from './core/time/local-time.ts';
import { openSampleSystems, type SampleSystems, workingDay } from './sample-systems.ts';
import { createTour } from './tour.ts';
import { closeAll, openConfiguredStore, type Running } from './setup.ts';

/** Days on which there was a run already, and how many faults the new system had by then. */
const earlierDays = [0, 0, 1, 1, 2, 2];

/** The runs of the days before, so that the first report has a trend; they were never posted. */
async function recordEarlierDays(systems: SampleSystems, store: Store): Promise<void> {
  const { clock, sample, morningOf } = systems;
  const services = createServices({ ...systems, store });
  const { today } = systems;
  const dates = earlierDays.reduce<string[]>((days) => [workingDay(addDays(days[0] ?? today, -1), -1), ...days], []);
  let faults = 0;
  for (const [index, date] of dates.entries()) {
    for (; faults < (earlierDays[index] ?? 0); faults += 1) await sample.drift();
    await morningOf(date, 'complete');
    const requestedBy = { platform: 'clock', workspace: '', user: 'clock', name: 'the daily schedule' } as const;
    const slot = clock.now().toISOString();
    const run = await services.measure({ checks: [], requestedBy, slot, signal: new AbortController().signal });
    await store.transaction((tx) => recordRun(tx, { run, rows: [] }, services));
  }
  await sample.drift();
  await morningOf(today, 'complete');
}
/** The playbook's roles, held by the people of the simulated workspace. */
function rolesOfPeople(): Environment {
  const holder = (title: string): string =>
    people.flatMap((one) => (one.title === title ? [`slack:${one.id}`] : [])).join(' ');
  return {
    DATA_OWNER: holder('Data Owner'),
    PRODUCT_OWNER: holder('Product Owner'),
    TECH_LEAD: holder('Tech Lead'),
    PROJECT_MANAGER: holder('Project Manager'),
    SECURITY_OFFICER: holder('Security Officer'),
    ANALYSTS: holder('Analyst'),
  };
}

/** They are the same people in both workspaces. */
function accountsOfPeople(): Playbook['people'] {
  return people.flatMap(({ id, aadObjectId, name }) =>
    aadObjectId === undefined ? [] : [{ name, accounts: [`slack:${id}`, `teams:${aadObjectId}`] }],
  );
}

/** What is said in Slack's channel is said in that of the same name in Teams. */
function channelsOf(teams: TeamsSimulator): Environment {
  const both = (id: string): string => {
    const name = firstChannels.find((channel) => channel.id === id)?.name;
    return `${id} ${teams.channels.find((channel) => channel.name === name)?.id ?? ''}`;
  };
  return { RECONCILIATION_CHANNEL: both('C0RECONCILE'), ALERTS_CHANNEL: both('C0ALERTS') };
}

/**
 * Starts the whole product against the simulated workspaces: the real bot, in Slack over Socket Mode and in Teams over
 * HTTP, on sample systems.
 */
export async function startTrial(options: {
  config: Config;
  environment: Environment;
  log: Log;
  /** Between the steps of `/parallel demo`; default: three seconds. */
  tourPauseMilliseconds?: number;
  /** Told of the simulated Teams as soon as the bot takes its activities, and where. */
  onTeams?: (teams: TeamsSimulator, botEndpoint: string) => void;
}): Promise<Running> {
  const { config, environment, log } = options;
  const closing: (() => Promise<unknown>)[] = [];
  try {
    let systems: SampleSystems | undefined;
    const now = (): Date => systems?.clock.now() ?? new Date();
    const teams = await startTeamsSimulator({ clock: { now } });
    closing.push(() => teams.close());
    const [opened, store] = await Promise.all([
      openSampleSystems(config, { ...rolesOfPeople(), ...channelsOf(teams), ...environment }, log, 0),
      openConfiguredStore(config.store, log),
    ]);
    systems = { ...opened, playbook: { ...opened.playbook, people: accountsOfPeople() } };
    closing.push(
      () => store.close(),
      () => opened.close(),
    );
    await recordEarlierDays(systems, store);
    let app: App | undefined;
    const stage = { systems, log };
    const tour = createTour(
      () => (app === undefined ? undefined : { simulator, app, ...stage }),
      options.tourPauseMilliseconds,
    );
    const listed = [...commands.filter(({ hidden }) => hidden !== true), tour.command];
    const simulator = await startSimulator({
      port: config.simulatorPort,
      page: true,
      timeZone: systems.playbook.timeZone,
      suggestions: listed.map(({ name, usage, summary }) => ({ name, usage: `${name} ${usage}`.trim(), summary })),
      now,
      teams: teams.page,
      controls: controlsOf(systems, async () => app?.tick()),
    });
    closing.push(() => simulator.close());
    app = await startApp({
      ...systems,
      store,
      log,
      slack: { mode: 'socket', botToken: simulator.botToken, appToken: simulator.appToken, apiUrl: simulator.apiUrl },
      teams: {
        appId: teams.appId,
        appPassword: teams.appPassword,
        tenantId: teams.tenantId,
        endpoints: { loginUrl: teams.loginUrl, issuer: teams.issuer, openIdMetadataUrl: teams.openIdMetadataUrl },
      },
      host: '127.0.0.1',
      port: config.port,
      onListening: async (port) => {
        const botEndpoint = `http://127.0.0.1:${port}/api/messages`;
        teams.connect(botEndpoint);
        await teams.acts.install();
        options.onTeams?.(teams, botEndpoint);
      },
      moreCommands: [tour.command],
      metricsSigningSecrets: config.metricsSigningSecrets,
    });
    const started = app;
    closing.push(
      () => started.stop(),
      () => tour.stop(),
    );
    return { greeting: greeting(simulator.pageUrl, systems.playbook), stop: () => closeAll(closing) };
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}

function controlsOf(systems: SampleSystems, tick: () => Promise<void>): Control[] {
  const { clock, playbook, sample, frontDoor } = systems;
  const nextMorning = async (night: 'complete' | 'stalled'): Promise<void> => {
    const tomorrow = addDays(localDate(clock.now(), playbook.timeZone), 1);
    await systems.morningOf(workingDay(tomorrow, 1), night);
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
        await systems.fifteenMinutesLater();
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
    {
      name: 'front-door',
      label: 'Close or open access',
      description: 'What a rollback begins with: nobody gets into the new system any more, until you open it again',
      run: async () => {
        frontDoor.set(!frontDoor.open);
        return frontDoor.open ? 'People get into the new system again.' : 'Nobody gets into the new system any more.';
      },
    },
    {
      name: 'preserve',
      label: 'Copy it aside',
      description: "Copy the new system's data to where the rollback looks for it",
      run: async () => {
        await systems.preserve();
        return 'The copy lies where the rollback takes its checksum.';
      },
    },
    { name: 'heal', label: 'Heal', description: 'Mend every fault of the new system', run: () => sample.heal() },
  ];
}

function greeting(pageUrl: string, playbook: Playbook): string {
  return [
    'Nothing is configured, so this is the simulator: the real bot in Slack and Teams, both simulated,',
    `with sample systems for ${playbook.name}. Nothing leaves this computer, and nothing is kept.`,
    '',
    `  Open ${pageUrl}`,
    '',
    'To connect a real workspace, see docs/operating.md. Stop with Ctrl+C.',
  ].join('\n');
}
