import type { DuckDBConnection, DuckDBInstance, DuckDBPreparedStatement, Json } from '@duckdb/node-api';
import { decimal, decimalText } from '../core/numbers/decimal.ts';
import {
  type Column,
  type HashedEntries,
  type HashedPart,
  type HashedRows,
  type HashMixes,
  type HashWay,
  type KeyRange,
  type Row,
  type Rows,
  type Snapshot,
  type SomeParts,
  SourceError,
  type WhichRows,
  type Within,
} from '../core/sources.ts';
import { ahead } from '../core/rows/ahead.ts';
import { bounded, cancelled, type Limits, rowLimit, tooManyRows } from './bounded.ts';
import { readColumns, separatorText } from './cells.ts';
import { gathering } from './duckdb-gather.ts';
import { duckdbHashing } from './duckdb-hash.ts';
import { canonicalText, columnOf, type DuckdbColumn } from './duckdb-values.ts';
import { probedHere, ownWay } from './hash-probe.ts';
import {
  conditionOf,
  firstOf,
  type HashDialect,
  hashQuery,
  idsCondition,
  md5Way,
  partOf,
  partOfNumber,
  partsCondition,
  rangeCondition,
} from './hash-sql.ts';
import { createMixes, joinEntries, rangesOf } from './mixes.ts';
import { asSubquery, batchRows, belowQuery, distinct, orderedQuery } from './ordered-query.ts';

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

/** So many rows are fetched at once to be hashed here, about 100 bytes each, and twice as many at most. */
const [rowsAtOnce, mostAtOnce] = [65_536, 131_072];

/** From here on no query reads or writes files or changes a setting, and days begin where UTC has them begin. */
export async function lockDown(connection: DuckDBConnection): Promise<void> {
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
}

