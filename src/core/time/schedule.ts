import type { Playbook } from '../playbook/playbook.ts';
import type { Services } from '../services.ts';
import type { Slot, Transaction } from '../store.ts';

/** When a schedule is due: a local time on chosen days in a zone, from a first day on. */
export interface Plan {
  /** "hh:mm", 00:00 to 23:59, local time. */
  readonly at: string;
  /** IANA name. */
  readonly timeZone: string;
  /** ISO weekdays, 1 Monday to 7 Sunday. */
  readonly weekdays: readonly number[];
  /** First local day, yyyy-mm-dd. */
  readonly from: string;
  /** Local days on which it is due whatever the weekday, yyyy-mm-dd, both included. */
  readonly everyDay?: { readonly first: string; readonly last: string };
}

/** What happens to due times that were missed while no process ran. */
export interface CatchUp {
  /** `latest`: only the newest missed slot runs, older ones are marked missed. `all`: every one, in order. */
  readonly which: 'latest' | 'all';
  /** Older slots are marked missed. */
  readonly withinHours: number;
}

/** What the clock starts. One file a schedule in `schedules/`. */
export interface Schedule {
  readonly name: string;
  readonly catchUp: CatchUp;
  /** Undefined while nothing is to be scheduled, such as before the start date is set (L12). */
  plan(playbook: Playbook): Plan | undefined;
  run(slot: Slot, services: Services, signal: AbortSignal): Promise<SlotResult>;
}

/**
 * What came of a slot. `write` is called in the transaction that closes the slot or puts it off, so that either both
 * happen or neither. `again`: not done yet, try the same slot again at `at`.
 */
export type SlotResult =
  | { readonly kind: 'done'; write(tx: Transaction): Promise<void> }
  | { readonly kind: 'again'; readonly at: Date; write(tx: Transaction): Promise<void> };
