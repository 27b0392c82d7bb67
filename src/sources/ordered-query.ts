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

/** Columns of a query to be read as canonical text. */
interface TextColumns<T extends Column> {
  readonly title: string;
  readonly found: readonly T[];
  readonly columns: readonly string[];
  /** The system's own expression for a column. */
  readonly canonical: (column: T) => string;
}

/** An expression for each, in their order. Throws SourceError for one that is not there. */
export const canonicalTexts = <T extends Column>({ title, found, columns, canonical }: TextColumns<T>): string[] =>
  columns.map((name) => {
    const column = found.find((one) => one.name === name);
    if (column === undefined) throw new SourceError('query', `A query of ${title} gives no column ${name}.`);
    return canonical(column);
  });

/** These texts of the rows of a query, as `column_1` and so on. `where`: only of rows for which it holds. */
export function selectTexts(sql: string, texts: readonly string[], where?: string): string {
  const list = texts.map((text, index) => `${text} AS ${textName(index)}`);
  const only = where === undefined ? '' : ` WHERE ${where}`;
  return `SELECT ${list.join(', ')} FROM ${asSubquery(sql)} AS compared${only}`;
}

/** The name of a text by its place. */
export const textName = (place: number): string => `column_${place + 1}`;
