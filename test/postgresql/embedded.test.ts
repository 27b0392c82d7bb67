import assert from 'node:assert/strict';
import v8 from 'node:v8';
import vm from 'node:vm';
import type { PGlite } from '@electric-sql/pglite';
import type pg from 'pg';
import { createEmbeddedPool } from '../../src/postgresql/embedded.ts';
import { emptyDatabase } from '../support/embedded-database.ts';

describe('An embedded database behind a pool', () => {
  let db: PGlite;
  let pool: pg.Pool;
  before(async () => {
    db = await emptyDatabase();
    pool = createEmbeddedPool(db);
  });
  after(async () => {
    await pool.end();
    await db.close();
  });

  it('keeps nothing of what it answered', async () => {
    v8.setFlagsFromString('--expose-gc');
    const collect = vm.runInNewContext('gc') as () => void;
    const megabytesHeld = async (answers: number): Promise<number> => {
      for (let asked = 0; asked < answers; asked += 1) {
        await pool.query("select repeat('x', 1000) from generate_series(1, 1000)");
      }
      collect();
      return process.memoryUsage().heapUsed / 1_000_000;
    };
    const before = await megabytesHeld(1);
    assert.ok((await megabytesHeld(20)) - before < 5, 'of twenty answers of a megabyte');
  });
  it('goes on after a query with values that fails, as after one without', async () => {
    await assert.rejects(pool.query('select 1 / $1::integer', [0]), { code: '22012' });
    await assert.rejects(pool.query('select $1 from nowhere', [0]), { code: '42P01' });
    await assert.rejects(pool.query('select 1 / 0'), { code: '22012' });
    assert.deepEqual((await pool.query('select $1::integer as one', [1])).rows, [{ one: 1 }]);
  });
  it('answers with more than it holds at once, in the order of the questions', async () => {
    const lengths = [3_000_000, 1, 2_000_000];
    const answers = await Promise.all(lengths.map((length) => pool.query("select repeat('é', $1) as text", [length])));
    assert.deepEqual(
      answers.map(({ rows }) => String(rows[0].text).length),
      lengths,
    );
  });
});
