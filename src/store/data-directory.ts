import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { codeOf } from './query.ts';

const openHere = new Set<string>();

/**
 * Takes a folder for this process alone; the embedded database does not keep a second process out by itself. A lock
 * left behind by a process that died is taken over. Throws when another process has the folder.
 */
export async function lockDataDirectory(path: string): Promise<{ release(): Promise<void> }> {
  const directory = resolve(path);
  if (openHere.has(directory)) throw new Error(`The data folder ${path} is already open in this process.`);
  openHere.add(directory);
  const lock = join(directory, 'process.lock');
  const own = join(directory, `process.lock.${process.pid}`);
  try {
    await mkdir(directory, { recursive: true });
    await writeFile(own, String(process.pid));
    await take(path, lock, own);
  } catch (error) {
    openHere.delete(directory);
    throw error;
  } finally {
    await rm(own, { force: true });
  }
  return {
    release: async () => {
      openHere.delete(directory);
      await rm(lock, { force: true });
    },
  };
}

/**
 * A link is made whole or not at all, so that nobody ever reads a lock without a process id in it. Several processes may
 * find the same stale lock: only whoever has the lock beside it replaces it, having looked once more. That one may be
 * stale as well, so it is taken in the same way.
 */
async function take(path: string, lock: string, own: string, depth = 0): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      await link(own, lock);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      const holder = await readFile(lock, 'utf8').catch(() => undefined);
      if (holder === undefined) continue; // It was given back at this moment.
      if (isAlive(Number(holder))) throw inUse(path, holder, error);
      if (depth < deepest && (await replaceStale(path, lock, own, { holder, depth }))) return;
    }
  }
  throw new Error(`The data folder ${path} could not be locked: another process keeps taking it.`);
}

/** So many processes in a row may have died while they took the lock over from one another. */
const deepest = 3;

/** False where somebody else was quicker. */
async function replaceStale(
  path: string,
  lock: string,
  own: string,
  { holder, depth }: { readonly holder: string; readonly depth: number },
): Promise<boolean> {
  const guard = `${lock}.takeover`;
  await take(path, guard, own, depth + 1);
  try {
    if ((await readFile(lock, 'utf8').catch(() => undefined)) !== holder) return false;
    const copy = `${own}.copy`;
    await link(own, copy);
    await rename(copy, lock);
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

const inUse = (path: string, holder: string, cause?: unknown): Error =>
  new Error(
    `The data folder ${path} is in use by process ${holder}. Stop it, or set DATABASE_URL to a PostgreSQL server, ` +
      'which any number of processes can share.',
    { cause },
  );

/** Our own id in a lock is an earlier life's: in a container every life has the same. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
