import { type AskedIn, askedCard } from '../cards/asked-card.ts';
import { decisionCard } from '../cards/decision-card.ts';
import type { Answer } from '../command.ts';
import {
  type Decision,
  type DecisionAnswer,
  type DecisionKindName,
  type DecisionRecord,
  type Delegation,
  nameOfDecision,
} from '../decisions/decision.ts';
import { evidenceHash } from '../decisions/evidence.ts';
import type { DecisionKind } from '../decisions/kind.ts';
import { isOver, isSealed, tally } from '../decisions/tally.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { DecisionSettings } from '../playbook/team.ts';
import type { Request } from '../request.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { UsageError } from '../usage-error.ts';
import { channelPlace } from '../messages/place.ts';

const hour = 3_600_000;

type Context = Pick<Services, 'playbook' | 'clock' | 'deliveryClock'>;

export const subjectOfDecision = ({ number }: Pick<Decision, 'number'>): string => `decision/${number}`;
export const cardKeyOfDecision = (one: Pick<Decision, 'number'>): string => `${subjectOfDecision(one)}/card`;

/** What is asked, by whom, and about what. */
export interface Question extends Pick<Decision, 'about' | 'proposal' | 'question' | 'openedBy' | 'asker'> {
  /** Who answers, and how; left out: as the playbook has this kind of decision answered. */
  readonly settings?: DecisionSettings;
  /** What has to be typed for the first option; null: nothing. */
  readonly typed: string | null;
  readonly channel: string;
}

/** How the playbook has a kind of decision answered. Throws UsageError where it does not say. */
export function settingsOf(kind: DecisionKindName, { decisions }: Pick<Playbook, 'decisions'>): DecisionSettings {
  const settings = decisions[kind];
  if (settings !== undefined) return settings;
  throw new UsageError(
    `The playbook does not say who decides this: decisions.${kind} is missing.`,
    'Name its seats there; docs/playbook.md shows how.',
  );
}

/** Asks: writes the question down and hangs its card. Answers the one that is pending about the same, if there is one. */
export async function askDecision(
  tx: Transaction,
  kind: DecisionKind,
  asked: Question,
  services: Services,
): Promise<DecisionRecord> {
  const { about, proposal, question, openedBy, asker, typed, channel } = asked;
  const { playbook, clock, deliveryClock } = services;
  const { hours, ...who } = asked.settings ?? settingsOf(kind.name, playbook);
  const now = clock.now();
  const openedAt = now.toISOString();
  const expiresAt = new Date(now.getTime() + hours * hour).toISOString();
  const number = await tx.decisions.open({
    kind: kind.name,
    about,
    proposal,
    question,
    rules: { ...who, options: kind.options, typed },
    state: 'pending',
    evidenceVersion: 1,
    openedBy,
    asker,
    openedAt,
    expiresAt,
    closedAt: null,
    closedBy: null,
    outcome: null,
    reason: '',
  });
  if (number === undefined) {
    const [pending] = await tx.decisions.about(kind.name, about, 1);
    return lockDecision(tx, pending?.number ?? 0);
  }
  const items = await kind.evidence(tx, asked, services);
  const hash = evidenceHash(items);
  await tx.decisions.addEvidence({ decision: number, version: 1, items, hash, at: openedAt });
  const record = await lockDecision(tx, number);
  await tx.outbox.post(
    {
      key: cardKeyOfDecision(record.decision),
      subject: subjectOfDecision(record.decision),
      place: channelPlace(channel, playbook),
      content: { kind: 'card', card: decisionCard(record, tally(record, playbook), playbook) },
    },
    deliveryClock.now(),
  );
  await audit(tx, record, openedBy, 'asked', { kind: kind.name, about, evidence: hash, expiresAt }, services);
  return record;
}

export async function lockDecision(tx: Transaction, number: number): Promise<DecisionRecord> {
  const record = await tx.decisions.lock(number);
  if (record === undefined) throw new UsageError(`There is no DEC-${number}.`, 'Nothing was changed.');
  return record;
}

/** A decision as an answer, to whoever asked for it or answered it. */
export function answerOfDecision(record: DecisionRecord, { playbook }: Pick<Services, 'playbook'>): Answer {
  const counted = tally(record, playbook);
  const { decision, evidence, delegations } = record;
  const answers = isSealed(record, counted) ? [] : record.answers;
  return {
    card: decisionCard(record, counted, playbook),
    json: { ...decision, name: nameOfDecision(decision), evidence, answers, delegations },
  };
}

/** A decision as an answer to whoever asked for it. In chat its card is in the channel, and nobody reads it twice. */
export function answerToAsker(
  record: DecisionRecord,
  asked: AskedIn,
  { actor }: Pick<Request, 'actor'>,
  services: Pick<Services, 'playbook'>,
): Answer {
  const answer = answerOfDecision(record, services);
  if (actor.platform === 'terminal') return answer;
  return { ...answer, card: askedCard(record, tally(record, services.playbook), asked, services.playbook) };
}

