/** A first day of the parallel run that somebody set (L12); the newest one holds. */
export interface StartDate {
  /** 1 for the first that was set, without gaps. */
  readonly number: number;
  /** yyyy-mm-dd, a local date of the playbook's zone. */
  readonly date: string;
  /** Who set it, as the audit names people. */
  readonly setBy: string;
  /** ISO 8601, UTC. */
  readonly setAt: string;
}
