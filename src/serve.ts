import { startApp } from './app.ts';
import { systemClock } from './services.ts';
import { type Config, ConfigError, type Environment, readConfig } from './config.ts';
import type { Log } from './core/log.ts';
import type { Playbook } from './core/playbook/playbook.ts';
import { createLog } from './operate/logger.ts';
import { closeAll, createSources, loadPlaybook, openConfiguredStore, type Running } from './setup.ts';

/** Starts the bot: on Slack, on Teams or on both, or in the simulator when nothing is configured. */
export async function serve(environment: Environment): Promise<Running> {
  const { config, playbook, log } = await readEverything(environment);
  if (playbook === null) {
    const { startTrial } = await import('./trial.ts').catch(explainMissing);
    return startTrial({ config, environment, log });
  }
  return startInEarnest(config, playbook, log);
}

/** An image for production holds no simulator: its libraries are for development. */
function explainMissing(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  throw new ConfigError([
    'Nothing is configured, and this installation has no simulator to try: set SLACK_BOT_TOKEN and the others (docs/operating.md), or run npm ci && npm start in a checkout.',
  ]);
}

/** Reads settings and playbook, so that the problems of both are told at once. */
async function readEverything(
  environment: Environment,
): Promise<{ config: Config; playbook: Playbook | null; log: Log }> {
  const problems: string[] = [];
  const collect = (error: unknown): null => {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return null;
  };
  let config: Config | null = null;
  try {
    config = readConfig(environment, 'serve');
  } catch (error) {
    collect(error);
  }
  const log = createLog(config?.logLevel ?? 'info');
  const simulated = config !== null && config.slack === null && config.teams === null;
  const path = config?.playbookPath ?? environment['PLAYBOOK'] ?? 'playbook.yml';
  const playbook = simulated ? null : await loadPlaybook(path, environment, 'serve', log).catch(collect);
  if (config === null || problems.length > 0) throw new ConfigError(problems);
  return { config, playbook, log };
}

async function startInEarnest(config: Config, playbook: Playbook, log: Log): Promise<Running> {
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const store = await openConfiguredStore(config.store, log);
    closing.push(() => store.close());
    const sources = createSources(playbook);
    closing.push(
      () => sources.legacy.close(),
      () => sources.new.close(),
    );
    const app = await startApp({
      playbook,
      store,
      sources,
      clock: systemClock,
      slack: config.slack,
      teams: config.teams,
      host: config.host,
      port: config.port,
      metricsSigningSecrets: config.metricsSigningSecrets,
      log,
    });
    closing.push(() => app.stop());
    const kept =
      config.store.kind === 'postgresql'
        ? 'PostgreSQL'
        : `the embedded database in ${config.store.kind === 'folder' ? config.store.dataDirectory : 'memory'}`;
    await app.services.refresh();
    const where = [...(config.slack === null ? [] : ['Slack']), ...(config.teams === null ? [] : ['Teams'])];
    const unset =
      app.services.playbook.startDate === null ? '\nThe start date is not set: nothing is scheduled until it is.' : '';
    return {
      greeting: `Parallel Run is on ${where.join(' and ')} for ${playbook.name}, with its records in ${kept}; health at http://${config.host}:${app.port}/healthz.${unset}`,
      stop: () => closeAll(closing),
    };
  } catch (error) {
    await closeAll(closing);
    throw error;
  }
}
