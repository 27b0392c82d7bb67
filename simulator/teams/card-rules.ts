import { isRecord } from '../arguments.ts';
import { problemsOf } from '../shape.ts';
import { wholeCard } from './card-shapes.ts';

/** What is wrong with an Adaptive Card, each with its place; empty when nothing is. */
export function problemsOfCard(card: unknown): readonly string[] {
  return [...problemsOf(wholeCard, card, '/content'), ...problemsOfIds(card)];
}

/** Ids are the card's own; a client that finds one twice shows or sends only one of the two. */
function problemsOfIds(card: unknown): string[] {
  const parts = [...partsOf(card)];
  const ids = parts.map(({ id }) => id).filter((id): id is string => typeof id === 'string');
  const repeated = [...new Set(ids.filter((id, index) => ids.indexOf(id) < index))];
  const targets = parts.flatMap(({ targetElements }) => (Array.isArray(targetElements) ? targetElements : []));
  const missing = targets
    .map((target: unknown) => (isRecord(target) ? target['elementId'] : target))
    .filter((id) => typeof id === 'string' && !ids.includes(id));
  return [
    ...repeated.map((id) => `the id ${JSON.stringify(id)} stands there more than once`),
    ...missing.map((id) => `nothing has the id ${JSON.stringify(id)}, which an action shows or hides`),
  ];
}

/** Every object of a card that is an element or an action. A fallback stands in the place of what it belongs to. */
export function* partsOf(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) {
    for (const one of value) yield* partsOf(one);
  } else if (isRecord(value)) {
    if (typeof value['type'] === 'string') yield value;
    for (const [name, part] of Object.entries(value)) {
      if (!['data', 'fallback', 'refresh', 'msteams'].includes(name)) yield* partsOf(part);
    }
  }
}
