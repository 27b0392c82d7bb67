/** What became of a task of the plan; the newest change is the state that holds, and none at all means open. */
export interface TaskChange {
  /** The task's name in the playbook. */
  readonly task: string;
  /** 1 for a task's first change, without gaps. */
  readonly number: number;
  readonly state: 'open' | 'done';
  /** Who did it, as the audit names people. */
  readonly by: string;
  /** For people's eyes only. */
  readonly byName: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** A text or a link, 1 to 2,000 characters; for a task that was opened again, why. */
  readonly evidence: string;
  /** How many people, where the task asks for it. */
  readonly people: number | null;
}
