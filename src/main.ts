import { existsSync } from 'node:fs';
import { ConfigError } from './config.ts';
import type { Running } from './setup.ts';

const stopDeadlineMilliseconds = 25_000;
const words = process.argv.slice(2);
if (existsSync('.env')) process.loadEnvFile('.env');

try {
  if (words.length === 0 || words[0] === 'serve') await run();
  else {
    const { runTerminalCommand } = await import('./terminal.ts');
    process.exitCode = await runTerminalCommand(words, process);
  }
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(error instanceof ConfigError ? 64 : 2);
}

async function run(): Promise<void> {
  const { serve } = await import('./serve.ts');
  const running = await serve(process.env);
  process.stdout.write(`\n${running.greeting}\n\n`);
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) return;
    stopping = true;
    void stopInOrder(running, signal);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

async function stopInOrder(running: Running, signal: NodeJS.Signals): Promise<void> {
  process.stderr.write(`${signal}: finishing what is in hand…\n`);
  const timer = setTimeout(() => {
    process.stderr.write('Not everything finished in time; another process takes it over when its lease runs out.\n');
    process.exit(1);
  }, stopDeadlineMilliseconds);
  try {
    await running.stop();
    process.exitCode = 0;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
  clearTimeout(timer);
  process.exit();
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) {
    return `This can't start yet:\n${error.problems.map((problem) => `  - ${problem}`).join('\n')}`;
  }
  return error instanceof Error ? error.message : String(error);
}
