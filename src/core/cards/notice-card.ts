import type { Playbook } from '../playbook/playbook.ts';
import { formatDate } from '../time/format.ts';
import { officialInWords } from './digest-card.ts';
import type { Card } from './card.ts';

/** What hangs pinned in the channel (L29, L41): which system is official. */
export function noticeCard(playbook: Playbook): Card {
  const { cutover, startDate, sources } = playbook;
  const switched = cutover?.switched === true;
  const title = switched ? `${sources.new.title} is official` : `${sources.legacy.title} is official`;
  return {
    title,
    tone: switched ? 'good' : 'neutral',
    summary: officialInWords(playbook),
    body: [
      { kind: 'text', text: [{ bold: officialInWords(playbook) }] },
      {
        kind: 'note',
        text: switched
          ? `Where figures differ, those of ${sources.new.title} hold.`
          : `Both systems run side by side since ${formatDate(startDate ?? '')}. Where figures differ, those of ${sources.legacy.title} hold.`,
      },
    ],
  };
}
