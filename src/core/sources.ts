/** The two sides of every comparison. */
export type Side = 'legacy' | 'new';
export const sides = ['legacy', 'new'] as const;

/**
 * A compared system. Reading is all that can be done with it: a snapshot is one read-only view that does not change
 * while it is open (PostgreSQL: one REPEATABLE READ READ ONLY transaction; DuckDB: one read-only transaction).
 */
export interface Source {
  /** Throws SourceError. The caller closes the snapshot. `signal` ends the opening and every query of the snapshot. */
  open(signal?: AbortSignal): Promise<Snapshot>;
  /** Releases every connection. */
  close(): Promise<void>;
}

export interface Snapshot {
  /** One statement. Throws SourceError; a failed query does not spoil the snapshot for the next one. */
  query(sql: string): Promise<Rows>;
  close(): Promise<void>;
}

/** Every value as the source's own text, NULL as null: numbers are never a binary float on the way. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/**
 * `busy`: locked, half-written or not there yet: the run is held and tried again. `unreachable`: no connection.
 * `timeout`: the statement timeout. `query`: the source refused the statement. `cancelled`: the signal fired.
 */
export type SourceErrorCode = 'busy' | 'unreachable' | 'timeout' | 'query' | 'cancelled';

/** What went wrong with a compared system, in words that hold no secret and no row. */
export class SourceError extends Error {
  readonly code: SourceErrorCode;
  constructor(code: SourceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SourceError';
    this.code = code;
  }
}
