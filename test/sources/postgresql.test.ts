import assert from 'node:assert/strict';
import { emptyDatabase } from '../support/embedded-database.ts';
import type { HashedRows, Source } from '../../src/core/sources.ts';
import { createEmbeddedPool } from '../../src/postgresql/embedded.ts';
import { createSource } from '../../src/sources/create-source.ts';
import { refuses } from '../contracts/source.ts';

const settings = { kind: 'postgresql', title: 'Legacy', statementTimeoutSeconds: 60, connections: 1 } as const;

// One session in this process: it can be read, and nothing can be done beside it. The whole contract is held by
// postgresql.postgres.test.ts.
describe('a source: an embedded PostgreSQL, as the sample has it', () => {
  let source: Source;
  let close: () => Promise<void>;
  before(async () => {
    const db = await emptyDatabase();
    await db.exec(
      `CREATE TABLE people (id integer, pay numeric(12, 2)); INSERT INTO people VALUES (1, 1.50), (2, NULL)`,
    );
    const pool = createEmbeddedPool(db);
    source = createSource({ ...settings, url: 'postgresql://sample/legacy' }, { pool });
    close = async () => {
      await source.close();
      await pool.end();
      await db.close();
    };
  });
  after(() => close());

  it('gives every value as text, keeping its scale, and NULL as null', async () => {
    const snapshot = await source.open();
    assert.deepEqual((await snapshot.query('SELECT id, pay FROM people ORDER BY id')).rows, [
      ['1', '1.50'],
      ['2', null],
    ]);
    await snapshot.close();
  });
  it('goes on after a query that failed, and refuses to write', async () => {
    const snapshot = await source.open();
    await refuses(snapshot.query('SELECT nope FROM people'), 'query', /nope/);
    await refuses(snapshot.query('DELETE FROM people'), 'query', /read-only/);
    assert.deepEqual((await snapshot.query('SELECT count(*) AS value FROM people')).rows, [['2']]);
    await snapshot.close();
  });
  it('gives rows in more parts than it packs in one pass, each in the part that it is mixed in', async () => {
    const snapshot = await source.open();
    const [{ name: way } = { name: '' }] = await snapshot.hashWays();
    const parts = 1_024;
    for (const type of ['bigint', 'text']) {
      const hashed: HashedRows = {
        sql: `SELECT CAST(id AS ${type}) AS id FROM generate_series(1, 3000) AS ids (id)`,
        way,
        key: [{ name: 'id', form: type === 'bigint' ? 'integer' : 'text', delimited: true }],
        values: [],
      };
      const { rows, mixes } = await snapshot.mixParts(hashed, parts);
      const given = new Map<number, readonly [number, bigint]>();
      for await (const { part, hashes } of snapshot.hashParts(hashed, parts)) {
        assert.ok(!given.has(part), `part ${part} comes once`);
        given.set(part, [hashes.length, hashes.reduce((mix, hash) => mix ^ hash, 0n)]);
      }
      assert.deepEqual(
        Array.from({ length: parts }, (_, part) => given.get(part)),
        Array.from(rows, (count, part) => [count, mixes[part]]),
      );
    }
    await snapshot.close();
  });
  it('opens again and again on its one connection', async () => {
    for (let round = 0; round < 3; round += 1) await (await source.open()).close();
  });
});

describe('a PostgreSQL source', () => {
  it('says that an address is none, without repeating it', () =>
    assert.throws(
      () => createSource({ ...settings, url: 'postgresql://ana:hunter2@[bad' }),
      (error: Error) => /not a PostgreSQL URL/.test(error.message) && !error.message.includes('hunter2'),
    ));
  it('says which server it can not reach, without the password', async () => {
    const source = createSource({ ...settings, url: 'postgresql://ana:hunter2@127.0.0.1:9/legacy' });
    await assert.rejects(source.open(), (error: Error) => {
      assert.match(error.message, /Legacy can't be reached at 127\.0\.0\.1:9\/legacy/);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
    await source.close();
  });
});
