import assert from 'node:assert/strict';
import type { PGlite } from '@electric-sql/pglite';
import { emptyDatabase } from '../../support/embedded-database.ts';
import fc from 'fast-check';
import { measureCheck } from '../../../src/core/checks/measure-check.ts';
import { aDistribution, aGrowth, aScalar, oneValue, rowsOf } from './support.ts';

/** A decimal as text: so many units of 10^-scale. */
function decimalOf(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

const tolerances = ['0', '0.1', '0.5', '2', '5', '0.333'] as const;
const tolerance = fc.constantFrom(...tolerances);
/** Figures have five decimals; with six more every tolerance above comes to a whole number of units. */
const scale = 11;
const money = fc.oneof(
  fc.bigInt({ min: 1n, max: 10n ** 6n }),
  fc.bigInt({ min: 1n, max: 10n ** 15n }),
  fc.bigInt({ min: 1n, max: 10n ** 24n }),
);
/** What the new system says: on the tolerance, a hair to either side of it, or anywhere. */
const aside = fc.oneof(
  { weight: 4, arbitrary: fc.record({ sign: fc.constantFrom(1n, -1n), hair: fc.bigInt({ min: -2n, max: 2n }) }) },
  { weight: 1, arbitrary: fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }) },
);

interface Pair {
  readonly legacy: string;
  readonly now: string;
  readonly allowed: string;
}
const pair: fc.Arbitrary<Pair> = fc
  .tuple(money, fc.boolean(), tolerance, aside)
  .map(([units, negative, allowed, off]) => {
    const legacy = (negative ? -units : units) * 10n ** 6n;
    // The tolerance in thousandths of a percent divides by 100 000.
    const thousandths = BigInt(Math.round(Number(allowed) * 1000));
    const edge = (units * 10n ** 6n * thousandths) / 100_000n;
    const now = typeof off === 'bigint' ? legacy + off : legacy + off.sign * (edge + off.hair);
    return { legacy: decimalOf(legacy, scale), now: decimalOf(now, scale), allowed };
  });

const cases = 600;
const seed = Math.floor(Math.random() * 2 ** 31);

