import { decimal, decimalText } from '../core/numbers/decimal.ts';
import type { Column, ValueKind } from '../core/sources.ts';
import { identifier } from './ordered-query.ts';

/** A column with DuckDB's own name for its type. */
export interface DuckdbColumn extends Column {
  readonly type: string;
}

const kinds: readonly (readonly [RegExp, ValueKind])[] = [
  [/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$|^DECIMAL|^FLOAT$|^DOUBLE$/, 'number'],
  [/^BOOLEAN$/, 'boolean'],
  [/^DATE$/, 'date'],
  [/^TIMESTAMP WITH TIME ZONE$/, 'instant'],
  [/^TIMESTAMP(_S|_MS|_NS)?$/, 'time'],
  [/^VARCHAR$|^UUID$|^ENUM\(/, 'text'],
];

/** As what PostgreSQL's hash functions take a type; see Column. Nanoseconds are not among them, and have their text. */
const forms: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^(TINY|SMALL)?INT(EGER)?$|^U(TINY|SMALL)INT$/, ['integer32', 'integer', 'numeric']],
  [/^BIGINT$|^UINTEGER$/, ['integer', 'numeric']],
  [/^UBIGINT$|^U?HUGEINT$|^DECIMAL|^FLOAT$/, ['numeric']],
  [/^DOUBLE$/, ['double', 'numeric']],
  [/^BOOLEAN$/, ['boolean']],
  [/^DATE$/, ['date']],
  [/^TIMESTAMP$/, ['timestamp']],
  [/^TIMESTAMP WITH TIME ZONE$/, ['timestamptz']],
];

export function columnOf(name: string, type: string): DuckdbColumn {
  const kind = kinds.find(([pattern]) => pattern.test(type))?.[1] ?? 'other';
  const own = forms.find(([pattern]) => pattern.test(type))?.[1] ?? [];
  return { name, type, kind, forms: [...own, 'text'] };
}

/** The canonical text of a column; a double's may still have an exponent (see `plainNumber`). */
export function canonicalText({ name, type }: DuckdbColumn): string {
  const column = identifier(name);
  const text = `CAST(${column} AS VARCHAR)`;
  if (type.startsWith('DECIMAL')) return `CASE WHEN contains(${text}, '.') THEN ${trimmed(text)} ELSE ${text} END`;
  if (/^(FLOAT|DOUBLE)$/.test(type)) {
    return `CASE WHEN isnan(${column}) THEN 'NaN' WHEN isinf(${column}) THEN if(${column} > 0, 'Infinity', '-Infinity')
      WHEN ${column} = 0 THEN '0' WHEN contains(${text}, 'e') THEN ${text} ELSE ${trimmed(text)} END`;
  }
  return text;
}

const trimmed = (text: string): string => `rtrim(rtrim(${text}, '0'), '.')`;

/** A number as DuckDB prints it, which is with an exponent where it is very large or very small. */
export function withoutExponent(text: string | null): string | null {
  return text?.includes('e') === true ? decimalText(decimal(text)) : text;
}
