import assert from 'node:assert/strict';
import type { Card } from '../../../src/core/cards/card.ts';
import type { Claim, Message, MessageState, Outcome, SearchResult } from '../../../src/core/messages/message.ts';
import type { OutboxGauges, OutboxRow } from '../../../src/core/store.ts';
import type { TestStore } from '../../support/databases.ts';
import { aMessage, later } from '../../support/fixtures.ts';

/** The outbox's operations, each in a transaction of its own, at so many milliseconds after some moment. */
export interface OutboxSteps {
  post(message: Message, at?: number): Promise<boolean>;
  change(subject: string, card: Card, at?: number): Promise<void>;
  claim(at?: number): Promise<Claim | undefined>;
  /** Claims what must be there. */
  claimed(at?: number): Promise<Claim>;
  settle(claim: Claim, outcome: Outcome | SearchResult, at?: number): Promise<MessageState | undefined>;
  /** Claims and delivers what must be there. */
  deliver(externalId: string, at?: number): Promise<Claim>;
  resume(at?: number): Promise<void>;
  find(key: string): Promise<OutboxRow>;
  states(): Promise<Record<string, MessageState>>;
  gauges(at?: number): Promise<OutboxGauges>;
}

export function outboxSteps(opened: () => TestStore): OutboxSteps {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const steps: OutboxSteps = {
    post: (message, at = 0) => run((tx) => tx.outbox.post(message, later(at))),
    change: (subject, card, at = 0) => run((tx) => tx.outbox.change(subject, card, later(at))),
    claim: (at = 0) => run((tx) => tx.outbox.claim('slack', later(at))),
    claimed: async (at = 0) => {
      const claim = await steps.claim(at);
      assert.ok(claim !== undefined, 'there is nothing to claim');
      return claim;
    },
    settle: (claim, outcome, at = 0) => run((tx) => tx.outbox.settle(claim, outcome, later(at))),
    deliver: async (externalId, at = 0) => {
      const claim = await steps.claimed(at);
      await steps.settle(claim, { kind: 'delivered', externalId }, at);
      return claim;
    },
    resume: (at = 0) => run((tx) => tx.outbox.resume('slack', later(at))),
    find: async (key) => {
      const row = await run((tx) => tx.outbox.find(key));
      assert.ok(row !== undefined, `there is no message ${key}`);
      return row;
    },
    states: async () => {
      const rows = await opened().owner<{ key: string; state: MessageState }>(
        'select key, state from outbox order by id',
      );
      return Object.fromEntries(rows.map(({ key, state }) => [key, state]));
    },
    gauges: (at = 0) => run((tx) => tx.outbox.gauges(later(at))),
  };
  return steps;
}

/** A card of its own in a channel of its own, unless told otherwise. */
export const messageIn = (channel: string, key: string, overrides: Partial<Message> = {}): Message =>
  aMessage({ key, subject: key, place: { platform: 'slack', channel, visibility: 'channel' }, ...overrides });