/** Reads one DuckDB instance that belongs to it: a file opened for reading only, or tables in memory. */
export class DuckdbSnapshot implements Snapshot {
  readonly identity: string;
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
    opened: { readonly instance: DuckDBInstance; readonly connection: DuckDBConnection; readonly identity: string },
    limits: Limits,
    whenClosed: () => void,
  ) {
    this.identity = opened.identity;
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
    return (await this.#columns(sql)).map(({ name, kind, forms }) => ({ name, kind, forms }));
  }

  async countBelow(sql: string, column: string, minimum: string): Promise<number> {
    return Number((await this.query(belowQuery(sql, column, minimum))).rows[0]?.[0] ?? 0);
  }

  async estimateRows(sql: string): Promise<number> {
    return this.#count(sql, 'true');
  }

  async #count(sql: string, where: string): Promise<number> {
    const { rows } = await this.query(`SELECT count(*) FROM ${asSubquery(sql)} AS compared WHERE ${where}`);
    return Number(rows[0]?.[0] ?? 0);
  }

  hashWays(): Promise<readonly HashWay[]> {
    return Promise.resolve([
      { name: ownWay(probedHere()), wholeNumbersOnly: true },
      { name: md5Way, wholeNumbersOnly: false },
    ]);
  }

  /** Which rows a group of them holds is known from its least and its greatest value, so that others are not read. */
  rangeBounds({ way }: HashedRows): Promise<'given' | undefined> {
    return Promise.resolve(way === md5Way ? undefined : 'given');
  }

  async mixRanges(hashed: HashedRows, bounds: readonly bigint[], within: KeyRange): Promise<HashMixes> {
    const rows = await this.#count(hashed.sql, rangeCondition(hashed, within));
    const atOnce = Math.max(1, Math.floor((rowsAtOnce * (bounds.length + 1)) / Math.max(1, rows)));
    const mixes = createMixes(bounds);
    for (const range of rangesOf(bounds, within, atOnce)) {
      for await (const entries of ahead(this.#gathered(hashed, rangeCondition(hashed, range)))) mixes.take(entries);
    }
    return mixes.result();
  }

  async hashRows(hashed: HashedRows, which: WhichRows): Promise<HashedEntries> {
    const dialect = duckdbHashing(await this.#columns(hashed.sql));
    const some = 'first' in which ? firstOf(hashed, which.first) : hashed;
    const where = whichOf(hashed, which, dialect);
    return hashed.way === md5Way
      ? this.#hashed(some, hashQuery(some, dialect, { where }))
      : this.#together(some, where);
  }

  /** Indexes prove it too, but hardly anybody has one in a file. */
  keyIsUnique(): Promise<boolean> {
    return Promise.resolve(false);
  }

  async mixParts(hashed: HashedRows, parts: number): Promise<HashMixes> {
    const [rows, mixes] = [new Int32Array(parts), new BigInt64Array(parts)];
    if (hashed.way === md5Way) {
      const dialect = duckdbHashing(await this.#columns(hashed.sql));
      const query = hashQuery(hashed, dialect, { group: partOf(hashed, parts, dialect) });
      const mixed = await this.query(
        `SELECT row_group, count(*), bit_xor(row_hash) FROM (${query}) GROUP BY row_group`,
      );
      for (const [part, count, mix] of mixed.rows) {
        rows[Number(part)] = Number(count);
        mixes[Number(part)] = BigInt(mix ?? '0');
      }
      return { rows, mixes };
    }
    for await (const { ids, hashes } of this.#gathered(hashed, 'true')) {
      for (const [index, id] of ids.entries()) {
        const part = partOfNumber(id, parts);
        rows[part] = (rows[part] ?? 0) + 1;
        mixes[part] = (mixes[part] ?? 0n) ^ (hashes[index] ?? 0n);
      }
    }
    return { rows, mixes };
  }

  async *hashParts(hashed: HashedRows, parts: number, within?: SomeParts): AsyncGenerator<HashedPart> {
    const dialect = duckdbHashing(await this.#columns(hashed.sql));
    const some = within === undefined ? '' : `${partsCondition(hashed, within, dialect)} AND `;
    for (let part = 0; part < parts; part += 1) {
      const where = `${some}${partOf(hashed, parts, dialect)} = ${part}`;
      const entries =
        hashed.way === md5Way
          ? await this.#hashed(hashed, hashQuery(hashed, dialect, { where }))
          : await this.#together(hashed, where);
      yield { part, ...(await this.#canonical(hashed, entries)) };
    }
  }

  /** Hashed here, by whole columns of at most about so many rows as are held at once. */
  async *#gathered(hashed: HashedRows, where: string): AsyncGenerator<HashedEntries> {
    const dialect = duckdbHashing(await this.#columns(hashed.sql));
    const parts = 2 ** Math.ceil(Math.log2(Math.max(1, (await this.#count(hashed.sql, where)) / mostAtOnce)));
    const { query, read } = gathering(hashed, dialect);
    for (let part = 0; part < parts; part += 1) {
      const sql = query(`(${where}) AND ${partOf(hashed, parts, dialect)} = ${part}`);
      const result = await this.#bounded(() => this.#prepared(sql, (statement) => statement.run()));
      yield read(await this.#bounded(() => result.fetchChunk()));
    }
  }

  async #together(hashed: HashedRows, where: string): Promise<HashedEntries> {
    const all: HashedEntries[] = [];
    for await (const entries of this.#gathered(hashed, where)) all.push(entries);
    return joinEntries(all);
  }

  async #hashed(hashed: HashedRows, query: string): Promise<HashedEntries> {
    const result = await this.#bounded(() => this.#prepared(query, (statement) => statement.stream()));
    const [ids, hashes]: [bigint[], bigint[]] = [[], []];
    const cells = (hashed.read ?? []).map((): string[] => []);
    for (;;) {
      const chunk = await this.#bounded(() => result.fetchChunk());
      if (chunk === null || chunk.rowCount === 0) break;
      for (const id of chunk.getColumnValues(0)) ids.push(id as bigint);
      for (const hash of chunk.getColumnValues(1)) hashes.push(hash as bigint);
      for (const [index, of] of cells.entries())
        for (const cell of chunk.getColumnValues(2 + index)) of.push(String(cell));
    }
    const read = readColumns(
      hashed,
      cells.map((of) => of.join(separatorText)),
      ids.length,
    );
    return { ids: BigInt64Array.from(ids), hashes: BigInt64Array.from(hashes), read };
  }

  async #canonical(hashed: HashedRows, { read, ...entries }: HashedEntries): Promise<HashedEntries> {
    if (read.length === 0) return { read, ...entries };
    const plain = this.#areNumbers(await this.#columns(hashed.sql), hashed.read?.map(({ name }) => name) ?? []);
    const asRead = read.map((column, index) => ({
      ...column,
      valueOf: (row: number) => canonical(column.valueOf(row), plain[index] ?? false),
    }));
    return { ...entries, read: asRead };
  }

  #areNumbers(found: readonly DuckdbColumn[], names: readonly string[]): boolean[] {
    return names.map((name) => found.some((column) => column.name === name && column.kind === 'number'));
  }

  async *readInOrder(
    sql: string,
    columns: readonly string[],
    keys: number,
    within?: Within,
  ): AsyncGenerator<readonly Row[]> {
    const { title } = this.#limits;
    const found = await this.#columns(sql);
    const ordered = orderedQuery({
      title,
      sql,
      found,
      columns,
      keys,
      canonical: canonicalText,
      order: '',
      ...(within === undefined ? {} : { where: conditionOf(within, duckdbHashing(found)) }),
    });
    const plain = this.#areNumbers(found, columns);
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

function whichOf(hashed: HashedRows, which: WhichRows, dialect: HashDialect): string {
  if ('first' in which) return 'true';
  if ('ids' in which) return idsCondition(hashed, which.ids, dialect);
  return which.ranges.map((range) => `(${rangeCondition(hashed, range)})`).join(' OR ');
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
