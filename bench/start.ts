import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { median } from './rounds.ts';

/*
 * From `npm start` with nothing configured to the first digest on the page, and the process's resident memory a while
 * after. Beside it: how long an empty Node process takes to start.
 */

const rounds = Number(process.env['BENCH_ROUNDS'] ?? 3);
const bin = fileURLToPath(new URL('../bin/parallel-run.js', import.meta.url));

interface Start {
  readonly greeting: number;
  readonly digest: number;
  readonly megabytes: number;
}

async function start(): Promise<Start> {
  const began = performance.now();
  const child = spawn(process.execPath, [bin, 'serve'], {
    env: { PATH: process.env['PATH'], PORT: '0', SIMULATOR_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const until = async <T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> => {
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (performance.now() - began > 60_000) throw new Error('nothing within a minute');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  try {
    const url = await until(() => /http:\S+/.exec(said)?.[0]);
    const greeting = performance.now() - began;
    await until(async () => {
      const state = await (await fetch(new URL('/simulator/state', url))).text();
      return state.includes('Legacy is official') ? true : undefined;
    });
    const digest = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
    const megabytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    return { greeting, digest, megabytes };
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

async function emptyNode(): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - began;
}

const starts: Start[] = [];
const floors: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  floors.push(await emptyNode());
  starts.push(await start());
}
const spread = (figures: readonly number[], unit: string): string =>
  `${Math.round(median(figures))} ${unit} (${Math.round(Math.min(...figures))} to ${Math.round(Math.max(...figures))})`;
process.stdout.write(
  `start to the address of the page: ${spread(
    starts.map(({ greeting }) => greeting),
    'ms',
  )}\n`,
);
process.stdout.write(
  `start to the first digest: ${spread(
    starts.map(({ digest }) => digest),
    'ms',
  )}\n`,
);
process.stdout.write(
  `resident memory: ${spread(
    starts.map(({ megabytes }) => megabytes),
    'MB',
  )}\n`,
);
process.stdout.write(`an empty Node process: ${spread(floors, 'ms')}\n`);
