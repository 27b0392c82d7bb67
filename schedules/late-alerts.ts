import { channelsOf } from '../src/core/messages/place.ts';
import { messagesAboutMissing } from '../src/core/messages/undelivered.ts';
import type { Watch } from '../src/core/time/watch.ts';

/** An alert that its channel has not taken for so long is urgent enough to be read elsewhere. */
const lateMinutes = 5;

/**
 * Brings an alert elsewhere that its platform does not take now: while a token is revoked or a platform is away, nothing is
 * given up and so nobody would be told. The outbox tries on, and the keys say it once.
 */
export const lateAlerts: Watch = {
  name: 'lateAlerts',

  async look(tx, { playbook, deliveryClock }) {
    const now = deliveryClock.now();
    const before = new Date(now.getTime() - lateMinutes * 60_000);
    let written = false;
    for (const late of await tx.outbox.unposted(channelsOf(playbook.channels.alerts, playbook), before)) {
      const reason = late.reason ?? `nothing could be posted there for ${lateMinutes} minutes`;
      for (const message of messagesAboutMissing(late, 'waiting', reason, playbook)) {
        written = (await tx.outbox.post(message, now)) || written;
      }
    }
    return written;
  },
};
