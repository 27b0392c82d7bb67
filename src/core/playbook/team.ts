import type { DecisionKindName, DecisionRules } from '../decisions/decision.ts';
import type { Side } from '../sources.ts';

/* What a playbook says of the team's work around the daily run. */

/** What must hold before a phase is left (L32, L51). */
export interface Gate {
  readonly phase: 1 | 2 | 3;
  readonly criteria: readonly Criterion[];
}

export type Criterion = CriterionKind & { readonly name: string; readonly title: string };

type CriterionKind =
  /** The sync of every day of the phase was shorter than `readiness.syncLimitMinutes`. */
  | { readonly kind: 'sync' }
  /** No variance of any check on any day of the phase was so much, in percent: an exact decimal, strict. */
  | { readonly kind: 'variance'; readonly below: string }
  /** A metric is on target. */
  | { readonly kind: 'metric'; readonly metric: string }
  /** A register is filled without a gap. */
  | { readonly kind: 'register'; readonly register: string }
  /** A register is empty: nothing of that kind happened. */
  | { readonly kind: 'none'; readonly register: string }
  /**
   * Every task of the phase that people do is done, and every action of a lesson that blocks it. `untilWeek`: only tasks
   * that begin in that week of the phase or before, where later ones follow from what the gate is for.
   */
  | { readonly kind: 'tasks'; readonly untilWeek?: number };

/** A list that the team fills, such as every report of the legacy system. */
export interface Register {
  readonly name: string;
  readonly title: string;
  /** What has to be known of each line; an empty cell is a gap. */
  readonly columns: readonly string[];
}

/** A question that people answer with 1 to 5. */
export interface SurveyQuestion {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** True: no record ties a person to an answer. */
  readonly anonymous: boolean;
  /** Whose people it asks, each by themselves; absent: everybody in the reconciliation channel. */
  readonly roles?: readonly string[];
  /** How long it is open. */
  readonly days: number;
  /** A reported metric that its mean is a reading of, where it may be shown. */
  readonly metric?: string;
}

/** Who answers a kind of decision, and how: what decisions/decision.ts says of its rules. */
export interface DecisionSettings extends Omit<DecisionRules, 'options' | 'typed'> {
  /** How long people have to answer. */
  readonly hours: number;
}

/** When whom is called about an incident that nobody acknowledges. */
export interface IncidentRules {
  /** After so many minutes the deciders are reminded, then their deputies, then the fallback channel. */
  readonly unacknowledgedMinutes: Readonly<Record<'reminder' | 'deputy' | 'fallback', number>>;
}

export interface LessonRules {
  /** What a lesson may be about, the usual first; at least one. */
  readonly categories: readonly string[];
}

/** How long a discrepancy may take, and who is called when nothing is done about it. */
export interface DiscrepancyRules {
  /** Hours after it was opened, for severity 1, 2 and 3. */
  readonly dueHours: readonly [number, number, number];
  /** Severity 1, and nobody has begun: after so many minutes the owner is reminded, then deputy and lead are called. */
  readonly unattendedMinutes: Readonly<Record<'reminder' | 'deputy' | 'lead', number>>;
  /** The role that is called last; null: nobody. */
  readonly lead: string | null;
  /** Roles that may accept a discrepancy as explained, or reject it. */
  readonly acceptedBy: readonly string[];
  /** No acceptance lasts longer. */
  readonly longestAcceptanceDays: number;
}

/** Something that people do, decide or sign in the course of the parallel run (L17-L74, L152-L174). */
export interface Task {
  /** What people type: lower case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  /** The lists around the cutover have no dates until one is planned. */
  readonly phase: 1 | 2 | 3 | 'beforeCutover' | 'afterCutover';
  /** The first and last week within the phase, 1 to 4; absent: all four. None in the lists around the cutover. */
  readonly weeks?: readonly [first: number, last: number];
  /** A role of the playbook: only its people close the task. */
  readonly owner: string;
  /** What is asked for when the task is closed, in words. */
  readonly evidence: string;
  /** Closing asks for a number of people: at least `min`, at most `max`; `all`: and of how many, which must be as many. */
  readonly people?: { readonly min: number; readonly max?: number; readonly all?: boolean };
  /** The kind of decision that closes it: nobody closes it by hand then. */
  readonly decision?: DecisionKindName;
  /** The probe whose passing closes it, and whose failing opens it again: nobody closes it by hand then. */
  readonly probe?: string;
  /** The metric whose newest reading is kept as evidence: nobody closes it without one, or with a stale one. */
  readonly metric?: string;
  /** Tasks that must be done before it can be. */
  readonly after?: readonly string[];
  /** `automatic`: what the bot does by itself; nobody closes it. */
  readonly kind: 'task' | 'signOff' | 'decision' | 'automatic';
}

/** A figure that success is judged by (L136-L140). Exactly one of `comparison`, `query` and `reported` is there. */
export interface Metric {
  /** What people type: lower case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  readonly target: Target;
  /** A role of the playbook: whose people report readings and accept a baseline. */
  readonly owner: string;
  /** A reading that is older than so many hours counts for nothing any more: it is stale. */
  readonly staleAfterHours: number;
  /** Exact decimals: no reading may be less, or more. */
  readonly minimum?: string;
  readonly maximum?: string;
  /** True: a reading may be accepted as what later ones are compared with (L48). */
  readonly baseline: boolean;
  /** The comparison by rows whose share of rows that agree, in percent, is the figure. */
  readonly comparison?: string;
  /** One row with the column `value` and, where it has one, `measured_at`; asked with the daily run. */
  readonly query?: { readonly source: Side; readonly sql: string };
  /** People report it, or a program through the webhook. */
  readonly reported?: true;
}

/** Exactly at `amount`, an exact decimal, is not on target. */
export interface Target {
  readonly direction: 'above' | 'below';
  readonly amount: string;
  /** What is behind every figure, such as "%", "s" or "of 5"; empty: none. */
  readonly unit: string;
}
