import { AsyncLocalStorage } from 'node:async_hooks';
import { join } from 'node:path';
import { Client, type ClientBase, Pool, type PoolClient } from 'pg';
import type { Log } from '../core/log.ts';
import { type Store, StoreUnavailableError, type Transaction } from '../core/store.ts';
import { auditStore } from './audit.ts';
import { conversationReferenceStore } from './conversation-references.ts';
import { lockDataDirectory } from './data-directory.ts';
import { codeStore, decisionStore } from './decisions.ts';
import { discrepancyStore } from './discrepancies.ts';
import { incidentStore } from './incidents.ts';
import { inboxStore } from './inbox.ts';
import { accountLinkStore } from './account-links.ts';
import { userGroupStore } from './user-groups.ts';
import { waiverStore } from './waivers.ts';
import { registerStore } from './registers.ts';
import { surveyStore } from './surveys.ts';
import { checkpointStore } from './checkpoints.ts';
import { feedbackStore } from './feedback.ts';
import { lessonStore } from './lessons.ts';
import { metricStore } from './metrics.ts';
import { applicationRole, migrate, schema } from './migrate.ts';
import { outboxStore } from './outbox.ts';
import { startDateStore, taskStore } from './plan.ts';
import { codeOf, type Query } from './query.ts';
import { rowStore } from './rows.ts';
import { runbookStore } from './runbooks.ts';
import { runStore } from './runs.ts';
import { slotStore } from './slots.ts';

export type StoreOptions = {
  readonly log: Log;
  /** How long a transaction may take before it is given up; default 15 s. */
  readonly deadlineMilliseconds?: number;
} & (
  | { readonly databaseUrl: string; readonly ownerDatabaseUrl?: string; readonly connections?: number }
  | { readonly dataDirectory: string }
  | { readonly memory: true }
);

const attemptLimit = 5;

/** Opens the bot's own state, migrated to this program's version. Throws when it can't, with what to do. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of closing.splice(0).toReversed()) await step();
  };
  try {
    const pool = await openPool(options, closing);
    pool.on('error', (error) => options.log.warn({ err: error }, 'an idle database connection was lost'));
    return createStore(pool, options.deadlineMilliseconds ?? 15_000, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPool(options: StoreOptions, closing: (() => Promise<void>)[]): Promise<Pool> {
  if ('databaseUrl' in options) {
    const owner = new Client({
      connectionString: options.ownerDatabaseUrl ?? options.databaseUrl,
      connectionTimeoutMillis: 10_000,
      query_timeout: 60_000,
      keepAlive: true,
    });
    // A connection that is lost fails the statement in hand; without a listener it would end the process, too.
    owner.on('error', (error) => options.log.warn({ err: error }, 'the connection for migrations was lost'));
    try {
      await owner.connect().catch((error: Error) => {
        const name = options.ownerDatabaseUrl === undefined ? 'DATABASE_URL' : 'MIGRATION_DATABASE_URL';
        throw new Error(
          `The database of ${name} can't be reached: ${error.message}. Check that its server runs and that ${name} is right.`,
          { cause: error },
        );
      });
      await migrate(owner);
    } finally {
      await owner.end().catch(() => undefined);
    }
    const pool = new Pool({
      connectionString: options.databaseUrl,
      max: options.connections ?? 10,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
      application_name: 'parallel-run',
    });
    closing.push(() => pool.end());
    await ensureLoginMayWork(pool);
    return pool;
  }
  let path: string | undefined;
  if ('dataDirectory' in options) {
    const lock = await lockDataDirectory(options.dataDirectory);
    closing.push(() => lock.release());
    path = join(options.dataDirectory, 'database');
  }
  // A server's store does without it, and it takes a while to load.
  const { createEmbeddedPool, openEmbeddedDatabase } = await import('../postgresql/embedded.ts');
  const db = await openEmbeddedDatabase(path);
  closing.push(() => db.close());
  const pool = createEmbeddedPool(db);
  closing.push(() => pool.end());
  const client = await pool.connect();
  try {
    await migrate(client);
  } finally {
    client.release();
  }
  return pool;
}

/** The login of the pool may be another one than the migrations', and nothing works until it has the role. */
async function ensureLoginMayWork(pool: Pool): Promise<void> {
  try {
    await pool.query(`begin; set local role ${applicationRole}; commit`);
  } catch (error) {
    if (codeOf(error) !== '42501') throw error;
    throw new Error(
      `The login of DATABASE_URL may not act as ${applicationRole}. Have an administrator run: ` +
        `GRANT ${applicationRole} TO <the login of DATABASE_URL>;`,
      { cause: error },
    );
  }
}

