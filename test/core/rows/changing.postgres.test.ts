import assert from 'node:assert/strict';
import { measureRows } from '../../../src/core/rows/measure-rows.ts';
import { createSource } from '../../../src/sources/create-source.ts';
import { createDatabase } from '../../support/postgres-server.ts';

const count = 30_000;
const comparison = {
  name: 'people',
  title: 'People',
  legacy: 'SELECT * FROM people',
  new: 'SELECT * FROM people',
  key: ['id'],
  agreement: '100',
  ignore: [],
  columns: {},
  limits: {},
  segments: [],
  noun: ['person', 'people'] as const,
};

describe('Rows that are changed while they are read', function () {
  this.timeout(60_000);
  const databases: Awaited<ReturnType<typeof createDatabase>>[] = [];
  before(async () => {
    for (let index = 0; index < 2; index += 1) {
      const database = await createDatabase();
      databases.push(database);
      await database.query(
        `create table people as select id::bigint, id % 7 as pay from generate_series(1, ${count}) as ids (id)`,
      );
      await database.query('alter table people add primary key (id)');
      await database.query('analyze people');
    }
  });
  after(async () => {
    for (const database of databases) await database.drop();
  });

  for (const [way, hashFrom] of [
    ['by their hashes', 0],
    ['all of them', Number.POSITIVE_INFINITY],
  ] as const) {
    it(`are compared as they were when it began, ${way}`, async () => {
      const sources = databases.map(({ url }) =>
        createSource({
          kind: 'postgresql',
          title: 'A server',
          url: url.href,
          statementTimeoutSeconds: 60,
          connections: 1,
        }),
      );
      const [legacy, now] = await Promise.all(sources.map((source) => source.open()));
      assert.ok(legacy !== undefined && now !== undefined);
      let changed = false;
      // Each further look of the bot finds more rows changed, and none of it is in its snapshots.
      const change = async (): Promise<void> => {
        await databases[1]?.query('update people set pay = pay + 1 where id % 3 = 0');
        await databases[1]?.query(`delete from people where id = ${count}`);
        changed = true;
      };
      const describe = now.describe.bind(now);
      now.describe = async (sql) => {
        const columns = await describe(sql);
        await change();
        return columns;
      };
      const { result } = await measureRows(
        comparison,
        { legacy, new: now },
        { toExplain: [], progress: () => undefined, signal: new AbortController().signal, hashFrom },
      );
      assert.ok(changed, 'somebody wrote meanwhile');
      assert.deepEqual([result.verdict, result.agree], ['pass', count]);
      await Promise.all(sources.map((source) => source.close()));
      await databases[1]?.query(`update people set pay = id % 7; insert into people values (${count}, ${count} % 7)`);
    });
  }
});
