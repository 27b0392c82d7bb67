import type { Verdict } from '../checks/verdict.ts';
import type { ColumnRule } from '../playbook/playbook.ts';
import type { Side } from '../sources.ts';
import type { Pattern } from './patterns.ts';

export type RowCounts = Readonly<Record<Side, number>>;

/**
 * What came of comparing two queries row by row. Every row that was read is in exactly one of the counts. It holds no row
 * and no value of one.
 */
export interface RowComparisonResult {
  readonly comparison: string;
  readonly title: string;
  /** The percentage of rows of which more must agree; "100": all of them. */
  readonly agreement: string;
  readonly verdict: Verdict;
  /** Why it is an error, or what was not compared; empty where there is nothing to say. */
  readonly reason: string;
  /** Rows read; none where it is an error before anything could be told. */
  readonly rows: RowCounts;
  /** Keys that both have once, and whose compared columns all agree; or not. */
  readonly agree: number;
  readonly differ: number;
  /** Keys that one side has, once. */
  readonly only: RowCounts;
  /** Keys that at least one side has more than once: how many, and the rows that they take. They are never matched. */
  readonly repeated: { readonly keys: number; readonly rows: RowCounts };
  /** Rows of which some part of the key is NULL. They are never matched. */
  readonly nullKeys: RowCounts;
  /** Compared columns, in order, with how many keys differ in them. */
  readonly columns: readonly { readonly column: string; readonly differ: number }[];
  /**
   * Keys that are known not to agree by their hashes alone, because they are more than can be looked at: they are counted
   * in `differ` and `only`, and not in `columns` and `causes`. A tolerance may let some of them agree.
   */
  readonly unread: number;
  /**
   * Keys that differed the one time and not the other, where what differs was compared again because a side is still
   * written to. They count as agreeing. Null where nothing was compared again.
   */
  readonly unsettled: number | null;
  /** What damage looks like (L119), each looked for on both sides. */
  readonly integrity: readonly IntegrityProbe[];
  readonly evidence: RowEvidence;
  /** Why rows do not agree, most rows first; empty when it is an error. */
  readonly causes: readonly Cause[];
  /** What explains the variance of the checks of that run that failed and that are about these rows. */
  readonly explanations: readonly Explanation[];
}

/** A kind of damage. `found`: keys, or rows. It fails where the new system has more of it than legacy. */
export interface IntegrityProbe {
  readonly probe: 'repeatedKeys' | 'nullKeys' | 'belowMinimum' | 'rowsLost';
  /** Of `belowMinimum`. */
  readonly column: string | null;
  readonly found: RowCounts;
  readonly verdict: 'pass' | 'fail';
}

/** When a side was last changed, by its query of the playbook; null where it gave no time. Absent where there is no query. */
export type ChangedAt = Readonly<Partial<Record<Side, string | null>>>;

/** By what a comparison can be judged later. */
export interface RowEvidence {
  /** What each side was read from: a snapshot's own number, or a file as it stood. */
  readonly snapshots: Readonly<Record<Side, string>>;
  readonly sql: Readonly<Record<Side, string>>;
  readonly key: readonly string[];
  readonly rules: Readonly<Record<string, ColumnRule>>;
  /** When each side was last changed, as it was asked because rows differed; null: it could not tell. */
  readonly changedAt?: ChangedAt;
  /** How rows were hashed; null: all were read. */
  readonly way: string | null;
  /** The exclusive or of the row hashes of each side, hexadecimal; null where all rows were read. */
  readonly checksums: Readonly<Record<Side, string>> | null;
  /** Columns that are not in the hashes, since they were compared as they are; absent where there is none. */
  readonly readAsTheyAre?: readonly string[];
}

/**
 * How much of a finding's variance each cause carries: the amounts of the parts and what is left over add up to the
 * difference exactly.
 */
export interface Explanation {
  readonly check: string;
  /** Of the finding: the group, or the name of the check for a scalar. */
  readonly key: string;
  /** new - legacy, as the check measured it; an exact decimal. */
  readonly difference: string;
  /** The largest amount first. */
  readonly parts: readonly ExplainedPart[];
  /** In rows that agree within their tolerances, or that the comparison does not read; an exact decimal. */
  readonly leftOver: string;
  /** What keeps it from being explained, in a sentence; empty otherwise. */
  readonly reason: string;
}

/** `column`: of a row that differs in several, the one that comes first of what decides whether and where it counts. */
export interface ExplainedPart extends Cause {
  /** Signed, an exact decimal. */
  readonly amount: string;
  /** True where the rows are so few that chat must not break their amount out (requirements, second part, 18). */
  readonly suppressed: boolean;
}

/** Why rows do not agree; `column` for what differs in one. A row that differs in two columns is in both causes. */
export interface Cause {
  readonly what: RowDifference['what'];
  readonly column: string | null;
  readonly rows: number;
  /** What nearly all of it lies in, such as level L3; or else the one that carries most of it, if that is half. */
  readonly segments: readonly Segment[];
  /** What the values that differ have in common; null where nothing was recognised. */
  readonly pattern: Pattern | null;
  /** What the keys have in common. */
  readonly keys: KeyPattern | null;
  /** No larger a share of the rows differs in the column than between legacy and its own copy: noise, not an error. */
  readonly noisy?: true;
}

/** By column: the share of rows, 0 to 1, that differs in it between legacy and its own copy or last load. */
export type Noise = ReadonlyMap<string, number>;

/** A value of a declared dimension, with the share of the cause that it carries, in percent, cut to whole ones. */
export interface Segment {
  readonly by: string;
  readonly value: string;
  readonly share: number;
}

/** `oneRun`: no key of another row lies between them; `last`: nor after them. `endsIn`: each of `column` ends in it. */
export type KeyPattern =
  | { readonly kind: 'oneRun'; readonly place: 'first' | 'between' | 'last' }
  | { readonly kind: 'endsIn'; readonly column: string; readonly text: string };

/** A key that does not agree, with its values: for whoever may see rows. */
export interface RowDifference {
  readonly key: readonly (string | null)[];
  readonly what: 'differs' | 'onlyLegacy' | 'onlyNew' | 'repeated' | 'nullKey';
  /** Each column that differs; of a row on one side only, each that is not NULL; of a key that repeats or is NULL, none. */
  readonly values: readonly { readonly column: string; readonly legacy: string | null; readonly new: string | null }[];
}

/** What a comparison came to, with rows that do not agree, in the order of their keys: at most `mostRowsKept`. */
export interface RowsMeasured {
  readonly result: RowComparisonResult;
  readonly differences: readonly RowDifference[];
}

/** More rows than this are counted, not kept. */
export const mostRowsKept = 10_000;
