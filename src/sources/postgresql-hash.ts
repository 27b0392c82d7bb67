import type { HashedColumn, HashedEntries, HashedRows, Row } from '../core/sources.ts';
import { delimitedTexts, type HashDialect, md5Way } from './hash-sql.ts';
import { identifier } from './ordered-query.ts';
import { canonicalText, type PostgresqlColumn } from './postgresql-values.ts';

/** How PostgreSQL hashes these columns of a query. */
export function postgresqlHashing(found: readonly PostgresqlColumn[]): HashDialect {
  const columnOf = ({ name }: HashedColumn): PostgresqlColumn => {
    const column = found.find((one) => one.name === name);
    if (column === undefined) throw new Error(`There is no column ${name} to hash.`);
    return column;
  };
  return {
    value: (column) => valueAs(column, columnOf(column)),
    // A list of numbers would take ten times as long to plan as one array.
    isOneOf: (number, numbers) => `(${number}) = ANY ('{${numbers.join(',')}}'::bigint[])`,
    keyHash: ({ way, key }, values) => (way === md5Way ? md5Of(key, values) : hashOf(key, values, '0::bigint')),
    rowHash: (hashed, key, values) => {
      if (hashed.way === md5Way) return md5Of([...hashed.key, ...hashed.values], [...key, ...values]);
      // Seeded by the key: values that two rows swapped can't cancel each other.
      const seed = seedOf(hashed, key);
      // A NULL hashes to 0 whatever the seed: rows of nothing but NULL would be alike.
      return values.length === 0 ? seed : `${hashOf(hashed.values, values, seed)} # ${seed}`;
    },
  };
}

/** A whole number is its own id, so that its hash need not tell it from every other. */
function seedOf({ key: columns }: HashedRows, key: readonly string[]): string {
  if (columns.length === 1 && columns[0]?.form === 'integer') return `hashint8extended(${key[0] ?? ''}, 0)`;
  return hashOf(columns, key, '0::bigint');
}

function valueAs({ name, form, decimals }: HashedColumn, column: PostgresqlColumn): string {
  const own = identifier(name);
  switch (form) {
    case 'integer':
      return `${own}::bigint`;
    case 'integer32':
      return `${own}::integer`;
    case 'numeric':
      return numericValue(column, decimals === undefined ? `${own}::numeric` : `round(${own}::numeric, ${decimals})`);
    case 'text':
      return `(${canonicalText(column)}) COLLATE "C"`;
    default:
      return own;
  }
}

/** Infinity hashes like NaN: it becomes the greatest power of ten, which nobody is paid. */
const asInfinity = '1e131068';

function numericValue({ bounded }: PostgresqlColumn, value: string): string {
  return bounded
    ? value
    : `CASE WHEN ${value} IN ('Infinity', '-Infinity') THEN ${asInfinity} * sign(${value}) ELSE ${value} END`;
}

/**
 * A number has the same hash with the other sign, and a whole one of 64 bits as many others: -1 as 4294967295. So what
 * the hash leaves out goes beside it.
 */
function wholly({ form }: HashedColumn, value: string): string[] {
  if (form === 'numeric') return [value, `${value} < 0`];
  return form === 'integer' ? [value, `${value} >> 32`] : [value];
}

/** What hashes one value of a form, as a record does with each of its own: a record of one takes three times as long. */
const hashesOfOne: Readonly<Record<string, string>> = {
  integer32: 'hashint4extended',
  uuid: 'uuid_hash_extended',
  text: 'hashtextextended',
};

function hashOf(columns: readonly HashedColumn[], values: readonly string[], seed: string): string {
  const [first] = columns;
  const one = columns.length === 1 ? hashesOfOne[first?.form ?? ''] : undefined;
  if (one !== undefined) return `coalesce(${one}(${values[0] ?? ''}, ${seed}), 0)`;
  const whole = columns.flatMap((column, index) => wholly(column, values[index] ?? 'NULL'));
  return `hash_record_extended(ROW(${whole.join(', ')}), ${seed})`;
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

/** How many of the bounds, ascending and at least one, are not greater than a whole number. */
export function rangeOf(number: string, bounds: readonly bigint[]): string {
  const [first = 0n, last = 0n] = [bounds[0], bounds.at(-1)];
  const step = (bounds[1] ?? first + 1n) - first;
  const start = first - step;
  const even = bounds.every((bound, index) => bound === first + step * BigInt(index));
  // A division is quicker than a search; numbers far outside would overflow.
  return even && start >= mostNegative && last - start <= mostPositive
    ? `(least(greatest(${number}, ${bigint(start)}), ${bigint(last)}) - ${bigint(start)}) / ${step}`
    : `width_bucket(${number}, '{${bounds.join(',')}}'::bigint[])`;
}

const bigint = (number: bigint): string => `'${number}'::bigint`;

/** Ids and hashes of eight bytes each, as one value. */
export const packed = `string_agg(int8send(id), ''::bytea), string_agg(int8send(row_hash), ''::bytea)`;

/** What arrives of `packed`: in hexadecimal, as the driver reads whatever arrives as text. */
export function unpacked([ids, hashes]: Row): HashedEntries {
  return { ids: numbersOf(ids ?? ''), hashes: numbersOf(hashes ?? '') };
}

const prefix = '\\x'.length;

function numbersOf(hexadecimal: string): BigInt64Array<ArrayBuffer> {
  const count = Math.max(0, hexadecimal.length - prefix) / 16;
  const bytes = Buffer.from(new ArrayBuffer(8 * count));
  bytes.write(hexadecimal.slice(prefix), 'hex');
  // The most significant byte comes first.
  return new BigInt64Array(bytes.swap64().buffer);
}
