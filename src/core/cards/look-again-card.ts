import type { ChangedItem } from '../decisions/changed-items.ts';
import type { DecisionRecord } from '../decisions/decision.ts';
import type { Card, Span } from './card.ts';

/** The answer was to something else than what is on the table now: it does not count. Says what is another than it was. */
export function lookAgainCard(
  card: Card,
  { record, seen, changed }: { record: DecisionRecord; seen: number; changed: readonly ChangedItem[] },
): Card {
  const title =
    seen === 0
      ? 'Look at the evidence first: your answer was not counted'
      : 'The evidence has changed since you looked: your answer was not counted';
  const again = `Look at it below and answer again${seen === 0 ? `, with --seen ${record.decision.evidenceVersion}` : ''}.`;
  return {
    ...card,
    title,
    tone: 'warning',
    summary: `${title}. ${again}`,
    body: [
      ...(changed.length === 0 ? [] : [{ kind: 'list' as const, items: changed.map(inWords) }]),
      { kind: 'text', text: again },
      ...card.body,
    ],
  };
}

function inWords({ title, was, is }: ChangedItem): Span[] {
  const words = was === is ? 'its details are others' : `it was "${was ?? 'not there'}", and is "${is ?? 'not there'}"`;
  return [{ bold: `${title}: ` }, words];
}
