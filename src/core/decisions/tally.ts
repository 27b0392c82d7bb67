import { peopleIn, peopleOf, personBehind, type RoleHolders } from '../roles.ts';
import type { Decision, DecisionAnswer, DecisionRecord, DecisionRules, Delegation, Seat } from './decision.ts';

/** Where a decision stands, worked out from what was answered and from who has which role now. */
export interface Tally {
  /** The newest answer of each person that counts: of somebody who may answer, on the evidence on the table. */
  readonly counted: readonly DecisionAnswer[];
  /** Answers on evidence that has changed since, of people who may answer: to be confirmed again. */
  readonly stale: readonly DecisionAnswer[];
  /** For each seat of the rules, the people who fill it with an answer that counts, whatever they chose. */
  readonly seats: readonly (readonly string[])[];
  /** Every seat is filled. */
  readonly complete: boolean;
  /** The option that is decided for by now; undefined: none. */
  readonly outcome: string | undefined;
}

type Said = Pick<DecisionRecord, 'decision' | 'delegations'>;

/**
 * What was said with whatever account, as said by the person whose it is now: accounts are linked, and playbooks name them,
 * also while a decision is pending. Without this, whoever asked could answer, and one person answer twice, by linking.
 */
export function byPersons<Record extends Said & Partial<Pick<DecisionRecord, 'answers'>>>(
  record: Record,
  playbook: Pick<RoleHolders, 'people'>,
): Record {
  const one = (account: string): string => personBehind(account, playbook);
  const { decision, delegations, answers } = record;
  return {
    ...record,
    decision: { ...decision, asker: decision.asker === null ? null : one(decision.asker) },
    delegations: delegations.map((given) => ({ ...given, from: one(given.from), to: one(given.to) })),
    ...(answers === undefined ? {} : { answers: answers.map((given) => ({ ...given, person: one(given.person) })) }),
  };
}

/** Counts. `over`: the time is up, so that a sealed ballot is opened with what is in. */
export function tally(given: Omit<DecisionRecord, 'evidence'>, playbook: RoleHolders, over = false): Tally {
  const record = byPersons(given, playbook);
  const { decision, answers } = record;
  const { rules } = decision;
  const entitled = newestOfEach(answers).filter(({ person }) => seatsIn(record, person, playbook).size > 0);
  const current = entitled.filter(({ evidenceVersion }) => evidenceVersion === decision.evidenceVersion);
  const counted = rules.ordered ? inOrder(current, record, playbook) : current;
  const seats = fill(counted, record, playbook);
  const complete = isFull(seats, rules.seats);
  return {
    counted,
    stale: entitled.filter(({ evidenceVersion }) => evidenceVersion !== decision.evidenceVersion),
    seats,
    complete,
    outcome: rules.sealed && !complete && !over ? undefined : outcomeOf(counted, record, playbook),
  };
}

/** True: nobody may be shown who answered what. */
export function isSealed({ decision }: Pick<DecisionRecord, 'decision'>, { complete }: Tally): boolean {
  return decision.rules.sealed && decision.state === 'pending' && !complete;
}

/** The places, by their number in the rules, that somebody may take: by a role of theirs, or for somebody who let them. */
export function seatsOf(record: Said, person: string, playbook: RoleHolders): ReadonlySet<number> {
  return seatsIn(byPersons(record, playbook), person, playbook);
}

function seatsIn({ decision, delegations }: Said, person: string, playbook: RoleHolders): ReadonlySet<number> {
  if (decision.rules.excludesAsker && person === decision.asker) return new Set();
  const may = (role: string): boolean =>
    delegations.some((one) => one.to === person && one.role === role && holds(one, playbook)) ||
    (peopleOf(role, playbook).includes(person) &&
      !delegations.some((one) => one.from === person && one.role === role && holds(one, playbook)));
  return new Set(decision.rules.seats.flatMap(({ roles }, index) => (roles.some(may) ? [index] : [])));
}

