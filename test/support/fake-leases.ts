import { leaseMilliseconds } from '../../src/core/store.ts';

/** What a holder has in hand for a while. */
export interface Leased {
  nextAt: number;
  leaseUntil: number | null;
  fence: number;
  attempts: number;
}

/** Gives it to its next holder. */
export function take(row: Leased, now: Date): void {
  row.leaseUntil = now.getTime() + leaseMilliseconds;
  row.fence += 1;
  row.attempts += 1;
}
