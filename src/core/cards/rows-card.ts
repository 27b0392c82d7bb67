import { count, formatNumber } from '../numbers/format.ts';
import type { Playbook, RowComparison } from '../playbook/playbook.ts';
import type { RowsCompared } from '../rows/compare-rows.ts';
import { agreementOf, type RowComparisonResult, type RowDifference } from '../rows/row-comparison.ts';
import { formatDateTime } from '../time/format.ts';
import type { Card, CardElement, CardTable, Fact } from './card.ts';
import { legacyIsOfficial } from './digest-card.ts';

export interface RowsCardContext {
  readonly comparison: RowComparison;
  readonly playbook: Playbook;
  readonly asked: Date;
  /** True: also the first rows that do not agree, with their values, for the operator's own terminal. Never in chat. */
  readonly rows: boolean;
}

export function rowsProgressCard({ title }: RowComparison, keys: number): Card {
  const done = keys === 0 ? 'Both systems sort their rows' : `${count(keys, 'row')} compared so far`;
  return {
    title: `Comparing the rows of ${title}`,
    tone: 'neutral',
    summary: `${title}: ${done}.`,
    body: [{ kind: 'text', text: `${done}.` }],
  };
}

/** How many rows agree, in which columns the others differ, and what exists on one side only. */
export function rowsCard(compared: RowsCompared, { comparison, playbook, asked, rows }: RowsCardContext): Card {
  const { batch } = compared;
  const official: CardElement = { kind: 'text', text: [{ bold: legacyIsOfficial }] };
  const facts: Fact[] = [
    {
      label: 'Compared',
      value: [{ time: asked.toISOString(), style: 'dateTime', fallback: formatDateTime(asked, playbook.timeZone) }],
    },
    ...(batch.date === null ? [] : [{ label: 'Batch', value: batch.date }]),
    { label: 'Playbook', value: [{ code: playbook.version }] },
  ];
  if (compared.state === 'held') {
    const title = `${comparison.title}: held, nothing was compared`;
    return {
      title,
      tone: 'warning',
      summary: `${title}. ${batch.reasons.join(' ')}`,
      body: [official, { kind: 'text', text: [{ bold: 'Why: ' }, batch.reasons.join(' ')] }, { kind: 'facts', facts }],
    };
  }
  const { result } = compared;
  const title = titleOf(result);
  const why = result.reason === '' ? [] : [{ kind: 'text' as const, text: [{ bold: 'Why: ' }, result.reason] }];
  return {
    title,
    tone: { pass: 'good' as const, fail: 'bad' as const, error: 'warning' as const }[result.verdict],
    summary: `${playbook.name}: ${title}.`,
    body: [
      official,
      ...why,
      ...(wasRead(result) ? [countsTable(result), ...columnsTable(result)] : []),
      ...(rows && result.examples.length > 0 ? [examplesTable(result, comparison)] : []),
      { kind: 'facts', facts },
    ],
  };
}

const wasRead = ({ rows }: RowComparisonResult): boolean => rows.legacy + rows.new > 0;

/** "People of 2029: 3,351 of 3,390 rows agree in all columns, 98.84 %". */
function titleOf(result: RowComparisonResult): string {
  if (!wasRead(result)) return `${result.title}: could not be compared`;
  const { agree, all, percent } = agreementOf(result);
  const rate = `${formatNumber(String(agree))} of ${count(all, 'row')} agree in all columns, ${percent} %`;
  return `${result.title}: ${rate}${result.verdict === 'error' ? ', but not every column was compared' : ''}`;
}

const none = '–';

function countsTable({ rows, agree, differ, only, repeated, nullKeys }: RowComparisonResult): CardTable {
  const figure = (number: number): string => formatNumber(String(number));
  const line = (what: string, legacy: number, now: number): string[] => [what, figure(legacy), figure(now)];
  return {
    kind: 'table',
    columns: [
      { label: 'Rows', align: 'left' },
      { label: 'Legacy', align: 'right' },
      { label: 'New', align: 'right' },
    ],
    rows: [
      line('read', rows.legacy, rows.new),
      line('agree', agree, agree),
      line('differ', differ, differ),
      line('on this side only', only.legacy, only.new),
      ...(repeated.keys === 0 ? [] : [line('with a key that repeats', repeated.rows.legacy, repeated.rows.new)]),
      ...(nullKeys.legacy + nullKeys.new === 0 ? [] : [line('with NULL in the key', nullKeys.legacy, nullKeys.new)]),
    ],
  };
}

/** Most first; nothing where no column differs. */
function columnsTable({ columns }: RowComparisonResult): CardTable[] {
  const differing = columns.filter(({ differ }) => differ > 0).toSorted((one, other) => other.differ - one.differ);
  if (differing.length === 0) return [];
  return [
    {
      kind: 'table',
      columns: [
        { label: 'Column', align: 'left' },
        { label: 'Rows that differ in it', align: 'right' },
      ],
      rows: differing.map(({ column, differ }) => [column, formatNumber(String(differ))]),
    },
  ];
}

const words: Readonly<Record<RowDifference['what'], string>> = {
  differs: 'differs',
  onlyLegacy: 'only in legacy',
  onlyNew: 'only in new',
  repeated: 'key repeats',
  nullKey: 'NULL in the key',
};

function examplesTable(
  { examples, differ, only, repeated, nullKeys }: RowComparisonResult,
  { key }: RowComparison,
): CardTable {
  const all = differ + only.legacy + only.new + repeated.keys + nullKeys.legacy + nullKeys.new;
  const left = all - examples.length;
  const rows = examples.flatMap((example) => {
    const name = example.key.map((part) => part ?? 'NULL').join(' / ');
    if (example.values.length === 0) return [[name, words[example.what], none, none]];
    return example.values.map(({ column, legacy, new: now }) => [name, column, legacy ?? 'NULL', now ?? 'NULL']);
  });
  return {
    kind: 'table',
    columns: [
      { label: key.join(' / '), align: 'left' },
      { label: 'Column', align: 'left' },
      { label: 'Legacy', align: 'right' },
      { label: 'New', align: 'right' },
    ],
    rows,
    ...(left > 0 ? { omitted: count(left, 'more row') } : {}),
  };
}
