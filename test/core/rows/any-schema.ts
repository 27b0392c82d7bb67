import fc from 'fast-check';
import type { ColumnRule } from '../../../src/core/playbook/playbook.ts';
import type { Side } from '../../../src/core/sources.ts';
import { identifier } from '../../../src/sources/ordered-query.ts';

/*
 * Any two tables that a comparison may be about: columns of any type in any order, under any name, and rows of the one
 * that the other has too, but for what befell them. What comparing them comes to is said in SQL, by the definition.
 */

interface Kind {
  /** Either side has one of them. */
  readonly types: readonly string[];
  /** As texts. */
  readonly values: readonly string[];
  readonly rules: readonly ColumnRule[];
  /** In DuckDB, the type in which both sides compare. */
  readonly common: string;
}

type Tolerance = NonNullable<ColumnRule['tolerance']>;
const within = (amount: string, unit: Tolerance['unit']): ColumnRule => ({ tolerance: { amount, unit } });
const mapping = { legacy: { '10': 'L1', "it's": 'L2' }, new: { '20': 'L1', X: 'L2' } };

const kinds = {
  whole: {
    types: ['smallint', 'integer', 'bigint', 'numeric(9, 0)'],
    values: ['0', '-1', '7', '8', '4', '32767'],
    rules: [within('1', 'absolute'), within('50', '%')],
    common: 'decimal(30, 6)',
  },
  large: {
    types: ['bigint', 'numeric(20, 0)'],
    values: ['9007199254740993', '9007199254740992', '-1', '9223372036854775807'],
    rules: [],
    common: 'decimal(30, 6)',
  },
  amount: {
    types: ['numeric(12, 2)', 'numeric(20, 4)', 'float8'],
    values: ['0', '-0.01', '10', '10.01', '10.04', '10.05', '15.05', '1234567.25', '99999999.99'],
    rules: [within('0.01', 'absolute'), within('5', 'absolute'), within('0.1', '%'), within('1', 'decimals')],
    common: 'decimal(30, 6)',
  },
  double: {
    types: ['float8'],
    values: ['0.1', '0.3', '0.30000000000000004', '-0', '0', 'NaN', 'Infinity', '-Infinity', '1e300', '-2.5e-7'],
    rules: [within('0.25', 'absolute')],
    common: 'float8',
  },
  text: {
    types: ['varchar', 'text'],
    values: ['', 'a', 'a ', 'A', '<null>', "o'clock", 'é', '\u0001', '\u00021', '=', 'a|b', '😀'],
    rules: [],
    common: 'varchar',
  },
  code: { types: ['varchar'], values: ['10', '20', '30', 'X', "it's"], rules: [{ mapping }], common: 'varchar' },
  uuid: {
    types: ['uuid', 'varchar'],
    values: ['6f1c1a2e-0000-4000-8000-000000000001', '00000000-0000-0000-0000-000000000000'],
    rules: [],
    common: 'varchar',
  },
  day: {
    types: ['date'],
    values: ['2026-11-23', '2026-11-24', '2026-02-28', '1969-12-31'],
    rules: [within('86400', 'seconds')],
    common: 'date',
  },
  time: {
    types: ['timestamp'],
    values: ['2026-11-23 12:00:00', '2026-11-23 12:00:30', '2026-11-23 12:00:30.000001', '1969-12-31 23:59:59.5'],
    rules: [within('30', 'seconds')],
    common: 'timestamp',
  },
  instant: {
    types: ['timestamptz'],
    values: ['2026-11-23 12:00:00+01', '2026-11-23 11:00:00+00', '2026-11-23 11:00:30+00', '2026-11-23 11:01:00+00'],
    rules: [within('30', 'seconds')],
    common: 'timestamptz',
  },
  flag: { types: ['boolean'], values: ['true', 'false'], rules: [], common: 'boolean' },
} as const satisfies Record<string, Kind>;

export interface AnyColumn {
  readonly name: string;
  readonly kind: keyof typeof kinds;
  readonly type: Readonly<Record<Side, string>>;
  readonly rule: ColumnRule;
}

type Cells = readonly (string | null)[];

/** A row of legacy, of the new system, or of both, and how often it stands there. */
interface AnyRow {
  readonly legacy: Cells;
  readonly now: Cells;
  readonly times: readonly [legacy: number, now: number];
}

export interface AnyTables {
  readonly key: readonly AnyColumn[];
  readonly values: readonly AnyColumn[];
  /** In what order each side has its columns. */
  readonly order: Readonly<Record<Side, readonly number[]>>;
  /** A column that only this side has, and that is ignored. */
  readonly alone: Side | null;
  readonly rows: readonly AnyRow[];
}

const names = ['id', 'pay', 'order', 'select', 'Größe', 'a b', 'a"b', "it's", 'Level', 'n.m', '1st'];

