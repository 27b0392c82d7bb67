import { type ChildProcess, fork } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { BotSettings, BotStarted, CrashPoint, Day } from './bot-settings.ts';

export interface Bot {
  readonly process: ChildProcess;
  /** Resolves when the process has started; rejects when it ended before. */
  readonly ready: Promise<BotStarted>;
  readonly ended: Promise<void>;
  setDay(day: Day): void;
  /** From now on it dies at the first time that it comes to this point. */
  setCrash(point: CrashPoint): void;
  kill(): void;
  stop(): Promise<void>;
}

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
let script: string | undefined;

/** Packages whose files are beside them. */
const apart = ['@duckdb/*', '@electric-sql/*', 'pg-native'];
/** What packages that are no modules expect to be there. */
const asInNoModule = `
import * as ownModule from 'node:module'; import * as ownPath from 'node:path'; import * as ownUrl from 'node:url';
const require = ownModule.createRequire(import.meta.url);
const __filename = ownUrl.fileURLToPath(import.meta.url), __dirname = ownPath.dirname(__filename);`;

/** The bot's process and its packages in a few files, once for all of them: to load each file takes longer than all it does. */
function builtScript(): string {
  const cache = pathOf('../../node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'parallel-run-bot-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  buildSync({
    entryPoints: [pathOf('./bot-process.ts')],
    bundle: true,
    external: apart,
    banner: { js: asInNoModule },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    splitting: true,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  });
  cpSync(pathOf('../../src/store/migrations'), join(folder, 'migrations'), { recursive: true });
  return join(folder, 'bot-process.mjs');
}

const alive = new Set<ChildProcess>();

/** Ends what a failed test left running. */
export function killBots(): void {
  for (const child of alive) child.kill('SIGKILL');
}

/** Starts the real bot as a process of its own. */
export function startBot(settings: BotSettings): Bot {
  script ??= builtScript();
  const child = fork(script, [JSON.stringify(settings)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  alive.add(child);
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      alive.delete(child);
      resolve();
    }),
  );
  const ready = new Promise<BotStarted>((resolve, reject) => {
    child.once('message', (started) => resolve(started as BotStarted));
    child.once('exit', (code, signal) => reject(new Error(`the bot ended before it was ready (${code ?? signal})`)));
  });
  ready.catch(() => undefined);
  const send = (message: object): void => {
    if (child.connected) child.send(message, () => undefined);
  };
  return {
    process: child,
    ready,
    ended,
    setDay: (day) => send({ day }),
    setCrash: (crashAt) => send({ crashAt }),
    kill: () => child.kill('SIGKILL'),
    stop: async () => {
      send({ stop: true });
      await ended;
    },
  };
}
