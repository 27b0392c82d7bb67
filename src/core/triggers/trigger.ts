/** What may call for a rollback (L119-L122): it proposes, people decide. */
export type Trigger = TriggerKind & {
  /** What people type: lower case letters, digits and hyphens. */
  readonly name: string;
  readonly title: string;
};

type TriggerKind =
  /** Damage in the new system that legacy does not have: repeated or NULL keys, values below their minimum, rows lost. */
  | { readonly kind: 'corruption' }
  /** The worst variance of the critical checks, in percent. */
  | ({ readonly kind: 'variance' } & Threshold)
  /** Declared by a person with one of these roles; nothing of any runbook goes on until it is lifted. */
  | { readonly kind: 'security'; readonly declaredBy: readonly string[] }
  /** By how many percent a metric is above its accepted baseline. */
  | ({ readonly kind: 'degradation'; readonly metric: string } & Threshold);

/** Fires above one limit and clears below a lower one, so that a figure near a limit does not flicker. */
export interface Threshold {
  /** In percent, an exact decimal; exactly at it does not fire. */
  readonly above: string;
  /** In percent; exactly at it does not clear. */
  readonly clearsBelow: string;
  /** So many readings running, to fire as to clear; at least 1. */
  readonly readings: number;
}

/** One measurement that a trigger is judged by. */
export interface TriggerReading {
  /** Of what it is: "run/20261123-k3f9a", "reading/…": a reading counts once. */
  readonly source: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Above the limit that fires, below the one that clears, or between. */
  readonly zone: 'above' | 'between' | 'below';
  /** As people read it: "5.3 % in Total Compensation". */
  readonly figure: string;
  /** "more than 5 %". */
  readonly limit: string;
  /** The command that shows more of it; null where there is none. */
  readonly command: string | null;
}

/**
 * What the newest readings call for, the newest first. `fire`: the newest so many are all above. `clear`: they are all
 * below. `stay`: neither, or there are fewer.
 */
export function judged(readings: readonly TriggerReading[], wanted: number): 'fire' | 'clear' | 'stay' {
  const newest = readings.slice(0, wanted);
  if (newest.length < wanted) return 'stay';
  if (newest.every(({ zone }) => zone === 'above')) return 'fire';
  return newest.every(({ zone }) => zone === 'below') ? 'clear' : 'stay';
}
