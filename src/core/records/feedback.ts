/** What somebody said of the new system (L62), written down for good. */
export interface Feedback {
  /** What people call it: number 3 is "F-3". */
  readonly number: number;
  /** 1 to 3,000 characters, as it was typed. */
  readonly text: string;
  /** As the audit names people. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}
