import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { commands } from '../commands/index.ts';
import { createServices, systemClock } from './services.ts';
import { type Config, type Environment, readConfig } from './config.ts';
import { commandHelpCard, helpCard } from './core/cards/help-card.ts';
import type { ExitCode } from './core/command.ts';
import type { Log } from './core/log.ts';
import type { Services } from './core/services.ts';
import { createLog } from './operate/logger.ts';
import { readPlaybook } from './playbook/read.ts';
import { closeAll, createSources, loadPlaybook, openConfiguredStore } from './setup.ts';
import { renderCard } from './terminal/render.ts';
import { runInTerminal, type Terminal } from './terminal/run.ts';

/** What a command in a shell needs of its process. */
export interface Shell {
  readonly env: Environment;
  readonly stdout: Terminal['output'] & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Terminal['errors'] & { readonly isTTY?: boolean };
  once(event: 'SIGINT', listener: () => void): unknown;
}

/**
 * A command in a shell: `check levels`, `audit verify`, `playbook validate`. `--json` prints JSON; `--sample` works on
 * the sample systems, with nothing configured. Answers the exit code. Throws ConfigError for settings that can't be used.
 */
export async function runTerminalCommand(typed: readonly string[], shell: Shell): Promise<ExitCode> {
  const json = typed.includes('--json');
  const sample = typed.includes('--sample');
  const given = typed.filter((word) => word !== '--json' && word !== '--sample');
  const words = given.some(isHelp) ? ['help', ...given.filter((word) => !isHelp(word))] : given;
  const terminal = terminalOf(shell);
  const about = commands.find(({ name }) => name === words[1]);
  if (!json && words[0] === 'help' && (words.length === 1 || (words.length === 2 && about !== undefined))) {
    // Whoever asks what there is may not have set anything up yet.
    const card = about === undefined ? helpCard(commands, 'parallel-run') : commandHelpCard(about, 'parallel-run');
    terminal.output.write(renderCard(card, terminal));
    terminal.output.write(
      '\nIn a shell there are also: playbook validate [path], and the flags --json and --sample.\n',
    );
    return 0;
  }
  if (words[0] === 'playbook') return validatePlaybook(shell.env, words.slice(1), terminal);

  const config = readConfig(sample ? {} : shell.env, 'terminal');
  // Standard output belongs to the answer, and what goes wrong is said on standard error.
  const log = createLog('silent');
  const stopping = new AbortController();
  shell.once('SIGINT', () => stopping.abort(new Error('interrupted')));
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const services = await (sample ? openSample : openServices)(config, shell.env, log, closing);
    const { signal } = stopping;
    if (sample && readsRuns(words)) {
      // The sample begins anew with every command: without a run there would be nothing to read.
      const unheard = { ...terminal, output: { write: () => undefined }, errors: { write: () => undefined } };
      await runInTerminal({ words: ['check'], json, commands, services, terminal: unheard, signal, log });
    }
    return await runInTerminal({ words, json, commands, services, terminal, signal, log });
  } finally {
    await closeAll(closing);
  }
}

/** Words that ask for what a run found. */
const readsRuns = (words: readonly string[]): boolean =>
  ['explain', 'compare', 'history', 'show', 'discrepancies'].includes(words[0] ?? '') || words.includes('--run');

const isHelp = (word: string): boolean => word === '--help' || word === '-h';

async function openServices(
  config: Config,
  environment: Environment,
  log: Log,
  closing: (() => Promise<unknown>)[],
): Promise<Services> {
  const playbook = await loadPlaybook(config.playbookPath, environment, 'terminal');
  const store = await openConfiguredStore(config.store, log);
  closing.push(() => store.close());
  const sources = createSources(playbook);
  closing.push(
    () => sources.legacy.close(),
    () => sources.new.close(),
  );
  return createServices({ playbook, store, sources, clock: systemClock });
}

async function openSample(
  config: Config,
  _environment: Environment,
  log: Log,
  closing: (() => Promise<unknown>)[],
): Promise<Services> {
  const { openSampleSystems } = await import('./sample-systems.ts');
  const [systems, store] = await Promise.all([
    openSampleSystems(config, { ANALYSTS: `terminal:${userName()}` }, log),
    openConfiguredStore({ kind: 'memory' }, log),
  ]);
  closing.push(
    () => store.close(),
    () => systems.close(),
  );
  await systems.morningOf(systems.today, 'complete');
  return createServices({ ...systems, store });
}

/** `playbook validate [path]`: every problem with line and column; 0 when there is none, 2 otherwise. */
async function validatePlaybook(
  environment: Environment,
  [verb, path = environment['PLAYBOOK']?.trim() || 'playbook.yml', ...rest]: readonly string[],
  { output, errors }: Terminal,
): Promise<ExitCode> {
  if (verb !== 'validate' || rest.length > 0) {
    errors.write('Usage: parallel-run playbook validate [path]\n');
    return 64;
  }
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (text instanceof Error) {
    errors.write(`${path} can't be read: ${text.message}\n`);
    return 64;
  }
  const read = readPlaybook(text, environment, systemClock.now().toISOString().slice(0, 10));
  if ('problems' in read) {
    for (const { line, column, message } of read.problems) errors.write(`${path}:${line}:${column} ${message}\n`);
    errors.write(`${read.problems.length} ${read.problems.length === 1 ? 'problem' : 'problems'}.\n`);
    return 2;
  }
  for (const { line, column, message } of read.warnings)
    errors.write(`${path}:${line}:${column} warning: ${message}\n`);
  const { name, checks, version } = read.playbook;
  output.write(`${path} is a playbook for ${name} with ${checks.length} checks (version ${version}).\n`);
  return 0;
}

function terminalOf({ env, stdout, stderr }: Shell): Terminal {
  return {
    output: stdout,
    errors: stderr,
    width: Math.min(stdout.columns ?? 100, 120),
    color: stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '',
    interactive: stderr.isTTY === true,
    user: userName(),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
