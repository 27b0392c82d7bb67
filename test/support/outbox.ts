import type { Outcome } from '../../src/core/messages/message.ts';
import type { Store } from '../../src/core/store.ts';

let delivered = 0;

/** Brings everything that waits to the platform, as it is at that moment; answers how many messages went out. */
export async function deliverAll(store: Store, now: Date, outcome?: Outcome): Promise<number> {
  for (let count = 0; ; count += 1) {
    // Every lane rests a second after a delivery.
    const moment = new Date(now.getTime() + count * 1000);
    const claim = await store.transaction((tx) => tx.outbox.claim('slack', moment));
    if (claim === undefined) return count;
    delivered += 1;
    const arrived: Outcome = { kind: 'delivered', externalId: claim.externalId ?? `1700.${delivered}` };
    await store.transaction((tx) => tx.outbox.settle(claim, outcome ?? arrived, moment));
  }
}
