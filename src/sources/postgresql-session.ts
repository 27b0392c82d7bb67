import pg from 'pg';
import type { SourceSettings } from '../core/playbook/playbook.ts';
import { type Row, SourceError } from '../core/sources.ts';
import { bounded, cancelled, type Limits, rowLimit, tooManyRows } from './bounded.ts';
import { isConnectionLost, statementError } from './postgresql-errors.ts';

export type PostgresqlSettings = Extract<SourceSettings, { kind: 'postgresql' }>;

/** The server ends a statement itself; this is how much longer we wait for its word before we end it from here. */
const graceMilliseconds = 5_000;
const cancelTimeoutMilliseconds = 2_000;
const closeTimeoutMilliseconds = 5_000;

/** Every value as the server prints it. */
const asText: pg.CustomTypesConfig = { getTypeParser: () => (value: string) => value };

export interface SessionOptions {
  readonly client: pg.PoolClient;
  readonly settings: PostgresqlSettings;
  readonly where: string;
  readonly signal: AbortSignal | undefined;
  /** To cancel a running statement over a second connection; absent for an embedded database, which has only one. */
  readonly connection: pg.ClientConfig | undefined;
}

/** What a statement answered, every value as the server prints it. */
export interface Answered {
  readonly fields: readonly pg.FieldDef[];
  readonly rows: readonly Row[];
}

/** One read-only transaction on one connection, in which one statement is asked after the other. */
export class PostgresqlSession {
  readonly #options: SessionOptions;
  readonly #limits: Limits;
  #processId = '';
  #identity = '';
  #state: 'open' | 'lost' | 'closed' = 'open';
  whenClosed: () => void = () => undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { settings, signal } = options;
    const milliseconds = settings.statementTimeoutSeconds * 1_000 + graceMilliseconds;
    this.#limits = { title: settings.title, doing: 'answer a query', milliseconds, signal };
    options.client.on('error', this.#onClientError);
  }

  get title(): string {
    return this.#options.settings.title;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /** The database and its own number of the snapshot. */
  get identity(): string {
    return this.#identity;
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
      this.#identity = rows[0]?.identity ?? '';
    });
  }

  /** One statement, whose failure leaves the transaction as it was. Throws SourceError. */
  async ask(sql: string): Promise<Answered> {
    const { client, settings } = this.#options;
    if (this.#state !== 'open') {
      const said = this.#state === 'lost' ? 'was lost' : 'is closed';
      throw new SourceError('unreachable', `The connection to ${settings.title} ${said}: no more can be asked of it.`);
    }
    if (this.#limits.signal?.aborted === true) throw cancelled(settings.title);
    return this.#bounded(async () => {
      await client.query('savepoint before_query');
      try {
        const answered = await this.#read(sql);
        await client.query('release savepoint before_query');
        return answered;
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
  #read(sql: string): Promise<Answered> {
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
