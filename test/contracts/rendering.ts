import assert from 'node:assert/strict';
import type { Card, CardElement, Text } from '../../src/core/cards/card.ts';
import { aCard } from '../support/fixtures.ts';
import { everywhere, overlongCards, scripts, tallCards, typed } from './extreme-cards.ts';

export interface Rendering {
  readonly platform: string;
  /** All that people may read of the card, hidden parts included; asserts first that the platform takes it. */
  words(card: Card): string;
  /** False: a shell, which has a history of its own. */
  readonly buttons: boolean;
}

/** A part that was left out is said to be. */
const leftOut = /left out|did not fit|and \d+ more|No room for|Too long to be|…/;

/** What every renderer of cards does, whatever its platform's limits are. */
export function renderingContract(
  { platform, words, buttons }: Rendering,
  cards: () => ReadonlyMap<string, Card>,
): void {
  const shown = (card: Card): string => squeezed(words(card));
  const missing = (card: Card): string[] => {
    const text = shown(card);
    return textsOf(card, buttons).filter((part) => !text.includes(squeezed(part)));
  };

  describe(`a card in ${platform}`, () => {
    it('is taken, and says all of itself, whatever the product says', () => {
      assert.ok(cards().size > 100, `only ${cards().size} cards`);
      for (const [name, card] of cards()) assert.deepEqual(missing(card), [], name);
    });
    it('shows what was typed as it was typed, wherever it stands', () => {
      for (const text of [...typed, ...scripts]) {
        const card = aCard({ title: text, summary: text, body: everywhere(text) });
        assert.deepEqual(missing(card), [], text);
        assert.ok(shown(card).includes(squeezed(text)), `the title ${text}`);
      }
    });
    it('never lets a text turn the direction of what follows, nor hide in it', () => {
      for (const hidden of ['\u202e', '\u2066', '\u0007', '\ufeff']) {
        const text = words(aCard({ title: `a${hidden}b`, body: everywhere(`c${hidden}d`) }));
        assert.ok(!text.includes(hidden));
        assert.ok(squeezed(text).includes('cd'));
      }
    });
    for (const [name, card] of Object.entries({ ...tallCards, ...overlongCards })) {
      it(`is taken where it is ${name}, and never loses its title`, () => {
        const text = words(card);
        assert.ok(squeezed(text).includes(squeezed(card.title.slice(0, 60))));
        if (missing(card).length > 0) assert.match(text, leftOut, 'it says that something is missing');
      });
    }
  });
}

/** Every text of a card, but for times, which every platform shows in its own way. */
function textsOf({ body }: Card, buttons: boolean): string[] {
  return body.flatMap((element) => textsOfElement(element, buttons)).filter((text) => text.trim() !== '');
}

function textsOfElement(element: CardElement, buttons: boolean): string[] {
  switch (element.kind) {
    case 'text':
    case 'note':
      return partsOf(element.text);
    case 'facts':
      return element.facts.flatMap(({ label, value }) => [label, ...partsOf(value)]);
    case 'list':
      return element.items.flatMap(partsOf);
    case 'table':
      return element.rows.length === 0 ? [element.omitted ?? ''] : [...element.rows.flat(), element.omitted ?? ''];
    case 'chart':
      return [element.summary];
    case 'progress':
      return [element.label, `${element.done} of ${element.total}`];
    case 'buttons':
      return buttons ? element.buttons.flatMap(({ label, confirm }) => [label, confirm?.text ?? '']) : [];
    case 'divider':
      return [];
  }
}

function partsOf(text: Text): string[] {
  if (typeof text === 'string') return [text];
  return text.flatMap((span) => {
    if (typeof span === 'string') return [span];
    if ('bold' in span) return [span.bold];
    // Where to type it is said in each platform's own way.
    if ('code' in span) return [span.code.replace(/^\/parallel\b/, '')];
    // A known person is a mention, which says what the platform calls them.
    return 'person' in span && !span.person.startsWith('slack:') ? [span.name] : [];
  });
}

/** Without blanks, of which each platform has its own, and without capitals: some begin a sentence with one. */
const squeezed = (text: string): string => text.replace(/\s+/g, '').toLowerCase();