/** In whose transaction we are. One for all stores: every promise carries every one of these along. */
const inside = new AsyncLocalStorage<object>();

/** A store on a pool whose database is migrated. `close` ends the pool and whatever is under it. */
export function createStore(pool: Pool, deadlineMilliseconds: number, close: () => Promise<void>): Store {
  const me = {};
  return {
    close,
    async transaction(work) {
      if (inside.getStore() === me) {
        throw new Error('Transactions do not nest: use the transaction at hand.');
      }
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await inside.run(me, () => once(pool, deadlineMilliseconds, work));
        } catch (error) {
          const code = codeOf(error);
          // 40001 serialization_failure, 40P01 deadlock_detected
          if ((code !== '40001' && code !== '40P01') || attempt === attemptLimit) throw error;
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * 2 ** attempt));
        }
      }
    },
  };
}

const prepared = new WeakSet<ClientBase>();

async function once<T>(pool: Pool, milliseconds: number, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw unavailable(error);
  });
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new StoreUnavailableError(`The database took longer than ${milliseconds / 1000} s.`)),
      milliseconds,
    );
  });
  try {
    const result = await Promise.race([run(client, milliseconds, work), deadline]);
    client.off('error', onError);
    client.release();
    return result;
  } catch (error) {
    const lost = error instanceof StoreUnavailableError || isConnectionError(error) || broken !== undefined;
    // A lost connection keeps its listener: what its socket still reports must not end the process.
    if (!lost) client.off('error', onError);
    client.release(lost);
    throw lost && !(error instanceof StoreUnavailableError) ? unavailable(error) : error;
  } finally {
    clearTimeout(timer);
  }
}

async function run<T>(client: PoolClient, milliseconds: number, work: (tx: Transaction) => Promise<T>): Promise<T> {
  if (!prepared.has(client)) {
    // A session of the embedded database outlives a client that was given up in the middle of a transaction. The
    // server's own limits free the locks of a session whose client vanished without a word.
    await client.query(
      `rollback; set role ${applicationRole}; set search_path to ${schema}; set time zone 'UTC';
       set statement_timeout to ${milliseconds * 2}; set idle_in_transaction_session_timeout to ${milliseconds * 2}`,
    );
    prepared.add(client);
  }
  await client.query('begin');
  let result: T;
  try {
    result = await work(transactionOn(client));
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
  await client.query('commit');
  return result;
}

function transactionOn(client: PoolClient): Transaction {
  const query: Query = (sql, values) => client.query(sql, values === undefined ? [] : [...values]);
  return {
    runs: runStore(query),
    audit: auditStore(query),
    outbox: outboxStore(query),
    inbox: inboxStore(query),
    slots: slotStore(query),
    discrepancies: discrepancyStore(query),
    decisions: decisionStore(query),
    codes: codeStore(query),
    incidents: incidentStore(query),
    runbooks: runbookStore(query),
    rows: rowStore(query),
    lessons: lessonStore(query),
    feedback: feedbackStore(query),
    checkpoints: checkpointStore(query),
    surveys: surveyStore(query),
    registers: registerStore(query),
    waivers: waiverStore(query),
    startDates: startDateStore(query),
    tasks: taskStore(query),
    metrics: metricStore(query),
    userGroups: userGroupStore(query),
    accountLinks: accountLinkStore(query),
    conversationReferences: conversationReferenceStore(query),
  };
}

function unavailable(error: unknown): StoreUnavailableError {
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreUnavailableError(`The database can't be reached: ${reason}.`, { cause: error });
}

/**
 * 08 connection exceptions, 25P03 and 57014 the server's own time-outs, 57P01 to 57P03 shutdown and start, 53300 too
 * many connections, and what the socket says.
 */
function isConnectionError(error: unknown): boolean {
  return (
    /^(08|25P03|57014|57P0[123]|53300|ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH)/.test(
      codeOf(error) ?? '',
    ) ||
    (error instanceof Error &&
      /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
        error.message,
      ))
  );
}
