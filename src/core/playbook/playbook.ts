import type { DecisionKindName } from '../decisions/decision.ts';
import type { RunbookDefinition } from '../runbooks/runbook.ts';
import type { Side } from '../sources.ts';
import type { Probe } from '../probes/probe.ts';
import type { Trigger } from '../triggers/trigger.ts';
import type {
  DecisionSettings,
  DiscrepancyRules,
  Gate,
  IncidentRules,
  LessonRules,
  Metric,
  Register,
  SurveyQuestion,
  Task,
} from './team.ts';

/** A playbook as read and validated: frozen. The zod schema in schema.ts is held to these types. */
export interface Playbook {
  readonly name: string;
  /** First 12 hexadecimal digits of the SHA-256 of the file's text. */
  readonly version: string;
  /** IANA name. */
  readonly timeZone: string;
  /** ISO weekdays, 1 Monday to 7 Sunday. */
  readonly workingDays: readonly number[];
  /** yyyy-mm-dd; null while it is to be decided (L12): nothing is scheduled then. */
  readonly startDate: string | null;
  /** Whole weeks by which phase 3 was extended (L72); 0 in the file, and as decided from then on. */
  readonly extensionWeeks: number;
  /** The cutover that was started and not aborted, as it stands; null in the file, and while there is none. */
  readonly cutover: Cutover | null;
  readonly channels: Readonly<Record<'reconciliation' | 'alerts', string>> & {
    /** Where an alert goes that nobody acknowledged, or that its channel does not take. */
    readonly fallback?: string;
    /** Where notices go that somebody sends to the stakeholders; absent: where the daily report goes. */
    readonly stakeholders?: string;
    /** By a channel above: those that the playbook names beside it, of any platform. What is said in it is said there too. */
    readonly beside?: Readonly<Record<string, readonly string[]>>;
  };
  readonly roles: Readonly<Record<string, Role>>;
  /** People with several accounts: whatever they do with any of them, they did once. */
  readonly people: readonly PersonAccounts[];
  /** Who is in the chat's user groups that have a role; empty in the file, and as the chat said last. */
  readonly userGroups: Readonly<Record<string, readonly string[]>>;
  readonly sources: Readonly<Record<Side, SourceSettings>>;
  readonly readiness: Readiness;
  readonly checks: readonly Check[];
  readonly comparisons: readonly RowComparison[];
  readonly differingRows: DifferingRows;
  readonly discrepancies: DiscrepancyRules;
  /** How each kind of decision is answered. */
  readonly decisions: Readonly<Partial<Record<DecisionKindName, DecisionSettings>>>;
  readonly triggers: readonly Trigger[];
  /** What the bot tries for itself; tasks and steps of runbooks name them. */
  readonly probes: readonly Probe[];
  readonly runbooks: readonly RunbookDefinition[];
  readonly incidents: IncidentRules;
  readonly lessons: LessonRules;
  readonly surveys: readonly SurveyQuestion[];
  readonly registers: readonly Register[];
  readonly gates: readonly Gate[];
  /** Roles whose people may set and move the start date. */
  readonly plan: { readonly startedBy: readonly string[] };
  readonly tasks: readonly Task[];
  readonly metrics: readonly Metric[];
  readonly schedules: Schedules;
}

/** Who a role is: people as "slack:U012ABC", a Slack user group as "slack:S012ABC", or "terminal:ana" in a shell. */
export interface Role {
  readonly title: string;
  readonly people: readonly string[];
  /** The role that stands in for it. */
  readonly deputy?: string;
}

/** `day`: yyyy-mm-dd. `switched`: the step of no return is done, and the new system is the official one (L41). */
export interface Cutover {
  readonly day: string;
  readonly switched: boolean;
}

/** Somebody's accounts, such as "slack:U012ABC" and "terminal:ana". */
export interface PersonAccounts {
  readonly name: string;
  readonly accounts: readonly string[];
}

export type SourceSettings =
  | {
      readonly kind: 'postgresql';
      readonly title: string;
      readonly url: string;
      readonly statementTimeoutSeconds: number;
      readonly connections: number;
    }
  | {
      readonly kind: 'duckdb';
      readonly title: string;
      readonly path: string;
      readonly statementTimeoutSeconds: number;
    }
  | {
      /** CSV and Parquet files, each a table of its name. CSV columns are text unless `types` says otherwise. */
      readonly kind: 'files';
      readonly title: string;
      readonly files: Readonly<
        Record<string, { readonly path: string; readonly types?: Readonly<Record<string, string>> }>
      >;
      readonly statementTimeoutSeconds: number;
    };

export interface Readiness {
  /**
   * The last sync run: one row with the columns batch_date, started_at, finished_at, rows_sent, rows_loaded
   * (finished_at NULL while it works). Absent: every moment is as good as another.
   */
  readonly sync?: { readonly source: Side; readonly query: string };
  /** Which batch date the day's run wants. */
  readonly batchDate: 'today' | 'yesterday' | 'previousWorkingDay' | 'any';
  /** One row each; every column of the same name must be the same text on both sides (input fingerprint, seed). */
  readonly inputs?: Readonly<Record<Side, string>>;
  /** "hh:mm" local: a scheduled run still held then raises an alert. */
  readonly deadline: string;
  readonly retryMinutes: number;
  /** L32: a sync must take strictly less. */
  readonly syncLimitMinutes: number;
}

export interface Tolerance {
  /** An exact decimal, not negative. */
  readonly amount: string;
  readonly unit: '%' | 'points';
}

