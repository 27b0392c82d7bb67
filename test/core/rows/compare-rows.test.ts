import assert from 'node:assert/strict';
import { SourceError } from '../../../src/core/sources.ts';
import { aComparison, compare, forEveryPairing } from './pairings.ts';

forEveryPairing((opened) => {
  const values = (...rows: readonly string[]): string =>
    `SELECT * FROM (VALUES ${rows.join(', ')}) AS given (id, word)`;

  it('pass when they are the same', async () => {
    await opened().given(values("(1, 'a')", "(2, 'b')"));
    const result = await compare(opened().systems, aComparison());
    assert.deepEqual([result.verdict, result.agree, result.rows], ['pass', 2, { legacy: 2, new: 2 }]);
  });
  it('are told apart: only in one, differing, and in which columns', async () => {
    await opened().given(
      values("(1, 'a')", "(2, 'b')", "(3, 'c')"),
      values("(2, 'B')", "(3, 'c')", "(4, 'd')", "(5, 'e')"),
    );
    const result = await compare(opened().systems, aComparison());
    assert.equal(result.verdict, 'fail');
    assert.deepEqual([result.agree, result.differ, result.only], [1, 1, { legacy: 1, new: 2 }]);
    assert.deepEqual(result.columns, [{ column: 'word', differ: 1 }]);
    assert.deepEqual(result.differences.map(({ key, what }) => `${key.join()} ${what}`).toSorted(), [
      '1 onlyLegacy',
      '2 differs',
      '4 onlyNew',
      '5 onlyNew',
    ]);
    assert.deepEqual(result.differences.find(({ what }) => what === 'differs')?.values, [
      { column: 'word', legacy: 'b', new: 'B' },
    ]);
  });
  it('differ where one has NULL and the other a text for it', async () => {
    await opened().given(values('(1, CAST(NULL AS varchar))'), values("(1, '<null>')"));
    assert.equal((await compare(opened().systems, aComparison())).differ, 1);
  });
  it('differ where a separator moved from one column into the other', async () => {
    const row = (one: string, other: string): string => `SELECT 1 AS id, '${one}' AS one, '${other}' AS other`;
    await opened().given(row('a|b', 'c'), row('a', 'b|c'));
    assert.deepEqual((await compare(opened().systems, aComparison())).columns, [
      { column: 'one', differ: 1 },
      { column: 'other', differ: 1 },
    ]);
  });
  it('differ where two rows swapped their values, though every total is the same', async () => {
    await opened().given(values("(1, 'a')", "(2, 'b')"), values("(1, 'b')", "(2, 'a')"));
    assert.equal((await compare(opened().systems, aComparison())).differ, 2);
  });
  it('agree in what is the same value: scale, -0, NaN and infinity', async () => {
    const row = (figure: string, pay: string): string =>
      `SELECT * FROM (VALUES (1, CAST('${figure}' AS float8)), (2, CAST('NaN' AS float8)), (3, CAST('Infinity' AS float8))) AS f (id, figure)
       JOIN (VALUES (1, ${pay}), (2, NULL), (3, NULL)) AS p (same, pay) ON same = id`;
    await opened().given(row('-0', "CAST('1.5' AS decimal(10, 1))"), row('0', "CAST('1.500' AS decimal(12, 3))"));
    assert.deepEqual((await compare(opened().systems, aComparison({ ignore: ['same'] }))).verdict, 'pass');
  });
  it('differ where infinity has the other sign', async () => {
    const row = (figure: string): string => `SELECT 1 AS id, CAST('${figure}' AS float8) AS figure`;
    await opened().given(row('Infinity'), row('-Infinity'));
    const tolerant = aComparison({ columns: { figure: { tolerance: { amount: '1000', unit: 'absolute' } } } });
    assert.equal((await compare(opened().systems, tolerant)).differ, 1);
  });
  it('differ where a number has the other sign, or was read without one', async () => {
    const row = (pay: string, number: string): string =>
      `SELECT 1 AS id, CAST('${pay}' AS decimal(12, 2)) AS pay, CAST('${number}' AS bigint) AS number`;
    await opened().given(row('-812.50', '-1'), row('812.50', '4294967295'));
    assert.deepEqual((await compare(opened().systems, aComparison())).columns, [
      { column: 'pay', differ: 1 },
      { column: 'number', differ: 1 },
    ]);
  });
  it('differ where a text has a blank at its end', async () => {
    await opened().given(values("(1, 'a')"), values("(1, 'a ')"));
    assert.equal((await compare(opened().systems, aComparison())).differ, 1);
  });
  it('agree in a moment that is written in two zones, and differ in the same clock time of two', async () => {
    const row = (one: string, other: string): string =>
      `SELECT 1 AS id, CAST('${one}' AS timestamptz) AS one, CAST('${other}' AS timestamptz) AS other`;
    await opened().given(
      row('2026-11-23 12:00:00+01', '2026-11-23 12:00:00+01'),
      row('2026-11-23 11:00:00+00', '2026-11-23 12:00:00+00'),
    );
    assert.deepEqual((await compare(opened().systems, aComparison())).columns, [
      { column: 'one', differ: 0 },
      { column: 'other', differ: 1 },
    ]);
  });
  it('with NULL in the key are counted, and never matched', async () => {
    await opened().given(values("(CAST(NULL AS integer), 'a')", "(2, 'b')"));
    const result = await compare(opened().systems, aComparison());
    assert.deepEqual([result.verdict, result.nullKeys, result.agree], ['fail', { legacy: 1, new: 1 }, 1]);
  });
  it('with a key that repeats are counted, and never matched', async () => {
    await opened().given(values("(1, 'a')", "(1, 'a')", "(2, 'b')"), values("(1, 'a')", "(2, 'b')"));
    const result = await compare(opened().systems, aComparison());
    assert.deepEqual([result.verdict, result.repeated], ['fail', { keys: 1, rows: { legacy: 2, new: 1 } }]);
    assert.equal(result.agree, 1);
  });
  it('are matched by keys of several columns and of any text, however a collation sorts it', async () => {
    const texts = ['a', 'B', 'Z', 'z', 'é', 'e', 'ß', '_', '-', ' ', 'ﬀ', '😀', '10', '9', ''];
    const rows = texts.flatMap((text, index) => [`('${text}', ${index})`, `('${text}', -1)`]);
    await opened().given(`SELECT * FROM (VALUES ${rows.join(', ')}) AS given (word, number)`);
    const result = await compare(opened().systems, aComparison({ key: ['word', 'number'] }));
    assert.deepEqual([result.verdict, result.agree], ['pass', 2 * texts.length]);
  });
  it('are an error where only one side has a column, unless it is ignored', async () => {
    await opened().given(`SELECT 1 AS id, 'a' AS word`, `SELECT 1 AS id, 'a' AS word, 'x' AS extra`);
    const result = await compare(opened().systems, aComparison());
    assert.equal(result.verdict, 'error');
    assert.match(result.reason, /Only the new query has the column extra/);
    assert.equal((await compare(opened().systems, aComparison({ ignore: ['extra'] }))).verdict, 'pass');
  });
  it('are an error where a key column or a table is missing, and nothing is told of them', async () => {
    await opened().given(values("(1, 'a')"), `SELECT 1 AS number, 'a' AS word`);
    const noKey = await compare(opened().systems, aComparison());
    assert.deepEqual([noKey.verdict, noKey.rows.legacy], ['error', 0]);
    assert.match(noKey.reason, /The new query has no key column id/);
    const noTable = await compare(opened().systems, aComparison({ legacy: 'SELECT * FROM nobody' }));
    assert.equal(noTable.verdict, 'error');
    assert.match(noTable.reason, /The legacy system refused the query/);
  });
  it('are an error when a query fails half-way, and nothing is told of the part that was read', async () => {
    await opened().given(`SELECT number AS id, 'a' AS word FROM generate_series(1, 20000) AS numbers (number)`);
    const result = await compare(
      opened().systems,
      aComparison({
        new: `SELECT id, CASE WHEN CAST(CASE WHEN id = 15000 THEN 'x' ELSE '1' END AS integer) = 1 THEN 'a' END AS word FROM people`,
      }),
    );
    assert.deepEqual([result.verdict, result.agree, result.rows], ['error', 0, { legacy: 0, new: 0 }]);
  });
  it('are an error when neither side has any', async () => {
    await opened().given(`SELECT 1 AS id, 'a' AS word WHERE 1 = 0`);
    const result = await compare(opened().systems, aComparison());
    assert.equal(result.verdict, 'error');
    assert.match(result.reason, /any row/);
  });
  it('pass when more agree than is asked for, and not when just as many do', async () => {
    const rows = (count: number, word: string): string =>
      `SELECT number AS id, CASE WHEN number = 1 THEN '${word}' ELSE 'a' END AS word FROM generate_series(1, ${count}) AS n (number)`;
    await opened().given(rows(200, 'a'), rows(200, 'b'));
    assert.equal((await compare(opened().systems, aComparison({ agreement: '99.5' }))).verdict, 'fail');
    assert.equal((await compare(opened().systems, aComparison({ agreement: '99.49' }))).verdict, 'pass');
    assert.equal((await compare(opened().systems, aComparison({ agreement: '100' }))).verdict, 'fail');
  });
  it('agree by a mapping, and a code that it lacks agrees with nothing', async () => {
    await opened().given(values("(1, '10')", "(2, 'X')"), values("(1, 'L1')", "(2, 'X')"));
    const mapping = { legacy: { '10': 'L1' } };
    const result = await compare(opened().systems, aComparison({ columns: { word: { mapping } } }));
    assert.deepEqual([result.agree, result.differ], [1, 1]);
  });
  it('can be left alone while they are compared', async () => {
    await opened().given(values("(1, 'a')"));
    const stopping = AbortSignal.abort();
    await assert.rejects(
      compare(opened().systems, aComparison(), { signal: stopping }),
      (error) => error instanceof SourceError && error.code === 'cancelled',
    );
  });
});
