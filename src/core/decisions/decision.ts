/**
 * A question that people with given roles answer, bound to the evidence that they saw (L71, L120). It is never decided
 * below its quorum, by somebody without the role, or on evidence that has changed since.
 */
export interface Decision {
  /** What people call it: number 3 is "DEC-3". */
  readonly number: number;
  /** What evidence it is about, and what follows from it (kinds.ts). */
  readonly kind: DecisionKindName;
  /** What it is about within its kind, such as "incident/4"; at most one of a kind about the same is pending. */
  readonly about: string;
  /** What is asked for in detail, such as until when; what it means is the kind's. */
  readonly proposal: Readonly<Record<string, string>>;
  /** At most 150 characters: "Roll back PlanWise Navigator?" */
  readonly question: string;
  /** As they were when it was asked: a later change of the playbook does not change them. */
  readonly rules: DecisionRules;
  readonly state: DecisionState;
  /** Of the evidence on the table now; 1 at first, one more with every material change. */
  readonly evidenceVersion: number;
  /** As the audit names people. */
  readonly openedBy: string;
  /** Whoever asked, as the playbook names people; null for the bot itself. */
  readonly asker: string | null;
  /** ISO 8601 UTC, like every time here. */
  readonly openedAt: string;
  readonly expiresAt: string;
  readonly closedAt: string | null;
  /** Who withdrew it; "clock" where it ended by itself; the last who answered where it was decided. */
  readonly closedBy: string | null;
  /** The option that it was decided for; null while pending, and for good where it was not decided. */
  readonly outcome: string | null;
  /** Why it was withdrawn; empty otherwise. */
  readonly reason: string;
}

/** Roll back (L120), go or no-go (L71), extend (L72), write access (L39), accept a criterion of a gate that is not green. */
export const playbookKinds = ['rollback', 'goNoGo', 'extension', 'writeAccess', 'waiver'] as const;
/** Those that the playbook says who decides, and a step of a runbook, which says it itself. */
export type DecisionKindName = (typeof playbookKinds)[number] | 'step';

/** From `pending` to one of the others, once: what has ended stays so. */
export type DecisionState = 'pending' | 'decided' | 'expired' | 'withdrawn' | 'superseded';

/** Who answers, and how. */
export interface DecisionRules {
  /** What can be answered; the first is what is asked for, such as "approve". */
  readonly options: readonly Option[];
  /** Who answers: each seat takes so many people, and nobody sits on two. */
  readonly seats: readonly Seat[];
  /** True: the seats answer one after the other. */
  readonly ordered: boolean;
  /** True: whoever asked does not answer. */
  readonly excludesAsker: boolean;
  /** For which answers a reason has to be given. */
  readonly reason: 'always' | 'against' | 'never';
  /** What has to be typed for the first option; null: nothing. */
  readonly typed: string | null;
  /** True: nobody sees an answer until all are in, or the time is over. */
  readonly sealed: boolean;
}

export interface Option {
  /** What people type: "approve". */
  readonly name: string;
  readonly label: string;
  /** `everySeat`: it is decided when every seat chose it. `oneAnswer`: when one person did, such as a NO. */
  readonly takes: 'everySeat' | 'oneAnswer';
}

export interface Seat {
  /** Roles of the playbook: somebody with any of them. */
  readonly roles: readonly string[];
  /** So many different people, at least 1. */
  readonly count: number;
}

/** What somebody answered. Only ever added to: a person's newest counts. */
export interface DecisionAnswer {
  readonly decision: number;
  /** As the playbook names people: one person has one, however many accounts. */
  readonly person: string;
  readonly option: string;
  readonly reason: string;
  /** Of the evidence that was on the table. */
  readonly evidenceVersion: number;
  /** The account, as the audit names people. */
  readonly by: string;
  readonly at: string;
}

/** Somebody lets a person of their role's deputy answer in their place; it holds for this decision to its end. */
export interface Delegation {
  readonly decision: number;
  readonly from: string;
  readonly to: string;
  /** The role that is stood in for. */
  readonly role: string;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

/** One thing on the table. */
export interface EvidenceItem {
  readonly title: string;
  /** As people read it. */
  readonly figure: string;
  /** What of it is material: a change of this text makes the answers so far ask to be confirmed again. */
  readonly material: string;
  /** The command that shows more of it, such as "show 20261123-k3f9a"; null where there is none. */
  readonly command: string | null;
}

/** What was on the table at a time; never changed. */
export interface Evidence {
  readonly decision: number;
  readonly version: number;
  readonly items: readonly EvidenceItem[];
  /** Hexadecimal SHA-256 of what is material. */
  readonly hash: string;
  readonly at: string;
}

/** A decision with all that was said of it. */
export interface DecisionRecord {
  readonly decision: Decision;
  /** In the order in which they were given. */
  readonly answers: readonly DecisionAnswer[];
  readonly delegations: readonly Delegation[];
  /** The newest. */
  readonly evidence: Evidence;
}

/** "DEC-3". */
export const nameOfDecision = ({ number }: Pick<Decision, 'number'>): string => `DEC-${number}`;
