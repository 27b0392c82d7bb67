import pg from 'pg';
import type { SourceSettings } from '../core/playbook/playbook.ts';
import {
  type Column,
  type HashedEntries,
  type HashSum,
  type HashedRows,
  type Row,
  type Rows,
  type Snapshot,
  type Source,
  SourceError,
  type Slice,
  type Within,
} from '../core/sources.ts';
import { bounded, cancelled, type Limits, rowLimit, tooManyRows } from './bounded.ts';
import { conditionOf, md5Way, sliceQuery } from './hash-sql.ts';
import { asSubquery, batchRows, belowQuery, distinct, orderedQuery } from './ordered-query.ts';
import { postgresqlHashing, probe, recordWay } from './postgresql-hash.ts';
import { boundsOf, histogramQuery, type Plan, planOf, readsOneTable } from './postgresql-plan.ts';
import { isConnectionLost, statementError, unreachable } from './postgresql-errors.ts';
import { byCodePoints, canonicalText, columnOf, type PostgresqlColumn } from './postgresql-values.ts';

type PostgresqlSettings = Extract<SourceSettings, { kind: 'postgresql' }>;

const connectTimeoutMilliseconds = 10_000;
/** The server ends a statement itself; this is how much longer we wait for its word before we end it from here. */
const graceMilliseconds = 5_000;
const cancelTimeoutMilliseconds = 2_000;
const closeTimeoutMilliseconds = 5_000;

/** Every value as the server prints it. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: string) => value };

/**
 * A PostgreSQL database, read through one bounded pool in one REPEATABLE READ READ ONLY transaction a snapshot. With
 * `sharedPool` that pool is used and left open.
 */
export function createPostgresqlSource(settings: PostgresqlSettings, sharedPool?: pg.Pool): Source {
  const server = sharedPool === undefined ? connectTo(settings) : undefined;
  const pool = sharedPool ?? new pg.Pool({ ...server?.connection, max: settings.connections });
  const onIdleError = (): void => {
    // The pool has dropped the connection; the next snapshot takes a new one.
  };
  if (sharedPool === undefined) pool.on('error', onIdleError);
  const where = server?.where ?? 'its pool';
  const snapshots = new Set<PostgresqlSnapshot>();

  return {
    async open(signal) {
      const client = await takeClient(pool, settings.title, where, signal);
      const snapshot = new PostgresqlSnapshot({ client, settings, where, signal, connection: server?.connection });
      snapshots.add(snapshot);
      snapshot.whenClosed = () => snapshots.delete(snapshot);
      try {
        await snapshot.begin();
      } catch (error) {
        await snapshot.close();
        throw error;
      }
      return snapshot;
    },
    async close() {
      for (const snapshot of snapshots) await snapshot.close();
      if (sharedPool === undefined && !pool.ended) await pool.end();
    },
  };
}

/** The driver's settings, and host and database for people: never the URL, which holds the password. */
function connectTo({ title, url }: PostgresqlSettings): { connection: pg.ClientConfig; where: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw new Error(
      `The address of ${title} is not a PostgreSQL URL: write postgresql://user:password@host:5432/database, with special characters in the password percent-encoded.`,
    );
  }
  return {
    where: `${parsed.host || (parsed.searchParams.get('host') ?? 'localhost')}${parsed.pathname}`,
    connection: {
      connectionString: url,
      application_name: 'parallel-run',
      connectionTimeoutMillis: connectTimeoutMilliseconds,
      keepAlive: true,
    },
  };
}

async function takeClient(
  pool: pg.Pool,
  title: string,
  where: string,
  signal: AbortSignal | undefined,
): Promise<pg.PoolClient> {
  if (signal?.aborted === true) throw cancelled(title);
  const arriving = pool.connect();
  let given = false;
  try {
    const limits = { title, doing: 'give a connection', milliseconds: connectTimeoutMilliseconds + 1_000, signal };
    const client = await bounded(arriving, limits, async () => undefined);
    given = true;
    return client;
  } catch (error) {
    if (error instanceof SourceError && error.code === 'cancelled') throw error;
    throw unreachable(title, where, error);
  } finally {
    // Nobody waits for it any more when it comes late.
    if (!given) void arriving.then((client) => client.release()).catch(() => undefined);
  }
}

interface SnapshotOptions {
  readonly client: pg.PoolClient;
  readonly settings: PostgresqlSettings;
  readonly where: string;
  readonly signal: AbortSignal | undefined;
  /** To cancel a running statement over a second connection; absent for an embedded database, which has only one. */
  readonly connection: pg.ClientConfig | undefined;
}

class PostgresqlSnapshot implements Snapshot {
  readonly #options: SnapshotOptions;
  readonly #limits: Limits;
  #processId = '';
  identity = '';
  readonly #described = new Map<string, readonly pg.FieldDef[]>();
  #state: 'open' | 'lost' | 'closed' = 'open';
  whenClosed: () => void = () => undefined;

