import { type Column, SourceError } from '../core/sources.ts';

/** How many rows are in memory at once of each side, at most twice. */
export const batchRows = 5_000;

/** A query as part of another: a semicolon at its end would end the other, a comment swallow what follows. */
export function asSubquery(sql: string): string {
  return `(${sql.replace(/;(\s|--[^\n]*(\n|$))*$/, '')}\n)`;
}

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** How many rows have less than that in a column. */
export function belowQuery(sql: string, column: string, minimum: string): string {
  return `SELECT count(*) FROM ${asSubquery(sql)} AS compared WHERE ${identifier(column)} < ${minimum}`;
}

/** Throws SourceError for two columns of one name: nobody could say which is meant. */
export function distinct<T extends Column>(title: string, columns: readonly T[]): readonly T[] {
  const twice = columns.find(({ name }, index) => columns.findIndex((one) => one.name === name) < index);
  if (twice === undefined) return columns;
  throw new SourceError('query', `A query of ${title} gives two columns named ${twice.name}: name them apart.`);
}

/**
 * The query that gives these columns as canonical text, by key. `canonical` is the system's own expression for a column,
 * `order` what makes texts sort by code points.
 */
export function orderedQuery<T extends Column>(options: {
  readonly title: string;
  readonly sql: string;
  readonly found: readonly T[];
  readonly columns: readonly string[];
  readonly keys: number;
  readonly canonical: (column: T) => string;
  readonly order: string;
  /** Further expressions after the columns. */
  readonly more?: readonly string[];
  /** Only rows for which this holds. */
  readonly where?: string;
}): string {
  const { title, sql, found, columns, keys, canonical, order, more = [], where } = options;
  const texts = columns.map((name) => {
    const column = found.find((one) => one.name === name);
    if (column === undefined) throw new SourceError('query', `A query of ${title} gives no column ${name}.`);
    return canonical(column);
  });
  const by = texts.slice(0, keys).map((text) => `${text} ${order} NULLS FIRST`);
  const list = [...texts, ...more].map((text, index) => `${text} AS column_${index + 1}`);
  const only = where === undefined ? '' : ` WHERE ${where}`;
  return `SELECT ${list.join(', ')} FROM ${asSubquery(sql)} AS compared${only} ORDER BY ${by.join(', ')}`;
}
