import { decisionKindOf } from '../src/core/decision-kinds/index.ts';
import { nameOfDecision } from '../src/core/decisions/decision.ts';
import { isOver, nextSeat, tally } from '../src/core/decisions/tally.ts';
import { roleWithPeople } from '../src/core/cards/people-words.ts';
import type { Card, Span } from '../src/core/cards/card.ts';
import { cardKeyOfDecision, expire, lockDecision, refreshEvidence } from '../src/core/reports/keep-decision.ts';
import type { DecisionRecord } from '../src/core/decisions/decision.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { formatDateTime } from '../src/core/time/format.ts';
import type { Watch } from '../src/core/time/watch.ts';
import { channelPlace } from '../src/core/messages/place.ts';

/** Reminded when only a quarter of the time is left. */
const reminderAt = 0.75;

/** Ends decisions whose time is over, shows when their evidence has changed, and reminds whoever has not answered. */
export const pendingDecisions: Watch = {
  name: 'pending-decisions',

  async look(tx, services) {
    let written = false;
    for (const { number } of await tx.decisions.pending()) {
      const locked = await lockDecision(tx, number);
      if (locked.decision.state !== 'pending') continue;
      const kind = decisionKindOf(locked.decision.kind);
      const record = await refreshEvidence(tx, locked, kind, services);
      const ended = await expire(tx, record, kind, services);
      const reminded = !ended && (await remind(tx, record, services));
      written = written || ended || reminded || record !== locked;
    }
    return written;
  },
};

async function remind(tx: Transaction, record: DecisionRecord, services: Services): Promise<boolean> {
  const { decision } = record;
  const { playbook, clock, deliveryClock } = services;
  const [from, to] = [Date.parse(decision.openedAt), Date.parse(decision.expiresAt)];
  const now = clock.now();
  if (isOver(decision, now) || now.getTime() < from + (to - from) * reminderAt) return false;
  const key = `${cardKeyOfDecision(decision)}/reminder`;
  const card = await tx.outbox.find(cardKeyOfDecision(decision));
  if (card === undefined || (await tx.outbox.find(key)) !== undefined) return false;
  return tx.outbox.post(
    {
      key,
      subject: key,
      parent: card.message.key,
      place: channelPlace(card.message.place.channel, playbook),
      content: { kind: 'card', card: reminderCard(record, playbook) },
    },
    deliveryClock.now(),
  );
}

function reminderCard(record: DecisionRecord, playbook: Services['playbook']): Card {
  const { decision } = record;
  const { rules } = decision;
  const { seats } = tally(record, playbook);
  const next = nextSeat(seats, rules);
  const missing = rules.seats.filter(({ count }, index) =>
    rules.ordered ? index === next : (seats[index]?.length ?? 0) < count,
  );
  const until = formatDateTime(new Date(decision.expiresAt), playbook.timeZone);
  const title = `${nameOfDecision(decision)} expires on ${until}, and is not decided yet`;
  const people = missing.flatMap(({ roles }) =>
    roles.flatMap((role): Span[] => [...roleWithPeople(role, playbook), ' · ']),
  );
  return {
    title,
    tone: 'warning',
    summary: `${title}: ${decision.question}`,
    body: [
      { kind: 'text', text: ['Waits for: ', ...people.slice(0, -1)] },
      {
        kind: 'buttons',
        buttons: [{ label: 'Show it', command: `decision ${decision.number}`, style: 'primary' }],
      },
    ],
  };
}
