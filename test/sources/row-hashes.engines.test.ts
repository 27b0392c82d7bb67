import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HashedRows, Snapshot } from '../../src/core/sources.ts';
import { entriesOf } from '../contracts/hashing.ts';
import { openTwoSystems, type TwoSystems } from '../support/two-systems.ts';

describe('A row is hashed by PostgreSQL and of DuckDB’s columns alike', function () {
  this.timeout(60_000);
  let systems: TwoSystems;
  let snapshots: { postgresql: Snapshot; duckdb: Snapshot };
  let way = '';
  before(async () => {
    systems = await openTwoSystems({ legacy: 'postgresql', new: 'duckdb' });
    snapshots = { postgresql: await systems.sources.legacy.open(), duckdb: await systems.sources.new.open() };
    way = (await snapshots.postgresql.hashWays())[0]?.name ?? '';
    assert.ok((await snapshots.duckdb.hashWays()).some(({ name }) => name === way));
  });
  after(async () => {
    await snapshots?.postgresql.close();
    await snapshots?.duckdb.close();
    await systems?.close();
  });

  interface Typed {
    readonly form: string;
    /** PostgreSQL's name for it, and DuckDB's. */
    readonly types: readonly [string, string];
    readonly values: readonly string[];
    readonly decimals?: number;
  }
  const hashesOf = async ({ form, types, values, decimals }: Typed) => {
    const rows = values.map((value, index) => `(${index}, '${value}')`).join(', ');
    const hashed = (type: string): HashedRows => ({
      sql: `SELECT CAST(id AS bigint) AS id, CAST(value AS ${type}) AS value
        FROM (VALUES ${rows}, (100000, NULL)) AS given (id, value)`,
      way,
      key: [{ name: 'id', form: 'integer', delimited: false }],
      values: [{ name: 'value', form, delimited: true, ...(decimals === undefined ? {} : { decimals }) }],
    });
    const ranges = [{ from: null, to: null }];
    return [
      entriesOf(await snapshots.postgresql.hashRows(hashed(types[0]), { ranges })),
      entriesOf(await snapshots.duckdb.hashRows(hashed(types[1]), { ranges })),
    ];
  };
  const numbers = ['0', '1', '-1', '7', '2147483647', '-2147483648'];
  const large = [...numbers, '4294967295', '4294967296', '9223372036854775807', '-9223372036854775808'];
  const decimals = [
    '0.00',
    '1.50',
    '-812.50',
    '10000',
    '9999',
    '100000000',
    '0.0001',
    '-0.00012',
    '123456789012.345678',
  ];
  const doubles = ['1.5', '-0.1', '1e300', '5e-324', 'NaN', 'Infinity', '-Infinity', '-0', '0'];
  const texts = [
    '',
    'a',
    'Zoë',
    '12345678',
    '123456789012',
    '1234567890123',
    'x'.repeat(11),
    'x'.repeat(300),
    '😀😀😀',
  ];
  const moments = ['2026-11-23 12:00:00.5', '1969-12-31 23:59:59', '1600-02-29 00:00:00', 'infinity', '-infinity'];
  const every: Readonly<Record<string, Typed>> = {
    'of 32 bits': { form: 'integer32', types: ['integer', 'integer'], values: numbers },
    'of 64 bits': { form: 'integer', types: ['bigint', 'bigint'], values: large },
    'that is a numeric and a decimal': { form: 'numeric', types: ['numeric', 'decimal(38, 10)'], values: decimals },
    'that is a numeric and a double': { form: 'numeric', types: ['numeric', 'double'], values: ['1e20', ...doubles] },
    'that is a numeric and a whole one': { form: 'numeric', types: ['numeric', 'hugeint'], values: large },
    'that is a numeric and a narrow decimal': {
      form: 'numeric',
      types: ['numeric', 'decimal(15, 3)'],
      values: ['0', '-0.001', '1000', '-10000.5', '999999999999.999', '-999999999999.999'],
    },
    'that is a numeric and a double at the end of what is read as units': {
      form: 'numeric',
      types: ['numeric', 'double'],
      values: [
        '99999999999.9999',
        '-99999999999.9999',
        '100000000000',
        '0.0001',
        '0.00001',
        '12345.67891',
        '2147483648.5',
      ],
    },
    'that is a double, rounded to decimals': {
      form: 'numeric',
      types: ['numeric', 'double'],
      values: ['1.005', '-1.005', '1.0049', '99999999999.995', '0.00499', '1e20', 'NaN', '-0.004'],
      decimals: 2,
    },
    'rounded to decimals': {
      form: 'numeric',
      types: ['numeric', 'decimal(20, 6)'],
      values: ['1.005', '-1.005', '-0.001', '12.5', '999.999'],
      decimals: 2,
    },
    'that is a double': { form: 'double', types: ['float8', 'double'], values: doubles },
    'that is a boolean': { form: 'boolean', types: ['boolean', 'boolean'], values: ['true', 'false'] },
    'that is a date': {
      form: 'date',
      types: ['date', 'date'],
      values: ['2026-11-23', '1999-12-31', '0001-01-01', 'infinity', '-infinity'],
    },
    'that is a time': { form: 'timestamp', types: ['timestamp', 'timestamp'], values: moments },
    'that is an instant': { form: 'timestamptz', types: ['timestamptz', 'timestamptz'], values: moments },
    'that is a text': { form: 'text', types: ['text', 'varchar'], values: texts },
  };
  for (const [what, typed] of Object.entries(every)) {
    it(`with a value ${what}, whatever it is, and with NULL`, async () => {
      const [postgresql, duckdb] = await hashesOf(typed);
      assert.equal(postgresql?.length, typed.values.length + 1);
      assert.deepEqual(duckdb, postgresql);
    });
  }
  it('with any text and any number', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/['\0]/g, '')),
          { minLength: 1, maxLength: 40 },
        ),
        fc.array(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map(scaled), { minLength: 1, maxLength: 40 }),
        async (words, amounts) => {
          const [one, other] = await hashesOf({ form: 'text', types: ['text', 'varchar'], values: words });
          assert.deepEqual(other, one);
          const [mine, theirs] = await hashesOf({
            form: 'numeric',
            types: ['numeric', 'decimal(38, 8)'],
            values: amounts,
          });
          assert.deepEqual(theirs, mine);
        },
      ),
      { numRuns: 20 },
    );
  });
  it('with any double, as the number that it is printed as', async () => {
    const amount = fc.integer({ min: -(10 ** 9), max: 10 ** 9 });
    const double = fc.oneof(
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.tuple(amount, fc.constantFrom(1, 10, 100, 10_000, 100_000)).map(([number, unit]) => number / unit),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(double.map(String), { minLength: 1, maxLength: 200 }), async (values) => {
        const [postgresql, duckdb] = await hashesOf({ form: 'numeric', types: ['numeric', 'double'], values });
        assert.deepEqual(duckdb, postgresql);
      }),
      { numRuns: 10 },
    );
  });
  const many = (): HashedRows => ({
    sql: `SELECT CAST(id AS bigint) AS id, CASE WHEN id % 7 > 0 THEN CAST(id * 4294967297 AS bigint) END AS number,
      CASE WHEN id % 5 > 0 THEN repeat('é', CAST(id % 40 AS integer)) END AS long, CAST(id % 3 AS varchar) AS short
      FROM generate_series(1, 5000) AS numbers (id)`,
    way,
    key: [{ name: 'id', form: 'integer', delimited: false }],
    values: [
      { name: 'long', form: 'text', delimited: true },
      { name: 'number', form: 'integer', delimited: false },
      { name: 'short', form: 'text', delimited: true },
    ],
  });
  it('of more rows than are read at once, with NULLs among them and texts of many lengths', async () => {
    const ranges = [{ from: null, to: null }];
    const duckdb = entriesOf(await snapshots.duckdb.hashRows(many(), { ranges }));
    assert.equal(duckdb.length, 5_000);
    assert.deepEqual(duckdb, entriesOf(await snapshots.postgresql.hashRows(many(), { ranges })));
  });
  it('of texts that are so short that none lies outside its row, of the last row too', async () => {
    const [, , short] = many().values;
    const hashed = {
      ...many(),
      sql: many().sql.replace('5000', '3'),
      values: short === undefined ? [] : [short, short],
    };
    const ranges = [{ from: null, to: null }];
    const duckdb = entriesOf(await snapshots.duckdb.hashRows(hashed, { ranges }));
    assert.equal(duckdb.length, 3);
    assert.deepEqual(duckdb, entriesOf(await snapshots.postgresql.hashRows(hashed, { ranges })));
  });
  it('of two hundred ranges, the first key of each and not the one behind it', async () => {
    const ranges = Array.from({ length: 200 }, (_, index) => ({
      from: BigInt(5 * index),
      to: BigInt(5 * index + 2),
    }));
    const open = [{ from: null, to: 1n }, ...ranges.slice(1), { from: 4_999n, to: null }];
    const duckdb = entriesOf(await snapshots.duckdb.hashRows(many(), { ranges: open }));
    assert.deepEqual(
      duckdb.map(({ id }) => Number(id)),
      Array.from({ length: 5_000 }, (_, index) => index + 1).filter(
        (id) => (id >= 5 && id < 1_000 && id % 5 < 2) || id >= 4_999,
      ),
    );
    assert.deepEqual(duckdb, entriesOf(await snapshots.postgresql.hashRows(many(), { ranges: open })));
  });
  it('of two hundred ranges without any row', async () => {
    const ranges = Array.from({ length: 200 }, (_, index) => ({
      from: BigInt(10_000 + 5 * index),
      to: BigInt(10_002 + 5 * index),
    }));
    for (const snapshot of Object.values(snapshots)) {
      assert.equal((await snapshot.hashRows(many(), { ranges })).ids.length, 0);
    }
  });
  it('of no range at all', async () =>
    assert.equal((await snapshots.duckdb.hashRows(many(), { ranges: [] })).ids.length, 0));
});

/** With eight decimals. */
function scaled(number: bigint): string {
  const digits = String(number < 0n ? -number : number).padStart(9, '0');
  return `${number < 0n ? '-' : ''}${digits.slice(0, -8)}.${digits.slice(-8)}`;
}
