import type { HashedColumn, HashedRows, KeyRange, SomeParts, Within } from '../core/sources.ts';
import { cellsTogether, readCells } from './cells.ts';
import { asSubquery, identifier } from './ordered-query.ts';

/** What differs between systems in the SQL that hashes rows. */
export interface HashDialect {
  /** A column in its form, before codes are mapped. */
  readonly value: (column: HashedColumn) => string;
  /** A 64-bit number out of the key's values, and one out of key and values. */
  readonly keyHash: (hashed: HashedRows, key: readonly string[]) => string;
  readonly rowHash: (hashed: HashedRows, of: RowToHash) => string;
  /** The canonical text of a column. */
  readonly text: (column: HashedColumn) => string;
  /** Columns that keep the others of a query from being worked out more than once; none where none is needed. */
  readonly apart: readonly string[];
  /** Whether a number is one of at least one. */
  readonly isOneOf: (number: string, numbers: readonly bigint[]) => string;
  /** Whether a key is one of these; undefined where no index would help, or nobody could say so safely. */
  readonly isKeyOf?: (hashed: HashedRows, keys: readonly string[]) => string | undefined;
}

/** What the hash of a row is made of, each as an expression. */
export interface RowToHash {
  readonly id: string;
  readonly key: readonly string[];
  readonly values: readonly string[];
}