const columnOf = (name: string, ofKinds: readonly AnyColumn['kind'][]): fc.Arbitrary<AnyColumn> =>
  fc.constantFrom(...ofKinds).chain((kind) => {
    const { types, rules }: Kind = kinds[kind];
    const type = fc.constantFrom(...types);
    const rule = kind === 'code' ? fc.constantFrom(...rules) : fc.constantFrom({}, ...rules);
    return fc.record({
      name: fc.constant(name),
      kind: fc.constant(kind),
      type: fc.record({ legacy: type, new: type }),
      rule,
    });
  });

const ofKeys = ['whole', 'whole', 'large', 'text', 'uuid', 'day'] as const;

export const anyTables: fc.Arbitrary<AnyTables> = fc
  .tuple(fc.shuffledSubarray(names, { minLength: 2, maxLength: 7 }), fc.integer({ min: 1, max: 2 }))
  .chain(([some, keys]) => {
    const ofKey = some.slice(0, Math.min(keys, some.length - 1));
    const key = ofKey.map((name) => columnOf(name, ofKeys).map((column) => ({ ...column, rule: {} })));
    const values = some.slice(ofKey.length).map((name) => columnOf(name, Object.keys(kinds) as AnyColumn['kind'][]));
    return fc.record({ key: fc.tuple(...key), values: fc.tuple(...values) });
  })
  .chain(({ key, values }) => {
    const places = [...key, ...values].map((_, place) => place);
    const order = fc.shuffledSubarray(places, { minLength: places.length });
    return fc.record({
      key: fc.constant(key),
      values: fc.constant(values),
      order: fc.record({ legacy: order, new: order }),
      alone: fc.constantFrom(null, 'legacy' as const, 'new' as const),
      rows: fc.array(anyRow(key, values), { maxLength: 14 }),
    });
  });

/** Mostly once on both sides. */
const times: readonly AnyRow['times'][] = [
  [1, 1],
  [1, 1],
  [1, 1],
  [1, 1],
  [1, 0],
  [0, 1],
  [2, 1],
  [1, 2],
];

function anyRow(key: readonly AnyColumn[], values: readonly AnyColumn[]): fc.Arbitrary<AnyRow> {
  const cell = ({ kind }: AnyColumn) => fc.option(fc.constantFrom<string[]>(...kinds[kind].values), { freq: 6 });
  /** The value before or behind it, where a tolerance ends; or any. */
  const change = (column: AnyColumn) => fc.oneof(fc.constantFrom(-1, 1), fc.constantFrom(-1, 1), cell(column));
  const changed = ({ kind }: AnyColumn, value: string | null, to: string | number | null): string | null => {
    if (typeof to !== 'number') return to;
    const all: readonly (string | null)[] = kinds[kind].values;
    return all[all.indexOf(value) + to] ?? value;
  };
  return fc
    .record({
      key: fc.tuple(...key.map(cell)),
      values: fc.tuple(...values.map(cell)),
      changes: fc.tuple(...values.map(change)),
      which: fc.subarray([...values]),
      times: fc.constantFrom(...times),
    })
    .map(({ key, values: ofLegacy, changes, which, times }) => ({
      legacy: [...key, ...ofLegacy],
      now: [
        ...key,
        ...values.map((column, place) => {
          const value = ofLegacy[place] ?? null;
          return which.includes(column) ? changed(column, value, changes[place] ?? null) : value;
        }),
      ],
      times,
    }));
}

const literal = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);
const ignored = 'only here';

/** What is compared, for `aComparison`. */
export const askedOf = ({ key, values }: AnyTables) => ({
  key: key.map(({ name }) => name),
  columns: Object.fromEntries(values.map(({ name, rule }) => [name, rule])),
  ignore: [ignored],
});

/** One side's rows, as a query that both engines read. */
export function queryOf({ key, values, order, alone, rows }: AnyTables, side: Side): string {
  const columns = [...key, ...values];
  const given = rows.flatMap(({ legacy, now, times }) => {
    const cells = side === 'legacy' ? legacy : now;
    return Array.from({ length: times[side === 'legacy' ? 0 : 1] }, () => cells);
  });
  const line = (cells: Cells): string => `(${cells.map(literal).join(', ')})`;
  const lines = given.length === 0 ? [line(columns.map(() => null))] : given.map(line);
  const selected = order[side].map((place) => {
    const column = columns[place] as AnyColumn;
    return `CAST(given_${place} AS ${column.type[side]}) AS ${identifier(column.name)}`;
  });
  const more = alone === side ? [`1 AS ${identifier(ignored)}`] : [];
  return `SELECT ${[...selected, ...more].join(', ')}
    FROM (VALUES ${lines.join(', ')}) AS given (${columns.map((_, place) => `given_${place}`).join(', ')}) WHERE ${given.length > 0}`;
}

