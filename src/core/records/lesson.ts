/** Something that the team learned (L144), written down for good. */
export interface Lesson {
  /** yyyy-mm-dd, the day that it is about. */
  readonly date: string;
  /** "Data Quality", "Performance", "Usability" or another. */
  readonly category: string;
  readonly learning: string;
  /** What is done about it; empty when nothing is. */
  readonly action: string;
  /** A role of the playbook; null when nobody owns the action. */
  readonly owner: string | null;
  /** Who wrote it down, as the audit names people. */
  readonly recordedBy: string;
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
}
