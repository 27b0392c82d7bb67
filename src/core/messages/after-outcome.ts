import type { Place } from '../request.ts';
import { laneIntervalMilliseconds, leaseMilliseconds } from '../store.ts';
import type { MessageState, Outcome, SearchResult } from './message.ts';

/** What the decision rests on. */
export interface Delivery {
  readonly visibility: Place['visibility'];
  /** Null before the first post arrived. */
  readonly externalId: string | null;
  /** The version that was delivered, and the newest that is wanted by now. */
  readonly version: number;
  readonly wantedVersion: number;
  readonly deliveredVersion: number;
  /** Failed attempts so far. */
  readonly attempts: number;
  /** Whether this was a search for an earlier post whose outcome is unknown. */
  readonly search: boolean;
}

/** What is to be written down after a delivery. Times are in milliseconds from now. */
export interface Transition {
  readonly state: MessageState;
  readonly externalId: string | null;
  readonly deliveredVersion: number;
  readonly attempts: number;
  readonly reason: string | null;
  /** Look for it in the history before it is posted again. */
  readonly search: boolean;
  readonly waitMilliseconds: number;
  readonly laneWaitMilliseconds: number;
  readonly platformWaitMilliseconds?: number;
  readonly platformStopped?: string;
}

export const attemptLimit = 12;
export const firstBackoffMilliseconds = 1_000;
export const longestBackoffMilliseconds = 300_000;

/**
 * Decides what follows from what came of a delivery. Pure; `random` is uniform over [0, 1), for full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export function afterOutcome(delivery: Delivery, outcome: Outcome | SearchResult, random: number): Transition {
  const { externalId, deliveredVersion, attempts } = delivery;
  const same = { externalId, deliveredVersion, attempts, reason: null, search: false };
  const pending = { ...same, state: 'pending' as const, waitMilliseconds: 0, laneWaitMilliseconds: 0 };
  const ended = (state: MessageState, reason: string): Transition => ({ ...pending, state, reason });

  switch (outcome.kind) {
    case 'delivered':
    case 'found': {
      // Which version a found post brought nobody knows: when there are later ones, it is edited to the newest.
      const arrived = outcome.kind === 'found' ? 1 : delivery.version;
      const delivered = Math.max(deliveredVersion, arrived);
      return {
        ...pending,
        state: delivered < delivery.wantedVersion ? 'pending' : 'sent',
        externalId: outcome.externalId,
        deliveredVersion: delivered,
        attempts: 0,
        laneWaitMilliseconds: outcome.kind === 'delivered' ? paceOf(delivery) : 0,
      };
    }
    case 'absent':
      return pending;
    case 'unreadable':
      return ended('unknown', outcome.reason);
    case 'unknown':
      return afterUnknown(delivery, outcome.reason, random);
    case 'retry':
      return retry(delivery, outcome.reason, random);
    // A search that was not made is still to be made: posting without it could say the same twice.
    case 'rateLimited':
      return {
        ...pending,
        search: delivery.search,
        platformWaitMilliseconds: Math.max(1, outcome.retryAfterSeconds) * 1000,
      };
    case 'stopped':
      return { ...pending, search: delivery.search, platformStopped: outcome.reason };
    case 'refused':
      return ended('dead', outcome.reason);
    case 'gone':
      return ended('gone', outcome.reason);
  }
}

/** Only channels are paced: nobody else sees a private reply or a Home tab, and whoever asked is waiting for it. */
function paceOf({ visibility }: Delivery): number {
  return visibility === 'channel' ? laneIntervalMilliseconds : 0;
}

/** An edit can be made again. A first post to a channel is looked for once its lease is over. */
function afterUnknown(delivery: Delivery, reason: string, random: number): Transition {
  const again = retry(delivery, reason, random);
  if (delivery.externalId !== null || delivery.visibility === 'home') return again;
  // A private reply can't be looked for; one too many harms nobody, one too few misleads.
  return {
    ...again,
    search: delivery.visibility === 'channel',
    state: again.state === 'pending' ? 'pending' : 'unknown',
    waitMilliseconds: leaseMilliseconds,
  };
}

function retry(delivery: Delivery, reason: string, random: number): Transition {
  const { externalId, deliveredVersion, search } = delivery;
  const attempts = delivery.attempts + 1;
  const backoff = Math.min(longestBackoffMilliseconds, firstBackoffMilliseconds * 2 ** delivery.attempts);
  const givenUp = search ? 'unknown' : 'dead';
  return {
    state: attempts >= attemptLimit ? givenUp : 'pending',
    externalId,
    deliveredVersion,
    attempts,
    reason,
    search,
    waitMilliseconds: Math.ceil(random * backoff),
    laneWaitMilliseconds: 0,
  };
}
