import type { Card, CardElement, Text } from '../core/cards/card.ts';
import type { Mention, TextBlock } from './adaptive-card.ts';
import { limits } from './limits.ts';
import { type NameOf, oneLine } from './text.ts';

export interface Mentions {
  /** Under the card, in words of our own making only: a mention is markup, which the rest of a card does not read. */
  readonly line: TextBlock;
  readonly entities: readonly Mention[];
}

/**
 * Who of Teams is named on a card, so that they are told of it; undefined where nobody is. Names are stripped of what
 * Markdown or a mention means something by, and told apart where they are the same.
 */
export function mentionsOf({ body }: Pick<Card, 'body'>, nameOf: NameOf | undefined): Mentions | undefined {
  const people = new Set(body.flatMap(textsOf).flatMap(peopleIn));
  const taken = new Set<string>();
  const entities = [...people].flatMap((person): Mention[] => {
    const known = /^teams:(\S+)$/.exec(person)?.[1];
    const called = plain(nameOf?.(person) ?? '');
    if (known === undefined || called === '' || taken.size >= limits.mentions) return [];
    let name = called;
    for (let count = 2; taken.has(name); count += 1) name = `${called} (${count})`;
    taken.add(name);
    return [{ type: 'mention', text: `<at>${name}</at>`, mentioned: { id: known, name } }];
  });
  if (entities.length === 0) return undefined;
  const text = entities.map((entity) => entity.text).join(' ');
  return { line: { type: 'TextBlock', text, size: 'Small', wrap: true }, entities };
}

const plain = (name: string): string => oneLine(name.replace(/[\\*_[\]<>`~#|&{}]/g, ' '), 100, '');

function textsOf(element: CardElement): readonly Text[] {
  if (element.kind === 'text' || element.kind === 'note') return [element.text];
  if (element.kind === 'list') return element.items;
  return element.kind === 'facts' ? element.facts.map(({ value }) => value) : [];
}

const peopleIn = (text: Text): string[] =>
  typeof text === 'string'
    ? []
    : text.flatMap((span) => (typeof span === 'object' && 'person' in span ? [span.person] : []));
