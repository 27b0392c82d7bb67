import type { Card } from '../core/cards/card.ts';
import type { RefreshData } from './actions.ts';
import type { AdaptiveCard, Element } from './adaptive-card.ts';
import { limits } from './limits.ts';
import { mentionsOf } from './mentions.ts';
import { renderButtons } from './render-buttons.ts';
import { type Caps, renderElement, renderTitle, small } from './render-element.ts';
import { type NameOf, oneLine, richText } from './text.ts';

export interface RenderOptions {
  /** For whom a client asks by itself for their own view of the card: at most 60 ids as Teams gives them ("29:…"). */
  readonly refresh?: { readonly userIds: readonly string[] };
  /** What people are called; where it knows nobody, the card's own name is shown. */
  readonly nameOf?: NameOf;
  /** People of Teams whom the card names are told of it: for what is new in a channel. Default: nobody is. */
  readonly mention?: boolean;
}

/**
 * The card as an Adaptive Card 1.5, cut to Teams' limits with words for what was left out. Text from outside is shown as it
 * was typed: it can't become a mention, a link or styling. Title and summary are never left out.
 */
export function renderCard(card: Card, options: RenderOptions = {}): AdaptiveCard {
  let size: Size = whole;
  const fits = (tried: Size): boolean => bytesOf(assemble(card, options, tried)) <= limits.cardBytes;
  if (fits(size)) return assemble(card, options, size);
  for (const [part, least] of order) {
    size = { ...size, [part]: most(least, partOf(size, card, part), (count) => fits({ ...size, [part]: count })) };
    if (fits(size)) break;
  }
  return assemble(card, options, size);
}

/** The whole news in plain text: for notifications, and for clients that can't show the card. */
export function fallbackText({ summary, title }: Pick<Card, 'summary' | 'title'>): string {
  return oneLine(summary, limits.fallbackText, oneLine(title, limits.title, 'Parallel Run'));
}

/** A card's size as Teams counts it: bytes of JSON in UTF-8. */
export function bytesOf(card: AdaptiveCard): number {
  return new TextEncoder().encode(JSON.stringify(card)).length;
}

/** How much of a card is shown: its caps, the parts from the first on, and the buttons from the first on. */
interface Size extends Caps {
  readonly parts: number;
  readonly buttons: number;
}

const all = Number.MAX_SAFE_INTEGER;
const whole: Size = { rows: limits.tableRows, items: limits.listItems, text: limits.text, parts: all, buttons: all };

/**
 * What is cut first, and down to what: rows can be asked for, long texts can be read elsewhere, and what can be done
 * matters more than what can be read.
 */
const order: readonly (readonly [keyof Size, number])[] = [
  ['rows', 5],
  ['items', 5],
  ['text', 300],
  ['buttons', 12],
  ['parts', 0],
  ['buttons', 0],
];

/** The greatest number from `least` to `greatest` that fits; `least` where none does. */
function most(least: number, greatest: number, fits: (count: number) => boolean): number {
  let [low, high] = [Math.min(least, greatest), greatest];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** From how many on there is something to cut. */
function partOf(size: Size, card: Card, part: keyof Size): number {
  if (part === 'parts') return card.body.length;
  if (part === 'buttons') return Math.min(size.buttons, buttonsIn(card));
  return size[part];
}

const buttonsIn = ({ body }: Card): number =>
  body.reduce((sum, element) => sum + (element.kind === 'buttons' ? element.buttons.length : 0), 0);

function assemble(card: Card, { refresh, nameOf, mention }: RenderOptions, size: Size): AdaptiveCard {
  const mentions = mention === true ? mentionsOf(card, nameOf) : undefined;
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    msteams: { width: 'Full', ...(mentions === undefined ? {} : { entities: mentions.entities }) },
    fallbackText: fallbackText(card),
    ...(refresh === undefined ? {} : { refresh: refreshOf(refresh) }),
    body: [renderTitle(card), ...bodyOf(card, size, nameOf), ...(mentions === undefined ? [] : [mentions.line])],
  };
}

function bodyOf(card: Card, size: Size, nameOf: NameOf | undefined): Element[] {
  const elements: Element[] = [];
  const missing: string[] = [];
  let [parts, buttons, leftOut, divided] = [0, 0, 0, false];
  const add = ([first, ...others]: readonly Element[]): void => {
    if (first === undefined) return;
    elements.push(divided ? { ...first, separator: true, spacing: 'Medium' } : first, ...others);
    divided = false;
  };
  for (const element of card.body) {
    if (element.kind === 'divider') {
      divided = true;
    } else if (element.kind === 'buttons') {
      const shown = element.buttons.slice(0, Math.max(0, size.buttons - buttons));
      missing.push(...element.buttons.slice(shown.length).map(({ label }) => oneLine(label, limits.buttonText, '–')));
      add(renderButtons(shown, buttons));
      buttons += element.buttons.length;
    } else {
      parts += 1;
      if (parts <= size.parts) add(renderElement(element, size, nameOf));
      else leftOut += 1;
    }
  }
  return [...elements, ...missingLines(missing, leftOut)];
}

/** What did not fit, in words. */
function missingLines(buttons: readonly string[], parts: number): Element[] {
  const lines = [
    ...(buttons.length === 0 ? [] : [oneLine(`No room for these buttons: ${buttons.join(', ')}`, limits.text / 4, '')]),
    ...(parts === 0 ? [] : [parts === 1 ? 'One more part did not fit here.' : `${parts} more parts did not fit here.`]),
  ];
  return lines.map((line) => richText([small(line)]));
}

function refreshOf({ userIds }: NonNullable<RenderOptions['refresh']>): NonNullable<AdaptiveCard['refresh']> {
  const data: RefreshData = { action: 'refresh' };
  return {
    action: { type: 'Action.Execute', verb: data.action, data },
    userIds: userIds.slice(0, limits.refreshUsers),
  };
}
