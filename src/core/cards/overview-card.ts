import type { Run } from '../checks/run.ts';
import { count } from '../numbers/format.ts';
import { describeMoment, momentOf } from '../phases/calendar.ts';
import type { MetricState } from '../metrics/read-metrics.ts';
import { type PlannedTask, tasksIn } from '../phases/plan.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { type Decision, nameOfDecision } from '../decisions/decision.ts';
import { type Discrepancy, nameOf } from '../records/discrepancy.ts';
import { peopleOf, personBehind } from '../roles.ts';
import { nameOfSurvey, type Survey } from '../surveys/survey.ts';
import type { Incident } from '../triggers/incident.ts';
import type { OutboxGauges, Slot } from '../store.ts';
import { formatDate, formatDateTime } from '../time/format.ts';
import type { Button, Card, CardElement, Fact, Span } from './card.ts';
import { officialInWords } from './digest-card.ts';
import { aboutInWords, discrepanciesInWords } from './discrepancy-words.ts';
import { incidentsInWords } from './incident-card.ts';
import { metricsInWords } from './metric-words.ts';
import { narrowSummaryTable, suppressedInWords, titleOf, toneOf } from './run-words.ts';
import { showButtons, taskLine, tasksInWords } from './task-words.ts';
import { streakInWords } from './trend.ts';

export interface Overview {
  readonly playbook: Playbook;
  readonly now: Date;
  /** yyyy-mm-dd in the playbook's zone. */
  readonly today: string;
  /** Newest first. */
  readonly scheduled: readonly Run[];
  readonly nextDue: readonly Slot[];
  /** Open, investigated and explained, the longest open first. */
  readonly discrepancies: readonly Discrepancy[];
  /** Triggers that fired and have not cleared. */
  readonly incidents: readonly Incident[];
  /** Those that are pending, the oldest first. */
  readonly decisions: readonly Decision[];
  /** Those that are open. */
  readonly surveys: readonly Survey[];
  readonly tasks: readonly PlannedTask[];
  readonly metrics: readonly MetricState[];
  /** What a person should look at; empty when all is well. */
  readonly problems: readonly string[];
}

const titles: Readonly<Record<string, string>> = {
  'daily-reconciliation': 'Daily reconciliation',
  'missed-report': 'Watch over missed reports',
};

/** Where we are, for `status`: the last daily run, the streak, what comes next and what is wrong. */
export function statusCard(overview: Overview): Card {
  const { playbook, scheduled } = overview;
  const [last] = scheduled;
  const title = last === undefined ? 'No daily run yet' : titleOf(last, playbook.timeZone);
  return {
    title,
    tone: last === undefined ? 'neutral' : toneOf(last.state),
    summary: `${playbook.name}: ${title}. ${streakInWords(scheduled)}.`,
    body: [{ kind: 'facts', facts: factsOf(overview) }, ...problemElements(overview)],
  };
}

/**
 * What waits for somebody, as the playbook names them; then, the same for every person, the last run with its figures,
 * the streak of green days and the next due times.
 */
export function homeCard(overview: Overview, person: string): Card {
  const [last] = overview.scheduled;
  const status = statusCard(overview);
  const hidden = last === undefined ? undefined : suppressedInWords(last.checks.flatMap(({ findings }) => findings));
  return {
    ...status,
    body: [
      { kind: 'text', text: [{ bold: officialInWords(overview.playbook) }] },
      ...waitingElements(overview, person),
      ...status.body,
      ...(last === undefined || last.state === 'held' ? [] : [narrowSummaryTable(last.checks)]),
      ...(last?.state === 'held' ? [{ kind: 'text' as const, text: last.batch.reasons.join(' ') }] : []),
      ...(hidden === undefined ? [] : [{ kind: 'note' as const, text: `${hidden}.` }]),
    ],
  };
}

const waitingShown = 8;

