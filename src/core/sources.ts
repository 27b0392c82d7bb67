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
  /** The columns that a query would give, without running it. Throws SourceError, also where two have one name. */
  describe(sql: string): Promise<readonly Column[]>;
  /**
   * All rows of a query in batches, whatever their number, in bounded memory: the named columns, as canonical text (see
   * ValueKind), in the order of the first `keys` of them: NULL first, then by code points. Throws SourceError. Nothing
   * else may be asked of the snapshot meanwhile.
   */
  readInOrder(sql: string, columns: readonly string[], keys: number): AsyncIterable<readonly Row[]>;
  close(): Promise<void>;
}

/** One row; NULL as null. */
export type Row = readonly (string | null)[];

/** Every value as the source's own text, NULL as null: numbers are never a binary float on the way. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/**
 * What a column holds, whatever a system calls it, and so how its canonical text looks, which is the same for the same
 * value in every system. `number`: plain digits without an exponent and without trailing zeros, -0 as 0, also NaN,
 * Infinity and -Infinity. `boolean`: true, false. `date`: 2026-11-23. `time`: 2026-11-23 12:00:00.5, of no zone.
 * `instant`: the same in UTC, with +00 behind it. `text`: as it is. `other`: the system's own text.
 */
export type ValueKind = 'number' | 'boolean' | 'date' | 'time' | 'instant' | 'text' | 'other';

export interface Column {
  readonly name: string;
  readonly kind: ValueKind;
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
