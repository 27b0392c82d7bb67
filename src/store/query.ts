import type pg from 'pg';

/** Runs one statement inside the transaction that it belongs to. */
export type Query = <Row extends pg.QueryResultRow = pg.QueryResultRow>(
  sql: string,
  values?: readonly unknown[],
) => Promise<pg.QueryResult<Row>>;

/** What the database gives for a timestamptz, as ISO 8601 UTC with milliseconds. */
export const iso = (moment: Date): string => moment.toISOString();
export const isoOrNull = (moment: Date | null): string | null => moment?.toISOString() ?? null;

export const after = (now: Date, milliseconds: number): Date => new Date(now.getTime() + milliseconds);

/** The code of an error of the database, the network or the file system; undefined when it has none. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
