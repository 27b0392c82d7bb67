import type { Finding } from '../checks/run.ts';
import { count, formatNumber, formatSigned } from '../numbers/format.ts';
import { personSpan } from '../people.ts';
import type { Playbook } from '../playbook/playbook.ts';
import {
  type Discrepancy,
  type DiscrepancyEntry,
  type DiscrepancyState,
  nameOf,
  severityWords,
} from '../records/discrepancy.ts';
import { formatDate, formatDateTime, formatShortDate } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import type { Button, Card, CardElement, Fact, Span, Text, Tone } from './card.ts';
import { aboutInWords } from './discrepancy-words.ts';
import { roleTitle, roleWithPeople } from './people-words.ts';
import { differenceInWords } from './run-words.ts';

export const stateWords: Readonly<Record<DiscrepancyState, string>> = {
  open: 'Open: nobody has begun',
  investigating: 'Under investigation',
  explained: 'Explained',
  resolved: 'Resolved',
  rejected: 'Rejected: no discrepancy',
};

interface Context {
  readonly playbook: Playbook;
  /** In chat, figures of fewer than five people are left out. */
  readonly chat: boolean;
}

/** How many lines of its history a card shows. */
export const entriesShown = 6;

/** One discrepancy as it is now; `entries`: the newest of its history, the newest first. */
export function discrepancyCard(one: Discrepancy, entries: readonly DiscrepancyEntry[], context: Context): Card {
  const about = aboutInWords(one, context.playbook, context.chat);
  const title = `${nameOf(one)} ${one.state}: ${about}`;
  return {
    title,
    tone: toneOf(one),
    summary: `${title}. Severity ${one.severity}, ${roleTitle(one.owner, context.playbook)}.`,
    body: [
      ...(one.reported === null || one.reported.description === ''
        ? []
        : [{ kind: 'text' as const, text: one.reported.description }]),
      { kind: 'facts', facts: [...figureFacts(one, context), ...factsOf(one, context)] },
      ...historyElements(entries, context.playbook),
      ...(context.chat ? [{ kind: 'buttons' as const, buttons: buttonsOf(one) }] : []),
    ],
  };
}

export function toneOf({ state, severity }: Pick<Discrepancy, 'state' | 'severity'>): Tone {
  if (state === 'resolved') return 'good';
  if (state === 'explained' || state === 'rejected') return 'neutral';
  return severity === 1 ? 'bad' : 'warning';
}

function figureFacts({ measured, reported }: Discrepancy, { playbook, chat }: Context): Fact[] {
  if (reported !== null) {
    return [
      { label: 'Reported by', value: [personSpan(reported.by)] },
      ...(reported.link === null ? [] : [{ label: 'Where', value: reported.link }]),
    ];
  }
  if (measured === null) return [];
  const seen: Text = [
    `${count(measured.occurrences, 'time')}, last `,
    time(measured.lastSeenAt, playbook),
    ' in run ',
    { code: measured.lastRun },
  ];
  if (measured.suppressed && chat) {
    return [
      { label: 'Figures', value: 'Fewer than five people: not shown in chat.' },
      { label: 'Failed', value: seen },
    ];
  }
  const figure = (value: string | null): string => (value === null ? 'none' : formatNumber(value));
  const finding: Finding = { ...measured, tolerance: '0', verdict: 'fail' };
  return [
    { label: 'Legacy and new', value: `${figure(measured.legacy)} and ${figure(measured.new)}` },
    { label: 'Difference', value: differenceInWords(finding) },
    { label: 'Failed', value: seen },
  ];
}

function factsOf(one: Discrepancy, { playbook, chat }: Context): Fact[] {
  const { owner, assignee, acceptance, snooze, measured } = one;
  const owners = chat ? roleWithPeople(owner, playbook) : roleTitle(owner, playbook);
  const amount = acceptance?.amount ?? null;
  const hidden = measured?.suppressed === true && chat;
  return [
    { label: 'State', value: stateWords[one.state] },
    { label: 'Severity', value: severityWords[one.severity] },
    { label: 'Owner', value: owners },
    ...(assignee === null ? [] : [{ label: 'Assigned to', value: [personSpan(assignee)] }]),
    ...(acceptance === null
      ? []
      : [
          {
            label: 'Accepted',
            value: [
              ...(amount === null || hidden ? [] : [`${formatSigned(amount)} of it, `]),
              `until ${formatDate(acceptance.until)}, by `,
              personSpan(acceptance.by),
            ],
          },
        ]),
    ...(one.state === 'open' || one.state === 'investigating'
      ? [{ label: 'Due', value: [time(one.dueAt, playbook)] }]
      : []),
    ...(snooze === null
      ? []
      : [{ label: 'No reminders', value: ['until ', time(snooze.until, playbook), `: ${snooze.reason}`] }]),
    { label: 'On record since', value: [time(one.firstSeenAt, playbook)] },
  ];
}

