/** Somebody answers for a criterion that is not green, until a day. */
export interface Waiver {
  readonly phase: 1 | 2 | 3;
  /** The criterion's name. */
  readonly criterion: string;
  readonly reason: string;
  /** A role of the playbook. */
  readonly owner: string;
  /** The last day, yyyy-mm-dd in the playbook's zone. */
  readonly until: string;
  /** As the audit names people. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}
