import assert from 'node:assert/strict';
import type { Side } from '../../../src/core/sources.ts';
import { openTwoSystems, type TwoSystems } from '../../support/two-systems.ts';
import { aComparison, compare } from './pairings.ts';

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
});
