import assert from 'node:assert/strict';
import { evenBounds, listedBounds } from '../../src/core/rows/key-bounds.ts';
import type { HashedRows, Snapshot } from '../../src/core/sources.ts';
import { entriesOf } from '../contracts/hashing.ts';
import { openTwoSystems, type TwoSystems } from '../support/two-systems.ts';

const everything = { within: { from: null, to: null }, together: 1 };

describe('Ranges of the key of a PostgreSQL table', function () {
  this.timeout(30_000);
  const [least, most] = [-(2n ** 63n), 2n ** 63n - 1n];
  let systems: TwoSystems;
  let snapshot: Snapshot;
  let hashed: HashedRows;
  before(async () => {
    systems = await openTwoSystems({ legacy: 'postgresql', new: 'duckdb' });
    await systems.write(
      'legacy',
      `CREATE TABLE people AS SELECT id, 'Person ' || id AS name FROM generate_series(-40::bigint, 40) AS ids (id)
       UNION ALL VALUES ('${least}'::bigint, 'first'), ('${most}'::bigint, 'last'), (NULL, 'nobody')`,
    );
    snapshot = await systems.sources.legacy.open();
    const [{ name: way } = { name: '' }] = await snapshot.hashWays();
    const column = (name: string, form: string) => ({ name, form, delimited: false });
    hashed = {
      sql: 'SELECT * FROM people',
      way,
      key: [column('id', 'integer')],
      values: [column('name', 'text')],
    };
  });
  after(async () => {
    await snapshot?.close();
    await systems?.close();
  });

  const bounds: Readonly<Record<string, readonly bigint[]>> = {
    'an even width': [-20n, -10n, 0n, 10n, 20n],
    'any width': [-20n, -19n, 0n, 17n, 40n],
    'one bound': [3n],
    'an even width up to the ends of all numbers': [least, least / 2n, 0n, -(least / 2n)],
    'the greatest width': [least, most],
    'the ends of all numbers': [least, 0n, most],
  };
  for (const [what, given] of Object.entries(bounds)) {
    it(`of ${what} are mixed as their rows are, one after the other`, async () => {
      const ends = [null, ...given, null];
      const mixes = await snapshot.mixRanges(hashed, listedBounds(given), everything);
      assert.deepEqual([mixes.rows.length, mixes.mixes.length], [given.length + 1, given.length + 1]);
      for (const [index, mix] of mixes.mixes.entries()) {
        const range = { from: ends[index] ?? null, to: ends[index + 1] ?? null };
        const entries = entriesOf(await snapshot.hashRows(hashed, { ranges: [range] }));
        assert.equal(mixes.rows[index], entries.length);
        assert.equal(
          mix,
          entries.reduce((all, { hash }) => all ^ hash, 0n),
        );
      }
      assert.equal(
        mixes.rows.reduce((sum, rows) => sum + rows, 0),
        83,
      );
    });
  }
  it('are mixed by so many together, also shifted by the place of each', async () => {
    const inner = Array.from({ length: 40 }, (_, index) => BigInt(index * 2 - 40));
    for (const bounds of [evenBounds(-40n, 2n, 40), listedBounds([...inner, 1_000n])]) {
      const { within } = everything;
      const [one, four] = [
        await snapshot.mixRanges(hashed, bounds, { within, together: 1 }),
        await snapshot.mixRanges(hashed, bounds, { within, together: 4 }),
      ];
      assert.equal(four.mixes.length, Math.ceil((bounds.count + 1) / 4));
      for (const [group, shifted] of four.shifted.entries()) {
        const places = [0, 1, 2, 3].map((place) => one.mixes[4 * group + place] ?? 0n);
        const mix = places.reduce((all, hash) => all ^ hash, 0n);
        const moved = places.reduce((all, hash, place) => all ^ BigInt.asIntN(64, hash << BigInt(place)), 0n);
        assert.deepEqual([four.mixes[group], shifted], [mix, moved]);
      }
    }
  });
  it('are mixed within one range alone, also by no bound at all', async () => {
    const within = { from: -10n, to: 11n };
    const rowsOf = async (inner: readonly bigint[]) => [
      ...(await snapshot.mixRanges(hashed, listedBounds(inner), { within, together: 1 })).rows,
    ];
    assert.deepEqual(await rowsOf([0n, 1n]), [10, 1, 10]);
    assert.deepEqual(await rowsOf([]), [21]);
  });
  it('are not mixed alike where other keys have NULL, in a single column of whatever type', async () => {
    for (const type of ['integer', 'numeric', 'text', 'uuid', 'date']) {
      const mixOf = async (id: number) => {
        const sql = `SELECT ${id}::bigint AS id, NULL::${type} AS name`;
        const values = [{ name: 'name', form: type, delimited: false }];
        return (await snapshot.mixRanges({ ...hashed, sql, values }, listedBounds([0n]), everything)).mixes[1];
      };
      assert.notDeepEqual(await mixOf(1), await mixOf(2), type);
      assert.deepEqual(await mixOf(1), await mixOf(1));
    }
  });
  it('are not mixed alike for two values of a number, also where its own hash is the same', async () => {
    const values = [{ name: 'pay', form: 'numeric', delimited: false }];
    const mixes = new Set<bigint | undefined>();
    const pays = ['5', '-5', '0', 'NaN', 'Infinity', '-Infinity'];
    for (const pay of pays) {
      const sql = `SELECT 1::bigint AS id, '${pay}'::numeric AS pay`;
      mixes.add((await snapshot.mixRanges({ ...hashed, sql, values }, listedBounds([0n]), everything)).mixes[1]);
    }
    assert.equal(mixes.size, pays.length);
  });
  it('are not mixed alike where zeros and NULLs changed places among keys that follow one another', async () => {
    const mixOf = async (form: string, type: string, zeros: readonly number[]) => {
      const sql = `SELECT id::bigint, CASE WHEN id = ANY ('{${zeros.join(',')}}') THEN 0 END::${type} AS pay
        FROM generate_series(4, 7) AS ids (id)`;
      const values = [{ name: 'pay', form, delimited: false }];
      return (await snapshot.mixRanges({ ...hashed, sql, values }, listedBounds([0n]), everything)).mixes[1];
    };
    for (const [form = '', type = ''] of [
      ['numeric', 'numeric'],
      ['double', 'float8'],
      ['integer', 'bigint'],
    ]) {
      assert.notEqual(await mixOf(form, type, [4, 5]), await mixOf(form, type, [6, 7]), form);
    }
  });
  it('are read together, each row once', async () => {
    const ranges = [
      { from: null, to: -38n },
      { from: 0n, to: 2n },
      { from: 40n, to: null },
    ];
    assert.deepEqual(
      entriesOf(await snapshot.hashRows(hashed, { ranges })).map(({ id }) => id),
      [least, -40n, -39n, 0n, 1n, 40n, most],
    );
  });
});
