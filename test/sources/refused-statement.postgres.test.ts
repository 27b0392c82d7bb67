import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { probeRefusal } from '../../src/sources/refused-statement.ts';
import { createDatabase } from '../support/postgres-server.ts';

const write = 'DELETE FROM people WHERE false';

describe('A statement that pilot users must be refused, on a PostgreSQL server', function () {
  this.timeout(30_000);
  const pilot = `pilot_${randomBytes(4).toString('hex')}`;
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let url = '';
  before(async () => {
    database = await createDatabase();
    await database.query(`create table people (id integer); insert into people values (1), (2);
      create role ${pilot} login password 'pilot'; grant select on people to ${pilot}`);
    const as = new URL(database.url);
    as.username = pilot;
    as.password = 'pilot';
    url = as.href;
  });
  after(async () => {
    await database.query(`drop owned by ${pilot}; drop role ${pilot}`);
    await database.drop();
  });
  const tried = (statement: string, signal = new AbortController().signal, where = url) =>
    probeRefusal({ name: 'pilot-write', title: 'A pilot write', kind: 'refused', url: where, statement }, signal);

  it('passes while they may only read', async () =>
    assert.deepEqual(await tried(write), { verdict: 'pass', said: 'The statement was refused (SQLSTATE 42501)' }));
  it('fails where they may write, and leaves every row where it is', async () => {
    await database.query(`grant delete on people to ${pilot}`);
    assert.equal((await tried('DELETE FROM people')).verdict, 'fail');
    assert.equal((await database.query('select from people')).rowCount, 2);
    await database.query(`revoke delete on people from ${pilot}`);
  });
  it('passes where the whole database is read-only, whatever their rights', async () => {
    await database.query(
      `grant delete on people to ${pilot}; alter role ${pilot} set default_transaction_read_only = on`,
    );
    assert.match((await tried(write)).said, /25006/);
    await database.query(`alter role ${pilot} reset all; revoke delete on people from ${pilot}`);
  });
  it('passes where their login is gone', async () => {
    await database.query(`alter role ${pilot} nologin`);
    assert.deepEqual(await tried('SELECT 1 FROM people'), {
      verdict: 'pass',
      said: 'The login was refused (SQLSTATE 28000)',
    });
    await database.query(`alter role ${pilot} login`);
  });
  it('shows nothing where the statement is wrong, the server is gone, or somebody cancels', async () => {
    assert.match(
      (await tried('DELETE FROM peolpe')).said,
      /Nothing is shown by it: the server answered SQLSTATE 42P01/,
    );
    assert.match(
      (await tried('DELETE FROM people; COMMIT')).said,
      /SQLSTATE 42601/,
      'and never more than one statement',
    );
    const nowhere = new URL(url);
    nowhere.port = '1';
    assert.match((await tried(write, undefined, nowhere.href)).said, /Nothing is shown by it: ECONNREFUSED/);
    const cancelled = AbortSignal.timeout(300);
    assert.equal((await tried('SELECT pg_sleep(20)', cancelled)).verdict, 'unknown');
  });
});
