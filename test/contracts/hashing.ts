import assert from 'node:assert/strict';
import type { HashedColumn, HashedEntries, HashedRows, HashWay, Snapshot, Source } from '../../src/core/sources.ts';

/** Ids and hashes, in the order of the ids. */
export function entriesOf({ ids, hashes }: HashedEntries): { id: bigint; hash: bigint }[] {
  return Array.from(ids, (id, index) => ({ id, hash: hashes[index] ?? 0n })).sort((one, other) =>
    one.id < other.id ? -1 : 1,
  );
}

const numbers = (count: number): string =>
  `SELECT CAST(number AS integer) AS id, CAST(number AS varchar) AS word FROM generate_series(1, ${count}) AS numbers (number)`;
const column = (name: string, form: string, more: Partial<HashedColumn> = {}): HashedColumn => ({
  name,
  form,
  delimited: form === 'text',
  ...more,
});

/** A snapshot is asked one thing at a time. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** What hashing rows means, whatever the system: `source` is asked for rows that a query makes of nothing. */
export function hashingContract(name: string, make: () => Promise<{ source: Source; close(): Promise<void> }>): void {
  describe(`hashing the rows of ${name}`, function () {
    this.timeout(30_000);
    let system: Awaited<ReturnType<typeof make>>;
    let snapshot: Snapshot;
    let given: readonly HashWay[];
    let ways: readonly string[];
    before(async () => {
      system = await make();
      snapshot = await system.source.open();
      given = await snapshot.hashWays();
      ways = given.map(({ name }) => name);
    });
    after(async () => {
      await snapshot?.close();
      await system?.close();
    });

    const rowsOf = (sql: string, way = 'md5', values = [column('word', 'text')]): HashedRows => ({
      sql,
      way,
      key: [column('id', 'integer')],
      values,
    });
    const inParts = async (rows: HashedRows, parts: number) => {
      const read: ReturnType<typeof entriesOf>[] = [];
      for await (const part of snapshot.hashParts(rows, parts)) read[part.part] = entriesOf(part);
      return read;
    };
    const hashed = async (rows: HashedRows) => (await inParts(rows, 1))[0] ?? [];
    const one = (id: string, word: string): string =>
      `SELECT CAST(${id} AS integer) AS id, CAST(${word} AS varchar) AS word`;

    it('knows a way that every system knows', () => assert.equal(ways.at(-1), 'md5'));

    it('gives each row with a key once, by its key, in whatever parts', async () => {
      for (const way of ways) {
        const rows = rowsOf(numbers(500), way);
        const all = await hashed(rows);
        assert.deepEqual(
          all.map(({ id }) => Number(id)),
          Array.from({ length: 500 }, (_, index) => index + 1),
        );
        const parts = await inParts(rows, 4);
        assert.equal(parts.length, 4);
        assert.deepEqual(
          parts.flat().sort((one, other) => (one.id < other.id ? -1 : 1)),
          all,
        );
        assert.ok(
          parts.every((part) => part.length > 80),
          'about as many in each',
        );
      }
    });
    it('gives a part without rows too, so that parts of two systems meet', async () => {
      for (const way of ways) {
        for (const count of [0, 1, 3]) {
          const parts = await inParts(rowsOf(numbers(count), way), 64);
          assert.deepEqual([parts.length, parts.flat().length], [64, count]);
        }
      }
    });
    it('gives a column of doubles that is read as its text, also where the other system’s is any text', async () => {
      const sql = `SELECT CAST(id AS integer) AS id, CAST(pay AS float8) AS pay
        FROM (VALUES (1, 12.5), (2, NULL), (3, 0)) AS given (id, pay)`;
      for (const way of ways) {
        for (const delimited of [false, true]) {
          const read = [column('pay', 'text', { delimited })];
          const { ids, read: found } = await snapshot.hashRows({ ...rowsOf(sql, way, []), read }, { first: 10 });
          const values = Array.from(ids, (id, row) => [Number(id), found[0]?.valueOf(row)]);
          assert.deepEqual(
            new Map(values as [number, string | null][]),
            new Map([
              [1, '12.5'],
              [2, null],
              [3, '0'],
            ]),
          );
        }
      }
    });
    it('mixes the hashes of each part', async () => {
      for (const way of ways) {
        const rows = rowsOf(numbers(500), way);
        const mixes = await snapshot.mixParts(rows, 32);
        const expected = (await inParts(rows, 32)).map((entries) => ({
          rows: entries.length,
          mix: entries.reduce((mix, { hash }) => mix ^ hash, 0n),
        }));
        const found = Array.from(mixes.rows, (count, part) => ({ rows: count, mix: mixes.mixes[part] }));
        assert.deepEqual(found, expected);
      }
    });
    it('gives the same row the same hash, and another one another', async () => {
      for (const way of ways) {
        const hashOf = async (id: string, word: string) => (await hashed(rowsOf(one(id, word), way)))[0]?.hash;
        assert.equal(await hashOf('1', "'a'"), await hashOf('1', "'a'"));
        const others = [
          ['2', "'a'"],
          ['1', "'b'"],
          ['1', "'a '"],
          ['1', "''"],
          ['1', 'NULL'],
          ['1', "'NULL'"],
          ['1', "'0:'"],
        ];
        const hashes = await inTurn(others, ([id = '', word = '']) => hashOf(id, word));
        assert.equal(new Set([...hashes, await hashOf('1', "'a'")]).size, others.length + 1);
      }
    });
    it('is not misled by a separator that moved from one column into the other', async () => {
      const values = [column('word', 'text'), column('other', 'text')];
      for (const way of ways) {
        const hashOf = async (word: string, other: string) =>
          (await hashed(rowsOf(`SELECT 1 AS id, '${word}' AS word, '${other}' AS other`, way, values)))[0]?.hash;
        assert.notEqual(await hashOf('a|1:b', 'c'), await hashOf('a', 'b|1:c'));
        assert.notEqual(await hashOf('a', 'b'), await hashOf('b', 'a'));
        assert.notEqual(await hashOf('a|', ''), await hashOf('a', '|'));
      }
    });
    it('leaves rows without a key out, and finds them when they are asked for', async () => {
      const rows = rowsOf(`SELECT * FROM (VALUES (1, 'a'), (NULL, 'b')) AS given (id, word)`);
      assert.equal((await hashed(rows)).length, 1);
      const read: unknown[] = [];
      for await (const batch of snapshot.readInOrder(rows.sql, ['id', 'word'], 1, { hashed: rows, which: 'nulls' })) {
        read.push(...batch);
      }
      assert.deepEqual(read, [[null, 'b']]);
    });
    it('finds rows again by their ids, also where the key is no number, and where it is told, too', async () => {
      const rows: HashedRows = { ...rowsOf(numbers(50)), key: [column('word', 'text')], values: [] };
      for (const { name: way } of given.filter(({ wholeNumbersOnly }) => !wholeNumbersOnly)) {
        const all = await hashed({ ...rows, way });
        const ids = all.slice(10, 13).map(({ id }) => id);
        const readOf = async (keys?: readonly string[]) => {
          const within = { hashed: { ...rows, way }, which: { ids, keys } };
          const read: string[] = [];
          for await (const batch of snapshot.readInOrder(rows.sql, ['word'], 1, within)) {
            read.push(...batch.map(([word]) => word ?? ''));
          }
          return read;
        };
        const read = await readOf();
        assert.equal(read.length, 3);
        assert.equal(all.length, 50);
        assert.deepEqual(await readOf(read), read);
      }
    });
    it('puts codes in common terms, and one that has none in nobody else’s', async () => {
      const codes = { a: 'x', "it's": 'y' };
      const mapped = (side: 'legacy' | 'new') => [column('word', 'text', { mapping: { codes, side } })];
      for (const way of ways) {
        const hashOf = async (word: string, values = [column('word', 'text')]) =>
          (await hashed(rowsOf(one('1', word), way, values)))[0]?.hash;
        assert.equal(await hashOf("'a'", mapped('legacy')), await hashOf("'x'"));
        assert.equal(await hashOf("'it''s'", mapped('legacy')), await hashOf("'y'"));
        assert.equal(await hashOf('NULL', mapped('legacy')), await hashOf('NULL'));
        assert.notEqual(await hashOf("'q'", mapped('legacy')), await hashOf("'q'"));
        assert.notEqual(await hashOf("'q'", mapped('legacy')), await hashOf("'q'", mapped('new')));
      }
    });
    it('says by md5 what every other system says', async () => {
      const values = [
        column('word', 'text'),
        column('pay', 'text', { delimited: false }),
        column('day', 'text', { delimited: false }),
      ];
      const sql = `SELECT CAST(7 AS integer) AS id, 'Zoë' AS word, CAST('1.50' AS decimal(10, 2)) AS pay, CAST(NULL AS date) AS day`;
      // The first 60 bits of md5('7|4:Zoë|1.5||').
      assert.deepEqual(await hashed(rowsOf(sql, 'md5', values)), [{ id: 7n, hash: 0xf6251514bf5afbdn }]);
    });
  });
}
