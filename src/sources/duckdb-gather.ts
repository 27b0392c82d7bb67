import type { DuckDBDataChunk, DuckDBListVector } from '@duckdb/node-api';
import type { HashedColumn, HashedEntries, HashedRows } from '../core/sources.ts';
import { cellsTogether, readCells, readColumns } from './cells.ts';
import { type HashDialect, inCommonTerms } from './hash-sql.ts';
import { asSubquery, identifier } from './ordered-query.ts';
import { createRowHashes, type Halves, halves, type RowHashes } from './row-hashes.ts';

/*
 * DuckDB can't hash as PostgreSQL does, so the rows come here in whole columns, a list of numbers or one text of all its
 * values each, and are hashed here (see `createRowHashes`). To fetch a text a row would take twenty times as long.
 */

/** A column as it is fetched: expressions of the aggregates, and what hashes them. */
interface Gathered {
  readonly aggregates: readonly string[];
  readonly hash: (hashes: RowHashes, read: Read, absent: Uint8Array | undefined) => void;
}

/** What came of an aggregate, by its place among those of its column. */
interface Read {
  numbers<T extends Int32Array | Float64Array>(place: number, make: (count: number) => T): T;
  bytes(place: number): Uint8Array;
}

const words = (count: number): Int32Array => new Int32Array(count);
const doubles = (count: number): Float64Array => new Float64Array(count);

const listOf = (expression: string): string => `list(coalesce(${expression}, 0))`;
const upper = (value: string): string => `CAST(${value} >> 32 AS INTEGER)`;
const lower = (value: string): string => `CAST(${value} & 4294967295 AS UINTEGER)`;

function int32(value: string): Gathered {
  return {
    aggregates: [listOf(value)],
    hash: (hashes, { numbers }, absent) => hashes.int32(numbers(0, words), absent),
  };
}

function int64(value: string, by: 'int64' | 'timestamp'): Gathered {
  return {
    aggregates: [listOf(upper(value)), listOf(lower(value))],
    hash: (hashes, { numbers }, absent) => hashes[by]({ highs: numbers(0, words), lows: numbers(1, words) }, absent),
  };
}

function texts(text: string, hash: Gathered['hash']): Gathered {
  return { aggregates: [`encode(string_agg(${text}, ''))`, listOf(`CAST(strlen(${text}) AS INTEGER)`)], hash };
}

/** PostgreSQL counts days and microseconds from here. */
const epoch = "DATE '2000-01-01'";
const epochMicroseconds = '946684800000000';

/** What lies infinitely far is the least or the greatest number. */
function instant(column: string, from: string, ends: readonly [string, string]): string {
  return `CASE WHEN isinf(${column}) THEN if(${column} > ${epoch}, ${ends[1]}, ${ends[0]}) ELSE ${from} END`;
}

function gathered(column: HashedColumn, dialect: HashDialect): Gathered {
  const own = identifier(column.name);
  switch (column.form) {
    case 'integer':
      return int64(`CAST(${own} AS BIGINT)`, 'int64');
    case 'integer32':
    case 'boolean':
      return int32(`CAST(${own} AS INTEGER)`);
    case 'date':
      return int32(`CAST(${instant(own, `${own} - ${epoch}`, ['-2147483648', '2147483647'])} AS INTEGER)`);
    case 'timestamp':
    case 'timestamptz':
      return int64(
        instant(own, `epoch_us(${own}) - ${epochMicroseconds}`, ['-9223372036854775808', '9223372036854775807']),
        'timestamp',
      );
    case 'double':
      return {
        aggregates: [listOf(own)],
        hash: (hashes, { numbers }, absent) => hashes.double(numbers(0, doubles), absent),
      };
    case 'numeric':
      return texts(`CAST(${own} AS VARCHAR)`, (hashes, { bytes, numbers }, absent) =>
        hashes.numeric(bytes(0), numbers(1, words), absent, column.decimals),
      );
    default:
      return texts(inCommonTerms(column, dialect), (hashes, { bytes, numbers }, absent) =>
        hashes.text(bytes(0), numbers(1, words), absent),
      );
  }
}

/** So many NULLs of a row are in one number. */
const bitsAMask = 31;

