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

/** A link is made whole or not at all, so that nobody ever reads a lock without a process id in it. */
async function take(path: string, lock: string, own: string): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    try {
      await link(own, lock);
      return;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      const holder = await readFile(lock, 'utf8').catch(() => undefined);
      if (holder === undefined) continue; // It was given back at this moment.
      if (isAlive(Number(holder))) throw inUse(path, holder, error);
      await removeStale(path, lock, own, holder);
    }
  }
  throw new Error(`The data folder ${path} could not be locked: another process keeps taking it.`);
}

/** Two processes may find the same stale lock: the slower one must not remove the lock that the quicker one made. */
async function removeStale(path: string, lock: string, own: string, stale: string): Promise<void> {
  const aside = `${own}.stale`;
  try {
    await rename(lock, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const removed = await readFile(aside, 'utf8');
  if (removed !== stale) await link(aside, lock);
  await rm(aside, { force: true });
  if (removed !== stale) throw inUse(path, removed);
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
