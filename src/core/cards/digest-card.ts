import type { CheckResult, Run } from '../checks/run.ts';
import { describeMoment, momentOf } from '../phases/calendar.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Discrepancy } from '../records/discrepancy.ts';
import type { Slot } from '../store.ts';
import { formatDate, formatDateTime, formatLateness } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import type { Button, Card, CardElement, Span, Text } from './card.ts';
import { roleWithPeople } from './people-words.ts';
import {
  resultInWords,
  summaryTable,
  suppressedInWords,
  syncInWords,
  titleOf,
  toneOf,
  verdictWord,
  whyInWords,
} from './run-words.ts';
import { nounOf, rowsLine } from './rows-words.ts';
import { discrepanciesInWords, explainedInWords } from './discrepancy-words.ts';
import { incidentsInWords } from './incident-card.ts';
import type { Incident } from '../triggers/incident.ts';
import { streakInWords, trendChart } from './trend.ts';

export interface DigestContext {
  readonly playbook: Playbook;
  /** The scheduled runs with this one, newest first. */
  readonly scheduled: readonly Run[];
  readonly nextDue: readonly Slot[];
  /** Open, investigated and explained, the longest open first. */
  readonly discrepancies: readonly Discrepancy[];
  /** Triggers that fired and have not cleared. */
  readonly incidents: readonly Incident[];
  /** Hash of the audit's newest entry: the channel is its witness. */
  readonly auditHead: string;
  /** When the held run is tried again, ISO 8601 UTC; null when it is not. */
  readonly retryAt: string | null;
}

/** L41: said on every report until the cutover; then, which is official. */
export function officialInWords({ cutover, sources }: Pick<Playbook, 'cutover' | 'sources'>): string {
  if (cutover?.switched === true) return `${sources.new.title} is official since the cutover.`;
  return 'Legacy is official: no business decisions on the new system yet.';
}

/** The daily digest (L42): the verdict first, then the figures, who is on it, the trend, and what happens next. */
export function digestCard(run: Run, context: DigestContext): Card {
  const { playbook, scheduled } = context;
  const trend = trendChart(scheduled, playbook.timeZone);
  const sync = syncInWords(run);
  const body: CardElement[] = [
    { kind: 'text', text: whenInWords(run, playbook) },
    { kind: 'text', text: [{ bold: officialInWords(playbook) }] },
    ...(run.state === 'held' ? heldElements(run, context) : checkElements(run, context)),
    ...(trend === undefined ? [{ kind: 'text' as const, text: `${streakInWords(scheduled)}.` }] : [trend]),
    { kind: 'text', text: [{ bold: 'Open discrepancies: ' }, discrepanciesInWords(context.discrepancies, playbook)] },
    ...(context.incidents.length === 0
      ? []
      : [{ kind: 'text' as const, text: [{ bold: 'Triggers: ' }, incidentsInWords(context.incidents, playbook)] }]),
    { kind: 'text', text: nextInWords(context) },
    { kind: 'buttons', buttons: buttonsOf(run) },
    {
      kind: 'note',
      text: [
        ...(sync === undefined ? [] : [`${sync}. `]),
        'Run ',
        { code: run.id },
        `, playbook ${run.playbookVersion}, audit `,
        { code: context.auditHead.slice(0, 16) },
      ],
    },
  ];
  return {
    title: titleOf(run, playbook.timeZone),
    tone: toneOf(run.state),
    summary: `${playbook.name}, daily reconciliation: ${resultInWords(run)}.`,
    body,
  };
}

function whenInWords(run: Run, { name, timeZone, ...dates }: Playbook): Text {
  const due = new Date(run.slot ?? run.startedAt);
  const date = localDate(due, timeZone);
  const late = formatLateness(due, new Date(run.finishedAt), timeZone);
  return [
    { bold: `${name}, ${formatDate(date)}` },
    ` · ${describeMoment(momentOf(dates, date))}`,
    ...(late === undefined ? [] : [` · late: ${late}`]),
  ];
}

function heldElements(run: Run, { playbook, retryAt }: DigestContext): CardElement[] {
  const next: Span[] =
    retryAt === null
      ? [
          'It is not tried again by itself: see why the sync is not complete, then compare with ',
          { code: '/parallel check' },
          '.',
        ]
      : ['Tried again at ', timeSpan(retryAt, playbook), '.'];
  const asked = run.attempts === 1 ? '' : ` Asked ${run.attempts} times.`;
  return [
    { kind: 'text', text: [{ bold: 'Why: ' }, `${run.batch.reasons.join(' ')}${asked}`] },
    { kind: 'text', text: next },
  ];
}

function checkElements(run: Run, { playbook, discrepancies }: DigestContext): CardElement[] {
  const hidden = suppressedInWords(run.checks.flatMap(({ findings }) => findings));
  const bad = run.checks
    .filter(({ verdict }) => verdict !== 'pass')
    .toSorted((one, other) => one.severity - other.severity);
  const remarks = run.checks.filter(({ verdict }) => verdict === 'pass').map(whyInWords);
  return [
    summaryTable(run.checks),
    ...(hidden === undefined ? [] : [{ kind: 'note' as const, text: `${hidden}.` }]),
    ...bad.map((check) => ({ kind: 'text' as const, text: todoInWords(check, discrepancies, playbook) })),
    ...run.comparisons.map((one) => ({
      kind: 'text' as const,
      text: rowsLine(one, nounOf(one, playbook), verdictWord(one.verdict)),
    })),
    ...remarks.filter((remark) => remark !== '').map((text) => ({ kind: 'text' as const, text })),
  ];
}

/** Who does what about a check that did not pass. */
function todoInWords(check: CheckResult, known: readonly Discrepancy[], playbook: Playbook): Span[] {
  const why = whyInWords(check);
  const explained = explainedInWords(check, known);
  return [
    { bold: `${check.title}: ${check.action}` },
    ` (severity ${check.severity}, `,
    ...roleWithPeople(check.owner, playbook),
    ')',
    ...(why === '' ? [] : [`. ${why}`]),
    ...(explained === undefined ? [] : [`${why === '' ? '.' : ''} ${explained}.`]),
  ];
}

function nextInWords({ nextDue, playbook }: DigestContext): Text {
  const next = nextDue.find(({ name }) => name === 'daily-reconciliation');
  if (next === undefined) return 'No next report is scheduled.';
  return [{ bold: 'Next report: ' }, timeSpan(next.at, playbook, 'dateTime')];
}

function timeSpan(at: string, { timeZone }: Playbook, style: 'time' | 'dateTime' = 'time'): Span {
  return { time: at, style, fallback: formatDateTime(new Date(at), timeZone) };
}

/** None where all rows agree. */
export function explainButton(run: Run): Button[] {
  if (!run.comparisons.some(({ causes }) => causes.length > 0)) return [];
  return [{ label: 'What explains it', command: `explain --run ${run.id}`, style: 'default' }];
}

function buttonsOf(run: Run): Button[] {
  return [
    ...(run.state === 'held' ? [] : [{ label: 'All findings', command: `show ${run.id}`, style: 'primary' as const }]),
    ...explainButton(run),
    {
      label: 'Run again',
      command: 'check',
      style: 'default',
      confirm: {
        title: 'Compare again now?',
        text: 'This reads both systems once more. Only you see the answer, and the daily report stays as it is.',
        confirm: 'Compare',
        deny: 'Cancel',
      },
    },
    { label: 'History', command: 'history', style: 'default' },
  ];
}