  constructor(options: SnapshotOptions) {
    this.#options = options;
    const { settings, signal } = options;
    const milliseconds = settings.statementTimeoutSeconds * 1_000 + graceMilliseconds;
    this.#limits = { title: settings.title, doing: 'answer a query', milliseconds, signal };
    options.client.on('error', this.#onClientError);
  }

  /** The first query takes the snapshot: PostgreSQL's own BEGIN does not. */
  async begin(): Promise<void> {
    const { client, settings } = this.#options;
    await this.#bounded(async () => {
      await client.query('begin isolation level repeatable read read only');
      const { rows } = await client.query<{ process_id: string; identity: string }>(
        `select pg_backend_pid()::text as process_id,
           current_database() || ' at snapshot ' || txid_current_snapshot()::text as identity,
           set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', '15min', true),
           set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),
           set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '3', true)`,
        [`${settings.statementTimeoutSeconds * 1_000}`],
      );
      this.#processId = rows[0]?.process_id ?? '';
      this.identity = rows[0]?.identity ?? '';
    });
  }

  query(sql: string): Promise<Rows> {
    return this.#apart(async () => {
      const { fields, rows } = await this.#read(sql);
      return { columns: fields.map(({ name }) => name), rows };
    });
  }

  async describe(sql: string): Promise<readonly Column[]> {
    return (await this.#columns(sql)).map(({ name, kind, forms }) => ({ name, kind, forms }));
  }

  async countBelow(sql: string, column: string, minimum: string): Promise<number> {
    return Number((await this.query(belowQuery(sql, column, minimum))).rows[0]?.[0] ?? 0);
  }

  async estimateRows(sql: string): Promise<number> {
    return (await this.#plan(sql))['Plan Rows'];
  }

  async #plan(sql: string): Promise<Plan> {
    const { rows } = await this.#apart(() => this.#read(`EXPLAIN (FORMAT JSON) ${asSubquery(sql)}`));
    return planOf(rows);
  }

  async hashWays(): Promise<readonly string[]> {
    const probed = await this.query(probe).catch((error: unknown) => {
      if (error instanceof SourceError && error.code === 'query') return undefined;
      throw error;
    });
    const hashes = probed?.rows[0]?.[0];
    return hashes === undefined || hashes === null ? [md5Way] : [recordWay(hashes), md5Way];
  }

  async rangeBounds(hashed: HashedRows, rows: number): Promise<readonly bigint[] | undefined> {
    const [key] = hashed.key;
    const field = (await this.#fields(hashed.sql)).find(({ name }) => name === key?.name);
    if (hashed.key.length > 1 || key?.form !== 'integer' || field === undefined || field.tableID === 0) {
      return undefined;
    }
    const plan = await this.#plan(hashed.sql);
    if (!readsOneTable(plan)) return undefined;
    const { rows: found } = await this.query(histogramQuery(field));
    return boundsOf(found[0], { all: plan['Plan Rows'], each: rows });
  }

  async sumSlice(hashed: HashedRows, slice: Slice): Promise<HashSum> {
    const query = sliceQuery(hashed, slice, postgresqlHashing(await this.#columns(hashed.sql)));
    const { rows } = await this.query(`SELECT count(*), sum(row_hash) FROM (${query}) AS hashed`);
    const [count, sum] = rows[0] ?? [];
    return { rows: Number(count ?? 0), sum: BigInt.asUintN(64, BigInt(sum ?? '0')) };
  }

  async hashSlice(hashed: HashedRows, slice: Slice): Promise<HashedEntries> {
    const query = sliceQuery(hashed, slice, postgresqlHashing(await this.#columns(hashed.sql)));
    const packed = `SELECT string_agg(int8send(id) || int8send(row_hash), ''::bytea) FROM (${query}) AS hashed`;
    const { rows } = await this.#apart(() => this.#read(packed));
    // In hexadecimal: the driver reads whatever arrives as text.
    return new Uint8Array(Buffer.from((rows[0]?.[0] ?? '').slice('\\x'.length), 'hex'));
  }

  async *readInOrder(
    sql: string,
    columns: readonly string[],
    keys: number,
    within?: Within,
  ): AsyncGenerator<readonly Row[]> {
    const { title } = this.#options.settings;
    const found = await this.#columns(sql);
    const ordered = orderedQuery({
      title,
      sql,
      found,
      columns,
      keys,
      canonical: canonicalText,
      order: byCodePoints,
      ...(within === undefined ? {} : { where: conditionOf(within, postgresqlHashing(found)) }),
    });
    await this.#apart(() => this.#read(`DECLARE compared NO SCROLL CURSOR FOR ${ordered}`));
    try {
      for (;;) {
        const { rows } = await this.#apart(() => this.#read(`FETCH ${batchRows} FROM compared`));
        if (rows.length > 0) yield rows;
        if (rows.length < batchRows) return;
      }
    } finally {
      if (this.#state === 'open') await this.#apart(() => this.#read('CLOSE compared'));
    }
  }

  /** Asked once: nothing changes within a snapshot. */
  async #fields(sql: string): Promise<readonly pg.FieldDef[]> {
    const known = this.#described.get(sql);
    if (known !== undefined) return known;
    const { fields } = await this.#apart(() => this.#read(`SELECT * FROM ${asSubquery(sql)} AS described LIMIT 0`));
    this.#described.set(sql, fields);
    return fields;
  }

  async #columns(sql: string): Promise<readonly PostgresqlColumn[]> {
    const fields = await this.#fields(sql);
    const columns = fields.map(({ name, dataTypeID }) => columnOf(name, dataTypeID));
    return distinct(this.#options.settings.title, columns);
  }

  /** One statement whose failure leaves the snapshot as it was. */
  async #apart<T>(work: () => Promise<T>): Promise<T> {
    const { client, settings } = this.#options;
    if (this.#state !== 'open') {
      const said = this.#state === 'lost' ? 'was lost' : 'is closed';
      throw new SourceError('unreachable', `The connection to ${settings.title} ${said}: no more can be asked of it.`);
    }
    if (this.#limits.signal?.aborted === true) throw cancelled(settings.title);
    return this.#bounded(async () => {
      await client.query('savepoint before_query');
      try {
        const rows = await work();
        await client.query('release savepoint before_query');
        return rows;
      } catch (error) {
        if (isConnectionLost(error) && !(error instanceof SourceError)) throw error;
        await client.query('rollback to savepoint before_query').catch((failure: Error) => this.#endedByQuery(failure));
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    const usable = this.#state === 'open';
    this.#state = 'closed';
    this.whenClosed();
    const limits = { ...this.#limits, milliseconds: closeTimeoutMilliseconds, signal: undefined };
    const { client } = this.#options;
    const ended = usable
      ? await bounded(client.query('rollback'), limits, async () => undefined).catch(() => null)
      : null;
    client.off('error', this.#onClientError);
    client.release(ended === null);
  }

  readonly #onClientError = (): void => {
    this.#state = this.#state === 'closed' ? 'closed' : 'lost';
  };

  async #bounded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await bounded(work(), this.#limits, () => this.#stop());
    } catch (error) {
      if (isConnectionLost(error) && !(error instanceof SourceError)) this.#state = 'lost';
      throw statementError(this.#options.settings.title, this.#options.where, error);
    }
  }

  /** The extended protocol takes exactly one statement, so a query can't end the transaction and go on writing. */
  #read(sql: string): Promise<{ readonly fields: readonly pg.FieldDef[]; readonly rows: Row[] }> {
    const settings = { text: sql, rowMode: 'array' as const, types: asText, queryMode: 'extended' };
    return new Promise((resolve, reject) => {
      const rows: (string | null)[][] = [];
      const query = new pg.Query<(string | null)[]>(settings);
      query.on('row', (row) => {
        if (rows.length <= rowLimit) rows.push(row);
        if (rows.length === rowLimit + 1) void this.#cancel().catch(() => undefined);
      });
      const title = this.#options.settings.title;
      query.on('error', (error) => reject(rows.length > rowLimit ? tooManyRows(title) : error));
      query.on('end', (result) => {
        if (rows.length > rowLimit) reject(tooManyRows(title));
        else resolve({ fields: result.fields, rows });
      });
      this.#options.client.query(query);
    });
  }

  /** Ends the running statement; when even that gets no answer, gives the connection up. */
  async #stop(): Promise<void> {
    if (this.#options.connection === undefined) return;
    const cancel = this.#cancel().then(
      () => true,
      () => false,
    );
    if (!(await cancel)) this.#state = 'lost';
    else await new Promise((resolve) => setTimeout(resolve, cancelTimeoutMilliseconds));
    this.#state = 'lost';
  }

  async #cancel(): Promise<void> {
    const { connection } = this.#options;
    if (connection === undefined || this.#processId === '') return;
    const other = new pg.Client({
      ...connection,
      connectionTimeoutMillis: cancelTimeoutMilliseconds,
      query_timeout: cancelTimeoutMilliseconds,
    });
    other.on('error', () => undefined);
    try {
      await other.connect();
      await other.query('select pg_cancel_backend($1::integer)', [this.#processId]);
    } finally {
      void other.end().catch(() => undefined);
    }
  }

  #endedByQuery(error: Error): never {
    this.#state = 'lost';
    if (isConnectionLost(error)) throw error;
    const { title } = this.#options.settings;
    throw new SourceError('query', `A query of ${title} ended the snapshot's transaction: it must be one SELECT.`);
  }
}