/** Decisions and surveys that ask them, discrepancies and tasks that are theirs or their role's and that nobody has closed, what is due first at the top. */
function waitingElements(overview: Overview, person: string): CardElement[] {
  const { discrepancies, decisions, surveys, tasks, playbook, now } = overview;
  const me = personBehind(person, playbook);
  const theirs = (role: string): boolean => peopleOf(role, playbook).includes(me);
  const toDecide = decisions.filter(({ rules }) => rules.seats.some(({ roles }) => roles.some(theirs)));
  const mine = discrepancies
    .filter(({ state }) => state === 'open' || state === 'investigating')
    .filter(({ assignee, owner }) => (assignee === null ? theirs(owner) : personBehind(assignee, playbook) === me))
    .toSorted((one, other) => one.dueAt.localeCompare(other.dueAt));
  const todo = tasksIn(tasks, 'late', 'due').filter(({ task }) => theirs(task.owner));
  const toAnswer = surveys.filter(({ people }) => people.includes(me));
  const all = toDecide.length + toAnswer.length + mine.length + todo.length;
  if (all === 0) return [{ kind: 'text', text: [{ bold: 'Waiting for you: ' }, 'nothing'] }, { kind: 'divider' }];
  const shown = mine.slice(0, waitingShown);
  const shownTodo = todo.slice(0, waitingShown);
  const shownQuestions = toDecide.slice(0, waitingShown);
  const shownSurveys = toAnswer.slice(0, waitingShown);
  const more = all - shownQuestions.length - shownSurveys.length - shown.length - shownTodo.length;
  const what = [
    ...(toDecide.length === 0 ? [] : [count(toDecide.length, 'decision')]),
    ...(toAnswer.length === 0 ? [] : [count(toAnswer.length, 'survey')]),
    ...(mine.length === 0 ? [] : [count(mine.length, 'discrepancy', 'discrepancies')]),
    ...(todo.length === 0 ? [] : [count(todo.length, 'task')]),
  ];
  return [
    { kind: 'text', text: [{ bold: `Waiting for you: ${what.join(', ')}` }] },
    {
      kind: 'list',
      items: [
        ...shownQuestions.map((one) => questionLine(one, playbook)),
        ...shownSurveys.map((one) => surveyLine(one, playbook)),
        ...shown.map((one) => waitingLine(one, playbook, now)),
        ...shownTodo.map((planned) => taskLine(planned, playbook)),
        ...(more === 0 ? [] : [`and ${more} more`]),
      ],
    },
    {
      kind: 'buttons',
      buttons: [
        ...shownQuestions.slice(0, 3).map(
          (one): Button => ({
            label: `Show ${nameOfDecision(one)}`,
            command: `decision ${one.number}`,
            style: 'primary',
          }),
        ),
        ...shownSurveys.slice(0, 3).map(
          (one): Button => ({
            label: `Answer ${nameOfSurvey(one)}`,
            command: `answer ${one.number}`,
            style: 'default',
          }),
        ),
        ...shown.slice(0, 5).map(
          (one): Button => ({
            label: `Show ${nameOf(one)}`,
            command: `discrepancy ${nameOf(one)}`,
            style: 'default',
          }),
        ),
        ...showButtons(shownTodo),
      ],
    },
    { kind: 'divider' },
  ];
}

function questionLine(one: Decision, { timeZone }: Playbook): Span[] {
  const fallback = formatDateTime(new Date(one.expiresAt), timeZone);
  return [
    { bold: nameOfDecision(one) },
    ` ${one.question} To be decided until `,
    { time: one.expiresAt, style: 'dateTime', fallback },
  ];
}

function surveyLine(one: Survey, { timeZone }: Playbook): Span[] {
  const fallback = formatDateTime(new Date(one.closesAt), timeZone);
  return [
    { bold: nameOfSurvey(one) },
    ` ${one.question} An answer can be given and changed until `,
    { time: one.closesAt, style: 'dateTime', fallback },
  ];
}

function waitingLine(one: Discrepancy, playbook: Playbook, now: Date): Span[] {
  const late = new Date(one.dueAt) < now ? 'overdue since' : 'due';
  const due = formatDateTime(new Date(one.dueAt), playbook.timeZone);
  return [
    { bold: nameOf(one) },
    ` ${aboutInWords(one, playbook, true)}, ${one.state}, severity ${one.severity}, ${late} `,
    { time: one.dueAt, style: 'dateTime', fallback: due },
  ];
}

function factsOf({ playbook, today, scheduled, nextDue, discrepancies, incidents, tasks, metrics }: Overview): Fact[] {
  const { timeZone } = playbook;
  const [last] = scheduled;
  const time = (at: string): Span => ({
    time: at,
    style: 'dateTime',
    fallback: formatDateTime(new Date(at), timeZone),
  });
  return [
    { label: 'Parallel run', value: `${playbook.name}, ${formatDate(today)}` },
    { label: 'Where we are', value: describeMoment(momentOf(playbook, today)) },
    ...(last === undefined
      ? []
      : [{ label: 'Last daily run', value: [time(last.startedAt), ', ', { code: last.id }] }]),
    { label: 'Streak', value: streakInWords(scheduled) },
    { label: 'Open discrepancies', value: discrepanciesInWords(discrepancies, playbook) },
    ...(playbook.triggers.length === 0 ? [] : [{ label: 'Triggers', value: incidentsInWords(incidents, playbook) }]),
    ...(tasks.length === 0 ? [] : [{ label: 'Tasks', value: tasksInWords(tasks) }]),
    ...(metrics.length === 0 ? [] : [{ label: 'Metrics', value: metricsInWords(metrics) }]),
    ...nextDue.map(({ name, at }) => ({ label: `Next: ${titles[name] ?? name}`, value: [time(at)] })),
  ];
}

function problemElements({ problems }: Overview): CardElement[] {
  return problems.map((problem) => ({ kind: 'text', text: [{ bold: 'To look at: ' }, problem] }));
}

/** What is wrong with what we say, in words for people in chat. */
export function deliveryProblems({ dead, unknown }: OutboxGauges): string[] {
  return [
    ...(dead > 0 ? [`${count(dead, 'message')} could not be delivered and was given up; the alerts say which.`] : []),
    ...(unknown > 0 ? [`Of ${count(unknown, 'message')} nobody knows whether it arrived; look in the channels.`] : []),
  ];
}