/** Canonical texts by md5, which every system has. */
export const md5Way = 'md5';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The value in common terms. */
export function inCommonTerms(column: HashedColumn, { value }: HashDialect): string {
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

const nameOfId = 'id of the row';

/** The same within `hashQuery`. */
const idWithin = (hashed: HashedRows, dialect: HashDialect): string =>
  isNumber(hashed) ? idOf(hashed, dialect) : identifier(nameOfId);

const isNumber = ({ key }: HashedRows): boolean => key.length === 1 && key[0]?.form === 'integer';

const [modulus, multiplier] = [2_147_483_647n, 48_271n];

/** Whole numbers spread over 31 bits (Lehmer's generator), alike in every system. */
const spread = (id: string): string => `(abs(${id} % ${modulus}) * ${multiplier} % ${modulus})`;

/** Which of `parts`, a power of 2, a row is in: an expression within `hashQuery`. */
export function partOf(hashed: HashedRows, parts: number, dialect: HashDialect): string {
  return partOfId(hashed, idWithin(hashed, dialect), parts);
}

function partOfId(hashed: HashedRows, id: string, parts: number): string {
  return parts === 1 ? '0' : `${isNumber(hashed) ? spread(id) : `(${id})`} & ${parts - 1}`;
}

/** The first rows of a query, whichever these are. */
export const firstOf = (sql: string, rows: number): string =>
  `SELECT * FROM ${asSubquery(sql)} AS all_rows LIMIT ${rows}`;

/** Of how many rows that come first some are asked for; undefined: of all. */
export const firstAsked = ({ which }: Within): number | undefined =>
  which !== 'nulls' && 'ids' in which ? which.first : undefined;

/** The rows of a range; on the column itself, so that an index serves. */
export function rangeCondition(hashed: HashedRows, { from, to }: KeyRange): string {
  const name = identifier(hashed.key[0]?.name ?? '');
  const ends = [...(from === null ? [] : [`${name} >= ${from}`]), ...(to === null ? [] : [`${name} < ${to}`])];
  return ends.length === 0 ? 'true' : ends.join(' AND ');
}

const [least, greatest] = [-(2n ** 63n), 2n ** 63n - 1n];

/** The rows of ranges that don't meet, by one lookup each: a thousand conditions would take longer to plan than to read. */
export function rangesJoined(hashed: HashedRows, ranges: readonly KeyRange[]): { join: string; where: string } {
  const name = identifier(hashed.key[0]?.name ?? '');
  const froms = ranges.map(({ from }) => from ?? least);
  // The last key of a range, since there is none after the greatest.
  const lasts = ranges.map(({ to }) => (to === null ? greatest : to - 1n));
  const array = (numbers: readonly bigint[]): string => `'{${numbers.join(',')}}'::bigint[]`;
  return {
    join: `unnest(${array(froms)}, ${array(lasts)}) AS wanted ("first key", "last key")`,
    where: `${name} BETWEEN "first key" AND "last key"`,
  };
}

/** The name of a column that is read, by its place. */
const readName = (place: number): string => `read_${place + 1}`;

/** Aggregates of what `hashQuery` gives of the columns that are read: see `readColumns`. */
export const readAggregates = (hashed: HashedRows): string[] => cellsTogether(hashed, readName);

/** The rows and their ids, each worked out once however often it is used. */
function withId(hashed: HashedRows, dialect: HashDialect): string {
  const columns = ['*', `${idOf(hashed, dialect)} AS ${identifier(nameOfId)}`, ...dialect.apart];
  return `(SELECT ${columns.join(', ')} FROM ${asSubquery(hashed.sql)} AS all_rows)`;
}

interface HashQueryOptions {
  readonly where?: string;
  readonly group?: string;
  readonly join?: string;
  readonly once?: boolean;
}

/**
 * The ids and hashes of the rows that have a key and for which `where` holds, as `id` and `row_hash`. `group`: another
 * expression over the columns, as `row_group`. `join`: a relation of its own, for `where`. `once`: what it gives is used more
 * than once.
 */
export function hashQuery(
  hashed: HashedRows,
  dialect: HashDialect,
  { where, group, join, once }: HashQueryOptions = {},
): string {
  const id = idWithin(hashed, dialect);
  const values = hashed.values.map((column) => inCommonTerms(column, dialect));
  const columns = [
    `${id} AS id`,
    `${dialect.rowHash(hashed, { id, key: keysOf(hashed, dialect), values })} AS row_hash`,
    ...(group === undefined ? [] : [`${group} AS row_group`]),
    ...(once === true ? dialect.apart : []),
    ...readCells(hashed, dialect.text).map((cell, place) => `${cell} AS ${readName(place)}`),
  ];
  const rows = isNumber(hashed) ? asSubquery(hashed.sql) : withId(hashed, dialect);
  const present = hashed.key.map(({ name }) => `${identifier(name)} IS NOT NULL`);
  const conditions = [...present, ...(where === undefined ? [] : [where])];
  const from = `${rows} AS compared${join === undefined ? '' : `, ${join}`}`;
  return `SELECT ${columns.join(', ')} FROM ${from} WHERE ${conditions.join(' AND ')}`;
}

/** Such rows of a query, of which nothing else is worked out for the others. */
export const onlyWhere = (sql: string, condition: string): string =>
  `SELECT * FROM ${asSubquery(sql)} AS all_rows WHERE ${condition}`;

/** True for the rows that are asked for: an expression over the columns of the query itself. */
export function isAskedFor(
  hashed: HashedRows,
  which: { readonly ids: readonly bigint[] } | SomeParts,
  dialect: HashDialect,
): string {
  const id = idOf(hashed, dialect);
  if ('parts' in which) return dialect.isOneOf(partOfId(hashed, id, which.parts), which.only.map(BigInt));
  // On the column itself, so that an index serves.
  return dialect.isOneOf(isNumber(hashed) ? identifier(hashed.key[0]?.name ?? '') : id, which.ids);
}

/**
 * True for the rows in so many of the parts (a power of 2) from a multiple of that on: an expression over the columns of the
 * query itself, in which a row's part is worked out once.
 */
export function isInParts(
  hashed: HashedRows,
  { parts, from, count }: { readonly parts: number; readonly from: number; readonly count: number },
  dialect: HashDialect,
): string {
  return `(${partOfId(hashed, idOf(hashed, dialect), parts)}) >> ${Math.log2(count)} = ${from / count}`;
}

/** The same of rows that are read: an expression over the columns of the query itself. */
export function conditionOf({ hashed, which }: Within, dialect: HashDialect): string {
  if (which === 'nulls') return hashed.key.map(({ name }) => `${identifier(name)} IS NULL`).join(' OR ');
  const byId = isAskedFor(hashed, which, dialect);
  const byKey = which.keys === undefined ? undefined : dialect.isKeyOf?.(hashed, which.keys);
  return byKey === undefined ? byId : `${byKey} AND ${byId}`;
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
