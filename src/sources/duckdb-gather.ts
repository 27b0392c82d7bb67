import type { HashedColumn, HashedEntries, HashedRows } from '../core/sources.ts';
import type { RawChunk } from './duckdb-chunk.ts';
import { advance, lengthOf, together } from './duckdb-texts.ts';
import { type DuckdbColumn, withoutExponent } from './duckdb-values.ts';
import { cellsOf, readCells, readColumns, separatorText } from './cells.ts';
import { type HashDialect, inCommonTerms } from './hash-sql.ts';
import { mostDigits, mostScale } from './numeric-digits.ts';
import { asSubquery, identifier } from './ordered-query.ts';
import { createRowHashes, isPresent, type Raw, type RowHashes, type Texts } from './row-hashes.ts';

/*
 * DuckDB can't hash as PostgreSQL does, so the columns come here as they are in its memory, and are hashed here (see
 * `createRowHashes`).
 */

/** A column as it is fetched, and what hashes it. */
interface Gathered {
  /** Numbers of a fixed size. */
  readonly numbers?: string;
  readonly text?: string;
  readonly hash: (hashes: RowHashes, fetched: Fetched) => void;
}

interface Fetched {
  int32(): Raw<Int32Array>;
  int64(): Raw<BigInt64Array>;
  double(): Raw<Float64Array>;
  text(): Texts;
}

/** PostgreSQL counts days and microseconds from here. */
const epoch = "DATE '2000-01-01'";
const epochMicroseconds = '946684800000000';

/** What lies infinitely far is the least or the greatest number. */
function instant(column: string, from: string, ends: readonly [string, string]): string {
  return `CASE WHEN isinf(${column}) THEN if(${column} > ${epoch}, ${ends[1]}, ${ends[0]}) ELSE ${from} END`;
}

function gathered(column: HashedColumn, type: string, dialect: HashDialect): Gathered {
  const own = identifier(column.name);
  const int32 = (numbers: string): Gathered => ({
    numbers: `CAST(${numbers} AS INTEGER)`,
    hash: (hashes, { int32 }) => hashes.int32(int32()),
  });
  switch (column.form) {
    case 'integer':
      return { numbers: `CAST(${own} AS BIGINT)`, hash: (hashes, { int64 }) => hashes.int64(int64()) };
    case 'integer32':
    case 'boolean':
      return int32(own);
    case 'date':
      return int32(instant(own, `${own} - ${epoch}`, ['-2147483648', '2147483647']));
    case 'timestamp':
    case 'timestamptz': {
      const ends = ['-9223372036854775808', '9223372036854775807'] as const;
      return {
        numbers: instant(own, `epoch_us(${own}) - ${epochMicroseconds}`, ends),
        hash: (hashes, { int64 }) => hashes.timestamp(int64()),
      };
    }
    case 'double':
      return { numbers: own, hash: (hashes, { double }) => hashes.double(double()) };
    case 'numeric':
      return numeric(column, type);
    default:
      return { text: inCommonTerms(column, dialect), hash: (hashes, { text }) => hashes.text(text()) };
  }
}

/** To print a number and to read it again takes longer than all the rest; only those that have many digits are. */
function numeric({ name, decimals }: HashedColumn, type: string): Gathered {
  const own = identifier(name);
  const printed = `CAST(${own} AS VARCHAR)`;
  const { digits, scale } = exactly(type);
  if (scale > mostScale) {
    return { text: printed, hash: (hashes, { text }) => hashes.numeric({ texts: text(), decimals }) };
  }
  const units = `TRY_CAST(${own} AS DECIMAL(${mostDigits}, ${scale}))`;
  if (digits <= mostDigits) {
    return { numbers: units, hash: (hashes, { int64 }) => hashes.numeric({ units: { ...int64(), scale }, decimals }) };
  }
  // Of so few digits, no two numbers are the same double: the one that is this double is the one that DuckDB prints.
  const isExact = type === 'DOUBLE' ? `CAST(${units} AS DOUBLE) = ${own}` : `${units} IS NOT NULL`;
  return {
    numbers: `CASE WHEN ${isExact} THEN ${units} END`,
    text: `CASE WHEN ${isExact} THEN NULL ELSE ${printed} END`,
    hash: (hashes, { int64, text }) => hashes.numeric({ units: { ...int64(), scale }, texts: text(), decimals }),
  };
}

/** Most doubles that stand for exact numbers have no more decimals. */
const scaleOfDoubles = 4;

