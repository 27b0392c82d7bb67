import { readFile } from 'node:fs/promises';
import { ConfigError, type Config, type Environment } from './config.ts';
import type { Log } from './core/log.ts';
import type { Playbook } from './core/playbook/playbook.ts';
import type { Side, Source } from './core/sources.ts';
import type { Store } from './core/store.ts';
import { readPlaybook } from './playbook/read.ts';
import { createSource } from './sources/create-source.ts';
import { openStore } from './store/open.ts';

/** The whole product at work. */
export interface Running {
  /** What to tell the person who started it. */
  readonly greeting: string;
  /** Ordered stop: takes nothing new, finishes or hands back what is in hand, closes everything. */
  stop(): Promise<void>;
}

/** Reads the playbook file. Throws ConfigError with every problem as "file:line:column message". */
export async function loadPlaybook(
  path: string,
  environment: Environment,
  purpose: 'serve' | 'terminal',
  log?: Log,
): Promise<Playbook> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError([
      error.code === 'ENOENT'
        ? `There is no playbook at ${path}: set PLAYBOOK to its path, or start in the folder that holds playbook.yml.`
        : `The playbook at ${path} can't be read: ${error.message}.`,
    ]);
  });
  const read = readPlaybook(text, environment, new Date().toISOString().slice(0, 10), purpose);
  if ('problems' in read) {
    throw new ConfigError(read.problems.map(({ line, column, message }) => `${path}:${line}:${column} ${message}`));
  }
  for (const { line, column, message } of read.warnings) log?.warn({ playbook: `${path}:${line}:${column}` }, message);
  return read.playbook;
}

export function createSources(playbook: Playbook): Record<Side, Source> {
  return { legacy: createSource(playbook.sources.legacy), new: createSource(playbook.sources.new) };
}

/** Opens the bot's own state as the settings say, migrated. */
export async function openConfiguredStore(settings: Config['store'], log: Log): Promise<Store> {
  switch (settings.kind) {
    case 'postgresql':
      return openStore({
        databaseUrl: settings.databaseUrl,
        ...(settings.ownerDatabaseUrl === undefined ? {} : { ownerDatabaseUrl: settings.ownerDatabaseUrl }),
        log,
      });
    case 'folder':
      return openStore({ dataDirectory: settings.dataDirectory, log });
    case 'memory':
      return openStore({ memory: true, log });
  }
}

/** Closes what was opened, the last first; one that fails does not keep the others open. */
export async function closeAll(closing: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closing.toReversed()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not everything could be closed');
}
