import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement, Json } from '@duckdb/node-api';
import { decimal, decimalText } from '../core/numbers/decimal.ts';
import { type Column, type Row, type Rows, type Snapshot, SourceError } from '../core/sources.ts';
import { bounded, cancelled, type Limits, rowLimit, tooManyRows } from './bounded.ts';

import { canonicalText, columnOf, type DuckdbColumn } from './duckdb-values.ts';
import { asSubquery, batchRows, distinct, orderedQuery } from './ordered-query.ts';

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

/** From here on no query reads or writes files or changes a setting, and days begin where UTC has them begin. */
export async function lockDown(connection: DuckDBConnection): Promise<void> {
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

/** Reads one DuckDB instance that belongs to it: a file opened for reading only, or tables in memory. */
export class DuckdbSnapshot implements Snapshot {
  readonly #duckdb: Duckdb;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #limits: Limits;
  readonly #whenClosed: () => void;
  #closed = false;
  /** A query that was interrupted ends a little later; nothing may be closed under it. */
  #inHand: Promise<unknown> = Promise.resolve();

  constructor(
    duckdb: Duckdb,
    opened: { readonly instance: DuckDBInstance; readonly connection: DuckDBConnection },
    limits: Limits,
    whenClosed: () => void,
  ) {
    this.#duckdb = duckdb;
    this.#instance = opened.instance;
    this.#connection = opened.connection;
    this.#limits = limits;
    this.#whenClosed = whenClosed;
  }

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

  async describe(sql: string): Promise<readonly Column[]> {
    return (await this.#columns(sql)).map(({ name, kind }) => ({ name, kind }));
  }

  async *readInOrder(sql: string, columns: readonly string[], keys: number): AsyncGenerator<readonly Row[]> {
    const { title } = this.#limits;
    const found = await this.#columns(sql);
    const ordered = orderedQuery({ title, sql, found, columns, keys, canonical: canonicalText, order: '' });
    const plain = columns.map((name) => found.some((column) => column.name === name && column.kind === 'number'));
    const result = await this.#bounded(() => this.#prepared(ordered, (statement) => statement.stream()));
    let batch: Row[] = [];
    for (;;) {
      const rows = await this.#bounded(async () => (await result.fetchChunk())?.getRows() ?? []);
      for (const row of rows) batch.push(row.map((value, index) => canonical(value, plain[index] ?? false)));
      if (batch.length >= batchRows || rows.length === 0) {
        if (batch.length > 0) yield batch;
        batch = [];
      }
      if (rows.length === 0) return;
    }
  }

  async #columns(sql: string): Promise<readonly DuckdbColumn[]> {
    const { rows } = await this.query(
      `SELECT column_name, column_type FROM (DESCRIBE ${asSubquery(sql).slice(1, -1)})`,
    );
    const columns = rows.map(([name, type]) => columnOf(name ?? '', type ?? ''));
    return distinct(this.#limits.title, columns);
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

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await interrupted(this.#connection, this.#inHand);
    this.#connection.closeSync();
    this.#instance.closeSync();
    this.#whenClosed();
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

/** DuckDB prints very large and very small doubles with an exponent. */
function canonical(value: unknown, isNumber: boolean): string | null {
  // Every column of that query is a text.
  if (typeof value !== 'string') return null;
  return isNumber && value.includes('e') ? decimalText(decimal(value)) : value;
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

/** A conversion that fails quotes the value, which may be somebody's pay. */
function duckdbError(title: string, error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const message = /^(Conversion|Constraint|Out of Range|Invalid Input) Error/.test(first)
    ? withoutValues(first)
    : first;
  return new SourceError('query', `${title} refused a query: ${message}.`);
}

export function withoutValues(message: string): string {
  return message.replace(/"[^"]*"|'[^']*'|\d[\d.,]*/g, '…');
}