interface CheckBase {
  /** What people type: lower case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  readonly legacy: string;
  readonly new: string;
  readonly tolerance: Tolerance;
  readonly severity: 1 | 2 | 3;
  /** A role of the playbook. */
  readonly owner: string;
  readonly action: string;
  readonly critical: boolean;
  /** Whose rows explain its variance. */
  readonly explainedBy?: ExplainedBy;
}

/** Which rows of a comparison a check counts or adds up, in common terms. */
export interface ExplainedBy {
  /** The name of the comparison. */
  readonly comparison: string;
  /** Only rows whose columns have one of these values count. */
  readonly where: Readonly<Record<string, readonly string[]>>;
  /** The column that is added up; absent: rows are counted. */
  readonly sum?: string;
}

/** `year`: the column that says of which year a row is, or the one year of all of them. */
export interface ExplainedGrowth extends ExplainedBy {
  readonly year: string | number;
}

/** One row with the column `value` from each side. */
export interface ScalarCheck extends CheckBase {
  readonly kind: 'scalar';
}

/** One row a group: the columns of `by`, and `value`. */
export interface DistributionCheck extends CheckBase {
  readonly kind: 'distribution';
  readonly by: readonly string[];
  /** Per column of `by`, per side: the side's code to the common one. A side without a table keeps its codes. */
  readonly mapping: Readonly<Record<string, Partial<Readonly<Record<Side, Readonly<Record<string, string>>>>>>>;
  /** Per column of `by`: common codes that exist in the new system only, on purpose. */
  readonly newOnly: Readonly<Record<string, readonly string[]>>;
}

/** One row a year: the columns `year` and `value`; compared are the year-over-year growth rates, in percentage points. */
export interface GrowthCheck extends CheckBase {
  readonly kind: 'growth';
  /** The first and last year whose growth is compared; each needs the year before it as well. */
  readonly years: readonly [number, number];
  readonly explainedBy?: ExplainedGrowth;
}

export type Check = ScalarCheck | DistributionCheck | GrowthCheck;

/** What becomes of the rows that a comparison found to differ: they hold people's data. */
export interface DifferingRows {
  /** Roles whose people may have them in a file. */
  readonly roles: readonly string[];
  /** How long the daily run's are kept in the store. */
  readonly keptDays: number;
}

/** Two queries whose rows are compared one by one, by key, in all columns that both have. */
export interface RowComparison {
  /** What people type: lower case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  readonly legacy: string;
  readonly new: string;
  /** Columns of both queries that together name a row. */
  readonly key: readonly string[];
  /** A percentage, an exact decimal: more of the rows must agree; "100": all of them. */
  readonly agreement: string;
  /** Columns that are not compared, of either query. */
  readonly ignore: readonly string[];
  /** Columns that are not compared by their exact values. */
  readonly columns: Readonly<Record<string, ColumnRule>>;
  /** By what rows that do not agree are gathered, such as a level or the year of hiring. */
  readonly segments: readonly SegmentBy[];
  /** What a row is: one, and several. */
  readonly noun: readonly [one: string, many: string];
  /** A comparison that comes to one of these ends early, with what is known so far. */
  readonly limits: RowLimits;
  /** A query of the legacy system over its own copy or last load: what differs between them is noise. */
  readonly baseline?: string;
  /** A side is still written to: what differs is compared again after so long, and only what differs both times counts. */
  readonly confirmAfterSeconds?: number;
  /** By what it shows that a side is still written to; without it, one always is where what differs is compared again. */
  readonly changed?: Changed;
}

/** When a side was last changed: a query each, of either or both, that gives one time. */
export interface Changed extends Partial<Readonly<Record<Side, string>>> {
  /** A side that was changed less than so long before it was read is still written to. */
  readonly withinMinutes: number;
}

/** Each is a limit of its own. */
export interface RowLimits {
  readonly minutes?: number;
  /** Keys that either side has. */
  readonly rows?: number;
  /** A percentage, an exact decimal: no more of at least 10,000 rows may differ. */
  readonly differing?: string;
}

/** A column, or the year or month of one that holds dates. */
export interface SegmentBy {
  readonly column: string;
  readonly part: 'value' | 'year' | 'month';
}

export interface ColumnRule {
  readonly tolerance?: RowTolerance;
  /** An exact decimal below which no value may be: less is damage, such as a negative pay (L119). */
  readonly minimum?: string;
  /** Per side: the side's code to the common one. A side without a table keeps its codes. */
  readonly mapping?: Partial<Readonly<Record<Side, Readonly<Record<string, string>>>>>;
}

/** `absolute`: of the column's own unit. `%`: of legacy. `decimals`: equal when rounded to so many, half up. */
export interface RowTolerance {
  /** An exact decimal, not negative. */
  readonly amount: string;
  readonly unit: 'absolute' | '%' | 'decimals' | 'seconds';
}

export interface Schedules {
  /** "hh:mm" local; `days`: working days or every day. */
  readonly dailyReconciliation: { readonly at: string; readonly days: 'working' | 'every' };
  /** When the watch looks whether the day's report was delivered. */
  readonly missedReport: { readonly at: string };
  /** The weekly validation meeting (L14): ISO weekday, 1 Monday to 7 Sunday, and "hh:mm" local; absent: none. */
  readonly weeklyCheckpoint?: { readonly day: number; readonly at: string };
  /** When people are reminded of tasks that are due, on working days. */
  readonly reminders: { readonly at: string };
}
