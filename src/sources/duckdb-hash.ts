import type { HashedColumn } from '../core/sources.ts';
import { canonicalText, type DuckdbColumn } from './duckdb-values.ts';
import { delimitedTexts, type HashDialect } from './hash-sql.ts';
import { identifier } from './ordered-query.ts';

/** How DuckDB hashes these columns of a query: always by md5, its own hash function is its own. */
export function duckdbHashing(found: readonly DuckdbColumn[]): HashDialect {
  const text = ({ name }: HashedColumn): string => {
    const column = found.find((one) => one.name === name);
    if (column === undefined) throw new Error(`There is no column ${name} to hash.`);
    return canonicalText(column);
  };
  return {
    text,
    value: (column) => (column.form === 'integer' ? `CAST(${identifier(column.name)} AS BIGINT)` : text(column)),
    keyHash: ({ key }, values) => md5Of(key, values),
    rowHash: (hashed, { key, values }) => md5Of([...hashed.key, ...hashed.values], [...key, ...values]),
    apart: [],
    // One literal: so many numbers, each an expression, would take longer to plan than to find.
    isOneOf: (number, numbers) =>
      `(${number}) IN (SELECT unnest(CAST(string_split('${numbers.join(',')}', ',') AS BIGINT[])))`,
  };
}

function md5Of(columns: readonly HashedColumn[], texts: readonly string[]): string {
  const parts = delimitedTexts(columns, texts, (text) => `strlen(CAST(${text} AS VARCHAR))`);
  return `CAST('0x0' || left(md5(concat(${parts.join(', ')})), 15) AS BIGINT)`;
}