describe('The verdict of a check', () => {
  let db: PGlite;
  before(async function () {
    this.timeout(60_000);
    db = await emptyDatabase();
  });
  after(async () => {
    await db.close();
  });

  /** What PostgreSQL's numeric says of many cases, in their order. */
  async function ask(expression: string, columns: readonly string[], rows: readonly (readonly string[])[]) {
    const arrays = columns.map((_, index) => rows.map((row) => row[index]));
    const parameters = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
    const { rows: answers } = await db.query<{ within: boolean }>(
      `select ${expression} as within
       from (select ${columns.map((column) => `${column}::numeric`).join(', ')}, ordinality
             from unnest(${parameters}) with ordinality as given (${columns.join(', ')}, ordinality)) figures
       order by ordinality`,
      arrays,
    );
    return answers.map(({ within }) => (within ? 'pass' : 'fail'));
  }

  const withinPercent = 'abs(now - legacy) * 100 <= allowed * abs(legacy)';

  it(`equals that of PostgreSQL's exact arithmetic at and around every tolerance (seed ${seed})`, async () => {
    const pairs = fc.sample(pair, { numRuns: cases, seed });
    const expected = await ask(
      withinPercent,
      ['legacy', 'now', 'allowed'],
      pairs.map(({ legacy, now, allowed }) => [legacy, now, allowed]),
    );
    for (const [index, { legacy, now, allowed }] of pairs.entries()) {
      const { verdict } = measureCheck(aScalar(`${allowed} %`), { legacy: oneValue(legacy), new: oneValue(now) });
      assert.equal(verdict, expected[index], `legacy ${legacy}, new ${now}, tolerance ${allowed} %`);
    }
    // Otherwise the cases would show nothing.
    for (const verdict of ['pass', 'fail']) {
      assert.ok(expected.filter((one) => one === verdict).length > cases / 10, `enough cases ${verdict}`);
    }
  });

  it(`shows a variance beyond the tolerance exactly when it is (seed ${seed})`, async () => {
    const pairs = fc.sample(pair, { numRuns: cases, seed });
    const measured = pairs.map(({ legacy, now, allowed }) => {
      const rows = { legacy: oneValue(legacy), new: oneValue(now) };
      return measureCheck(aScalar(`${allowed} %`), rows).findings[0];
    });
    const shown = await ask(
      'variance <= tolerance',
      ['variance', 'tolerance'],
      measured.map((finding) => [finding?.variance ?? '', finding?.tolerance ?? '']),
    );
    for (const [index, finding] of measured.entries()) {
      assert.equal(shown[index], finding?.verdict, JSON.stringify(pairs[index]));
    }
  });

  it(`equals that of PostgreSQL's exact sums where a mapping brings several rows together (seed ${seed})`, async () => {
    const parts = fc.array(fc.bigInt({ min: 1n, max: 10n ** 12n }), { minLength: 1, maxLength: 6 });
    const groups = fc.sample(fc.tuple(parts, fc.bigInt({ min: -2n, max: 2n }), fc.constantFrom('0', '0.1', '2')), {
      numRuns: 200,
      seed,
    });
    const check = aDistribution('0 %', {
      mapping: { level: { legacy: Object.fromEntries([1, 2, 3, 4, 5, 6].map((code) => [code, 'L1'])) } },
    });
    const given = groups.map(([amounts, hair, allowed]) => {
      const total = amounts.reduce((sum, each) => sum + each, 0n);
      const now = total + (total * BigInt(Math.round(Number(allowed) * 10))) / 1000n + hair;
      return { amounts: amounts.map((each) => decimalOf(each, 2)), now: decimalOf(now, 2), allowed };
    });
    const { rows } = await db.query<{ within: boolean }>(
      `select ${withinPercent} as within
       from (select now::numeric, allowed::numeric, (select sum(part::numeric) from unnest(string_to_array(parts, ' ')) part) as legacy, ordinality
             from unnest($1::text[], $2::text[], $3::text[]) with ordinality as given (parts, now, allowed, ordinality)) figures
       order by ordinality`,
      [given.map(({ amounts }) => amounts.join(' ')), given.map(({ now }) => now), given.map(({ allowed }) => allowed)],
    );
    for (const [index, { amounts, now, allowed }] of given.entries()) {
      const legacy = rowsOf('level value', ...amounts.map((each, code): [number, string] => [code + 1, each]));
      const declared = { ...check, tolerance: { amount: allowed, unit: '%' as const } };
      const { verdict } = measureCheck(declared, { legacy, new: rowsOf('level value', ['L1', now]) });
      assert.equal(verdict, rows[index]?.within === true ? 'pass' : 'fail', JSON.stringify(given[index]));
    }
  });

  it(`equals that of PostgreSQL's exact arithmetic for growth, whose rates have no end as decimals (seed ${seed})`, async () => {
    // new after = new before * (legacy after / legacy before ± 0.5 %), and a person or two beside it.
    const near = ([from, to, base, sign, hair]: readonly [number, number, number, number, number]) => {
      const after = Math.max(0, Math.round(base * (to / from + sign * 0.005)) + hair);
      return [String(from), String(to), String(base), String(after)] as const;
    };
    const people = fc.integer({ min: 1, max: 3000 });
    const sign = fc.constantFrom(1, -1);
    const hair = fc.integer({ min: -2, max: 2 });
    const anywhere = fc.tuple(people, people, people, sign, hair).map(near);
    // Of multiples of 200 half a percent is a whole number of people, so that the tolerance is met exactly.
    const few = fc.integer({ min: 1, max: 9 });
    const exactly = fc
      .tuple(few, people, few, sign, hair)
      .map(([a, k, b, side, off]) => near([200 * a, a * k, 200 * b, side, off]));
    const growths = fc.sample(fc.oneof(anywhere, exactly), { numRuns: cases, seed });
    const expected = await ask(
      'abs((n1 * l0 - l1 * n0) * 100) <= 0.5 * abs(n0 * l0)',
      ['l0', 'l1', 'n0', 'n1'],
      growths,
    );
    for (const [index, [l0, l1, n0, n1]] of growths.entries()) {
      const { verdict } = measureCheck(aGrowth(), {
        legacy: rowsOf('year value', [2026, l0], [2027, l1]),
        new: rowsOf('year value', [2026, n0], [2027, n1]),
      });
      assert.equal(verdict, expected[index], `legacy ${l0} → ${l1}, new ${n0} → ${n1}`);
    }
  });
});
