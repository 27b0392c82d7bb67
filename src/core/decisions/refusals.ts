import { formatDateTime } from '../time/format.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { type RoleHolders, rolesInWords } from '../roles.ts';
import { UsageError } from '../usage-error.ts';
import { type Decision, type DecisionRecord, nameOfDecision } from './decision.ts';
import { byPersons, isOver, nextSeat, seatsOf, tally } from './tally.ts';

type Known = RoleHolders & Pick<Playbook, 'timeZone'>;

const unchanged = 'Nothing was changed.';

/** Throws UsageError for a decision that has ended, or whose time is over, with who ended it and when. */
export function refuseEnded(decision: Decision, now: Date, { timeZone }: Known): void {
  const name = nameOfDecision(decision);
  if (decision.state === 'decided') {
    const label = decision.rules.options.find((option) => option.name === decision.outcome)?.label ?? '';
    const at = decision.closedAt === null ? '' : formatDateTime(new Date(decision.closedAt), timeZone);
    throw new UsageError(`${name} was decided on ${at}: ${label}. ${unchanged}`, 'Its card says by whom.');
  }
  if (decision.state !== 'pending') {
    throw new UsageError(`${name} has ended: it is ${decision.state}. ${unchanged}`, 'Ask again if it still matters.');
  }
  if (isOver(decision, now)) {
    throw new UsageError(`The time to answer ${name} is over. ${unchanged}`, 'Ask again if it still matters.');
  }
}

/** Throws UsageError for somebody who may not answer, with who may. */
export function refuseAnswer(given: DecisionRecord, person: string, playbook: Known): void {
  const record = byPersons(given, playbook);
  const { decision, delegations } = record;
  const { rules, asker } = decision;
  const deciders = rules.seats.map(({ roles }) => rolesInWords(roles, playbook)).join(', ');
  const hint = `Who answers: ${deciders}.`;
  if (rules.excludesAsker && person === asker) {
    throw new UsageError(`Whoever asked does not answer: you asked ${nameOfDecision(decision)}. ${unchanged}`, hint);
  }
  const mine = seatsOf(record, person, playbook);
  if (mine.size === 0) {
    const delegated = delegations.find((one) => one.from === person);
    throw new UsageError(
      delegated === undefined
        ? `Only ${deciders} may answer ${nameOfDecision(decision)}. ${unchanged}`
        : `You let ${delegated.to} answer ${nameOfDecision(decision)} in your place. ${unchanged}`,
      hint,
    );
  }
  const counted = tally(record, playbook);
  const next = nextSeat(counted.seats, rules);
  const mayChange = counted.counted.some((one) => one.person === person);
  if (!rules.ordered || next === undefined || mine.has(next) || mayChange) return;
  const first = rolesInWords(rules.seats[next]?.roles ?? [], playbook);
  throw new UsageError(`It is not your turn yet: ${first} answers first. ${unchanged}`, hint);
}
