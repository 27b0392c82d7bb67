import type { Card } from './card.ts';

/** Something that a person must look at: what happened, and what to do next. */
export function alertCard({ title, text, next }: { title: string; text: string; next: string }): Card {
  return {
    title,
    tone: 'bad',
    summary: `${title}. ${text}`,
    body: [
      { kind: 'text', text },
      { kind: 'text', text: [{ bold: 'What to do: ' }, next] },
    ],
  };
}
