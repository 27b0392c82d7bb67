/** A first day of the parallel run that somebody set (L12); the newest one holds. */
export interface StartDate {
  /** 1 for the first that was set, without gaps. */
  readonly number: number;
  /** yyyy-mm-dd, a local date of the playbook's zone. */
  readonly date: string;
  /** Whole weeks by which phase 3 was extended by then (L72), 0 to 52. */
  readonly extensionWeeks: number;
  /** Who set it, as the audit names people. */
  readonly setBy: string;
  /** ISO 8601, UTC. */
  readonly setAt: string;
}
