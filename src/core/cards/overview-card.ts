import type { Run } from '../checks/run.ts';
import { count } from '../numbers/format.ts';
import { describeMoment, momentOf } from '../phases/calendar.ts';
import type { MetricState } from '../metrics/read-metrics.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Discrepancy } from '../records/discrepancy.ts';
import type { OutboxGauges, Slot } from '../store.ts';
import { formatDate, formatDateTime } from '../time/format.ts';
import type { Card, CardElement, Fact, Span } from './card.ts';
import { legacyIsOfficial } from './digest-card.ts';
import { discrepanciesInWords } from './discrepancy-words.ts';
import { metricsInWords } from './metric-words.ts';
import { narrowSummaryTable, suppressedInWords, titleOf, toneOf } from './run-words.ts';
import { streakInWords } from './trend.ts';

export interface Overview {
  readonly playbook: Playbook;
  /** yyyy-mm-dd in the playbook's zone. */
  readonly today: string;
  /** Newest first. */
  readonly scheduled: readonly Run[];
  readonly nextDue: readonly Slot[];
  /** Open, the longest open first. */
  readonly discrepancies: readonly Discrepancy[];
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

/** The same for every person: the last run with its figures, the streak of green days and the next due times. */
export function homeCard(overview: Overview): Card {
  const [last] = overview.scheduled;
  const status = statusCard(overview);
  const hidden = last === undefined ? undefined : suppressedInWords(last.checks.flatMap(({ findings }) => findings));
  return {
    ...status,
    body: [
      { kind: 'text', text: [{ bold: legacyIsOfficial }] },
      ...status.body,
      ...(last === undefined || last.state === 'held' ? [] : [narrowSummaryTable(last.checks)]),
      ...(last?.state === 'held' ? [{ kind: 'text' as const, text: last.batch.reasons.join(' ') }] : []),
      ...(hidden === undefined ? [] : [{ kind: 'note' as const, text: `${hidden}.` }]),
    ],
  };
}

function factsOf({ playbook, today, scheduled, nextDue, discrepancies, metrics }: Overview): Fact[] {
  const { timeZone } = playbook;
  const [last] = scheduled;
  const time = (at: string): Span => ({
    time: at,
    style: 'dateTime',
    fallback: formatDateTime(new Date(at), timeZone),
  });
  return [
    { label: 'Parallel run', value: `${playbook.name}, ${formatDate(today)}` },
    { label: 'Where we are', value: describeMoment(momentOf(playbook.startDate, today)) },
    ...(last === undefined
      ? []
      : [{ label: 'Last daily run', value: [time(last.startedAt), ', ', { code: last.id }] }]),
    { label: 'Streak', value: streakInWords(scheduled) },
    { label: 'Open discrepancies', value: discrepanciesInWords(discrepancies, playbook) },
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
