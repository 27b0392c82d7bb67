import type { HashedColumn, HashedRows, Slice, Within } from '../core/sources.ts';
import { asSubquery, identifier } from './ordered-query.ts';

/** What differs between systems in the SQL that hashes rows. */
export interface HashDialect {
  /** A column in its form, before codes are mapped. */
  readonly value: (column: HashedColumn) => string;
  /** A 64-bit number out of the key's values, and one out of key and values. */
  readonly keyHash: (hashed: HashedRows, key: readonly string[]) => string;
  readonly rowHash: (hashed: HashedRows, key: readonly string[], values: readonly string[]) => string;
}

/** Canonical texts by md5, which every system has. */
export const md5Way = 'md5';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The value in common terms. */
function inCommonTerms(column: HashedColumn, { value }: HashDialect): string {
  const own = value(column);
  if (column.mapping === undefined) return own;
  const { codes, side } = column.mapping;
  const cases = Object.entries(codes).map(([code, common]) => `WHEN ${literal(code)} THEN ${literal(common)}`);
  const unknown = `chr(1) || ${literal(side)} || chr(1) || ${own}`;
  return cases.length === 0 ? unknown : `CASE ${own} ${cases.join(' ')} ELSE ${unknown} END`;
}

const keysOf = (hashed: HashedRows, dialect: HashDialect): string[] =>
  hashed.key.map((column) => inCommonTerms(column, dialect));

/** A key that is one whole number is its own id; any other is known by its hash. */
function idOf(hashed: HashedRows, dialect: HashDialect): string {
  const key = keysOf(hashed, dialect);
  return isNumber(hashed) ? (key[0] ?? '') : dialect.keyHash(hashed, key);
}

const isNumber = ({ key }: HashedRows): boolean => key.length === 1 && key[0]?.form === 'integer';

/** Whole numbers spread over 31 bits (Lehmer's generator), alike in every system. */
const spread = (id: string): string => `(abs(${id} % 2147483647) * 48271 % 2147483647)`;

function sliceCondition(hashed: HashedRows, slice: Slice, dialect: HashDialect): string[] {
  const id = idOf(hashed, dialect);
  const present = hashed.key.map(({ name }) => `${identifier(name)} IS NOT NULL`);
  if ('part' in slice) {
    if (slice.parts === 1) return present;
    return [...present, `${isNumber(hashed) ? spread(id) : `(${id})`} & ${slice.parts - 1} = ${slice.part}`];
  }
  // On the column itself, so that an index serves.
  const name = identifier(hashed.key[0]?.name ?? '');
  return [
    ...present,
    ...(slice.from === null ? [] : [`${name} >= ${slice.from}`]),
    ...(slice.to === null ? [] : [`${name} < ${slice.to}`]),
  ];
}

/** The ids and hashes of the rows of a slice, as `id` and `row_hash`. */
export function sliceQuery(hashed: HashedRows, slice: Slice, dialect: HashDialect): string {
  const values = hashed.values.map((column) => inCommonTerms(column, dialect));
  return `SELECT ${idOf(hashed, dialect)} AS id, ${dialect.rowHash(hashed, keysOf(hashed, dialect), values)} AS row_hash
    FROM ${asSubquery(hashed.sql)} AS compared WHERE ${sliceCondition(hashed, slice, dialect).join(' AND ')}`;
}

/** True for the rows with these ids, or for those without a key. */
export function conditionOf({ hashed, ids }: Within, dialect: HashDialect): string {
  if (ids === 'nulls') return hashed.key.map(({ name }) => `${identifier(name)} IS NULL`).join(' OR ');
  const id = isNumber(hashed) ? identifier(hashed.key[0]?.name ?? '') : idOf(hashed, dialect);
  return `${id} IN (${ids.join(', ')})`;
}

/**
 * Texts in a row, so that no two different rows come to the same: a text that may hold anything has its length in bytes
 * before it, and only a NULL has none.
 */
export function delimitedTexts(
  columns: readonly HashedColumn[],
  texts: readonly string[],
  bytes: (text: string) => string,
): string[] {
  return columns.flatMap(({ delimited }, index) => {
    const text = texts[index] ?? 'NULL';
    return delimited ? [bytes(text), "':'", text, "'|'"] : [text, "'|'"];
  });
}
