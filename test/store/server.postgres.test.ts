import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import type { Store } from '../../src/core/store.ts';
import { createLog } from '../../src/operate/logger.ts';
import { openStore } from '../../src/store/open.ts';
import { openServerStore, shareStore } from '../support/databases.ts';
import { aMessage, aRun, later, someMoment } from '../support/fixtures.ts';
import { createDatabase } from '../support/postgres-server.ts';
import { type Proxy, startProxy } from '../support/proxy.ts';

const log = createLog('silent');
const anEntry = { at: someMoment, actor: 'clock', action: 'test', subject: 'run/1', details: {} };

/** Runs a piece of a program in a process of its own, with the store at hand. */
function startProgram(text: string): ChildProcess {
  const href = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    import { createLog } from ${href('../../src/operate/logger.ts')};
    import { openStore } from ${href('../../src/store/open.ts')};
    const log = createLog('silent');
    ${text}
  `;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

describe('the schema on a server', () => {
  let database: Awaited<ReturnType<typeof createDatabase>>;
  beforeEach(async () => {
    database = await createDatabase();
  });
  afterEach(() => database.drop());

  it('is made once when five processes start at once', async function () {
    this.timeout(60_000);
    const children = Array.from({ length: 5 }, () =>
      startProgram(
        `process.once('message', async () => {
           const store = await openStore({ databaseUrl: ${JSON.stringify(database.url.href)}, log });
           await store.close();
           process.disconnect();
         });
         process.send('ready');`,
      ),
    );
    const ends = children.map((child) => once(child, 'exit'));
    await Promise.all(children.map((child) => once(child, 'message')));
    for (const child of children) child.send('go');
    assert.deepEqual(
      (await Promise.all(ends)).map(([code]) => code),
      [0, 0, 0, 0, 0],
    );
    const { rows } = await database.query('select count(*)::int as count, max(version) from parallel_run.migrations');
    assert.equal(rows[0].count, rows[0].max);
    assert.equal((await database.query('select from parallel_run.audit_head')).rowCount, 1);
  });

  it('that is newer than the program keeps the program out, and stays as it is', async () => {
    await (await openStore({ databaseUrl: database.url.href, log })).close();
    await database.query(`insert into parallel_run.migrations values (9999, '9999-later.sql', '', now())`);
    await assert.rejects(openStore({ databaseUrl: database.url.href, log }), {
      message: /^The database is at schema version 9999, and this program knows only \d+: start the newer program\.$/,
    });
  });

  it('is left as it was when the connection is lost while it is made', async () => {
    await database.query('begin; select pg_advisory_xact_lock(7027314155)');
    const opening = openStore({ databaseUrl: database.url.href, log });
    const failed = assert.rejects(opening, /terminat/i);
    const ended = `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`;
    while ((await database.query(ended)).rowCount === 0) await new Promise(setImmediate);
    await failed;
    await database.query('commit');
    assert.equal((await database.query(`select to_regnamespace('parallel_run') as schema`)).rows[0].schema, null);
    await (await openStore({ databaseUrl: database.url.href, log })).close();
  });

  describe('with a login for the application and another for the owner', () => {
    let login: string;
    beforeEach(async () => {
      login = `${database.url.pathname.slice(1)}_login`;
      await database.query(`create role ${login} login`);
    });
    afterEach(async () => {
      await database.query(`drop owned by ${login}; drop role ${login}`);
    });
    const urls = () => {
      const url = new URL(database.url);
      url.username = login;
      return { databaseUrl: url.href, ownerDatabaseUrl: database.url.href };
    };

    it('works with the rights of the application only', async () => {
      await (await openStore({ databaseUrl: database.url.href, log })).close();
      await database.query(`grant parallel_run_application to ${login}`);
      const store = await openStore({ ...urls(), log });
      await store.transaction((tx) => tx.audit.append(anEntry));
      assert.equal((await store.transaction((tx) => tx.audit.verify())).ok, true);
      await store.close();
    });

    it('says which right the login lacks', async () => {
      await assert.rejects(openStore({ ...urls(), log }), {
        message:
          'The login of DATABASE_URL may not act as parallel_run_application. Have an administrator run: ' +
          'GRANT parallel_run_application TO <the login of DATABASE_URL>;',
      });
    });

    it('says what to run when the owner may not set up the role', async () => {
      await (await openStore({ databaseUrl: database.url.href, log })).close();
      await assert.rejects(openStore({ databaseUrl: urls().databaseUrl, log }), {
        message: /^The role parallel_run_application can't be set up by this login\. Have an administrator run: /,
      });
    });
  });
});

describe('a store whose server fails', () => {
  const opened = shareStore(openServerStore);
  let proxy: Proxy;
  let store: Store;
  const deadlineMilliseconds = 700;

  beforeEach(async () => {
    const url = new URL(opened().url);
    proxy = await startProxy({ host: url.hostname, port: Number(url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    store = await openStore({ databaseUrl: url.href, connections: 2, deadlineMilliseconds, log });
  });
  afterEach(async () => {
    await store.close();
    await proxy.close();
  });

  const killSessions = () =>
    opened().owner(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'parallel-run'`,
    );
  /** Read past the stores: their pools lost their idle sessions, too. */
  const written = async (): Promise<unknown> =>
    (
      await opened().owner(
        'select (select count(*)::int from runs) as runs, (select count(*)::int from audit) as entries',
      )
    )[0];
  const unavailable = { name: 'StoreUnavailableError' };
  const works = () => store.transaction((tx) => tx.runs.save(aRun({ id: crypto.randomUUID() })));
  /** A pool may still hold a connection whose end it has not heard of: that costs one transaction each at most. */
  const recovers = async () => {
    for (let lost = 0; lost < 2; lost += 1) {
      try {
        await works();
        return;
      } catch (error) {
        assert.equal((error as Error).name, 'StoreUnavailableError');
      }
    }
    await works();
  };

  it('loses a transaction whose session is ended in its midst, whole, and goes on', async () => {
    const lost = store.transaction(async (tx) => {
      await tx.runs.save(aRun());
      await tx.audit.append(anEntry);
      await killSessions();
      await tx.outbox.post(aMessage(), later(0));
    });
    await assert.rejects(lost, unavailable);
    assert.deepEqual(await written(), { runs: 0, entries: 0 });
    await recovers();
  });

  it('loses a transaction whose session is ended just before its commit', async () => {
    const lost = store.transaction(async (tx) => {
      await tx.runs.save(aRun());
      await killSessions();
    });
    await assert.rejects(lost, unavailable);
    assert.deepEqual(await written(), { runs: 0, entries: 0 });
    await recovers();
  });

  it('goes on when sessions end that nobody uses at the moment', async () => {
    await works();
    await killSessions();
    await recovers();
  });

  it('is unavailable while the server is down, and goes on when it is back', async () => {
    await works();
    proxy.cut();
    for (let times = 0; times < 3; times += 1) await assert.rejects(works(), unavailable);
    proxy.pass();
    await recovers();
  });

  it('gives up in time when nothing comes through any more, and goes on when it does again', async () => {
    await works();
    proxy.swallow();
    const start = performance.now();
    await assert.rejects(works(), { ...unavailable, message: 'The database took longer than 0.7 s.' });
    assert.ok(performance.now() - start < deadlineMilliseconds + 1_000);
    proxy.pass();
    await recovers();
  });

  it('gives up in time on a new connection that nothing comes through', async function () {
    this.timeout(15_000);
    proxy.cut();
    await assert.rejects(works(), unavailable);
    proxy.swallow();
    const start = performance.now();
    await assert.rejects(works(), unavailable);
    assert.ok(performance.now() - start < 6_500);
    proxy.pass();
    await recovers();
  });

  it('leaves no lock behind for long when its process freezes', async function () {
    this.timeout(30_000);
    const child = startProgram(
      `const store = await openStore({ databaseUrl: ${JSON.stringify(opened().url)}, deadlineMilliseconds: 700, log });
       await store.transaction(async (tx) => {
         await tx.audit.append(${JSON.stringify(anEntry)});
         process.send('holding');
         await new Promise(() => {});
       });`,
    );
    await once(child, 'message');
    child.kill('SIGSTOP');
    try {
      const row = await opened().store.transaction((tx) => tx.audit.append({ ...anEntry, action: 'next' }));
      assert.deepEqual([row.sequence, row.action], [1, 'next']);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});
