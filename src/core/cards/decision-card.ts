import { type DecisionAnswer, type DecisionRecord, nameOfDecision, type Option } from '../decisions/decision.ts';
import { byPersons, isSealed, nextSeat, type Tally, whoAnswers } from '../decisions/tally.ts';
import { count } from '../numbers/format.ts';
import { personSpan } from '../people.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { peopleOf, type RoleHolders, rolesInWords } from '../roles.ts';
import { formatDateTime } from '../time/format.ts';
import type { Button, Card, CardElement, Fact, Span, Tone } from './card.ts';

type Known = RoleHolders & Pick<Playbook, 'timeZone'>;

/** A question to people, what is on the table, and who answered; once it has ended: what came of it, and nothing to press. */
export function decisionCard(record: DecisionRecord, tally: Tally, playbook: Known): Card {
  const { decision, evidence } = record;
  const pending = decision.state === 'pending';
  const title = titleOf(record, playbook);
  const progress = seatsInWords(record, tally, playbook);
  return {
    title,
    tone: toneOf(record),
    summary: `${title} ${pending ? progress.map(plain).join('; ') : outcomeInWords(record, playbook)}`,
    body: [
      ...(pending
        ? [
            ...changedNote(record, tally),
            { kind: 'list' as const, items: progress },
            { kind: 'text' as const, text: mayInWords(record, tally, playbook) },
          ]
        : [{ kind: 'text' as const, text: outcomeInWords(record, playbook) }, ...answerList(record, tally, playbook)]),
      { kind: 'divider' },
      { kind: 'text', text: [{ bold: 'On the table' }] },
      {
        kind: 'facts',
        facts: evidence.items.map((item): Fact => ({ label: item.title, value: figureOf(item.figure, item.command) })),
      },
      ...(pending ? buttonsOf(record, playbook) : []),
      { kind: 'note', text: noteOf(record) },
    ],
  };
}

function titleOf({ decision }: DecisionRecord, { timeZone }: Known): string {
  const { question, state } = decision;
  if (state !== 'pending') return `${question} ${endInWords(decision)}`;
  return `Decide until ${formatDateTime(new Date(decision.expiresAt), timeZone)}: ${question}`;
}

/** "Approve", or how it ended without an outcome. */
function endInWords({ state, rules, outcome }: DecisionRecord['decision']): string {
  switch (state) {
    case 'decided':
      return rules.options.find(({ name }) => name === outcome)?.label ?? outcome ?? '';
    case 'expired':
      return 'Expired: not decided';
    case 'withdrawn':
      return 'Withdrawn';
    case 'superseded':
      return 'Overtaken by a later question';
    case 'pending':
      return '';
  }
}

function toneOf({ decision: { state, rules, outcome } }: DecisionRecord): Tone {
  if (state === 'decided') return outcome === rules.options[0]?.name ? 'good' : 'bad';
  return state === 'pending' ? 'warning' : 'neutral';
}

function outcomeInWords({ decision }: DecisionRecord, { timeZone }: Known): string {
  const at = decision.closedAt === null ? '' : formatDateTime(new Date(decision.closedAt), timeZone);
  switch (decision.state) {
    case 'decided':
      return `Decided on ${at}.`;
    case 'expired':
      return `Nobody decided in time: it expired on ${at}. That is neither a yes nor a no.`;
    case 'withdrawn':
      return `Withdrawn on ${at}: ${decision.reason}`;
    case 'superseded':
      return `A later question took its place on ${at}.`;
    case 'pending':
      return '';
  }
}

/** A line a seat: who answered what, or that nobody has yet. */
function seatsInWords(record: DecisionRecord, tally: Tally, playbook: Known): Span[][] {
  const { rules } = record.decision;
  if (isSealed(record, tally)) {
    const wanted = rules.seats.reduce((sum, seat) => sum + seat.count, 0);
    const given = tally.seats.reduce((sum, seat) => sum + seat.length, 0);
    return [[`Sealed ballot: ${given} of ${wanted} have answered. Nobody sees an answer until all are in.`]];
  }
  const chosen = (person: string): DecisionAnswer | undefined => tally.counted.find((one) => one.person === person);
  return rules.seats.map((seat, index): Span[] => {
    const title = rolesInWords(seat.roles, playbook);
    const filled = tally.seats[index] ?? [];
    const who = filled.flatMap((person): Span[] => {
      const answer = chosen(person);
      return [answer === undefined ? '' : `${labelOf(rules.options, answer.option)} by `, personSpan(person), '. '];
    });
    const missing = seat.count - filled.length;
    const waits = missing <= 0 ? '' : seat.count === 1 ? 'not yet' : `${missing} of ${seat.count} not yet`;
    return [{ bold: `${seat.count > 1 ? `${seat.count} of ` : ''}${title}: ` }, ...who, waits];
  });
}

