import type {
  DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
  DuckDBPreparedStatement,
  Json,
} from '@duckdb/node-api';
import { type Rows, SourceError } from '../core/sources.ts';
import { bounded, cancelled, type Limits, rowLimit, tooManyRows } from './bounded.ts';
import { collectYoung } from './collect-young.ts';
import { duckdbError } from './duckdb-errors.ts';
import { columnOf, type DuckdbColumn } from './duckdb-values.ts';
import { asSubquery, distinct } from './ordered-query.ts';

export type Duckdb = typeof import('@duckdb/node-api');

/** DuckDB is an optional dependency: there is no build of it for every platform. */
export async function loadDuckdb(title: string): Promise<Duckdb> {
  const duckdb = await import('@duckdb/node-api').catch((error: unknown) => {
    throw new SourceError(
      'unreachable',
      `${title} needs DuckDB, which is not installed here: npm install @duckdb/node-api.`,
      { cause: error },
    );
  });
  // Times with a zone are printed in this offset: in UTC, whatever zone the process runs in.
  duckdb.DuckDBTimestampTZValue.timezoneOffsetInMinutes = 0;
  return duckdb;
}

/** No query loads or fetches an extension. */
export const withoutExtensions = {
  autoload_known_extensions: 'false',
  autoinstall_known_extensions: 'false',
} as const;

/** What a query answers is made in portions of so much: one chunk or so, each while the one before it is worked on. */
const portion = '100KiB';

/** From here on no query reads or writes files or changes a setting, and days begin where UTC has them begin. */
export async function lockDown(connection: DuckDBConnection): Promise<void> {
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`SET streaming_buffer_size = '${portion}'`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

/**
 * A chunk is freed when its object is collected, of which nothing tells how much memory it holds: some hundred kilobytes. Of
 * more of them, what was read of their columns makes the process collect all that it has, twelve times in a million rows.
 */
const chunksHeld = 16;

export interface OpenedDuckdb {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
  readonly identity: string;
}

/** One connection to an instance that belongs to it, of which one statement is asked after the other. */
export class DuckdbSession {
  readonly identity: string;
  readonly #duckdb: Duckdb;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #limits: Limits;
  readonly #whenClosed: () => void;
  readonly #described = new Map<string, readonly DuckdbColumn[]>();
  #chunks = 0;
  #closed = false;
  /** A query that was interrupted ends a little later; nothing may be closed under it. */
  #inHand: Promise<unknown> = Promise.resolve();

  constructor(
    duckdb: Duckdb,
    { identity, instance, connection }: OpenedDuckdb,
    limits: Limits,
    whenClosed: () => void,
  ) {
    this.identity = identity;
    this.#duckdb = duckdb;
    this.#instance = instance;
    this.#connection = connection;
    this.#limits = limits;
    this.#whenClosed = whenClosed;
  }

  get title(): string {
    return this.#limits.title;
  }

  /** All rows of a query, of which there may be no more than `rowLimit`. */
  query(sql: string): Promise<Rows> {
    return this.#bounded(() =>
      this.#prepared(sql, async (statement) => {
        const reader = await statement.streamAndReadUntil(rowLimit + 1);
        if (reader.currentRowCount > rowLimit) throw tooManyRows(this.#limits.title);
        const single = reader.columnTypes().map(({ typeId }) => typeId === this.#duckdb.DuckDBTypeId.FLOAT);
        const rows = reader
          .getRowsJson()
          .map((row) => row.map((value, index) => asText(value, single[index] ?? false)));
        return { columns: reader.columnNames(), rows };
      }),
    );
  }

  /** The rows of a query in chunks of a few thousand. Nothing else may be asked meanwhile. */
  async *stream(sql: string): AsyncGenerator<DuckDBDataChunk> {
    const result = await this.#bounded(() => this.#prepared(sql, (statement) => statement.stream()));
    for (;;) {
      const chunk = await this.#bounded(() => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) return;
      this.#chunks += 1;
      if (this.#chunks % chunksHeld === 0) collectYoung();
      yield chunk;
    }
  }

  /** The columns that a query gives; asked once, since nothing changes within a snapshot. */
  async columns(sql: string): Promise<readonly DuckdbColumn[]> {
    const known = this.#described.get(sql);
    if (known !== undefined) return known;
    const { rows } = await this.query(
      `SELECT column_name, column_type FROM (DESCRIBE ${asSubquery(sql).slice(1, -1)})`,
    );
    const columns = distinct(
      this.#limits.title,
      rows.map(([name, type]) => columnOf(name ?? '', type ?? '')),
    );
    this.#described.set(sql, columns);
    return columns;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await interrupted(this.#connection, this.#inHand);
    this.#connection.closeSync();
    this.#instance.closeSync();
    this.#whenClosed();
  }

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    const { title, signal } = this.#limits;
    if (this.#closed) throw new SourceError('unreachable', `The snapshot of ${title} is closed.`);
    if (signal?.aborted === true) throw cancelled(title);
    const working = work().catch((error: unknown) => {
      throw duckdbError(title, error);
    });
    this.#inHand = working.catch(() => undefined);
    return bounded(working, this.#limits, () => interrupted(this.#connection, this.#inHand));
  }

  /** Preparing takes exactly one statement, and says what kind it is before it runs. */
  async #prepared<T>(sql: string, work: (statement: DuckDBPreparedStatement) => Promise<T>): Promise<T> {
    const statement = await this.#connection.prepare(sql);
    try {
      if (statement.statementType !== this.#duckdb.StatementType.SELECT) {
        const { title } = this.#limits;
        throw new SourceError('query', `A query of ${title} is not a SELECT: the compared systems are only read.`);
      }
      return await work(statement);
    } finally {
      statement.destroySync();
    }
  }
}

const interruptMilliseconds = 50;

/** Ends what a connection does and waits for it: an interrupt that comes before the query has begun is lost. */
export async function interrupted(connection: DuckDBConnection, work: Promise<unknown>): Promise<void> {
  connection.interrupt();
  const timer = setInterval(() => connection.interrupt(), interruptMilliseconds);
  await work.catch(() => undefined);
  clearInterval(timer);
}

/** DuckDB hands exact numbers over as text; a double, or a `single`, is printed so that it reads back as itself. */
function asText(value: Json, single: boolean): string | null {
  if (value === null) return null;
  if (single && typeof value === 'number') {
    const digits = [6, 7, 8].find((count) => Math.fround(Number(value.toPrecision(count))) === value) ?? 9;
    return String(Number(value.toPrecision(digits)));
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
