import type { DecisionSettings } from '../playbook/team.ts';

/** Ordered steps on a clock, as the playbook has them (L118-L130, L150-L174). */
export interface RunbookDefinition {
  /** What people type: lower case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
  /** Roles that start, pause, move and abort it; none where only a decision starts it. */
  readonly startedBy: readonly string[];
  /** A GO that still holds is needed before it starts. */
  readonly needsGo: boolean;
  /** From this step on there is no way back within the window. */
  readonly pointOfNoReturn?: string;
  /** Local time at which it must be over, and how long the way back takes: the point of no return lies between. */
  readonly window?: { readonly ends: string; readonly rollbackMinutes: number };
  /** Each names only earlier ones in `after`. */
  readonly steps: readonly StepDefinition[];
}

export type StepDefinition = StepKind & {
  readonly name: string;
  readonly title: string;
  /** A role of the playbook; its deputy stands in. */
  readonly owner: string;
  /** When it is to begin, on the day of the start or so long after it. */
  readonly at: StepTime;
  /** How long it is planned to take. */
  readonly minutes: number;
  /** Steps that must be done first; left out: the one before. */
  readonly after?: readonly string[];
  /** What is asked for when it is closed, in words. */
  readonly evidence: string;
  /** How it is taken back, in words; empty: there is nothing to take back. */
  readonly undo: string;
};

type StepKind =
  /** `summary`: what the day came to is told with it, when it is time. */
  | { readonly kind: 'task'; readonly summary?: boolean }
  /** The bot measures: all checks on a complete batch. */
  | { readonly kind: 'check' }
  /** The bot tries a probe of the playbook. */
  | { readonly kind: 'probe'; readonly probe: string }
  /** People decide; `typed`: what has to be typed, since it can't be taken back easily. */
  | { readonly kind: 'decision'; readonly decision: DecisionSettings; readonly typed: string | null };

/** A local time of the day of the start, or so long after the start. */
export type StepTime = { readonly local: string } | { readonly afterMinutes: number };

/** One time that a runbook is carried out. */
export interface Runbook {
  /** What people call it: number 2 is "R-2". */
  readonly number: number;
  readonly name: string;
  /** As it was at the start: a later change of the playbook does not change it. */
  readonly definition: RunbookDefinition;
  readonly state: RunbookState;
  /** ISO 8601 UTC, like every time here: offsets count from it, and local times are of its day. */
  readonly anchor: string;
  /** By how many minutes all steps that are not done were moved. */
  readonly movedMinutes: number;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  /** What called for it, such as "incident/4"; empty: somebody started it. */
  readonly about: string;
  /** Why it was paused or aborted; empty otherwise. */
  readonly reason: string;
  /** In the order of the definition. */
  readonly steps: readonly Step[];
  /** The channel of its card. */
  readonly channel: string;
  /** When its card was posted anew, on a later day than the one before; null: it hangs where it was posted at the start. */
  readonly hungAt: string | null;
  /** A rehearsal runs so many times as fast, from a time of its own on, and tells the real channels nothing; null: in earnest. */
  readonly rehearsal: { readonly speed: number; readonly from: string } | null;
}

export type RunbookState = 'running' | 'paused' | 'aborting' | 'aborted' | 'done';

export interface Step {
  readonly name: string;
  readonly state: StepState;
  /** Who said that they are ready; null: nobody. */
  readonly readyBy: string | null;
  /** When the deputy was called in because the owner had not said so; null: not. */
  readonly deputisedAt: string | null;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Who did what was done last, as the audit names people. */
  readonly by: string | null;
  /** A text or a link; of a check, the run; of what failed, why. */
  readonly evidence: string;
  /** Of a check: how often it was asked for, and when last. */
  readonly attempts: number;
  readonly askedAt: string | null;
}

export type StepState = 'open' | 'running' | 'done' | 'failed' | 'undone';

/** Which state may follow which. A check that failed is measured again; what is done is only taken back by an abort. */
export const stepTransitions: Readonly<Record<StepState, readonly StepState[]>> = {
  open: ['running', 'done', 'failed'],
  running: ['done', 'failed'],
  failed: ['running', 'done'],
  done: ['undone'],
  undone: [],
};

/** "R-2". */
export const nameOfRunbook = ({ number }: Pick<Runbook, 'number'>): string => `R-${number}`;

export const isOpen = ({ state }: Pick<Runbook, 'state'>): boolean => state !== 'aborted' && state !== 'done';

/** True for what the bot does by itself: nobody closes it by hand. */
export const isMeasured = ({ kind }: Pick<StepDefinition, 'kind'>): boolean => kind === 'check' || kind === 'probe';

/** The steps that must be done before one: those that it names, or the one before it. */
export function neededBy({ steps }: RunbookDefinition, name: string): readonly string[] {
  const index = steps.findIndex((step) => step.name === name);
  const before = steps[index - 1];
  return steps[index]?.after ?? (before === undefined ? [] : [before.name]);
}

/** What time it is for a runbook: a rehearsal's clock runs faster from its start on. */
export function timeIn({ rehearsal, startedAt }: Pick<Runbook, 'rehearsal' | 'startedAt'>, now: Date): Date {
  if (rehearsal === null) return now;
  return new Date(Date.parse(rehearsal.from) + (now.getTime() - Date.parse(startedAt)) * rehearsal.speed);
}