/** Who may take any of the places, now or when it is their turn. */
export function whoAnswers(given: Said, playbook: RoleHolders): string[] {
  const record = byPersons(given, playbook);
  const roles = record.decision.rules.seats.flatMap((seat) => seat.roles);
  const people = new Set([...peopleIn(roles, playbook), ...record.delegations.map(({ to }) => to)]);
  return [...people].filter((person) => seatsIn(record, person, playbook).size > 0);
}

/** A delegation holds while the one who gave it has the role, and the one who has it is of the role's deputy. */
function holds({ from, to, role }: Delegation, playbook: RoleHolders): boolean {
  const deputy = playbook.roles[role]?.deputy;
  return peopleOf(role, playbook).includes(from) && deputy !== undefined && peopleOf(deputy, playbook).includes(to);
}

/** The first seat that is not full; undefined when all are. */
export function nextSeat(seats: Tally['seats'], { seats: wanted }: DecisionRules): number | undefined {
  const index = wanted.findIndex(({ count }, seat) => (seats[seat]?.length ?? 0) < count);
  return index === -1 ? undefined : index;
}

function newestOfEach(answers: readonly DecisionAnswer[]): DecisionAnswer[] {
  return answers.filter(({ person }, index) => !answers.slice(index + 1).some((later) => later.person === person));
}

/** Those that were given in their turn: each by somebody of the first seat that was not full then. */
function inOrder(
  answers: readonly DecisionAnswer[],
  record: Omit<DecisionRecord, 'evidence'>,
  playbook: RoleHolders,
): DecisionAnswer[] {
  const { seats } = record.decision.rules;
  const counted: DecisionAnswer[] = [];
  let seat = 0;
  let taken = 0;
  for (const answer of answers) {
    while (seat < seats.length && taken >= (seats[seat]?.count ?? 0)) [seat, taken] = [seat + 1, 0];
    if (!seatsIn(record, answer.person, playbook).has(seat)) continue;
    counted.push(answer);
    taken += 1;
  }
  return counted;
}

function outcomeOf(
  counted: readonly DecisionAnswer[],
  record: Omit<DecisionRecord, 'evidence'>,
  playbook: RoleHolders,
): string | undefined {
  const { options, seats } = record.decision.rules;
  const of = (option: string): DecisionAnswer[] => counted.filter((answer) => answer.option === option);
  const against = options.find(({ name, takes }) => takes === 'oneAnswer' && of(name).length > 0);
  if (against !== undefined) return against.name;
  return options.find(({ name, takes }) => takes === 'everySeat' && isFull(fill(of(name), record, playbook), seats))
    ?.name;
}

function isFull(filled: Tally['seats'], seats: readonly Seat[]): boolean {
  return seats.every(({ count }, index) => (filled[index]?.length ?? 0) >= count);
}

/**
 * Seats as many of these people as possible, each on one place at most: somebody with two roles makes room for somebody
 * with one (a maximum matching by augmenting paths; Kuhn 1955). In an ordered decision the earlier seat is filled first.
 */
function fill(answers: readonly DecisionAnswer[], record: Said, playbook: RoleHolders): string[][] {
  const { seats } = record.decision.rules;
  const filled: string[][] = seats.map(() => []);
  const place = (person: string, tried: Set<number>): boolean => {
    for (const seat of seatsIn(record, person, playbook)) {
      const sitting = filled[seat];
      if (tried.has(seat) || sitting === undefined) continue;
      tried.add(seat);
      if (sitting.length < (seats[seat]?.count ?? 0)) {
        sitting.push(person);
        return true;
      }
      const moved = sitting.findIndex((other) => place(other, tried));
      if (moved !== -1) {
        sitting.splice(moved, 1, person);
        return true;
      }
    }
    return false;
  };
  for (const { person } of answers) place(person, new Set());
  return filled;
}

/** Whether a decision's time is over. */
export const isOver = ({ expiresAt }: Decision, now: Date): boolean => Date.parse(expiresAt) <= now.getTime();