/** Whether two values of a column agree by its rule, where they are not the same. */
function agreeing({ rule }: AnyColumn, legacy: string, now: string): string {
  const { amount, unit } = rule.tolerance ?? {};
  switch (unit) {
    case undefined:
      return 'false';
    case 'absolute':
      return `abs(${legacy} - ${now}) <= ${amount}`;
    case '%':
      return `100 * abs(${legacy} - ${now}) <= ${amount} * abs(${legacy})`;
    case 'decimals':
      return `round(${legacy}, ${amount}) = round(${now}, ${amount})`;
    case 'seconds':
      return `abs(epoch_us(${legacy}) - epoch_us(${now})) <= ${amount}000000`;
  }
}

/** A column of one side in the type and the terms that both have in common. */
function inCommon({ name, kind, rule }: AnyColumn, side: Side): string {
  const own = `CAST(${identifier(name)} AS ${kinds[kind].common})`;
  const codes = Object.entries(rule.mapping?.[side] ?? {}).map(
    ([code, common]) => `WHEN ${own} = ${literal(code)} THEN ${literal(common)}`,
  );
  return rule.mapping === undefined ? own : `CASE ${codes.join(' ')} ELSE '${side} ' || ${own} END`;
}

/** The column whose sum a check is about, by its place among the values; -1 where none can be added up. */
export const summedPlace = ({ values }: AnyTables): number =>
  values.findIndex(({ kind }) => kind === 'amount' || kind === 'whole');

/**
 * By the definition, in DuckDB: one row with the keys that agree, that differ and that repeat; of each side those that it
 * alone has, its rows whose keys repeat, and those whose key is NULL; the keys that differ in each column; and of the column
 * that is added up its sum on either side, and what its values differ by where they agree.
 */
export function byFullJoin(tables: AnyTables): string {
  const { key, values } = tables;
  const inTerms = (side: Side): string =>
    [...key, ...values].map((column, place) => `${inCommon(column, side)} AS c${place}`).join(', ');
  const keys = key.map((_, place) => `c${place}`).join(', ');
  const present = key.map((_, place) => `c${place} IS NOT NULL`).join(' AND ');
  const repeating = (side: string): string =>
    `SELECT ${keys} FROM ${side} WHERE ${present} GROUP BY ${keys} HAVING count(*) > 1`;
  const once = (side: string): string =>
    `SELECT *, true AS there FROM ${side} ANTI JOIN repeated USING (${keys}) WHERE ${present}`;
  const nameOf = (place: number): string => `c${key.length + place}`;
  const differs = values.map((column, place) => {
    const [legacy, now] = [`l.${nameOf(place)}`, `n.${nameOf(place)}`];
    return `l.there AND n.there AND ${legacy} IS DISTINCT FROM ${now}
      AND NOT coalesce(${agreeing(column, legacy, now)}, false) AS d${place}`;
  });
  const any = values.map((_, place) => `d${place}`).join(' OR ');
  const ofSide = (side: Side, other: string): string => `count(*) FILTER (${other} IS NULL),
    (SELECT count(*) FROM ${side} SEMI JOIN repeated USING (${keys})), (SELECT count(*) FROM ${side} WHERE NOT (${present}))`;
  const place = summedPlace(tables);
  const summed = nameOf(place);
  const change = place < 0 ? '0' : `coalesce(n.${summed}, 0) - coalesce(l.${summed}, 0)`;
  const sum = (side: Side): string => (place < 0 ? '0' : `(SELECT coalesce(sum(${summed}), 0) FROM ${side})`);
  return `
    WITH legacy AS (SELECT ${inTerms('legacy')} FROM (${queryOf(tables, 'legacy')})),
      new AS (SELECT ${inTerms('new')} FROM (${queryOf(tables, 'new')})),
      repeated AS (${repeating('legacy')} UNION ${repeating('new')}),
      l AS (${once('legacy')}), n AS (${once('new')}),
      joined AS (SELECT l.there AS one, n.there AS other, ${differs.join(', ')}, ${change} AS change
        FROM l FULL OUTER JOIN n USING (${keys}))
    SELECT count(*) FILTER (one AND other AND NOT (${any})), count(*) FILTER (${any}), (SELECT count(*) FROM repeated),
      ${ofSide('legacy', 'other')}, ${ofSide('new', 'one')}, ${values.map((_, at) => `count(*) FILTER (d${at})`).join(', ')},
      ${sum('legacy')}, ${sum('new')},
      coalesce(sum(change) FILTER (one AND other${place < 0 ? '' : ` AND NOT d${place}`}), 0)
    FROM joined`;
}
