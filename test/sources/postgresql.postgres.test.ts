import assert from 'node:assert/strict';
import { createSource } from '../../src/sources/create-source.ts';
import { refuses, sourceContract } from '../contracts/source.ts';
import { createDatabase } from '../support/postgres-server.ts';

const people = `create table people (id integer, name text, pay numeric(12, 2));
  insert into people values (1, 'Ana', 1.50), (2, 'Béa', 2.25), (3, null, 3.00)`;
const sourceOf = (url: URL, overrides: { statementTimeoutSeconds?: number; connections?: number } = {}) =>
  createSource({
    kind: 'postgresql',
    title: 'Legacy',
    url: url.href,
    statementTimeoutSeconds: 60,
    connections: 2,
    ...overrides,
  });

sourceContract('a PostgreSQL server', async () => {
  const database = await createDatabase();
  await database.query(people);
  const source = sourceOf(database.url);
  const hurried = sourceOf(database.url, { statementTimeoutSeconds: 1 });
  return {
    source,
    hurried,
    pay: 'pay',
    slow: 'SELECT pg_sleep(30)',
    write: async () => {
      await database.query(`insert into people values (4, 'Dan', 4.00)`);
    },
    close: async () => {
      await source.close();
      await hurried.close();
      await database.drop();
    },
  };
});

describe('a PostgreSQL server', function () {
  this.timeout(30_000);
  let database: Awaited<ReturnType<typeof createDatabase>>;
  beforeEach(async () => {
    database = await createDatabase();
    await database.query(people);
  });
  afterEach(() => database.drop());
  const connections = async (): Promise<number> => {
    const { rows } = await database.query(
      `select count(*)::integer as count from pg_stat_activity where application_name = 'parallel-run' and datname = current_database()`,
    );
    return Number(rows[0].count);
  };

  it('is read in one REPEATABLE READ READ ONLY transaction', async () => {
    const source = sourceOf(database.url);
    const snapshot = await source.open();
    const { rows } = await snapshot.query(
      `SELECT current_setting('transaction_isolation') AS a, current_setting('transaction_read_only') AS b`,
    );
    assert.deepEqual(rows, [['repeatable read', 'on']]);
    await snapshot.close();
    await source.close();
  });
  it('gets no more connections than the playbook allows, and all of them back', async () => {
    const source = sourceOf(database.url, { connections: 2 });
    const [one, two] = [await source.open(), await source.open()];
    assert.equal(await connections(), 2);
    const third = source.open();
    await one.close();
    await (await third).close();
    await two.close();
    assert.ok((await connections()) <= 2);
    await source.close();
    // The server takes a moment to notice.
    const until = Date.now() + 10_000;
    while ((await connections()) > 0) assert.ok(Date.now() < until, 'a connection was kept');
  });
  it('that ends the connection in a query is unreachable, and is reached again in the next run', async () => {
    const source = sourceOf(database.url);
    const snapshot = await source.open();
    const query = refuses(snapshot.query('SELECT pg_sleep(30)'), 'unreachable');
    while (
      (
        await database.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where query = 'SELECT pg_sleep(30)'`,
        )
      ).rowCount === 0
    );
    await query;
    await refuses(snapshot.query('SELECT 1 AS one'), 'unreachable');
    await snapshot.close();
    const again = await source.open();
    assert.deepEqual((await again.query('SELECT count(*) AS value FROM people')).rows, [['3']]);
    await again.close();
    await source.close();
  });
  it('goes on working for nobody no longer than it takes to cancel', async () => {
    const source = sourceOf(database.url);
    const cancelling = new AbortController();
    const snapshot = await source.open(cancelling.signal);
    const query = refuses(snapshot.query('SELECT pg_sleep(31)'), 'cancelled');
    setTimeout(() => cancelling.abort(), 100);
    await query;
    await snapshot.close();
    const { rows } = await database.query(
      `select count(*)::integer as count from pg_stat_activity where query = 'SELECT pg_sleep(31)' and state = 'active'`,
    );
    assert.equal(rows[0].count, 0);
    await source.close();
  });
  it('can not be written to by a query that ends the transaction', async () => {
    const source = sourceOf(database.url);
    const snapshot = await source.open();
    await assert.rejects(snapshot.query('COMMIT'));
    await assert.rejects(snapshot.query('DELETE FROM people'));
    await snapshot.close();
    await source.close();
    assert.equal((await database.query('select from people')).rowCount, 3);
  });
  it('says that the statement timeout of the playbook ended a query', async () => {
    const source = sourceOf(database.url, { statementTimeoutSeconds: 1 });
    const snapshot = await source.open();
    await refuses(snapshot.query('SELECT pg_sleep(5)'), 'timeout', /statement timeout/);
    assert.deepEqual((await snapshot.query('SELECT count(*) AS value FROM people')).rows, [['3']]);
    await snapshot.close();
    await source.close();
  });
});
