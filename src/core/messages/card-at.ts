import type { Card } from '../cards/card.ts';
import type { Place, Request } from '../request.ts';
import type { Store } from '../store.ts';

export interface CardAtOptions {
  readonly store: Pick<Store, 'transaction'>;
  readonly platform: Place['platform'];
  /** Resolves after so many milliseconds; rejects when the signal fires. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/** Somebody looks at the card while we wait. */
const pollMilliseconds = 50;

/**
 * The card that hangs at a message of the bot's own, as it is wanted by now; where a request is given, once it took effect
 * on whatever process. Undefined where no card of ours hangs there, at once. Rejects when the signal fires before.
 */
export function createCardAt({ store, platform, wait }: CardAtOptions) {
  return async (
    { channel, externalId }: { readonly channel: string; readonly externalId: string },
    after: Request | undefined,
    signal: AbortSignal,
  ): Promise<Card | undefined> => {
    for (;;) {
      const { row, done } = await store.transaction(async (tx) => ({
        // In this order: what a request that is done by then has changed is seen.
        done: after === undefined || (await tx.inbox.isDone(after.id)),
        row: await tx.outbox.cardAt({ platform, channel }, externalId),
      }));
      if (row === undefined) return undefined;
      if (done) return row.message.content.kind === 'card' ? row.message.content.card : undefined;
      await wait(pollMilliseconds, signal);
    }
  };
}
