import assert from 'node:assert/strict';
import { type Side, sides, type Snapshot, type Source } from '../../../src/core/sources.ts';
import { openTwoSystems, type TwoSystems } from '../../support/two-systems.ts';
import { aComparison, compare } from './pairings.ts';

/** The same source, which notes how many rows are hashed at once. */
function counting(source: Source, read: number[]): Source {
  const counted = (snapshot: Snapshot): Snapshot =>
    new Proxy(snapshot, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        if (name !== 'hashRows') return member.bind(target);
        return async (...asked: Parameters<Snapshot['hashRows']>) => {
          const entries = await target.hashRows(...asked);
          read.push(entries.ids.length);
          return entries;
        };
      },
    });
  return { ...source, open: async (signal) => counted(await source.open(signal)) };
}

describe('The rows of two tables with a primary key, in its order', function () {
  this.timeout(60_000);
  let systems: TwoSystems;
  const count = 60_000;
  const write = (side: Side, change: string, keys = 'number'): Promise<void> =>
    systems.write(
      side,
      'DROP TABLE IF EXISTS people',
      `CREATE TABLE people AS SELECT CAST(${keys} AS bigint) AS id, 'Person ' || number AS name, ${change} AS pay
       FROM generate_series(1, ${count}) AS numbers (number) ORDER BY 1`,
      'ALTER TABLE people ADD PRIMARY KEY (id)',
      'ANALYZE people',
    );
  before(async () => {
    systems = await openTwoSystems({ legacy: 'postgresql', new: 'postgresql' });
  });
  after(() => systems?.close());

  it('are compared range by range: all agree', async () => {
    await write('legacy', 'number % 77');
    await write('new', 'number % 77');
    const result = await compare(systems, aComparison());
    assert.deepEqual([result.verdict, result.agree], ['pass', count]);
  });
  it('are compared range by range until a limit is reached', async () => {
    await write('legacy', 'number % 77');
    await write('new', 'number % 77 + 1');
    const result = await compare(systems, aComparison({ limits: { differing: '50' } }));
    assert.equal(result.verdict, 'fail');
    assert.match(result.reason, /more than 50 %/);
    assert.ok(result.differ >= 10_000 && result.differ < count, String(result.differ));
  });
  it('are found where few differ, where many do, before the first key, after the last and across a gap', async () => {
    const keys =
      'CASE WHEN number = 1 THEN -5000000 WHEN number = 60000 THEN 9000000000000000000 ELSE number * 1000 END';
    await write('legacy', 'number % 77', keys);
    await write(
      'new',
      'number % 77 + CASE WHEN number IN (1, 500, 60000) OR number BETWEEN 30000 AND 50000 THEN 1 ELSE 0 END',
      keys,
    );
    await systems.write('new', 'DELETE FROM people WHERE id = 777000', 'INSERT INTO people VALUES (777001, NULL, 1)');
    const result = await compare(systems, aComparison());
    assert.deepEqual([result.differ, result.only, result.agree], [20_004, { legacy: 1, new: 1 }, count - 20_005]);
    assert.equal(result.columns.find(({ column }) => column === 'pay')?.differ, 20_004);
  });
  for (const [where, grown] of [
    ['', sides],
    [' on one side alone', ['new']],
  ] as const) {
    it(`are not read all at once where as many were added since the server made its statistics${where}`, async () => {
      for (const side of sides) await write(side, 'number % 77');
      for (const side of grown) {
        await systems.write(
          side,
          `INSERT INTO people SELECT ${count} + number, 'Person ' || number, ${side === 'new' ? 'number % 3' : '1'}
           FROM generate_series(1, ${count}) AS numbers (number)`,
        );
      }
      const read: number[] = [];
      const { legacy, new: now } = systems.sources;
      const sources = { legacy: counting(legacy, read), new: counting(now, read) };
      const { agree, differ, only } = await compare({ ...systems, sources }, aComparison());
      const inBoth = grown.length === sides.length;
      assert.deepEqual([agree, differ], inBoth ? [(4 * count) / 3, (2 * count) / 3] : [count, 0]);
      assert.deepEqual(only, { legacy: 0, new: inBoth ? 0 : count });
      const most = Math.max(...read);
      assert.ok(most > 0 && most <= 40_000, `${most} rows at once`);
    });
  }
  it('are read in the columns that differ, and as a whole where another differs too, or alone', async () => {
    for (const side of sides) {
      await write(side, side === 'new' ? 'number % 77 + CASE WHEN number <= 20000 THEN 1 ELSE 0 END' : 'number % 77');
      await systems.write(
        side,
        "ALTER TABLE people ADD COLUMN team text DEFAULT 'A', ADD COLUMN city text DEFAULT 'B', ADD COLUMN zip text",
      );
    }
    await systems.write(
      'new',
      "UPDATE people SET name = 'Other' WHERE id IN (15000, 59000)",
      "UPDATE people SET zip = '10115' WHERE id = 18000",
      'VACUUM ANALYZE people',
    );
    const { differ, columns, causes } = await compare(
      systems,
      aComparison({ segments: [{ column: 'team', part: 'value' }] }),
    );
    assert.equal(differ, 20_001);
    assert.deepEqual(
      columns.map((column) => [column.column, column.differ]),
      [
        ['name', 2],
        ['pay', 20_000],
        ['team', 0],
        ['city', 0],
        ['zip', 1],
      ],
    );
    const pays = causes.find(({ column }) => column === 'pay');
    assert.deepEqual([pays?.rows, pays?.pattern?.kind, pays?.segments[0]?.value], [20_000, 'offset', 'A']);
  });
});

