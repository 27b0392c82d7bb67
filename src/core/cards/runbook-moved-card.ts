import type { Playbook } from '../playbook/playbook.ts';
import { nameOfRunbook, type Runbook } from '../runbooks/runbook.ts';
import { formatDateTime } from '../time/format.ts';
import type { Card } from './card.ts';

/** What is left of a runbook's card where a newer one was posted: where it went, and nothing to press. */
export function runbookMovedCard(runbook: Runbook, { timeZone }: Pick<Playbook, 'timeZone'>): Card {
  const { definition, hungAt, rehearsal, startedAt } = runbook;
  const at = formatDateTime(new Date(hungAt ?? startedAt), timeZone);
  const title = `${rehearsal === null ? '' : 'REHEARSAL: '}${definition.title} goes on further down in this channel`;
  const text = `Its card was posted anew on ${at}. It is kept up to date there, with its buttons and what is said about it.`;
  return {
    title,
    tone: 'neutral',
    summary: `${title}. ${text}`,
    body: [
      { kind: 'text', text },
      { kind: 'note', text: nameOfRunbook(runbook) },
    ],
  };
}
