import assert from 'node:assert/strict';
import { type Snapshot, type Source, SourceError, type SourceErrorCode } from '../../src/core/sources.ts';

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
