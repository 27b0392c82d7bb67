import type { Card } from '../core/cards/card.ts';
import type { Content } from '../core/messages/message.ts';
import type { AdaptiveCard } from './adaptive-card.ts';
import { fallbackText, renderCard, type RenderOptions } from './render.ts';

export const cardType = 'application/vnd.microsoft.card.adaptive';

/** A message as Teams takes it: a card, and in `summary` what notifications read. */
export interface TeamsMessage {
  readonly type: 'message';
  readonly summary: string;
  readonly attachments: { readonly contentType: string; readonly content: AdaptiveCard }[];
}

export function messageOf(content: Exclude<Content, { kind: 'pin' }>, options: RenderOptions = {}): TeamsMessage {
  const card = content.kind === 'card' ? content.card : cardOfFile(content);
  return messageWith(renderCard(card, options), fallbackText(card));
}

export function messageWith(content: AdaptiveCard, summary: string): TeamsMessage {
  return { type: 'message', summary, attachments: [{ contentType: cardType, content }] };
}

/** Characters of a file that are shown; more of them in one card can't be read on a telephone. */
const longestExcerpt = 3_000;
const wholeInShell = (words = 'help'): string =>
  `Teams takes no files from bots: "parallel-run ${words}" in a shell of the server gives all of it.`;

/**
 * Teams lets a bot hand over a file only through a person's OneDrive, and only after that person agreed to it. So its
 * beginning is shown, and said where it is to be had as a whole.
 */
function cardOfFile({ name, title, text, encoding, inShell }: Extract<Content, { kind: 'file' }>): Card {
  const elsewhere = wholeInShell(inShell);
  if (encoding !== undefined) {
    const summary = `${title}: ${name}. ${elsewhere}`;
    return {
      title,
      tone: 'neutral',
      summary,
      body: [
        { kind: 'text', text: [{ code: name }] },
        { kind: 'note', text: elsewhere },
      ],
    };
  }
  const lines = text.trimEnd().split('\n');
  let shown = 0;
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > longestExcerpt) break;
    shown += 1;
  }
  const excerpt = shown === 0 ? text.slice(0, longestExcerpt) : lines.slice(0, shown).join('\n');
  const whole = shown === lines.length;
  const rest = lines.length - shown;
  const more = shown === 0 ? 'The rest is' : rest === 1 ? 'One more line is' : `${rest} more lines are`;
  const said = whole ? elsewhere : `${more} not shown here. ${elsewhere}`;
  return {
    title,
    tone: 'neutral',
    summary: `${title}: ${name}. ${said}`,
    body: [
      { kind: 'text', text: [{ code: name }] },
      { kind: 'text', text: [{ code: excerpt }] },
      { kind: 'note', text: said },
    ],
  };
}
