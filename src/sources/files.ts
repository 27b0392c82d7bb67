import { open, stat } from 'node:fs/promises';
import type { SourceSettings } from '../core/playbook/playbook.ts';
import { type Source, SourceError } from '../core/sources.ts';
import { bounded, type Limits } from './bounded.ts';
import { identityOf } from './duckdb.ts';
import { type Duckdb, DuckdbSession, interrupted, loadDuckdb, lockDown, withoutExtensions } from './duckdb-session.ts';
import { DuckdbSnapshot } from './duckdb-snapshot.ts';

type FilesSettings = Extract<SourceSettings, { kind: 'files' }>;
type File = FilesSettings['files'][string];

/**
 * CSV and Parquet files, each a table of its name. They are read whole when a snapshot opens, so that one that is
 * replaced meanwhile changes nothing. CSV is read as
 * RFC 4180 has it, its columns as text unless the playbook names a type: nothing is ever guessed.
 */
export function createFilesSource(settings: FilesSettings): Source {
  const snapshots = new Set<DuckdbSnapshot>();
  return {
    async open(signal) {
      const { title, statementTimeoutSeconds } = settings;
      const limits: Limits = { title, doing: 'answer a query', milliseconds: statementTimeoutSeconds * 1_000, signal };
      const duckdb = await loadDuckdb(title);
      const instance = await duckdb.DuckDBInstance.create(':memory:', withoutExtensions);
      const connection = await instance.connect();
      const loading = load(connection, settings);
      try {
        await bounded(loading, { ...limits, doing: 'be read' }, () => interrupted(connection, loading));
      } catch (error) {
        connection.closeSync();
        instance.closeSync();
        throw error;
      }
      const identity = (
        await Promise.all(Object.values(settings.files).map(({ path }) => identityOf(path).catch(() => path)))
      ).join('; ');
      const opened = { instance, connection, identity };
      const snapshot = new DuckdbSnapshot(new DuckdbSession(duckdb, opened, limits, () => snapshots.delete(snapshot)));
      snapshots.add(snapshot);
      return snapshot;
    },
    close: async () => {
      for (const snapshot of snapshots) await snapshot.close();
    },
  };
}

type Connection = Awaited<ReturnType<Awaited<ReturnType<Duckdb['DuckDBInstance']['create']>>['connect']>>;

async function load(connection: Connection, { title, files }: FilesSettings): Promise<void> {
  for (const [name, file] of Object.entries(files)) await loadFile(connection, title, name, file);
  await lockDown(connection);
}

async function loadFile(connection: Connection, title: string, name: string, file: File): Promise<void> {
  const busy = (text: string): SourceError => new SourceError('busy', `${title}: ${file.path} ${text}`);
  const before = await lookAt(file.path);
  if (before === undefined) throw busy('is not there, or not yet.');
  const csv = /\.csv$/i.test(file.path);
  if (csv && !(await endsWithLine(file.path))) {
    throw busy('does not end with a line break, as if it was not written to its end.');
  }
  const reader = csv
    ? `read_csv(${quoted(file.path)}, all_varchar = true, header = true, strict_mode = true, delim = ',', quote = '"', escape = '"')`
    : `read_parquet(${quoted(file.path)})`;
  await connection.run(`CREATE TABLE "${name}" AS SELECT * FROM ${reader}`).catch((error: Error) => {
    // The reader's own words quote lines of the file.
    const kind = /^[A-Za-z ]+Error/.exec(error.message)?.[0] ?? 'error';
    throw busy(`can't be read, as if it was not written to its end (${kind}).`);
  });
  const after = await lookAt(file.path);
  if (after !== before) throw busy('was written to while it was read.');
  for (const [column, type] of Object.entries(file.types ?? {})) {
    await connection
      .run(`ALTER TABLE "${name}" ALTER COLUMN ${identifier(column)} SET DATA TYPE ${type}`)
      .catch((error: Error) => {
        const missing = /^(Binder|Catalog) Error/.test(error.message);
        const why = missing ? 'has no such column, or DuckDB no such type' : 'holds a value that is none';
        throw new SourceError('query', `${title}: ${column} of ${file.path} can't be read as ${type}: it ${why}.`);
      });
  }
}

/** A writer that was cut off, or has only begun, leaves the last record open or the file empty. */
async function endsWithLine(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    await file.read(last, 0, 1, Math.max(0, size - 1));
    return size > 0 && (last[0] === 0x0a || last[0] === 0x0d);
  } finally {
    await file.close();
  }
}

/** Size and time of the last change, as one text; undefined where there is no file. */
async function lookAt(path: string): Promise<string | undefined> {
  const found = await stat(path, { bigint: true }).catch(() => undefined);
  return found === undefined ? undefined : `${found.size} ${found.mtimeNs}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const identifier = (text: string): string => `"${text.replaceAll('"', '""')}"`;
