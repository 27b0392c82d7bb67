import { type DecisionRecord, nameOfDecision } from '../decisions/decision.ts';
import type { Tally } from '../decisions/tally.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { RoleHolders } from '../roles.ts';
import { formatDateTime } from '../time/format.ts';
import type { Card, Text } from './card.ts';
import { mayInWords } from './decision-card.ts';

/** What came of asking, for whoever asked. */
export interface AskedIn {
  /** Which channel the question hangs in, such as "alerts". */
  readonly channel: keyof Pick<Playbook['channels'], 'alerts' | 'reconciliation'>;
  /** What else the asking did. */
  readonly did?: Text;
}

/**
 * What whoever put a question before others is told. The question itself stands in the channel, with what is on the table
 * and its buttons: here it is only said where, until when, and for whom it waits.
 */
export function askedCard(
  record: DecisionRecord,
  tally: Tally,
  { channel, did }: AskedIn,
  playbook: RoleHolders & Pick<Playbook, 'timeZone'>,
): Card {
  const { decision } = record;
  const title = `Asked in the ${channel} channel: ${decision.question}`;
  const until = formatDateTime(new Date(decision.expiresAt), playbook.timeZone);
  const waits = `${nameOfDecision(decision)} can be decided there until ${until}.`;
  return {
    title,
    tone: 'neutral',
    summary: `${title} ${waits}`,
    body: [
      ...(did === undefined ? [] : [{ kind: 'text' as const, text: did }]),
      { kind: 'text', text: waits },
      { kind: 'text', text: mayInWords(record, tally, playbook) },
      { kind: 'note', text: 'Its card in the channel is kept up to date.' },
    ],
  };
}
