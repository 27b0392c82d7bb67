import assert from 'node:assert/strict';
import { type Row, type Snapshot, type Source, SourceError, type SourceErrorCode } from '../../src/core/sources.ts';

/** One kind of system, with a table `people (id, name, pay)` of three rows: (1, 'Ana', 1.50), (2, 'Béa', 2.25), (3, NULL, 3.00). */
export interface SourceUnderTest {
  readonly source: Source;
  /** Another one whose statements may take a second at most. */
  readonly hurried: Source;
  /** Pays of that table, exact decimals of scale 2. */
  readonly pay: string;
  /** A query that takes far longer than a second. */
  readonly slow: string;
  /** Adds a row (4, 'Dan', 4.00) as the system's own writer would, committed or renamed into place. */
  write(): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with a SourceError of that code, whose message is a sentence that names the system. */
export async function refuses(work: Promise<unknown>, code: SourceErrorCode, message = /./): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof SourceError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    assert.match(error.message, /\.$/);
    return true;
  });
}

/** What every kind of system must do (src/core/sources.ts). */
export function sourceContract(name: string, make: () => Promise<SourceUnderTest>): void {
  describe(`a source: ${name}`, function () {
    this.timeout(30_000);
    let system: SourceUnderTest;
    before(async () => {
      system = await make();
    });
    after(async () => {
      await system?.close();
    });
    const within = async (work: (snapshot: Snapshot) => Promise<void>, source = system.source): Promise<void> => {
      const snapshot = await source.open();
      try {
        await work(snapshot);
      } finally {
        await snapshot.close();
      }
    };

    it('gives columns by name and every value as text, NULL as null', () =>
      within(async (snapshot) => {
        assert.deepEqual(await snapshot.query(`SELECT id, name, ${system.pay} AS pay FROM people ORDER BY id`), {
          columns: ['id', 'name', 'pay'],
          rows: [
            ['1', 'Ana', '1.50'],
            ['2', 'Béa', '2.25'],
            ['3', null, '3.00'],
          ],
        });
      }));
    it('keeps numbers exact that no binary float can hold', () =>
      within(async (snapshot) => {
        const sql = `SELECT CAST('9223372036854775807' AS bigint) AS a, CAST('12345678901234567890.0123456789' AS decimal(38, 10)) AS b, sum(${system.pay}) AS c FROM people`;
        assert.deepEqual((await snapshot.query(sql)).rows, [
          ['9223372036854775807', '12345678901234567890.0123456789', '6.75'],
        ]);
      }));
    it('gives a single-precision figure as short as it was written', () =>
      within(async (snapshot) => {
        const figures = ['0.1', '1.5', '16777216', '3.14159', '0.333333'];
        const sql = `SELECT ${figures.map((figure, index) => `CAST('${figure}' AS real) AS f${index}`).join(', ')}`;
        assert.deepEqual((await snapshot.query(sql)).rows[0]?.map(Number), figures.map(Number));
      }));
    it('gives a result without rows its columns', () =>
      within(async (snapshot) => {
        assert.deepEqual(await snapshot.query('SELECT id FROM people WHERE 1 = 0'), { columns: ['id'], rows: [] });
      }));
    it('goes on after a query that failed', () =>
      within(async (snapshot) => {
        await refuses(snapshot.query('SELECT nothing_of_that_name FROM people'), 'query', /nothing_of_that_name/);
        assert.deepEqual((await snapshot.query('SELECT count(*) AS value FROM people')).rows, [['3']]);
      }));
    it('refuses to write', () =>
      within(async (snapshot) => {
        await refuses(snapshot.query(`INSERT INTO people SELECT * FROM people`), 'query');
        await refuses(snapshot.query('CREATE TABLE mine AS SELECT 1 AS one'), 'query');
        await refuses(snapshot.query('DROP TABLE people'), 'query');
        assert.deepEqual((await snapshot.query('SELECT count(*) AS value FROM people')).rows, [['3']]);
      }));
    it('takes one statement at a time', () =>
      within((snapshot) => refuses(snapshot.query('SELECT 1 AS one; SELECT 2 AS two'), 'query')));
    it('takes a comment at the end and a semicolon', () =>
      within(async (snapshot) => {
        assert.deepEqual((await snapshot.query('SELECT count(*) AS value FROM people; -- all of them')).rows, [['3']]);
      }));
    describe('asked for rows in order', () => {
      const read = async (snapshot: Snapshot, sql: string, columns: readonly string[], keys: number) => {
        const batches: (readonly Row[])[] = [];
        for await (const batch of snapshot.readInOrder(sql, columns, keys)) batches.push(batch);
        return batches;
      };
      const literal = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);

      it('says what each column holds, without running the query', () =>
        within(async (snapshot) => {
          const sql = `SELECT CAST(id AS integer) AS id, name, ${system.pay} AS pay, CAST(id AS integer) > 1 AS later, CAST('2026-11-23' AS date) AS day,
            CAST('2026-11-23 12:00' AS timestamp) AS at, CAST('2026-11-23 12:00+00' AS timestamptz) AS since,
            CAST(1.5 AS float8) AS share, count(*) OVER () AS people FROM people; -- all of them`;
          const described = await snapshot.describe(sql);
          assert.deepEqual(
            described.map(({ forms }) => forms.at(-1)),
            described.map(() => 'text'),
          );
          const kinds = described.map(({ name, kind }) => ({ name, kind }));
          assert.deepEqual(kinds, [
            { name: 'id', kind: 'number' },
            { name: 'name', kind: 'text' },
            { name: 'pay', kind: 'number' },
            { name: 'later', kind: 'boolean' },
            { name: 'day', kind: 'date' },
            { name: 'at', kind: 'time' },
            { name: 'since', kind: 'instant' },
            { name: 'share', kind: 'number' },
            { name: 'people', kind: 'number' },
          ]);
        }));
      it('guesses how many rows a query gives', () =>
        within(async (snapshot) => {
          const guessed = await snapshot.estimateRows('SELECT * FROM people; -- all of them');
          assert.ok(guessed >= 1 && guessed < 5_000, String(guessed));
          await refuses(snapshot.estimateRows('SELECT * FROM nobody'), 'query', /nobody/);
        }));
      it('gives the named columns in the named order', () =>
        within(async (snapshot) => {
          const sql = `SELECT ${system.pay} AS pay, id, name FROM people WHERE CAST(id AS integer) < 4; -- ours`;
          assert.deepEqual(await read(snapshot, sql, ['id', 'pay', 'name'], 1), [
            [
              ['1', '1.5', 'Ana'],
              ['2', '2.25', 'Béa'],
              ['3', '3', null],
            ],
          ]);
        }));
      it('gives the same value the same text as every other system', () =>
        within(async (snapshot) => {
          const values: readonly (readonly [string, string | null])[] = [
            ["CAST('1.50' AS decimal(10, 2))", '1.5'],
            ["CAST('100.00' AS decimal(10, 2))", '100'],
            ["CAST('-0.00' AS decimal(10, 2))", '0'],
            ["CAST('12345678901234567890.0123456789' AS decimal(38, 10))", '12345678901234567890.0123456789'],
            ["CAST('-9223372036854775808' AS bigint)", '-9223372036854775808'],
            ["CAST('-0.0' AS float8)", '0'],
            ["CAST('100' AS float8)", '100'],
            ["CAST('0.1' AS float8)", '0.1'],
            ["CAST('1e20' AS float8)", '100000000000000000000'],
            ["CAST('1.25e-7' AS float8)", '0.000000125'],
            ["CAST('-1e15' AS float8)", '-1000000000000000'],
            ["CAST('123456789012345680' AS float8)", '123456789012345680'],
            ["CAST('NaN' AS float8)", 'NaN'],
            ["CAST('Infinity' AS float8)", 'Infinity'],
            ["CAST('-Infinity' AS float8)", '-Infinity'],
            ['CAST(NULL AS float8)', null],
            ['1 = 1', 'true'],
            ['CAST(NULL AS boolean)', null],
            ["CAST('2026-11-23' AS date)", '2026-11-23'],
            ["CAST('2026-11-23 12:00:00' AS timestamp)", '2026-11-23 12:00:00'],
            ["CAST('2026-11-23 12:00:00.500' AS timestamp)", '2026-11-23 12:00:00.5'],
            ["CAST('2026-11-23 12:00:00+02' AS timestamptz)", '2026-11-23 10:00:00+00'],
            ["CAST('2026-11-23 12:00:00.000001+00' AS timestamptz)", '2026-11-23 12:00:00.000001+00'],
            ["'  two blanks behind  '", '  two blanks behind  '],
            ["'<null>'", '<null>'],
            ["'NULL'", 'NULL'],
            ["''", ''],
          ];
          const sql = `SELECT 1 AS id, ${values.map(([value], index) => `${value} AS value_${index}`).join(', ')}`;
          const names = values.map((_, index) => `value_${index}`);
          assert.deepEqual((await read(snapshot, sql, ['id', ...names], 1))[0]?.[0], [
            '1',
            ...values.map(([, text]) => text),
          ]);
        }));
      it('sorts NULL first and texts by code points, whatever its collation', () =>
        within(async (snapshot) => {
          const sorted = [null, '', ' ', '10', '9', 'A', 'B', 'Z', 'a', 'a b', 'ab', 'b', 'é', 'ﬀ', '😀'];
          const values = sorted.toReversed().map((text) => `SELECT CAST(${literal(text)} AS varchar) AS word`);
          const [batch] = await read(snapshot, values.join(' UNION ALL '), ['word'], 1);
          assert.deepEqual(
            batch?.map(([word]) => word),
            sorted,
          );
        }));
      it('sorts by every part of the key, and gives what repeats as often as it is there', () =>
        within(async (snapshot) => {
          const sql = `SELECT * FROM (VALUES ('b', 1), ('a', 2), ('a', 1), ('a', 2)) AS given (word, number)`;
          assert.deepEqual(await read(snapshot, sql, ['word', 'number'], 2), [
            [
              ['a', '1'],
              ['a', '2'],
              ['a', '2'],
              ['b', '1'],
            ],
          ]);
        }));
      it('gives more rows than any other query may, in batches', () =>
        within(async (snapshot) => {
          const sql = `SELECT number FROM generate_series(1, 120000) AS numbers (number)`;
          const batches = await read(snapshot, sql, ['number'], 1);
          assert.equal(new Set(batches.flat().map(([number]) => number)).size, 120_000);
          assert.ok(batches.length > 10, `${batches.length} batches`);
        }));
      it('gives no batch of no rows', () =>
        within(async (snapshot) => {
          assert.deepEqual(await read(snapshot, 'SELECT id FROM people WHERE 1 = 0', ['id'], 1), []);
        }));
      it('can be left in the middle, and asked again', () =>
        within(async (snapshot) => {
          const sql = `SELECT number FROM generate_series(1, 20000) AS numbers (number)`;
          for await (const batch of snapshot.readInOrder(sql, ['number'], 1)) {
            assert.ok(batch.length > 0);
            break;
          }
          assert.deepEqual((await snapshot.query('SELECT count(*) AS value FROM people')).rows.length, 1);
          assert.equal((await read(snapshot, sql, ['number'], 1)).flat().length, 20_000);
        }));
      it('refuses a table or a column that is not there, and goes on', () =>
        within(async (snapshot) => {
          await refuses(read(snapshot, 'SELECT id FROM nobody', ['id'], 1), 'query', /nobody/);
          await refuses(read(snapshot, 'SELECT id FROM people', ['nothing'], 1), 'query', /no column nothing/);
          assert.equal(
            (await read(snapshot, 'SELECT id FROM people WHERE CAST(id AS integer) = 1', ['id'], 1)).flat().length,
            1,
          );
        }));
      it('refuses two columns of one name', () =>
        within((snapshot) => refuses(snapshot.describe('SELECT id, name AS id FROM people'), 'query', /two columns/)));
      it('refuses an error half-way', () =>
        within((snapshot) =>
          refuses(
            read(
              snapshot,
              `SELECT number, CAST(CASE WHEN number = 15000 THEN 'x' ELSE '1' END AS integer) AS one
               FROM generate_series(1, 20000) AS numbers (number)`,
              ['number', 'one'],
              1,
            ),
            'query',
          ),
        ));
    });

    it('ends a query at the statement timeout', async () => {
      await within((snapshot) => refuses(snapshot.query(system.slow), 'timeout'), system.hurried);
    });
    it('ends a query when the run is cancelled', async () => {
      const cancelling = new AbortController();
      const snapshot = await system.source.open(cancelling.signal);
      const slow = refuses(snapshot.query(system.slow), 'cancelled');
      setTimeout(() => cancelling.abort(), 100);
      await slow;
      await refuses(snapshot.query('SELECT 1 AS one'), 'cancelled');
      await snapshot.close();
    });
    it('ends a query that is cancelled before it has begun', async () => {
      const cancelling = new AbortController();
      const snapshot = await system.source.open(cancelling.signal);
      const slow = refuses(snapshot.query(system.slow), 'cancelled');
      cancelling.abort();
      await slow;
      await snapshot.close();
    });
    it('does not open when the run was cancelled before', async () => {
      await refuses(system.source.open(AbortSignal.abort()), 'cancelled');
    });
    it('quotes no value that could not be converted', () =>
      within(async (snapshot) => {
        const query = snapshot.query(`SELECT CAST(name AS integer) AS value FROM people WHERE id = 1`);
        await assert.rejects(query, (error) => error instanceof SourceError && !error.message.includes('Ana'));
      }));
    it('can be closed twice, and answers no more', async () => {
      const snapshot = await system.source.open();
      await snapshot.close();
      await snapshot.close();
      await refuses(snapshot.query('SELECT 1 AS one'), 'unreachable');
    });
    // Last, as it changes the table.
    it('does not see what is written while a snapshot is open, and sees it in the next', async () => {
      await within(async (snapshot) => {
        assert.deepEqual((await snapshot.query('SELECT count(*) AS value FROM people')).rows, [['3']]);
        await system.write();
        assert.deepEqual((await snapshot.query('SELECT count(*) AS value FROM people')).rows, [['3']]);
      });
      await within(async (snapshot) => {
        assert.deepEqual((await snapshot.query('SELECT count(*) AS value FROM people')).rows, [['4']]);
      });
    });
  });
}
