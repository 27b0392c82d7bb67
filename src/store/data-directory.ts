import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';

const openHere = new Set<string>();

/**
 * Takes a folder for this process alone; the embedded database does not keep a second process out by itself. A lock
 * left behind by a process that died is taken over. Throws when another process has the folder.
 */
export async function lockDataDirectory(path: string): Promise<{ release(): Promise<void> }> {
  const directory = resolve(path);
  const lock = join(directory, 'process.lock');
  await mkdir(directory, { recursive: true });
  if (openHere.has(directory)) throw new Error(`The data folder ${path} is already open in this process.`);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      const file = await open(lock, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      openHere.add(directory);
      return {
        release: async () => {
          openHere.delete(directory);
          await rm(lock, { force: true });
        },
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const holder = Number(await readFile(lock, 'utf8').catch(() => ''));
      if (isAlive(holder)) {
        throw new Error(
          `The data folder ${path} is in use by process ${holder}. Stop it, or set DATABASE_URL to a PostgreSQL server, ` +
            'which any number of processes can share.',
          { cause: error },
        );
      }
      await rm(lock, { force: true });
    }
  }
  throw new Error(`The data folder ${path} could not be locked: another process keeps taking it.`);
}

/** Our own id in a lock is an earlier life's: in a container every life has the same. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
