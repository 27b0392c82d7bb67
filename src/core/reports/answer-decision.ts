import type { DecisionRecord, Delegation } from '../decisions/decision.ts';
import type { DecisionKind } from '../decisions/kind.ts';
import { refuseAnswer, refuseEnded } from '../decisions/refusals.ts';
import { seatsOf, tally } from '../decisions/tally.ts';
import { rolesInWords, peopleOf } from '../roles.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { UsageError } from '../usage-error.ts';
import { keepAnswer, keepDelegation, refreshEvidence } from './keep-decision.ts';

/** Somebody's answer, and what they saw. */
export interface Given {
  /** By their one name, as the playbook names people. */
  readonly person: string;
  /** The account, as the audit names people. */
  readonly by: string;
  readonly option: string;
  readonly reason: string;
  /** What they typed to be sure; empty: nothing. */
  readonly typed: string;
  /** The version of the evidence that they saw; 0: none. */
  readonly seen: number;
}

/** `lookAgain`: they saw something else than what is on the table, and the answer was not counted. */
export interface Answered {
  readonly what: 'kept' | 'already' | 'lookAgain';
  readonly record: DecisionRecord;
}

/**
 * Takes an answer to a decision that is locked. Throws UsageError, before anything is written, for one that has ended,
 * somebody who may not answer, and what was not typed; what is on the table is looked at anew before it counts.
 */
export async function answerDecision(
  tx: Transaction,
  locked: DecisionRecord,
  given: Given,
  kind: DecisionKind,
  services: Services,
): Promise<Answered> {
  const { playbook, clock } = services;
  const { decision } = locked;
  const { person, option, by, reason, seen } = given;
  refuseEnded(decision, clock.now(), playbook);
  refuseAnswer(locked, person, playbook);
  if (option === decision.rules.options[0]?.name) await refuseFirst(tx, locked, given, kind, services);

  const record = await refreshEvidence(tx, locked, kind, services);
  if (record.decision.evidenceVersion !== seen) return { what: 'lookAgain', record };
  const before = tally(record, playbook);
  const same = before.counted.find((one) => one.person === person)?.option === option;
  if (same && before.outcome === undefined) return { what: 'already', record };
  const at = clock.now().toISOString();
  const answer = { decision: decision.number, person, option, reason, evidenceVersion: seen, by, at };
  return { what: 'kept', record: await keepAnswer(tx, record, answer, kind, services) };
}

/** What is asked for needs more than a click where it can't be undone, and can't be had while something is in the way. */
async function refuseFirst(
  tx: Transaction,
  { decision }: DecisionRecord,
  { typed }: Given,
  kind: DecisionKind,
  services: Services,
): Promise<void> {
  const wanted = decision.rules.typed;
  if (wanted !== null && typed.trim() !== wanted) {
    throw new UsageError(`To be sure, "${wanted}" has to be typed. Nothing was changed.`, 'Answer again, and type it.');
  }
  const blocked = await kind.blocked?.(tx, decision, services);
  if (blocked === undefined) return;
  throw new UsageError(`${blocked} Nothing was changed.`, 'What is in the way is on its card.');
}

/**
 * Lets somebody of a role's deputy answer in place of somebody with the role, to the end of the decision. Throws
 * UsageError for somebody who may not answer, or who stands in for nobody.
 */
export async function delegateAnswer(
  tx: Transaction,
  locked: DecisionRecord,
  given: Pick<Delegation, 'from' | 'to' | 'reason' | 'by'>,
  services: Services,
): Promise<DecisionRecord> {
  const { playbook, clock } = services;
  refuseEnded(locked.decision, clock.now(), playbook);
  const { from, to } = given;
  const mine = [...seatsOf(locked, from, playbook)].flatMap((seat) => locked.decision.rules.seats[seat]?.roles ?? []);
  if (mine.length === 0) refuseAnswer(locked, from, playbook);
  const deputyOf = (role: string): string | undefined => playbook.roles[role]?.deputy;
  const role = mine.find((one) => {
    const deputy = deputyOf(one);
    return peopleOf(one, playbook).includes(from) && deputy !== undefined && peopleOf(deputy, playbook).includes(to);
  });
  if (role === undefined || to === from) {
    const deputies = mine.map(deputyOf).filter((one) => one !== undefined);
    throw new UsageError(
      "Only somebody of your role's deputy can answer in your place. Nothing was changed.",
      deputies.length === 0
        ? 'Your role has no deputy in the playbook.'
        : `That is: ${rolesInWords(deputies, playbook)}.`,
    );
  }
  const at = clock.now().toISOString();
  return keepDelegation(tx, locked, { ...given, decision: locked.decision.number, role, at }, services);
}
