import { stat } from 'node:fs/promises';
import type { SourceSettings } from '../core/playbook/playbook.ts';
import { type Source, SourceError } from '../core/sources.ts';
import { bounded, type Limits } from './bounded.ts';
import { type Duckdb, DuckdbSession, loadDuckdb, lockDown, withoutExtensions } from './duckdb-session.ts';
import { DuckdbSnapshot } from './duckdb-snapshot.ts';

type DuckdbSettings = Extract<SourceSettings, { kind: 'duckdb' }>;

/**
 * A DuckDB file, opened for reading only while a snapshot is open, so that its writer is not locked out for longer
 * (requirements, second part, 19). DuckDB lets no other process write to it meanwhile.
 */
export function createDuckdbSource(settings: DuckdbSettings): Source {
  const snapshots = new Set<DuckdbSnapshot>();
  return {
    async open(signal) {
      const { title, statementTimeoutSeconds } = settings;
      const limits: Limits = { title, doing: 'answer a query', milliseconds: statementTimeoutSeconds * 1_000, signal };
      const duckdb = await loadDuckdb(title);
      const opening = openFile(duckdb, settings);
      // Somebody who no longer waits for it does not keep the file open.
      const abandon = async (): Promise<void> =>
        void opening.then(({ instance }) => instance.closeSync()).catch(() => undefined);
      const opened = await bounded(opening, { ...limits, doing: 'open' }, abandon);
      const snapshot = new DuckdbSnapshot(new DuckdbSession(duckdb, opened, limits, () => snapshots.delete(snapshot)));
      snapshots.add(snapshot);
      return snapshot;
    },
    close: async () => {
      for (const snapshot of snapshots) await snapshot.close();
    },
  };
}

async function openFile(duckdb: Duckdb, { title, path }: DuckdbSettings) {
  try {
    const instance = await duckdb.DuckDBInstance.create(path, { ...withoutExtensions, access_mode: 'READ_ONLY' });
    try {
      const connection = await instance.connect();
      await lockDown(connection);
      return { instance, connection, identity: await identityOf(path) };
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  } catch (error) {
    throw whyNotOpen(title, path, error);
  }
}

/** A file as it stands. Throws when it is not there. */
export async function identityOf(path: string): Promise<string> {
  const { size, mtime } = await stat(path);
  return `${path}, ${size} bytes, written ${mtime.toISOString()}`;
}

/** A writer may be the cause of any of these, so they are waited for; the words say what it is when it is not. */
function whyNotOpen(title: string, path: string, error: unknown): SourceError {
  const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const say = (text: string): SourceError => new SourceError('busy', `${title} (${path}) ${text}`, { cause: error });
  if (/could not set lock/i.test(message)) return say('is locked: somebody is writing to it.');
  if (/does not exist|no such file/i.test(message)) return say('is not there, or not yet.');
  return say(`can't be opened, as if it was not written to its end: ${message.replace(/[.!]?$/, '.')}`);
}
