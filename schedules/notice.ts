import { noticeCard } from '../src/core/cards/notice-card.ts';
import { localDate } from '../src/core/time/local-time.ts';
import type { Watch } from '../src/core/time/watch.ts';
import { channelPlace } from '../src/core/messages/place.ts';

const key = 'notice/official';

/** Hangs up which system is official, pinned, from the first day on (L29, L41), and changes it with the cutover. */
export const notice: Watch = {
  name: 'notice',

  async look(tx, { playbook, clock, deliveryClock }) {
    const { startDate, timeZone, channels } = playbook;
    if (startDate === null || localDate(clock.now(), timeZone) < startDate) return false;
    const card = noticeCard(playbook);
    const hanging = await tx.outbox.find(key);
    if (hanging === undefined) {
      const place = channelPlace(channels.reconciliation, playbook);
      const now = deliveryClock.now();
      await tx.outbox.post({ key, subject: key, place, content: { kind: 'card', card } }, now);
      return tx.outbox.post(
        { key: `${key}/pin`, subject: `${key}/pin`, parent: key, place, content: { kind: 'pin' } },
        now,
      );
    }
    const { content } = hanging.message;
    if (content.kind === 'card' && content.card.summary === card.summary) return false;
    await tx.outbox.change(key, card, deliveryClock.now());
    return true;
  },
};
