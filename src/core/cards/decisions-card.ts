import { type Decision, nameOfDecision } from '../decisions/decision.ts';
import { formatDateTime } from '../time/format.ts';
import type { Card } from './card.ts';

/** What is to be decided, and what was; the newest first. */
export function decisionsCard(decisions: readonly Decision[], timeZone: string): Card {
  const pending = decisions.filter(({ state }) => state === 'pending');
  const title =
    pending.length === 0
      ? 'Nothing is to be decided'
      : `${pending.length} to be decided: ${pending[0]?.question ?? ''}`;
  return {
    title,
    tone: pending.length === 0 ? 'neutral' : 'warning',
    summary: `${title}.`,
    body: [
      {
        kind: 'table',
        columns: ['', 'Question', 'State', 'Until or since'].map((label) => ({ label, align: 'left' })),
        rows: decisions.map((one) => [
          nameOfDecision(one),
          one.question,
          one.state === 'decided'
            ? (one.rules.options.find(({ name }) => name === one.outcome)?.label ?? one.state)
            : one.state,
          formatDateTime(new Date(one.closedAt ?? one.expiresAt), timeZone),
        ]),
      },
      {
        kind: 'buttons',
        buttons: pending.slice(0, 5).map((one) => ({
          label: `Show ${nameOfDecision(one)}`,
          command: `decision ${one.number}`,
          style: 'default',
        })),
      },
    ],
  };
}
