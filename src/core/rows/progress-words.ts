import { count, formatNumber } from '../numbers/format.ts';

/** "10,000 rows", or "10,000 of 1,000,000 rows". */
export function comparedInWords(rows: number, of: number | null): string {
  return of === null ? count(rows, 'row') : `${formatNumber(String(rows))} of ${count(of, 'row')}`;
}
