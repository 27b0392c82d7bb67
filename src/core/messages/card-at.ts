import type { Card } from '../cards/card.ts';
import type { Request } from '../request.ts';
import type { Store } from '../store.ts';
import type { Wait } from '../time/clock.ts';

const pauseMilliseconds = 100;

export interface CardAtOptions {
  readonly store: Pick<Store, 'transaction'>;
  readonly wait: Wait;
}

/**
 * The card that hangs at a message of the bot's own as it is to be now; where a request is given, once that took effect.
 * Undefined where no card of ours hangs there. Rejects when `signal` ends it.
 */
export async function cardAt(
  { store, wait }: CardAtOptions,
  at: { readonly channel: string; readonly externalId: string },
  after: Request | undefined,
  signal: AbortSignal,
): Promise<Card | undefined> {
  for (;;) {
    const found = await store.transaction(async (tx) => {
      if (after !== undefined && !(await tx.inbox.isFinished(after.id))) return 'early';
      const row = await tx.outbox.hangingAt(at.channel, at.externalId);
      return row?.message.content.kind === 'card' ? row.message.content.card : undefined;
    });
    if (found !== 'early') return found;
    await wait(pauseMilliseconds, signal);
  }
}