function masks(columns: readonly HashedColumn[]): string[] {
  const isNull = columns.map(
    ({ name }, index) => `(CAST(${identifier(name)} IS NULL AS INTEGER) << ${index % bitsAMask})`,
  );
  const some = Array.from({ length: Math.ceil(isNull.length / bitsAMask) }, (_, index) =>
    isNull.slice(index * bitsAMask, (index + 1) * bitsAMask),
  );
  return some.map((bits) => `list(${bits.join(' + ')})`);
}

/** One row of all the rows for which `where` holds, and what makes ids and hashes of it. */
export function gathering(
  hashed: HashedRows,
  dialect: HashDialect,
): { query(where: string): string; read(chunk: DuckDBDataChunk | null): HashedEntries } {
  const key = `CAST(${identifier(hashed.key[0]?.name ?? '')} AS BIGINT)`;
  const columns = hashed.values.map((column) => gathered(column, dialect));
  const before = [listOf(upper(key)), listOf(lower(key)), ...masks(hashed.values)];
  const hashedHere = [...before, ...columns.flatMap((column) => column.aggregates)];
  const aggregates = [...hashedHere, ...readCells(hashed, dialect.text).map(cellsTogether)];
  return {
    query: (where) =>
      `SELECT ${aggregates.join(', ')} FROM ${asSubquery(hashed.sql)} AS compared WHERE ${key} IS NOT NULL AND (${where})`,
    read(chunk) {
      if (chunk === null) return { ...hashesOf(halves(0), () => undefined), read: readColumns(hashed, [], 0) };
      const numbers = <T extends Int32Array | Float64Array>(index: number, make: (count: number) => T): T =>
        numbersOf(chunk.getColumnVector(index) as DuckDBListVector, make);
      const ids = { highs: numbers(0, words), lows: numbers(1, words) };
      const found = aggregates.slice(hashedHere.length).map((_, index) => {
        const cells = chunk.getColumnVector(hashedHere.length + index).getItem(0);
        return typeof cells === 'string' ? cells : null;
      });
      const hashes = hashesOf(ids, (hashes) => {
        const nulls = before.slice(2).map((_, index) => numbers(2 + index, words));
        const some = nulls.map((masks) => masks.reduce((bits, mask) => bits | mask, 0));
        let place = before.length;
        for (const [index, column] of columns.entries()) {
          const [from, which, bit] = [place, Math.floor(index / bitsAMask), index % bitsAMask];
          const read: Read = {
            numbers: (at, make) => numbers(from + at, make),
            bytes: (at) => bytesOf(chunk.getColumnVector(from + at).getItem(0)),
          };
          const masks = ((some[which] ?? 0) & (1 << bit)) === 0 ? undefined : nulls[which];
          column.hash(hashes, read, masks === undefined ? undefined : bitOf(masks, bit));
          place += column.aggregates.length;
        }
      });
      return { ...hashes, read: readColumns(hashed, found, ids.highs.length) };
    },
  };
}

function numbersOf<T extends Int32Array | Float64Array>(lists: DuckDBListVector, make: (count: number) => T): T {
  const list = lists.getItemVector(0);
  const numbers = make(list?.itemCount ?? 0);
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = list?.getItem(index) as number;
  return numbers;
}

function bitOf(masks: Int32Array, bit: number): Uint8Array {
  const bits = new Uint8Array(masks.length);
  for (let row = 0; row < bits.length; row += 1) bits[row] = ((masks[row] ?? 0) >> bit) & 1;
  return bits;
}

const bytesOf = (value: unknown): Uint8Array =>
  typeof value === 'object' && value !== null && 'bytes' in value ? (value.bytes as Uint8Array) : new Uint8Array();

function hashesOf(ids: Halves, hash: (of: RowHashes) => void): Omit<HashedEntries, 'read'> {
  const hashes = createRowHashes(ids);
  hash(hashes);
  return { ids: joined(ids), hashes: joined(hashes.result()) };
}

function joined({ highs, lows }: Halves): BigInt64Array<ArrayBuffer> {
  const numbers = new BigInt64Array(highs.length);
  const parts = new Int32Array(numbers.buffer);
  for (let row = 0; row < highs.length; row += 1) {
    parts[2 * row] = lows[row] ?? 0;
    parts[2 * row + 1] = highs[row] ?? 0;
  }
  return numbers;
}
