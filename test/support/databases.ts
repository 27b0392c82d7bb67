import { after, afterEach, before } from 'mocha';
import { Pool, type QueryResultRow } from 'pg';
import type { Store } from '../../src/core/store.ts';
import { createLog } from '../../src/operate/logger.ts';
import { createEmbeddedPool, openEmbeddedDatabase } from '../../src/postgresql/embedded.ts';
import { applicationRole, migrate, schema } from '../../src/store/migrate.ts';
import { codeOf } from '../../src/store/query.ts';
import { createStore, openStore } from '../../src/store/open.ts';
import { reuse } from './embedded-database.ts';
import { createDatabase } from './postgres-server.ts';

/** A store with the owner's own way into its tables, which the application does not have. */
export interface TestStore {
  readonly store: Store;
  /** The same database with another deadline for transactions; it is closed with the first. */
  hurried(deadlineMilliseconds: number): Promise<Store>;
  /** Runs SQL as the owner of the tables; not inside a transaction of the store. */
  owner<Row extends QueryResultRow = QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs SQL with the rights of the application. */
  application<Row extends QueryResultRow = QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Empties every table. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const log = createLog('silent');

// Deleting is ten times as fast as truncating many small tables; as a replica, no trigger and no foreign key objects.
const clearing = `
  do $$
  declare part record;
  begin
    set local session_replication_role = replica;
    for part in
      select relname as name, relkind as kind from pg_class
      where relnamespace = '${schema}'::regnamespace and relname not in ('migrations', 'audit_head')
    loop
      if part.kind = 'r' then execute format('delete from %I', part.name); end if;
      if part.kind = 'S' then execute format('alter sequence %I restart', part.name); end if;
    end loop;
    update audit_head set sequence = 0, hash = repeat('0', 64);
  end $$`;

const migratedDatabase = reuse(
  async () => {
    const db = await openEmbeddedDatabase();
    const pool = createEmbeddedPool(db);
    const client = await pool.connect();
    await migrate(client);
    client.release();
    await pool.end();
    return db;
  },
  async (db) => {
    await db.exec(`set search_path to ${schema}; ${clearing}`);
  },
);

/** A store in an embedded database in memory: share it within a file. */
export async function openEmbeddedStore(): Promise<TestStore> {
  const db = await migratedDatabase();
  const pool = createEmbeddedPool(db);
  const store = createStore(pool, 15_000, async () => {
    await pool.end();
    await db.close();
  });
  // An embedded database is one session, so the store's own role is put back.
  const as = async <Row>(role: string, sql: string, values: readonly unknown[] = []): Promise<Row[]> => {
    await db.exec(`set role ${role}; set search_path to ${schema}`);
    try {
      return (await db.query<Row>(sql, [...values])).rows;
    } finally {
      await db.exec(`set role ${applicationRole}`);
    }
  };
  return {
    store,
    hurried: async (deadlineMilliseconds) => createStore(pool, deadlineMilliseconds, async () => undefined),
    owner: (sql, values) => as('postgres', sql, values),
    application: (sql, values) => as(applicationRole, sql, values),
    clear: async () => {
      await db.exec(`set role postgres; set search_path to ${schema}; ${clearing}; set role ${applicationRole}`);
    },
    close: () => store.close(),
  };
}

const clearAttempts = 5;

/** A store in a database of its own on the server that TEST_DATABASE_URL names. */
export async function openServerStore(): Promise<TestStore & { readonly url: string }> {
  const database = await createDatabase();
  const store = await openStore({ databaseUrl: database.url.href, log });
  const hurried: Store[] = [];
  const owner = new Pool({ connectionString: database.url.href, max: 2 });
  owner.on('error', () => undefined);
  const as = async <Row extends QueryResultRow>(
    role: string,
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> => {
    const client = await owner.connect();
    try {
      await client.query(`set role ${role}; set search_path to ${schema}`);
      return (await client.query<Row>(sql, [...values])).rows;
    } finally {
      client.release();
    }
  };
  return {
    url: database.url.href,
    store,
    hurried: async (deadlineMilliseconds) => {
      const another = await openStore({ databaseUrl: database.url.href, deadlineMilliseconds, log });
      hurried.push(another);
      return another;
    },
    owner: (sql, values) => as('none', sql, values),
    application: (sql, values) => as(applicationRole, sql, values),
    clear: async () => {
      // A bot that still runs may hold what is cleared, in another order: the server then ends one of the two.
      for (let attempt = 1; ; attempt += 1) {
        const refused = await as('none', clearing).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (refused === undefined) return;
        if (codeOf(refused) !== '40P01' || attempt === clearAttempts) throw refused;
      }
    },
    close: async () => {
      for (const one of [store, ...hurried]) await one.close();
      await owner.end();
      await database.drop();
    },
  };
}

/** One store for all tests of a suite, empty before each; opened and closed by mocha's hooks. */
export function shareStore<Opened extends TestStore>(open: () => Promise<Opened>): () => Opened {
  let opened: Opened | undefined;
  before(async function () {
    this.timeout(60_000);
    opened = await open();
  });
  afterEach(async () => {
    await opened?.clear();
  });
  after(async () => {
    await opened?.close();
  });
  return () => {
    if (opened === undefined) throw new Error('The store is there only while the tests of its suite run.');
    return opened;
  };
}
