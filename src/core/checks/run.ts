import type { Actor } from '../request.ts';
import type { RowComparisonResult } from '../rows/result.ts';
import type { Side } from '../sources.ts';
import type { Verdict } from './verdict.ts';

/** What a run came to. `held`: the data was not ready or not comparable, so nothing was compared. */
export type RunState = Verdict | 'held';

export type Unit = '%' | 'points';

/** One measured comparison. Every figure is an exact decimal as text; `null` where there is none. */
export interface Finding {
  readonly check: string;
  /** The group, such as "L3" or "2026 / hire"; the name of the check for a scalar; the year for growth. */
  readonly key: string;
  readonly legacy: string | null;
  readonly new: string | null;
  /** new - legacy, signed. For growth: percentage points. */
  readonly difference: string | null;
  /** |new - legacy| / |legacy| in percent, or the absolute difference in points; rounded up to 12 decimals, for display only. */
  readonly variance: string | null;
  readonly unit: Unit;
  readonly tolerance: string;
  readonly verdict: Verdict;
  /** Why, in words; empty for an ordinary pass. */
  readonly reason: string;
  /** True where the group is so small that chat must not break it out (requirements, second part, 18). */
  readonly suppressed: boolean;
}

/** One check as it was declared at the time, and what it found: enough to show it later exactly as it was. */
export interface CheckResult {
  readonly check: string;
  readonly title: string;
  readonly kind: 'scalar' | 'distribution' | 'growth';
  readonly unit: Unit;
  readonly tolerance: string;
  readonly severity: 1 | 2 | 3;
  readonly owner: string;
  readonly action: string;
  readonly critical: boolean;
  readonly verdict: Verdict;
  /** Why it could not be measured; empty otherwise. */
  readonly reason: string;
  /** SHA-256 of the SQL of either side, hexadecimal. */
  readonly sqlHash: Readonly<Record<Side, string>>;
  readonly durationMilliseconds: Readonly<Record<Side, number>>;
  readonly findings: readonly Finding[];
}

/** What the readiness queries said. Times are ISO 8601, UTC; dates are yyyy-mm-dd. */
export interface Batch {
  readonly ready: boolean;
  /** Why not, each a whole sentence; empty when ready. */
  readonly reasons: readonly string[];
  readonly date: string | null;
  readonly syncStartedAt: string | null;
  readonly syncFinishedAt: string | null;
  readonly syncSeconds: number | null;
  /** Strictly below the playbook's limit (L32: "< 1 hour"); null without a duration. */
  readonly syncWithinLimit: boolean | null;
  /** The playbook's limit at that time, in minutes. */
  readonly syncLimitMinutes: number | null;
  readonly rowsSent: string | null;
  readonly rowsLoaded: string | null;
}

/** A reconciliation, stored whole. It never changes once stored in a state other than `held`. */
export interface Run {
  readonly id: string;
  readonly state: RunState;
  /** The due time of the schedule that asked, ISO 8601 UTC; null when a person did. */
  readonly slot: string | null;
  readonly requestedBy: Actor;
  /** First 12 hexadecimal digits of the SHA-256 of the playbook's text. */
  readonly playbookVersion: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** How often readiness was asked for this run: more than 1 when it was held and tried again. */
  readonly attempts: number;
  readonly batch: Batch;
  /** Empty when held. */
  readonly checks: readonly CheckResult[];
  /** Empty when held, and when only some checks were asked for. */
  readonly comparisons: readonly RowComparisonResult[];
}