/** How many digits the numbers of a type have at most, and how many of them behind the point. */
function exactly(type: string): { readonly digits: number; readonly scale: number } {
  const [, width, scale] = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type) ?? [];
  if (width !== undefined) return { digits: Number(width), scale: Number(scale) };
  if (type === 'DOUBLE') return { digits: Infinity, scale: scaleOfDoubles };
  if (/^U?(TINYINT|SMALLINT|INTEGER)$/.test(type)) return { digits: 10, scale: 0 };
  return { digits: Infinity, scale: type.endsWith('INT') ? 0 : Infinity };
}

/** Rows as they are hashed, and the part that each is in, at the same index. */
interface Gathering {
  /** Fetches the rows for which `where` holds. `part`: an expression. */
  query(where: string, part?: string): string;
  read(chunk: RawChunk): HashedEntries;
  /** Only where the query has a part. */
  partsOf(chunk: RawChunk): Int32Array;
}

/** How rows are fetched to be hashed here. */
export function gathering(hashed: HashedRows, found: readonly DuckdbColumn[], dialect: HashDialect): Gathering {
  const key = `CAST(${identifier(hashed.key[0]?.name ?? '')} AS BIGINT)`;
  const typeOf = (column: HashedColumn | undefined): string =>
    found.find(({ name }) => name === column?.name)?.type ?? '';
  const columns = hashed.values.map((column) => gathered(column, typeOf(column), dialect));
  const fetched = [key];
  const placed = columns.map(({ numbers, text, hash }) => {
    const places = { numbers: fetched.length, lengths: fetched.length + (numbers === undefined ? 0 : 1) };
    if (numbers !== undefined) fetched.push(numbers);
    if (text !== undefined) fetched.push(lengthOf(text));
    return { ...places, hash, hasText: text !== undefined };
  });
  const cells = readCells(hashed, dialect.text).map((text, index) => {
    const column = hashed.read?.[index];
    // Where the other side's may be any text, cells are marked: see `readCells`.
    const isDouble = column?.delimited === false && typeOf(column) === 'DOUBLE';
    const at = fetched.push(isDouble ? identifier(column?.name ?? '') : lengthOf(text)) - 1;
    return { at, isDouble, text };
  });
  const texts = [
    ...columns.flatMap(({ text }) => text ?? []),
    ...cells.flatMap(({ isDouble, text }) => (isDouble ? [] : [text])),
  ];
  const textAt = fetched.length;
  if (texts.length > 0) fetched.push(together(texts));
  return {
    query: (where, part) =>
      `SELECT ${(part === undefined ? fetched : [...fetched, `CAST(${part} AS INTEGER)`]).join(', ')} FROM ${asSubquery(hashed.sql)} AS compared WHERE ${key} IS NOT NULL AND (${where})`,
    read(chunk) {
      // First of all, since they are only there while the chunk is.
      const { bytes, starts } = texts.length === 0 ? noTexts : chunk.texts(textAt);
      const ids = chunk.int64(0).values;
      const hashes = createRowHashes(ids);
      for (const { numbers, lengths: lengthsAt, hash, hasText } of placed) {
        const lengths = hasText ? chunk.int32(lengthsAt) : undefined;
        hash(hashes, {
          int32: () => chunk.int32(numbers),
          int64: () => chunk.int64(numbers),
          double: () => chunk.double(numbers),
          text: () => ({ bytes, starts, lengths: lengths?.values ?? new Int32Array(), present: lengths?.present }),
        });
        if (lengths !== undefined) advance(starts, lengths);
      }
      const found = cells.map(({ at, isDouble }) => {
        if (isDouble) return printedDoubles(chunk.double(at));
        const { values: lengths } = chunk.int32(at);
        const together = cellsOf(bytes, starts, lengths);
        advance(starts, { values: lengths, present: undefined });
        return together;
      });
      return { ids, hashes: hashes.result(), read: readColumns(hashed, found, chunk.rows) };
    },
    partsOf: (chunk) => chunk.int32(fetched.length).values,
  };
}

/** The cells of a column of doubles: DuckDB takes ten times as long to print one. */
function printedDoubles({ values, present }: Raw<Float64Array>): string {
  const cells: string[] = [];
  for (const [row, value] of values.entries()) {
    cells.push(isPresent(present, row) ? (withoutExponent(String(value)) ?? '') : '');
  }
  return cells.join(separatorText);
}

const noTexts = { bytes: new Uint8Array(), starts: new Int32Array() };
