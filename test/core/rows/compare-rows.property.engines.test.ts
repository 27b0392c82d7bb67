import assert from 'node:assert/strict';
import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { decimal } from '../../../src/core/numbers/decimal.ts';
import { measureRows, type MeasuringRows } from '../../../src/core/rows/measure-rows.ts';
import type { RowsMeasured } from '../../../src/core/rows/result.ts';
import { type Side, sides } from '../../../src/core/sources.ts';
import { aFinding } from '../../support/fixtures.ts';
import { onServer } from '../../support/postgres-server.ts';
import { aScalar } from '../checks/support.ts';
import { type AnyTables, anyTables, askedOf, byFullJoin, queryOf, summedPlace } from './any-schema.ts';
import { aComparison, forEveryPairing, type Pairing } from './pairings.ts';

/** By hashes, with columns read beside them, and with every row read. */
const ways: readonly Pick<MeasuringRows, 'hashFrom' | 'inPartAlways'>[] = [
  { hashFrom: 0 },
  { hashFrom: 0, inPartAlways: true },
  { hashFrom: Number.POSITIVE_INFINITY },
];

forEveryPairing((opened) => {
  it('come to what a full outer join in SQL comes to, whatever their columns, types, rules and faults, and so do causes', async () => {
    await fc.assert(
      fc.asyncProperty(anyTables, async (tables) => {
        await opened().given(queryOf(tables, 'legacy'), queryOf(tables, 'new'));
        const { counts, sums, leftOver } = await byTheDefinition(tables);
        const found: string[][] = [];
        for (const way of ways) {
          const { result, differences } = await measured(opened(), tables, { way, sums });
          assert.deepEqual(countsOf(result, tables), counts);
          found.push(differences.map((one) => JSON.stringify(one)).toSorted());
          assert.equal(result.explanations.length, summedPlace(tables) < 0 ? 0 : 1);
          for (const explanation of result.explanations) {
            const parts = explanation.parts.reduce((sum, { amount }) => sum.plus(decimal(amount)), decimal('0'));
            const left = decimal(explanation.leftOver);
            assert.deepEqual([parts.plus(left), left].map(String), [sums[1].minus(sums[0]), leftOver].map(String));
          }
        }
        assert.deepEqual(found[1], found[0]);
        assert.deepEqual(found[2], found[0]);
      }),
      { numRuns: onServer ? 15 : 8 },
    );
  });
});

type Sums = readonly [legacy: ReturnType<typeof decimal>, now: ReturnType<typeof decimal>];

/** What a comparison says of them, and of a check that adds one of their columns up. */
async function measured(
  { systems }: Pairing,
  tables: AnyTables,
  { way, sums }: { readonly way: (typeof ways)[number]; readonly sums: Sums },
): Promise<RowsMeasured> {
  const column = tables.values[summedPlace(tables)]?.name;
  const [legacy, now] = sums.map(String);
  const finding = aFinding({ check: 'total', key: 'total', legacy: legacy ?? '', new: now ?? '', verdict: 'fail' });
  const check = {
    ...aScalar('0 %', { name: 'total' }),
    explainedBy: { comparison: 'people', where: {}, sum: column ?? '' },
  };
  const snapshots = { legacy: await systems.sources.legacy.open(), new: await systems.sources.new.open() };
  try {
    return await measureRows(aComparison(askedOf(tables)), snapshots, {
      toExplain: column === undefined ? [] : [{ check, findings: [finding], hidden: new Set() }],
      progress: () => undefined,
      signal: new AbortController().signal,
      ...way,
    });
  } finally {
    await Promise.all([snapshots.legacy.close(), snapshots.new.close()]);
  }
}

function countsOf(
  { agree, differ, only, repeated, nullKeys, columns }: RowsMeasured['result'],
  { values }: AnyTables,
): number[] {
  const numbers = sides.map((side: Side) => [only[side], repeated.rows[side], nullKeys[side]]);
  const differing = values.map(({ name }) => columns.find(({ column }) => column === name)?.differ ?? NaN);
  return [agree, differ, repeated.keys, ...numbers.flat(), ...differing];
}

let shared: Promise<DuckDBInstance> | undefined;
const counting = (): Promise<DuckDBInstance> => (shared ??= DuckDBInstance.create(':memory:'));
after(async () => (await shared)?.closeSync());

async function byTheDefinition(tables: AnyTables): Promise<{ counts: number[]; sums: Sums; leftOver: Sums[0] }> {
  const connection = await (await counting()).connect();
  try {
    const row = ((await connection.runAndReadAll(byFullJoin(tables))).getRowsJson()[0] ?? []).map(String);
    const [legacy, now, leftOver] = row.slice(-3).map(decimal) as [Sums[0], Sums[0], Sums[0]];
    return { counts: row.slice(0, -3).map(Number), sums: [legacy, now], leftOver };
  } finally {
    connection.closeSync();
  }
}
