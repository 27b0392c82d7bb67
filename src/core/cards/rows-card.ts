import { formatNumber } from '../numbers/format.ts';
import type { Playbook, RowComparison } from '../playbook/playbook.ts';
import type { RowsCompared } from '../rows/compare-rows.ts';
import type { RowComparisonResult } from '../rows/result.ts';
import { comparedInWords } from '../rows/progress-words.ts';
import { formatDateTime } from '../time/format.ts';
import type { Card, CardElement, CardTable, Fact } from './card.ts';
import { officialInWords } from './digest-card.ts';
import { causeElements } from './explanation-card.ts';
import { damageInWords, rowsInWords, unsettledInWords, wasRead } from './rows-words.ts';

export interface RowsCardContext {
  readonly comparison: RowComparison;
  readonly playbook: Playbook;
  readonly at: Date;
  /** What was written to a file, in a sentence. */
  readonly written?: string;
}

export function rowsProgressCard({ title }: RowComparison, rows: number, of: number | null): Card {
  const done = rows === 0 ? 'Both systems go through their rows' : `${comparedInWords(rows, of)} compared so far`;
  return {
    title: `Comparing the rows of ${title}`,
    tone: 'neutral',
    summary: `${title}: ${done}.`,
    body: [{ kind: 'text', text: `${done}.` }],
  };
}

/** How many rows agree, in which columns the others differ, and what exists on one side only. */
export function rowsCard(compared: RowsCompared, { comparison, playbook, at, written }: RowsCardContext): Card {
  const { batch } = compared;
  const official: CardElement = { kind: 'text', text: [{ bold: officialInWords(playbook) }] };
  const facts: Fact[] = [
    {
      label: 'Compared',
      value: [{ time: at.toISOString(), style: 'dateTime', fallback: formatDateTime(at, playbook.timeZone) }],
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
  const title = rowsInWords(result, comparison.noun);
  const why = result.reason === '' ? [] : [{ kind: 'text' as const, text: [{ bold: 'Why: ' }, result.reason] }];
  return {
    title,
    tone: { pass: 'good' as const, fail: 'bad' as const, error: 'warning' as const }[result.verdict],
    summary: `${playbook.name}: ${title}.`,
    body: [
      official,
      ...why,
      ...(written === undefined ? [] : [{ kind: 'text' as const, text: written }]),
      ...(wasRead(result) ? [countsTable(result), ...remarks(result), ...causeElements(result, comparison.noun)] : []),
      { kind: 'facts', facts },
    ],
  };
}

/** What is to be known besides the counts. */
function remarks(result: RowComparisonResult): CardElement[] {
  const items = [...damageInWords(result), unsettledInWords(result)].filter((words) => words !== undefined);
  const sentences = items.map((words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`);
  return sentences.length === 0 ? [] : [{ kind: 'list', items: sentences }];
}

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
