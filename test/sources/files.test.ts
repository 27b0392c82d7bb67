import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createSource } from '../../src/sources/create-source.ts';
import { refuses, sourceContract } from '../contracts/source.ts';

const csv = 'id,name,pay\n1,Ana,1.50\n2,Béa,2.25\n3,,3.00\n';
const slow = 'SELECT count(*) AS value FROM range(100000) AS a (x), range(10000000) AS b (y) WHERE (a.x * b.y) % 7 = 3';
type Types = Readonly<Record<string, string>>;
const sourceOf = (path: string, types: Types = {}, statementTimeoutSeconds = 60) =>
  createSource({ kind: 'files', title: 'Exports', files: { people: { path, types } }, statementTimeoutSeconds });

async function writeParquet(path: string, query: string): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

sourceContract('CSV files', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'csv-source-'));
  const path = join(directory, 'people.csv');
  await writeFile(path, csv);
  return {
    source: sourceOf(path),
    hurried: sourceOf(path, {}, 1),
    pay: 'CAST(pay AS DECIMAL(12, 2))',
    slow,
    write: async () => {
      await writeFile(join(directory, 'draft'), `${csv}4,Dan,4.00\n`);
      await rename(join(directory, 'draft'), path);
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
});

sourceContract('Parquet files', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'parquet-source-'));
  const path = join(directory, 'people.parquet');
  const rows = `SELECT * FROM (VALUES (1, 'Ana', 1.50::DECIMAL(12, 2)), (2, 'Béa', 2.25), (3, NULL, 3.00)) AS t (id, name, pay)`;
  await writeParquet(path, rows);
  return {
    source: sourceOf(path),
    hurried: sourceOf(path, {}, 1),
    pay: 'pay',
    slow,
    write: async () => {
      await writeParquet(join(directory, 'draft'), `${rows} UNION ALL SELECT 4, 'Dan', 4.00`);
      await rename(join(directory, 'draft'), path);
    },
    close: () => rm(directory, { recursive: true, force: true }),
  };
});

describe('a CSV or Parquet file', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'files-source-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(directory, name), text);
    return join(directory, name);
  };

  it('is never guessed at: what looks like a number stays the text that it is', async () => {
    const path = await file('people.csv', 'code,pay\n007,84200.10\n008,1e3\n');
    const snapshot = await sourceOf(path).open();
    assert.deepEqual((await snapshot.query('SELECT code, pay FROM people ORDER BY code')).rows, [
      ['007', '84200.10'],
      ['008', '1e3'],
    ]);
    assert.deepEqual((await snapshot.query('SELECT DISTINCT typeof(pay) AS type FROM people')).rows, [['VARCHAR']]);
    await snapshot.close();
  });
  it('has the types that the playbook names', async () => {
    const path = await file('people.csv', 'pay\n84200.10\n0.20\n');
    const snapshot = await sourceOf(path, { pay: 'DECIMAL(12, 2)' }).open();
    assert.deepEqual((await snapshot.query('SELECT sum(pay) AS value FROM people')).rows, [['84200.30']]);
    await snapshot.close();
  });
  it('says which column does not hold the type that the playbook names, without the value', async () => {
    const path = await file('people.csv', 'pay\nhunter2\n');
    await assert.rejects(sourceOf(path, { pay: 'DECIMAL(12, 2)' }).open(), (error: Error) => {
      assert.match(error.message, /pay of .*people\.csv can't be read as DECIMAL/);
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
    await refuses(sourceOf(path, { salary: 'BIGINT' }).open(), 'query', /no such column/);
  });
  it('that is not there yet holds the run', () =>
    refuses(sourceOf(join(directory, 'none.csv')).open(), 'busy', /not there/));
  for (const torn of ['4,"Da', '4,Da', '4,"Dan","1', '4,Dan,84']) {
    it(`whose last line is torn off holds the run: ${torn}`, async () => {
      const path = await file('people.csv', csv);
      await appendFile(path, torn);
      await refuses(sourceOf(path).open(), 'busy', /not written to its end/);
    });
  }
  it('that is empty holds the run', async () =>
    refuses(sourceOf(await file('people.csv', '')).open(), 'busy', /not written to its end/));
  it('without its end, in Parquet, holds the run', async () => {
    const path = await file('people.parquet', 'PAR1 and then nothing');
    await refuses(sourceOf(path).open(), 'busy', /not written to its end/);
  });
  it('gives a query no way to other files', async () => {
    const path = await file('people.csv', csv);
    const snapshot = await sourceOf(path).open();
    await refuses(snapshot.query(`SELECT * FROM read_csv('${path}')`), 'query');
    await snapshot.close();
  });
});