describe('The rows of a PostgreSQL table with a primary key and of a DuckDB file', function () {
  this.timeout(60_000);
  let systems: TwoSystems;
  const count = 30_000;
  const made = `SELECT CAST(number * 10 AS bigint) AS id, concat('Person ', number) AS name,
      CAST(number % 77 AS numeric(12, 2)) AS pay, DATE '2026-01-01' AS hired
    FROM generate_series(1, ${count}) AS numbers (number)`;
  before(async () => {
    systems = await openTwoSystems({ legacy: 'postgresql', new: 'duckdb' });
    await systems.write(
      'legacy',
      `CREATE TABLE people AS ${made} ORDER BY 1`,
      'ALTER TABLE people ADD PRIMARY KEY (id)',
      'ANALYZE people',
    );
    await systems.write('new', `CREATE TABLE people AS ${made}`);
  });
  after(() => systems?.close());

  it('are compared in the ranges of the one, and hashed alike: all agree', async () => {
    const result = await compare(systems, aComparison());
    assert.deepEqual([result.verdict, result.agree, result.unread], ['pass', count, 0]);
    assert.match(result.evidence.way ?? '', /^postgresql /);
    assert.equal(result.evidence.checksums?.legacy, result.evidence.checksums?.new);
  });
  it('are found where they differ, are missing, have NULL or stand twice in the file', async () => {
    await systems.write(
      'new',
      'UPDATE people SET pay = -pay WHERE id = 5010',
      'UPDATE people SET hired = NULL WHERE id = 90000',
      'DELETE FROM people WHERE id = 70',
      'INSERT INTO people SELECT * FROM people WHERE id IN (100, 200000)',
      "INSERT INTO people VALUES (3000000000000, NULL, 1, NULL), (NULL, 'nobody', 1, NULL)",
    );
    const result = await compare(systems, aComparison());
    assert.deepEqual(
      [result.differ, result.only, result.repeated.keys, result.nullKeys],
      [2, { legacy: 1, new: 1 }, 2, { legacy: 0, new: 1 }],
    );
    assert.equal(result.agree, count - 5);
  });
  it('are found where one in a hundred is missing in the file, so that nothing is there in the ranges that differ', async () => {
    await systems.write(
      'new',
      'DROP TABLE people',
      `CREATE TABLE people AS ${made}`,
      'DELETE FROM people WHERE id % 1000 = 20',
    );
    const result = await compare(systems, aComparison());
    assert.deepEqual([result.verdict, result.only, result.agree], ['fail', { legacy: 300, new: 0 }, count - 300]);
  });
  it('are found where one stands there three times beside another that differs', async () => {
    const bases = Array.from({ length: 12 }, (_, index) => 10_000 + index * 20_000);
    const behind = bases.map((id) => id + 400);
    await systems.write(
      'new',
      'DROP TABLE people',
      `CREATE TABLE people AS ${made}`,
      `UPDATE people SET pay = pay + 1 WHERE id IN (${bases.join(', ')})`,
      `INSERT INTO people SELECT * FROM people WHERE id IN (${behind.join(', ')})`,
      `INSERT INTO people SELECT DISTINCT * FROM people WHERE id IN (${behind.join(', ')})`,
    );
    const result = await compare(systems, aComparison());
    assert.deepEqual([result.differ, result.repeated.keys, result.agree], [12, 12, count - 24]);
  });
});
