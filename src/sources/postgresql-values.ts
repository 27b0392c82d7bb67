import type { Column, ValueKind } from '../core/sources.ts';
import { identifier } from './ordered-query.ts';

/** A column with PostgreSQL's own number for its type. */
export interface PostgresqlColumn extends Column {
  readonly type: number;
  /** True: a numeric of so many digits, which holds no Infinity. */
  readonly bounded: boolean;
}

// https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
const integers = [20, 21, 23, 26];
const floats = [700, 701];
const numeric = 1700;
const kinds: Readonly<Record<number, ValueKind>> = {
  ...Object.fromEntries([...integers, ...floats, numeric].map((type) => [type, 'number' as const])),
  16: 'boolean',
  1082: 'date',
  1114: 'time',
  1184: 'instant',
  // text, varchar, char(n), name, "char", uuid
  ...Object.fromEntries([25, 1043, 1042, 19, 18, 2950].map((type) => [type, 'text' as const])),
};

/** As what PostgreSQL's own functions hash a type; see Column. Values of one form are compared as that type does. */
const forms: Readonly<Record<number, readonly string[]>> = {
  ...Object.fromEntries([20, 26].map((type) => [type, ['integer', 'numeric']])),
  ...Object.fromEntries([21, 23].map((type) => [type, ['integer32', 'integer', 'numeric']])),
  [numeric]: ['numeric'],
  701: ['double'],
  16: ['boolean'],
  1082: ['date'],
  1114: ['timestamp'],
  1184: ['timestamptz'],
  2950: ['uuid'],
};

export function columnOf(name: string, type: number, modifier: number): PostgresqlColumn {
  const bounded = type !== numeric || modifier !== -1;
  return { name, type, bounded, kind: kinds[type] ?? 'other', forms: [...(forms[type] ?? []), 'text'] };
}

/** The canonical text of a column, given the session's settings (ISO dates in UTC, floats that read back as themselves). */
export function canonicalText({ name, type }: PostgresqlColumn): string {
  const column = identifier(name);
  if (type === numeric) return `trim_scale(${column})::text`;
  if (floats.includes(type)) {
    // By way of text: the cast of a float to numeric rounds.
    return `CASE WHEN ${column} IN ('NaN', 'Infinity', '-Infinity') THEN ${column}::text
      ELSE trim_scale(${column}::text::numeric)::text END`;
  }
  return `${column}::text`;
}

/** By the code points of UTF-8, whatever the database's own collation. */
export const byCodePoints = 'COLLATE "C"';
