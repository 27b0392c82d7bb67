import type { RowComparisonResult } from '../rows/result.ts';
import { count, formatNumber } from '../numbers/format.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { agreementOf } from '../rows/row-comparison.ts';
import type { Span } from './card.ts';
import type { Noun } from './explanation-words.ts';

/* How a comparison of rows is put into words, in counts alone: no row and no value of one. */

/** What a row of a comparison is, in the playbook's word. */
export function nounOf({ comparison }: RowComparisonResult, { comparisons }: Playbook): Noun {
  return comparisons.find(({ name }) => name === comparison)?.noun ?? ['row', 'rows'];
}

export const wasRead = ({ rows }: RowComparisonResult): boolean => rows.legacy + rows.new > 0;

/** "People of 2029: 3,351 of 3,390 people agree in all columns, 98.84 %". */
export function rowsInWords(result: RowComparisonResult, noun: Noun): string {
  if (!wasRead(result)) return `${result.title}: could not be compared`;
  const { agree, all, percent } = agreementOf(result);
  const rate = `${formatNumber(String(agree))} of ${count(all, noun[0], noun[1])} agree in all columns, ${percent} %`;
  return `${result.title}: ${rate}${result.verdict === 'error' ? ', but not every column was compared' : ''}`;
}

/** Columns that some row differs in, most first. */
export function differingColumns({ columns }: RowComparisonResult): RowComparisonResult['columns'] {
  return columns.filter(({ differ }) => differ > 0).toSorted((one, other) => other.differ - one.differ);
}

/** "2 rows below the minimum of pay (legacy 0)": damage that the new system has and legacy has not (L119). */
export function damageInWords({ integrity }: RowComparisonResult): string[] {
  return integrity
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ probe, column, found }) => {
      const rows = count(found.new, 'row');
      const what = {
        repeatedKeys: `${rows} of keys that repeat`,
        nullKeys: `${rows} with NULL in the key`,
        belowMinimum: `${rows} below the minimum of ${column ?? 'a column'}`,
        rowsLost: `${rows} lost since the last run`,
      }[probe];
      return `damage in the new system: ${what} (legacy ${formatNumber(String(found.legacy))})`;
    });
}

/** Undefined where nothing was compared again. */
export function unsettledInWords({ unsettled }: RowComparisonResult): string | undefined {
  if (unsettled === null) return undefined;
  return `compared twice, because a side is still written to: ${count(unsettled, 'key')} differed only once and ${unsettled === 1 ? 'counts' : 'count'} as agreeing`;
}

const columnsNamed = 4;

/** The line of a digest: the verdict's sign and word, how many agree, and what the others differ in. */
export function rowsLine(result: RowComparisonResult, noun: Noun, verdict: string): Span[] {
  const { only, repeated, nullKeys } = result;
  const differing = differingColumns(result);
  const parts = [
    ...differing.slice(0, columnsNamed).map(({ column, differ }) => `${formatNumber(String(differ))} in ${column}`),
    ...(differing.length > columnsNamed ? [`others in ${count(differing.length - columnsNamed, 'more column')}`] : []),
  ];
  const rest = [
    ...(parts.length > 0 ? [`differ: ${parts.join(', ')}`] : []),
    ...(only.legacy > 0 ? [`${formatNumber(String(only.legacy))} only in legacy`] : []),
    ...(only.new > 0 ? [`${formatNumber(String(only.new))} only in new`] : []),
    ...(repeated.keys > 0 ? [`${count(repeated.keys, 'key')} more than once`] : []),
    ...(nullKeys.legacy + nullKeys.new > 0
      ? [`${count(nullKeys.legacy + nullKeys.new, 'row')} with NULL in the key`]
      : []),
    ...damageInWords(result),
    ...[unsettledInWords(result)].filter((words) => words !== undefined),
    ...(result.reason === '' ? [] : [result.reason.replace(/\.$/, '')]),
  ];
  return [{ bold: `${verdict} ${rowsInWords(result, noun)}` }, rest.length === 0 ? '.' : `; ${rest.join('; ')}.`];
}
