import type { Card } from '../cards/card.ts';
import type { Place } from '../request.ts';

/** What hangs in a place: a card that is edited when its subject changes, a file that is posted once, or the pin of its parent. */
export type Content =
  | { readonly kind: 'card'; readonly card: Card }
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly title: string;
      readonly text: string;
      /** How bytes that are no text stand in `text`; absent: it is text, and UTF-8 in the file. */
      readonly encoding?: 'base64';
      /** What stands after `parallel-run` where a shell is asked for the same: for who can't be given the file in chat. */
      readonly inShell?: string;
    }
  | { readonly kind: 'pin' };

/** What is in the file, to the byte. */
export function bytesOf({ text, encoding }: Extract<Content, { kind: 'file' }>): Buffer<ArrayBuffer> {
  return Buffer.from(text, encoding ?? 'utf8');
}

/** A message to be said. `key` is its idempotency key: said once however often it is asked for. */
export interface Message {
  readonly key: string;
  /** What it is about, such as "run/20261123-k3f9a"; every message about a subject is edited when the subject changes. */
  readonly subject: string;
  readonly place: Place;
  /** The key of the message in whose thread it stands. It waits until that one is delivered. */
  readonly parent?: string;
  readonly content: Content;
}

/**
 * Life of an outbox row. `pending`: something is to be delivered. `sent`: what is wanted is what hangs there.
 * `unknown`: a post went out, no answer came, and nobody can tell whether it arrived: a person is told.
 * `dead`: given up, with the reason. `gone`: somebody deleted the message; it is not said again.
 */
export type MessageState = 'pending' | 'sent' | 'unknown' | 'dead' | 'gone';

/** A message that the dispatcher has in hand, under a lease. */
export interface Claim {
  readonly id: string;
  readonly message: Message;
  /** The version that this delivery brings; a later change makes a later version. */
  readonly version: number;
  /** The platform's id of the message (Slack: `ts`) once it hangs there; null before the first post. */
  readonly externalId: string | null;
  readonly parentExternalId: string | null;
  readonly attempts: number;
  /** True when an earlier post's outcome is unknown: look for `key` in the history before posting again. */
  readonly search: boolean;
  /** ISO 8601, UTC: the post can't be older than this. */
  readonly createdAt: string;
  /** Fencing token: a mark with an older one changes nothing. */
  readonly fence: number;
  /** The place's lane: one message in flight in it at a time. */
  readonly lane: string;
}

/** What came of a delivery, in the vendor-free words that a courier translates its errors to. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly externalId: string; readonly note?: string }
  /** Nobody knows whether it arrived: a time-out or a dropped connection after the request was sent. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** It did not arrive; try again later. */
  | { readonly kind: 'retry'; readonly reason: string }
  | { readonly kind: 'rateLimited'; readonly retryAfterSeconds: number }
  /** The whole platform refuses us (token revoked, app removed): stop the queue, burn no attempt. */
  | { readonly kind: 'stopped'; readonly reason: string }
  /** It will never be taken (archived channel, no such channel, payload refused). */
  | { readonly kind: 'refused'; readonly reason: string }
  /** The message to edit, or the thread's parent, was deleted. */
  | { readonly kind: 'gone'; readonly reason: string };

/** What a search of the channel's history for a message's key came to. */
export type SearchResult =
  | { readonly kind: 'found'; readonly externalId: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | Extract<Outcome, { kind: 'retry' | 'rateLimited' | 'stopped' }>;

/** Brings messages to one platform. Never throws for what the platform answered. */
export interface Courier {
  readonly platform: Place['platform'];
  /** Posts a new message, or edits the one with `externalId`. Bounded: answers within 10 s. */
  deliver(claim: Claim): Promise<Outcome>;
  /** Looks for a post of this claim whose outcome is unknown. */
  search(claim: Claim): Promise<SearchResult>;
  /** Whether the platform takes our messages again after a stop. */
  probe(): Promise<boolean>;
}