function historyElements(entries: readonly DiscrepancyEntry[], playbook: Playbook): CardElement[] {
  if (entries.length === 0) return [];
  return [
    { kind: 'divider' },
    {
      kind: 'list',
      items: entries
        .slice(0, entriesShown)
        .map(({ at, by, text }): Text => [time(at, playbook), ', ', personSpan(by), `: ${text}`]),
    },
  ];
}

function time(at: string, { timeZone }: Playbook): Span {
  return { time: at, style: 'dateTime', fallback: formatDateTime(new Date(at), timeZone) };
}

function buttonsOf(one: Discrepancy): Button[] {
  const name = nameOf(one);
  const button = (label: string, verb: string, style: Button['style'] = 'default'): Button => ({
    label,
    command: `discrepancy ${name} ${verb}`,
    style,
  });
  switch (one.state) {
    case 'open':
      return [
        button('I look into it', 'investigate', 'primary'),
        button('Explain', 'explain'),
        button('Comment', 'comment'),
        button('Snooze', 'snooze'),
      ];
    case 'investigating':
      return [
        button('Explain', 'explain', 'primary'),
        button('Resolve', 'resolve'),
        button('Comment', 'comment'),
        button('Snooze', 'snooze'),
      ];
    case 'explained':
      return [
        button('Explain anew', 'explain'),
        button('Resolve', 'resolve'),
        button('Open again', 'reopen'),
        button('Comment', 'comment'),
      ];
    case 'resolved':
      return [
        { label: 'Write down a lesson', command: `lesson --about ${name}`, style: 'primary' },
        button('Open again', 'reopen'),
        button('Comment', 'comment'),
      ];
    case 'rejected':
      return [button('Open again', 'reopen'), button('Comment', 'comment')];
  }
}

interface ListContext extends Context {
  readonly now: Date;
}

/** Every one of a list, as a table. */
export function discrepanciesCard(all: readonly Discrepancy[], context: ListContext, omitted: number): Card {
  const active = all.filter(({ state }) => state === 'open' || state === 'investigating').length;
  const title = active === 0 ? 'No open discrepancies' : count(active, 'open discrepancy', 'open discrepancies');
  const rows = all.map((one) => [
    nameOf(one),
    aboutInWords(one, context.playbook, context.chat),
    one.state,
    String(one.severity),
    roleTitle(one.owner, context.playbook),
    differenceOf(one, context.chat),
    dueInWords(one, context),
  ]);
  return {
    title,
    tone: active === 0 ? 'good' : 'warning',
    summary: `${title}${
      rows.length === 0
        ? ''
        : `: ${rows
            .slice(0, 3)
            .map(([name, about]) => `${name} ${about}`)
            .join(', ')}`
    }.`,
    body:
      rows.length === 0
        ? [{ kind: 'text', text: 'Nothing is on record that is not closed.' }]
        : [
            {
              kind: 'table',
              columns: [
                { label: 'No.', align: 'left' },
                { label: 'What', align: 'left' },
                { label: 'State', align: 'left' },
                { label: 'Severity', align: 'right' },
                { label: 'Owner', align: 'left' },
                { label: 'Difference', align: 'right' },
                { label: 'Due', align: 'left' },
              ],
              rows,
              ...(omitted === 0 ? {} : { omitted: `${omitted} more, older ones` }),
            },
          ],
  };
}

function dueInWords({ state, dueAt }: Discrepancy, { playbook: { timeZone }, now }: ListContext): string {
  if (state !== 'open' && state !== 'investigating') return '';
  const due = new Date(dueAt);
  const date = formatShortDate(localDate(due, timeZone));
  return due < now ? `${date}, late` : date;
}

function differenceOf({ measured }: Discrepancy, chat: boolean): string {
  if (measured?.difference == null) return '';
  return measured.suppressed && chat ? 'small group' : formatSigned(measured.difference);
}
