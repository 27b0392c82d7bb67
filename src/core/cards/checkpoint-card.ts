import type { Agenda } from '../checkpoints/agenda.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import { count } from '../numbers/format.ts';
import { personSpan } from '../people.ts';
import { describeMoment, momentOf } from '../phases/calendar.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { type Discrepancy, nameOf } from '../records/discrepancy.ts';
import { nameOfLesson } from '../records/lesson.ts';
import { formatDate, formatDateTime, formatShortDate } from '../time/format.ts';
import type { Card, CardElement, Fact, Text } from './card.ts';
import { officialInWords } from './digest-card.ts';
import { aboutInWords } from './discrepancy-words.ts';
import { verdictWord } from './run-words.ts';

export interface CheckpointContext {
  readonly playbook: Playbook;
  /** Those that the agenda names, for their words. */
  readonly discrepancies: readonly Discrepancy[];
  /** Buttons only where they can be pressed, and only on what is on record. */
  readonly buttons: boolean;
}

const shown = 15;

/** The agenda of a checkpoint, and once it was held its minutes; the same card all along. */
export function checkpointCard(
  checkpoint: Omit<Checkpoint, 'dueAt'>,
  { playbook, discrepancies, buttons }: CheckpointContext,
): Card {
  const { date, agenda, minutes, missedAt } = checkpoint;
  const state = minutes !== null ? 'held' : missedAt !== null ? 'was not held' : 'agenda';
  const title = `Weekly checkpoint, ${formatDate(date)}: ${state}`;
  return {
    title,
    tone: missedAt !== null && minutes === null ? 'warning' : minutes !== null ? 'good' : 'neutral',
    summary: `${title}. ${runsInWords(agenda)}. ${discrepanciesInWords(agenda)}.`,
    body: [
      { kind: 'text', text: describeMoment(momentOf(playbook, date)) },
      { kind: 'text', text: [{ bold: officialInWords(playbook) }] },
      ...minutesElements(checkpoint, playbook),
      { kind: 'facts', facts: factsOf(agenda, playbook) },
      ...trendElements(agenda),
      ...ageingElements(agenda, discrepancies, playbook),
      ...metricElements(agenda),
      ...lessonElements(agenda),
      ...feedbackElements(agenda),
      ...(buttons
        ? [
            {
              kind: 'buttons' as const,
              buttons: [
                {
                  label: minutes === null ? 'Write the minutes' : 'Change the minutes',
                  command: `checkpoint ${date} minutes`,
                  style: minutes === null ? ('primary' as const) : ('default' as const),
                },
                { label: 'Open discrepancies', command: 'discrepancies', style: 'default' as const },
                { label: 'History', command: 'history', style: 'default' as const },
              ],
            },
          ]
        : []),
    ],
  };
}

/** "5 daily runs: 2 passed, 2 failed, 1 held". */
export function runsInWords({ runs }: Agenda): string {
  if (runs.length === 0) return 'No daily run in this week';
  const states = { pass: 'passed', fail: 'failed', error: 'could not be measured', held: 'held' } as const;
  const parts = Object.entries(states).flatMap(([state, word]) => {
    const number = runs.filter((run) => run.state === state).length;
    return number === 0 ? [] : [`${number} ${word}`];
  });
  return `${count(runs.length, 'daily run')}: ${parts.join(', ')}`;
}

function trendElements(agenda: Agenda): CardElement[] {
  const { trend } = agenda;
  if (trend === undefined) return [];
  return [
    { kind: 'chart', title: 'Variance in the week', unit: '%', series: trend, summary: `${runsInWords(agenda)}.` },
  ];
}

function discrepanciesInWords({ opened, closed, active }: Agenda): string {
  return `${count(opened.length, 'discrepancy', 'discrepancies')} opened, ${closed.length} closed, ${active.length} to look at`;
}

function factsOf(agenda: Agenda, { timeZone }: Playbook): Fact[] {
  const names = (numbers: readonly number[]): string =>
    numbers.length === 0 ? 'none' : numbers.map((number) => nameOf({ number })).join(', ');
  const moment = (at: string): string => formatDateTime(new Date(at), timeZone);
  return [
    { label: 'The week', value: `after ${moment(agenda.from)}, to ${moment(agenda.to)}` },
    { label: 'Runs', value: runsInWords(agenda) },
    {
      label: 'Day by day',
      value:
        agenda.runs.length === 0
          ? 'none'
          : agenda.runs.map(({ date, state }) => `${formatShortDate(date)} ${verdictWord(state)}`).join(' · '),
    },
    {
      label: 'Did not pass',
      value:
        agenda.checks.length === 0
          ? 'none'
          : agenda.checks.map(({ title, failed }) => `${title} (${count(failed, 'time')})`).join(', '),
    },
    { label: 'Opened', value: names(agenda.opened) },
    { label: 'Closed', value: names(agenda.closed) },
    { label: 'Tasks due or late', value: tasksInWords(agenda) },
  ];
}