/** Brings every copy of its card up to date. */
export async function showDecision(tx: Transaction, record: DecisionRecord, context: Context): Promise<void> {
  const { playbook, deliveryClock } = context;
  const card = decisionCard(record, tally(record, playbook), playbook);
  await tx.outbox.change(subjectOfDecision(record.decision), card, deliveryClock.now());
}

/**
 * Looks at what is on the table now. A material change is put there as a new version, and the answers so far ask to be
 * confirmed again. Of a decision that is locked and pending.
 */
export async function refreshEvidence(
  tx: Transaction,
  record: DecisionRecord,
  kind: DecisionKind,
  services: Services,
): Promise<DecisionRecord> {
  const items = await kind.evidence(tx, record.decision, services);
  const hash = evidenceHash(items);
  if (hash === record.evidence.hash) return record;
  const version = record.decision.evidenceVersion + 1;
  const evidence = { decision: record.decision.number, version, items, hash, at: services.clock.now().toISOString() };
  const decision = { ...record.decision, evidenceVersion: version };
  await tx.decisions.addEvidence(evidence);
  await tx.decisions.save(decision);
  const changed = { ...record, decision, evidence };
  await showDecision(tx, changed, services);
  await audit(tx, changed, 'clock', 'evidenceChanged', { version, evidence: hash }, services);
  return changed;
}

/** Keeps an answer that may be given, and what follows from it. */
export async function keepAnswer(
  tx: Transaction,
  before: DecisionRecord,
  answer: DecisionAnswer,
  kind: DecisionKind,
  services: Services,
): Promise<DecisionRecord> {
  await tx.decisions.addAnswer(answer);
  const record = { ...before, answers: [...before.answers, answer] };
  const counted = tally(record, services.playbook);
  // What was answered in a sealed ballot stands nowhere but in the ballot until it is opened.
  const said = isSealed(record, counted) ? {} : { option: answer.option };
  const { person, evidenceVersion } = answer;
  const evidence = record.evidence.hash;
  await audit(tx, record, answer.by, 'answered', { person, evidenceVersion, evidence, ...said }, services);
  if (counted.outcome !== undefined)
    return endDecision(tx, record, { outcome: counted.outcome, by: answer.by }, kind, services);
  await showDecision(tx, record, services);
  return record;
}

/** What ends a decision: an outcome, or a state without one. */
export type Ending =
  | { readonly outcome: string; readonly by: string }
  | { readonly state: 'expired' | 'withdrawn' | 'superseded'; readonly by: string; readonly reason: string };

/** Ends one that is locked and pending, once and for all, with what follows. */
export async function endDecision(
  tx: Transaction,
  record: DecisionRecord,
  ending: Ending,
  kind: DecisionKind,
  services: Services,
): Promise<DecisionRecord> {
  const closedAt = services.clock.now().toISOString();
  const decided = 'outcome' in ending;
  const decision: Decision = {
    ...record.decision,
    state: decided ? 'decided' : ending.state,
    outcome: decided ? ending.outcome : null,
    reason: decided ? '' : ending.reason,
    closedAt,
    closedBy: ending.by,
  };
  await tx.decisions.save(decision);
  const ended = { ...record, decision };
  await showDecision(tx, ended, services);
  const answers = tally(ended, services.playbook, true).counted.map(({ person, option }) => `${person}: ${option}`);
  await audit(
    tx,
    ended,
    ending.by,
    decision.state,
    { outcome: decision.outcome, answers: answers.join(', '), evidence: record.evidence.hash },
    services,
  );
  if (decided) await kind.decided(tx, { ...decision, outcome: ending.outcome }, services);
  else await kind.ended?.(tx, decision, services);
  return ended;
}

/** Ends one whose time is over: a sealed ballot is opened, everything else has expired. True: it was ended. */
export async function expire(
  tx: Transaction,
  record: DecisionRecord,
  kind: DecisionKind,
  services: Services,
): Promise<boolean> {
  if (record.decision.state !== 'pending' || !isOver(record.decision, services.clock.now())) return false;
  const { outcome } = tally(record, services.playbook, true);
  // What is open to see was decided when its last answer came, or not at all.
  const ending: Ending =
    outcome === undefined || !record.decision.rules.sealed
      ? { state: 'expired', by: 'clock', reason: '' }
      : { outcome, by: 'clock' };
  await endDecision(tx, record, ending, kind, services);
  return true;
}

async function audit(
  tx: Transaction,
  { decision }: DecisionRecord,
  actor: string,
  what: string,
  details: Readonly<Record<string, string | number | boolean | null>>,
  { clock }: Context,
): Promise<void> {
  await tx.audit.append({
    at: clock.now().toISOString(),
    actor,
    action: `decision.${what}`,
    subject: subjectOfDecision(decision),
    details,
  });
}

/** Keeps that somebody lets another answer in their place. */
export async function keepDelegation(
  tx: Transaction,
  before: DecisionRecord,
  delegation: Delegation,
  services: Services,
): Promise<DecisionRecord> {
  await tx.decisions.addDelegation(delegation);
  const record = { ...before, delegations: [...before.delegations, delegation] };
  await showDecision(tx, record, services);
  const { from, to, role, by } = delegation;
  await audit(tx, record, by, 'delegated', { from, to, role }, services);
  return record;
}
