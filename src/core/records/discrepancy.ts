import type { Unit } from '../checks/run.ts';

/**
 * Something that is wrong and on record (L28): a failure of a check, one for each check and key however often it occurs,
 * or what a person reported. It is never deleted.
 */
export interface Discrepancy {
  /** What people call it: number 17 is "D-17". */
  readonly number: number;
  /** Null where a person reported it. */
  readonly measured: Measured | null;
  /** Null where a check found it. */
  readonly reported: Reported | null;
  readonly state: DiscrepancyState;
  readonly severity: Severity;
  /** A role of the playbook. */
  readonly owner: string;
  /** A person as the playbook names them, such as "slack:U0ANA"; null while nobody in particular has it. */
  readonly assignee: string | null;
  /** ISO 8601 UTC, like every time here. */
  readonly firstSeenAt: string;
  /** Since when it is open this time; of one that is not open any more, since when it was. */
  readonly openedAt: string;
  readonly dueAt: string;
  readonly resolvedAt: string | null;
  /** When a person last did something about it. */
  readonly actedAt: string | null;
  /** In the state `explained`, and in no other. */
  readonly acceptance: Acceptance | null;
  readonly snooze: Snooze | null;
}

export type Severity = 1 | 2 | 3;

export const severityWords: Readonly<Record<Severity, string>> = {
  1: '1, investigate at once',
  2: '2, review',
  3: '3, log',
};

/** What a check found. Figures are those of the newest occurrence, exact decimals as text. */
export interface Measured {
  readonly check: string;
  /** The group, the year, or the check's name again. */
  readonly key: string;
  readonly lastSeenAt: string;
  /** The run of the newest occurrence. */
  readonly lastRun: string;
  /** Runs in which it failed; at least 1. */
  readonly occurrences: number;
  readonly legacy: string | null;
  readonly new: string | null;
  readonly difference: string | null;
  readonly variance: string | null;
  readonly unit: Unit;
  readonly reason: string;
  /** Chat must not break it out: fewer than five people. */
  readonly suppressed: boolean;
}

export interface Reported {
  /** One line, at most 150 characters. */
  readonly title: string;
  /** At most 3,000 characters; may be empty. */
  readonly description: string;
  /** Where it was said; null when nowhere. */
  readonly link: string | null;
  /** As the audit names people. */
  readonly by: string;
}

/** Somebody answers for so much of it, until a day. */
export interface Acceptance {
  /** Of the difference, signed like it, an exact decimal; null where there is no figure. */
  readonly amount: string | null;
  readonly reason: string;
  /** As the audit names people. */
  readonly by: string;
  /** The last day, yyyy-mm-dd in the playbook's zone; it opens again with the next. */
  readonly until: string;
}

/** Nobody is reminded until then. */
export interface Snooze {
  readonly until: string;
  readonly reason: string;
}

export const discrepancyStates = ['open', 'investigating', 'explained', 'resolved', 'rejected'] as const;
export type DiscrepancyState = (typeof discrepancyStates)[number];

/** Which state may follow which. A pass of the check resolves, a failure or the end of an acceptance opens again. */
export const transitions: Readonly<Record<DiscrepancyState, readonly DiscrepancyState[]>> = {
  open: ['investigating', 'explained', 'resolved', 'rejected'],
  investigating: ['open', 'explained', 'resolved', 'rejected'],
  explained: ['open', 'investigating', 'explained', 'resolved'],
  resolved: ['open'],
  rejected: ['open', 'resolved'],
};

/** What is left to do something about. */
export const activeStates: readonly DiscrepancyState[] = ['open', 'investigating', 'explained'];

/** One that the store has not given a number yet. */
export type NewDiscrepancy = Omit<Discrepancy, 'number'> & { readonly number: null };

/** One line of its history, which is only ever added to. */
export interface DiscrepancyEntry {
  readonly number: number;
  readonly at: string;
  /** As the audit names people; "clock" for the bot itself. */
  readonly by: string;
  readonly kind: 'reported' | 'comment' | 'state' | 'assigned' | 'severity' | 'run' | 'snoozed' | 'called';
  /** In whole words, such as "Explained until 31 Dec: …". User text as it was typed. */
  readonly text: string;
}

/** "D-17". */
export const nameOf = ({ number }: Pick<Discrepancy, 'number'>): string => `D-${number}`;

/** When it is due after it was opened, by the playbook's hours for its severity. */
export function dueAfter(openedAt: string, severity: Severity, dueHours: readonly [number, number, number]): string {
  return new Date(Date.parse(openedAt) + dueHours[severity - 1]! * 3_600_000).toISOString();
}
