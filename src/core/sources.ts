import type { KeyBounds } from './rows/key-bounds.ts';

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
  /** What is read, for the record: the database and its own number of the snapshot, or the file and when it was written. */
  readonly identity: string;
  /** One statement. Throws SourceError; a failed query does not spoil the snapshot for the next one. */
  query(sql: string): Promise<Rows>;
  /** The columns that a query would give, without running it. Throws SourceError, also where two have one name. */
  describe(sql: string): Promise<readonly Column[]>;
  /**
   * All rows of a query in batches, whatever their number, in bounded memory: the named columns, as canonical text (see
   * ValueKind), in the order of the first `keys` of them: NULL first, then by code points. Throws SourceError. Nothing
   * else may be asked of the snapshot meanwhile.
   */
  readInOrder(sql: string, columns: readonly string[], keys: number, within?: Within): AsyncIterable<readonly Row[]>;
  /** About how many rows a query gives: an estimate where counting would read them all. Throws SourceError. */
  estimateRows(sql: string): Promise<number>;
  /** How many rows have less than `minimum`, an exact decimal, in a column. Throws SourceError. */
  countBelow(sql: string, column: string, minimum: string): Promise<number>;
  /** The ways in which it can hash rows, best first. Two systems that name one alike hash alike. Throws SourceError. */
  hashWays(): Promise<readonly HashWay[]>;
  /**
   * Where to cut the rows into ranges of about `rows` each by their key, which is a single whole number: ascending.
   * Only where an index proves that no key repeats and the rows lie in its order, so that a range is cheap to read.
   * `given`: it has no such proof, and reads whatever ranges the other system has. Undefined: neither.
   */
  rangeBounds(hashed: HashedRows, rows: number): Promise<KeyBounds | 'given' | undefined>;
  /**
   * One pass over the rows of a range: what its parts come to, of those that bounds within it make, so many of
   * them `together` (a power of 2, at most 16). The first part is all below the first bound, the last all from the last bound
   * on. Throws SourceError.
   */
  mixRanges(hashed: HashedRows, bounds: KeyBounds, of: MixedRanges): Promise<HashMixes>;
  /** Some of the rows that have a key. Throws SourceError. */
  hashRows(hashed: HashedRows, which: WhichRows): Promise<HashedEntries>;
  /** True where an index proves that no key repeats. Throws SourceError. */
  keyIsUnique(hashed: HashedRows): Promise<boolean>;
  /** One pass over all rows: what each of so many parts comes to (see `hashParts`). Throws SourceError. */
  mixParts(hashed: HashedRows, parts: number): Promise<HashMixes>;
  /**
   * All rows but those with NULL in their key, in so many parts (a power of 2) of about the same size, by the hash of the
   * key: the same rows are in the same part of every system. Each part once, also an empty one, and at most 256 of them
   * before their turn. `within`: of these alone. Throws SourceError. Nothing else may be asked meanwhile.
   */
  hashParts(hashed: HashedRows, parts: number, within?: SomeParts): AsyncIterable<HashedPart>;
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
  /**
   * As what its values can be hashed, best first; the last is always "text", the canonical text. Two systems that name a
   * form alike mean the same by it.
   */
  readonly forms: readonly string[];
}

export interface HashWay {
  readonly name: string;
  /** True: it hashes only rows whose key is a single whole number. */
  readonly wholeNumbersOnly: boolean;
}

/** How the rows of a query are hashed. */
export interface HashedRows {
  readonly sql: string;
  /** The name of one of `hashWays`. */
  readonly way: string;
  readonly key: readonly HashedColumn[];
  /** The columns whose values are in the hash. */
  readonly values: readonly HashedColumn[];
  /** Columns that are not hashed, but given with each row. */
  readonly read?: readonly HashedColumn[];
}

/** Rows in ranges of a key that is a single whole number; in some parts; with these ids; or so many, whichever come first. */
export type WhichRows =
  | { readonly ranges: readonly KeyRange[] }
  | SomeParts
  | { readonly ids: readonly bigint[] }
  | { readonly first: number };

export interface HashedColumn {
  readonly name: string;
  /** One of the column's forms. */
  readonly form: string;
  /** False: its text holds no character by which texts could be mistaken for one another. */
  readonly delimited: boolean;
  /** Codes and what they are in common terms; any other becomes a text of this `side` that no other side has. */
  readonly mapping?: { readonly codes: Readonly<Record<string, string>>; readonly side: Side };
  /** Rounded half up to so many decimals; only of the form "numeric". */
  readonly decimals?: number;
}

/** Keys from `from` on and below `to`; null: no end. */
export interface KeyRange {
  readonly from: bigint | null;
  readonly to: bigint | null;
}

/**
 * Rows in any order: the id and the hash of each, at the same index. The id is the key itself where it is a single whole
 * number, and else its hash.
 */
export interface HashedEntries {
  readonly ids: BigInt64Array<ArrayBuffer>;
  readonly hashes: BigInt64Array<ArrayBuffer>;
  /** Of each column that is read. */
  readonly read: readonly ReadColumn[];
}

/** A value a row. */
export interface ReadColumn {
  /** Absent where it is a column of a key whose values have another form. */
  readonly cells?: Cells;
  /** The canonical text of a row's cell; NULL as null. */
  valueOf(row: number): string | null;
}

/** Values in one text with a character after each. Equal cells, of whatever system, mean equal values. */
export interface Cells {
  readonly text: string;
  /** Where each cell ends, and so where the next begins but for the character between them. */
  readonly ends: Int32Array;
}

/** Some of the parts that rows are in when they are in so many (see `hashParts`). */
export interface SomeParts {
  readonly parts: number;
  readonly only: readonly number[];
}

export interface HashedPart extends HashedEntries {
  /** From 0. */
  readonly part: number;
}

export interface MixedRanges {
  readonly within: KeyRange;
  readonly together: number;
}

/** How many rows there are in each of some groups, and the exclusive or of their hashes, at the same index. */
export interface HashMixes {
  readonly rows: Int32Array;
  readonly mixes: BigInt64Array<ArrayBuffer>;
  /** The same of hashes that are shifted left by the place of their range among those that are together, from 0. */
  readonly shifted: BigInt64Array<ArrayBuffer>;
}

/** Which rows of a query: those with these ids, or those with NULL in their key. */
export interface Within {
  readonly hashed: HashedRows;
  readonly which: WithIds | 'nulls';
}

export interface WithIds {
  readonly ids: readonly bigint[];
  /** They are among so many rows that come first. */
  readonly first?: number | undefined;
  /** The keys of them all, in any order, where a key is one column: by them, an index may find what ids can't. */
  readonly keys?: readonly string[] | undefined;
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
