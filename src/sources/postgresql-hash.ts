import type { KeyBounds } from '../core/rows/key-bounds.ts';
import type { HashedColumn } from '../core/sources.ts';
import { packedTogether } from './cells.ts';
import { seedNumber } from './hash-seeds.ts';
import { delimitedTexts, type HashDialect, md5Way } from './hash-sql.ts';
import { identifier } from './ordered-query.ts';
import { canonicalText, type PostgresqlColumn } from './postgresql-values.ts';

/** NULL; but written as a function that could give something else at each call, so that the query is a query of its own. */
const apart = ['pg_relation_size(NULL::regclass)'];

/** How PostgreSQL hashes these columns of a query. */
export function postgresqlHashing(found: readonly PostgresqlColumn[]): HashDialect {
  const columnOf = ({ name }: HashedColumn): PostgresqlColumn => {
    const column = found.find((one) => one.name === name);
    if (column === undefined) throw new Error(`There is no column ${name} to hash.`);
    return column;
  };
  const toHash = (columns: readonly HashedColumn[], values: readonly string[]): ToHash[] =>
    columns.map((column, index) => ({
      form: column.form,
      bounded: columnOf(column).bounded,
      value: values[index] ?? 'NULL',
    }));
  return {
    value: (column) => valueAs(column, columnOf(column)),
    text: (column) => canonicalText(columnOf(column)),
    // A list of numbers would take ten times as long to plan as one array.
    isOneOf: (number, numbers) => `(${number}) = ANY ('{${numbers.join(',')}}'::bigint[])`,
    isKeyOf: ({ key }, keys) =>
      key.length === 1 && key[0]?.form === 'uuid' && keys.every((one) => uuid.test(one))
        ? `${identifier(key[0].name)} = ANY ('{${keys.join(',')}}'::uuid[])`
        : undefined,
    keyHash: ({ way, key }, values) =>
      way === md5Way
        ? md5Of(key, values)
        : `(${toHash(key, values)
            .map((one, index) => hashOf(one, index + 1))
            .join(' # ')})`,
    rowHash: (hashed, { id, key, values }) =>
      hashed.way === md5Way
        ? md5Of([...hashed.key, ...hashed.values], [...key, ...values])
        : hashOfRow(id, toHash(hashed.values, values)),
    apart,
  };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function valueAs({ name, form, decimals }: HashedColumn, column: PostgresqlColumn): string {
  const own = identifier(name);
  switch (form) {
    case 'integer':
      return `${own}::bigint`;
    case 'integer32':
    case 'boolean':
      return `${own}::integer`;
    case 'numeric':
      return decimals === undefined ? `${own}::numeric` : `round(${own}::numeric, ${decimals})`;
    case 'date':
      return daysOf(own);
    case 'timestamptz':
      return `(${own} AT TIME ZONE 'UTC')`;
    case 'text':
      return `(${canonicalText(column)}) COLLATE "C"`;
    default:
      return own;
  }
}

const epoch = "date '2000-01-01'";

/** A date as PostgreSQL has it inside. */
const daysOf = (date: string): string => `CASE WHEN isfinite(${date}) THEN ${date} - ${epoch}
  WHEN ${date} > ${epoch} THEN 2147483647 WHEN ${date} < ${epoch} THEN -2147483648 END`;

/** What hashes one value: to hash a record of them takes twice as long. All of them give NULL for NULL. */
const functions: Readonly<Record<string, string>> = {
  integer32: 'hashint4extended',
  boolean: 'hashint4extended',
  date: 'hashint4extended',
  numeric: 'hash_numeric_extended',
  double: 'hashfloat8extended',
  timestamp: 'timestamp_hash_extended',
  timestamptz: 'timestamp_hash_extended',
  uuid: 'uuid_hash_extended',
  text: 'hashtextextended',
};

interface ToHash {
  readonly form: string;
  /** An expression, NULL where there is no value. */
  readonly value: string;
  /** False: a numeric that may be infinite. */
  readonly bounded: boolean;
}

/** The hash of a row (see `hash-seeds.ts`), as an expression; the places of the values are as they come. */
export function hashOfRow(id: string, values: readonly ToHash[]): string {
  const hashes = values.map((value, index) => `coalesce(${hashOf(value, index + 1)}, 0)`);
  const mixed = hashes.length === 0 ? '0' : hashes.join(' # ');
  return hashOfNumber(id, `(${mixed})`);
}

function hashOf(of: ToHash, place: number): string {
  if (of.form === 'integer') return hashOfNumber(of.value, literal(seedNumber(place)));
  const name = functions[of.form];
  if (name === undefined) throw new Error(`There is no hash of the form ${of.form}.`);
  return `${name}(${of.value}, ${seedOf(of, place)})`;
}

/** The hash of a whole number adds its halves up, so that -1 has that of 4294967295: the upper half is in the seed too. */
const hashOfNumber = (number: string, seed: string): string =>
  `hashint8extended(${number}, ${seed} # (${number} & -4294967296))`;

function seedOf({ form, value, bounded }: ToHash, place: number): string {
  const number = literal(seedNumber(place));
  if (form !== 'numeric') return number;
  const infinite = bounded ? '' : ` WHEN ${value} = 'Infinity' THEN ${literal(seedNumber(place, 'infinite'))}`;
  return `CASE WHEN ${value} < 0 THEN ${literal(seedNumber(place, 'negative'))}${infinite} ELSE ${number} END`;
}

/** A function takes at most 100 arguments. */
const mostArguments = 90;

function md5Of(columns: readonly HashedColumn[], texts: readonly string[]): string {
  const asTexts = columns.map(({ form }, index) =>
    form === 'text' ? (texts[index] ?? '') : `(${texts[index] ?? ''})::text`,
  );
  const parts = delimitedTexts(columns, asTexts, (text) => `octet_length(${text})`);
  const chunks: string[] = [];
  for (let index = 0; index < parts.length; index += mostArguments) {
    chunks.push(`concat(${parts.slice(index, index + mostArguments).join(', ')})`);
  }
  return `('x0' || left(md5(${chunks.join(' || ')}), 15))::bit(64)::bigint`;
}

const mostNegative = -(2n ** 63n);
const mostPositive = 2n ** 63n - 1n;

/** How many of the bounds are not greater than a whole number. */
export function rangeOf(number: string, bounds: KeyBounds): string {
  if (bounds.count === 0) return '0';
  const { step, count } = bounds;
  const last = bounds.at(count - 1);
  const start = bounds.at(0) - (step ?? 0n);
  // A division is quicker than a search; numbers far outside would overflow.
  if (step !== null && start >= mostNegative && last - start <= mostPositive) {
    return `(least(greatest(${number}, ${literal(start)}), ${literal(last)}) - ${literal(start)}) / ${step}`;
  }
  const all = Array.from({ length: count }, (_, index) => bounds.at(index));
  return `width_bucket(${number}, '{${all.join(',')}}'::bigint[])`;
}

const literal = (number: bigint): string => `'${number}'::bigint`;

/** Columns of whole numbers, eight bytes each, as one value a column. */
export const packs = (columns: readonly string[]): string =>
  columns.map((name) => packedTogether(`int8send(${name})`)).join(', ');

const prefix = '\\x'.length;

/** What arrives of one of `packs`: in hexadecimal, as the driver reads whatever arrives as text. */
export function unpacked(hexadecimal: string | null): BigInt64Array<ArrayBuffer> {
  const count = Math.max(0, (hexadecimal ?? '').length - prefix) / 16;
  const bytes = Buffer.from(new ArrayBuffer(8 * count));
  bytes.write((hexadecimal ?? '').slice(prefix), 'hex');
  // The most significant byte comes first.
  return new BigInt64Array(bytes.swap64().buffer);
}
