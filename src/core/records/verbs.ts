import type { Field, Form } from '../form.ts';
import { decimal } from '../numbers/decimal.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { formatDateTime } from '../time/format.ts';
import { addDays, instantOf, localDate } from '../time/local-time.ts';
import type { Act } from './act.ts';
import { type Discrepancy, type DiscrepancyState, type Severity, severityWords } from './discrepancy.ts';

/** Who may do something: everybody, people of any role, or the roles that the playbook lets accept. */
export type Who = 'everybody' | 'team' | 'accepting';

interface Moment {
  readonly playbook: Playbook;
  readonly now: Date;
  /** In chat, figures of small groups are asked for nowhere. */
  readonly chat: boolean;
}

/** Something that can be done about a discrepancy: what people type after its name, and what is asked for. */
export interface Verb {
  readonly name: string;
  /** What the form's button and the answer say, such as "Explain". */
  readonly title: string;
  readonly who: Who;
  /** The state that it leads to; absent: none. */
  readonly to?: DiscrepancyState;
  readonly fields: (one: Discrepancy, moment: Moment) => readonly Field[];
  readonly act: (values: Readonly<Record<string, string>>, one: Discrepancy, moment: Moment) => Act;
}

export const reasonLength = 3_000;

/** What a severity can be chosen from. */
export const severityOptions = ([1, 2, 3] as const).map((severity) => ({
  value: String(severity),
  label: severityWords[severity],
}));

const text = (name: string, label: string, required = true): Field => ({
  name,
  label,
  kind: 'text',
  lines: 'many',
  maxLength: reasonLength,
  required,
});

const reason = text('reason', 'Reason');

const move = (
  name: string,
  title: string,
  to: 'open' | 'investigating' | 'resolved' | 'rejected',
  who: Who,
  fields: readonly Field[],
): Verb => ({
  name,
  title,
  who,
  to,
  fields: () => fields,
  act: (values) => ({ kind: 'move', to, reason: values['reason'] ?? '' }),
});

/** All that people can do about a discrepancy. */
export const verbs: readonly Verb[] = [
  move('investigate', 'Look into it', 'investigating', 'team', [text('reason', 'Anything to say', false)]),
  move('resolve', 'Resolve', 'resolved', 'team', [text('reason', 'How it was resolved')]),
  move('reject', 'Reject', 'rejected', 'accepting', [text('reason', 'Why it is no discrepancy')]),
  move('reopen', 'Open again', 'open', 'team', [reason]),
  {
    name: 'explain',
    title: 'Explain',
    who: 'accepting',
    to: 'explained',
    fields: (one, moment) => [
      ...amountFields(one, moment),
      untilField(moment, true),
      text('reason', 'What explains it'),
    ],
    act: (values, one) => ({
      kind: 'explain',
      amount:
        values['amount'] === undefined || values['amount'] === ''
          ? (one.measured?.difference ?? null)
          : values['amount'],
      until: values['until'] ?? '',
      reason: values['reason'] ?? '',
    }),
  },
  {
    name: 'comment',
    title: 'Comment',
    who: 'everybody',
    fields: () => [text('text', 'Comment')],
    act: (values) => ({ kind: 'comment', text: values['text'] ?? '' }),
  },
  {
    name: 'assign',
    title: 'Assign',
    who: 'team',
    fields: () => [{ name: 'to', label: 'To whom', kind: 'person', required: true }],
    act: (values) => ({ kind: 'assign', to: values['to'] ?? '', name: (values['to'] ?? '').replace(/^\w+:/, '') }),
  },
  {
    name: 'severity',
    title: 'Set the severity',
    who: 'team',
    fields: (one) => [
      {
        name: 'severity',
        label: 'Severity',
        kind: 'choice',
        required: true,
        initial: String(one.severity),
        options: severityOptions,
      },
      reason,
    ],
    act: (values) => ({
      kind: 'severity',
      severity: Number(values['severity']) as Severity,
      reason: values['reason'] ?? '',
    }),
  },
  {
    name: 'run',
    title: 'Link a run',
    who: 'everybody',
    fields: () => [{ name: 'run', label: 'Run', kind: 'text', lines: 'one', maxLength: 40, required: true }],
    act: (values) => ({ kind: 'run', run: (values['run'] ?? '').toLowerCase() }),
  },
  {
    name: 'snooze',
    title: 'Snooze',
    who: 'team',
    fields: (_one, moment) => [untilField(moment, false), text('reason', 'Why it can wait')],
    act: (values, _one, { playbook: { timeZone, schedules } }) => {
      const until = instantOf(values['until'] ?? '', schedules.dailyReconciliation.at, timeZone);
      return {
        kind: 'snooze',
        until: until.toISOString(),
        untilInWords: formatDateTime(until, timeZone),
        reason: values['reason'] ?? '',
      };
    },
  },
];

/** The form of something that can be done about a discrepancy. */
export function formOf(verb: Verb, one: Discrepancy, moment: Moment, intro: string): Form {
  return { title: verb.title, submit: verb.title, intro, fields: verb.fields(one, moment) };
}

/** No more than there is, and to the same side; asked for nowhere where it may not be shown. */
function amountFields({ measured }: Discrepancy, { chat }: Moment): Field[] {
  if (measured?.difference == null || (measured.suppressed && chat)) return [];
  const difference = decimal(measured.difference);
  if (difference.eq(0)) return [];
  const bounds = difference.gt(0)
    ? { minimum: '0', maximum: measured.difference }
    : { minimum: measured.difference, maximum: '0' };
  return [
    {
      name: 'amount',
      label: 'How much of the difference it explains',
      hint: `The difference is ${measured.difference}; left empty: all of it.`,
      kind: 'number',
      required: false,
      initial: measured.difference,
      ...bounds,
    },
  ];
}

const usualDays = 30;
const longestSnoozeDays = 30;

function untilField({ playbook, now }: Moment, acceptance: boolean): Field {
  const today = localDate(now, playbook.timeZone);
  const longest = acceptance ? playbook.discrepancies.longestAcceptanceDays : longestSnoozeDays;
  return {
    name: 'until',
    label: acceptance ? 'Accepted until, with this day' : 'No reminders until the morning of',
    kind: 'date',
    required: true,
    earliest: acceptance ? today : addDays(today, 1),
    latest: addDays(today, longest),
    initial: addDays(today, acceptance ? Math.min(usualDays, longest) : 1),
  };
}