function tasksInWords({ tasks }: Agenda): string {
  if (tasks.length === 0) return 'none';
  const named = tasks
    .slice(0, shown)
    .map(({ title, daysLate }) => (daysLate === 0 ? title : `${title} (${count(daysLate, 'day')} late)`));
  return `${named.join(', ')}${tasks.length > shown ? `, and ${tasks.length - shown} more` : ''}`;
}

function ageingElements({ active }: Agenda, discrepancies: readonly Discrepancy[], playbook: Playbook): CardElement[] {
  if (active.length === 0) return [{ kind: 'text', text: 'Nothing is open.' }];
  const about = (number: number): string => {
    const one = discrepancies.find((each) => each.number === number);
    return one === undefined ? '' : aboutInWords(one, playbook, true);
  };
  return [
    {
      kind: 'table',
      columns: [
        { label: 'No.', align: 'left' },
        { label: 'What', align: 'left' },
        { label: 'State', align: 'left' },
        { label: 'Severity', align: 'right' },
        { label: 'Days', align: 'right' },
      ],
      rows: active
        .slice(0, shown)
        .map(({ number, state, severity, days }) => [
          nameOf({ number }),
          about(number),
          state,
          String(severity),
          String(days),
        ]),
      ...(active.length <= shown ? {} : { omitted: `${active.length - shown} more, younger ones` }),
    },
  ];
}

function metricElements({ metrics, gates }: Agenda): CardElement[] {
  const list = (title: string, items: readonly Text[]): CardElement[] =>
    items.length === 0
      ? []
      : [
          { kind: 'text', text: [{ bold: title }] },
          { kind: 'list', items },
        ];
  return [
    ...list(
      'Metrics',
      metrics.map(({ title, words }) => `${title}: ${words}`),
    ),
    ...list(
      'Gates',
      gates.map(({ phase, green, words }) => `Phase ${phase}: ${green ? 'green' : 'not green'}, ${words}`),
    ),
  ];
}

function lessonElements({ lessons }: Agenda): CardElement[] {
  if (lessons.length === 0) return [{ kind: 'text', text: 'No lesson was written down in this week.' }];
  return [
    { kind: 'text', text: [{ bold: 'Lessons' }] },
    {
      kind: 'list',
      items: lessons
        .slice(0, shown)
        .map(({ number, category, learning }) => [{ bold: `${nameOfLesson({ number })} ${category}: ` }, learning]),
    },
  ];
}

function feedbackElements({ feedback }: Agenda): CardElement[] {
  if (feedback.length === 0) return [];
  const more = feedback.length - shown;
  return [
    { kind: 'text', text: [{ bold: 'What people said' }] },
    {
      kind: 'list',
      items: [
        ...feedback.slice(0, shown).map(({ number, text }): Text => [{ bold: `F-${number}: ` }, text]),
        ...(more > 0 ? [`and ${more} more`] : []),
      ],
    },
  ];
}

function minutesElements({ minutes, missedAt }: Omit<Checkpoint, 'dueAt'>, { timeZone }: Playbook): CardElement[] {
  if (minutes === null) {
    return missedAt === null
      ? []
      : [{ kind: 'text', text: 'Nobody wrote minutes within a day: it counts as not held until somebody does.' }];
  }
  const { attendance, decisions, notes, by, at } = minutes;
  return [
    {
      kind: 'facts',
      facts: [
        { label: 'Who was there', value: attendance },
        { label: 'Decided', value: decisions === '' ? 'nothing' : decisions },
        ...(notes === '' ? [] : [{ label: 'Notes', value: notes }]),
        {
          label: 'Minutes by',
          value: [
            personSpan(by),
            ', ',
            { time: at, style: 'dateTime', fallback: formatDateTime(new Date(at), timeZone) },
          ],
        },
      ],
    },
    { kind: 'divider' },
  ];
}