function changedNote({ decision, answers }: DecisionRecord, { stale, counted }: Tally): CardElement[] {
  if (decision.evidenceVersion === 1 || answers.length === 0) return [];
  const again = stale.filter(({ person }) => !counted.some((one) => one.person === person));
  if (again.length === 0) return [];
  const people = again.flatMap(({ person }): Span[] => [' ', personSpan(person)]);
  return [
    {
      kind: 'text',
      text: [{ bold: 'The evidence has changed since: ' }, 'please look at it and confirm again:', ...people],
    },
  ];
}

/** Who may still answer, with their people. */
export function mayInWords(record: DecisionRecord, tally: Tally, playbook: Known): Span[] {
  const { rules, asker } = byPersons(record, playbook).decision;
  const next = nextSeat(tally.seats, rules);
  const open = rules.seats.filter(({ count: wanted }, index) =>
    rules.ordered ? index === next : (tally.seats[index]?.length ?? 0) < wanted,
  );
  const waiting = open.flatMap(({ roles }): Span[] => {
    const people = roles
      .flatMap((role) => peopleOf(role, playbook))
      .filter((one) => !rules.excludesAsker || one !== asker);
    return [rolesInWords(roles, playbook), ...people.flatMap((one): Span[] => [' ', personSpan(one)]), ' · '];
  });
  const empty = open.filter(({ roles }) => roles.every((role) => peopleOf(role, playbook).length === 0));
  return [
    'Waits for: ',
    ...waiting.slice(0, -1),
    ...(rules.excludesAsker ? ['. Whoever asked does not answer.'] : []),
    ...empty.map(({ roles }) => ` Nobody is ${rolesInWords(roles, playbook)} in the playbook: name somebody there.`),
  ];
}

/** Who answered what and why, dissent first. */
function answerList(record: DecisionRecord, { counted }: Tally, { timeZone }: Known): CardElement[] {
  const { options } = record.decision.rules;
  const rank = ({ option }: DecisionAnswer): number => (option === options[0]?.name ? 1 : 0);
  const items = counted
    .toSorted((one, other) => rank(one) - rank(other))
    .map((one): Span[] => [
      { bold: `${labelOf(options, one.option)}: ` },
      personSpan(one.person),
      `, ${formatDateTime(new Date(one.at), timeZone)}${one.reason === '' ? '' : `: ${one.reason}`}`,
    ]);
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

const labelOf = (options: readonly Option[], name: string): string =>
  options.find((option) => option.name === name)?.label ?? name;

function buttonsOf(record: DecisionRecord, playbook: Known): CardElement[] {
  const { rules, number, evidenceVersion } = record.decision;
  const people = whoAnswers(record, playbook);
  const buttons = rules.options.map(
    ({ name, label }, index): Button => ({
      label,
      command: `decision ${number} ${name} --seen ${evidenceVersion}`,
      style: index > 0 ? 'default' : rules.typed === null ? 'primary' : 'danger',
      people,
    }),
  );
  return [{ kind: 'buttons', buttons }];
}

function noteOf({ decision, evidence }: DecisionRecord): string {
  const version = evidence.version === 1 ? '' : `, changed ${count(evidence.version - 1, 'time')}`;
  return `${nameOfDecision(decision)} · evidence ${evidence.hash.slice(0, 12)}${version}`;
}

function figureOf(figure: string, command: string | null): Span[] {
  return command === null ? [figure] : [figure, ' ', { code: command }];
}

/** The words of a line, for the plain summary. */
function plain(spans: readonly Span[]): string {
  return spans
    .map((span) => {
      if (typeof span === 'string') return span;
      if ('bold' in span) return span.bold;
      if ('code' in span) return span.code;
      return 'name' in span ? span.name : span.fallback;
    })
    .join('')
    .trim();
}
