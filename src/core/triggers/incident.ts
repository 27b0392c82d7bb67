/** One occasion on which a trigger fired: one card, counted, however often it fires. Never deleted. */
export interface Incident {
  /** What people call it: number 4 is "I-4". */
  readonly number: number;
  /** The trigger's name. */
  readonly trigger: string;
  readonly state: IncidentState;
  /** As the audit names people; "clock" where the bot found it. */
  readonly openedBy: string;
  /** ISO 8601, UTC, like every time here. */
  readonly openedAt: string;
  /** Since when it fires this time: before that nobody was called. */
  readonly firingAt: string;
  /** How many readings or reports fired it, at least 1. */
  readonly count: number;
  /** What fired it last; of a report, what was said. */
  readonly figure: string;
  readonly limit: string;
  readonly command: string | null;
  /** The source of the newest reading that was counted; null for a report. */
  readonly source: string | null;
  /** A person reported it: only people end it. */
  readonly reported: boolean;
  /** Who last did something about it, why, and until when it is snoozed. */
  readonly actedBy: string | null;
  readonly reason: string;
  readonly snoozedUntil: string | null;
  readonly clearedAt: string | null;
}

export const incidentStates = ['firing', 'acknowledged', 'snoozed', 'proposed', 'dismissed', 'cleared'] as const;
export type IncidentState = (typeof incidentStates)[number];

/**
 * Which state may follow which. `dismissed` stays so until the figure has cleared. A refused rollback leads back from
 * `proposed` to `acknowledged`.
 */
export const incidentTransitions: Readonly<Record<IncidentState, readonly IncidentState[]>> = {
  firing: ['acknowledged', 'snoozed', 'proposed', 'dismissed', 'cleared'],
  acknowledged: ['snoozed', 'proposed', 'dismissed', 'cleared'],
  snoozed: ['firing', 'acknowledged', 'proposed', 'dismissed', 'cleared'],
  proposed: ['acknowledged', 'dismissed', 'cleared'],
  dismissed: ['cleared'],
  cleared: ['firing'],
};

export type NewIncident = Omit<Incident, 'number'>;

/** "I-4". */
export const nameOfIncident = ({ number }: Pick<Incident, 'number'>): string => `I-${number}`;

/** What has cleared and fires again so soon is the same incident. */
export const sameIncidentMilliseconds = 24 * 3_600_000;
