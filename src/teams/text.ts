import type { Span, Text } from '../core/cards/card.ts';
import type { Inline, Look, RichTextBlock, Spaced } from './adaptive-card.ts';

/** How a person is called, by the name that the playbook knows them by ("teams:…"); undefined where nobody knows. */
export type NameOf = (person: string) => string | undefined;

/** What stands at the end of a text that was cut. */
const ellipsis = '…';

const invisible =
  // Control characters that no reader sees, and the marks that turn the direction of what follows: both can make a text
  // read as something that it is not. Letters of right-to-left scripts are not among them.
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text that any part of a card takes: no control characters, no half characters, line ends as \n. */
export function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(invisible, '').toWellFormed();
}

/** Cuts at `max` UTF-16 units, never inside a character, and ends what was cut with an ellipsis. `max` at least 1. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text.slice(0, max - ellipsis.length);
  return (kept.isWellFormed() ? kept : kept.slice(0, -1)) + ellipsis;
}

/** Cleaned, in one line, cut, and never empty. */
export function oneLine(text: string, max: number, otherwise: string): string {
  // Cleaning a whole long text for a short line would be wasted work.
  const source = text.length > 8 * max ? text.slice(0, 8 * max) + ellipsis : text;
  return cut(clean(source).replace(/\s+/g, ' ').trim() || otherwise, max);
}

/** The text without any styling; times by their fallback, people by their name. */
export function plainText(text: Text, nameOf?: NameOf): string {
  return spansOf(text)
    .map((span) => wordsOf(span, nameOf))
    .join('');
}

/**
 * Whether a TextBlock shows these words as they are typed. It reads Markdown, and what a client makes of an escape
 * differs; a RichTextBlock takes any words, but is no heading for screen readers.
 */
export function readsAsTyped(line: string): boolean {
  // What Markdown means something by, what becomes a mention or a time, and what may be taken for an address.
  return !/[\\*_[\]<>`~#|&@]|\{\{|^\s*(?:[-+=]|\d+[.)]\s)|:\/\/|\p{L}\.\p{L}/u.test(line);
}

/**
 * The text in lines, each as parts of a RichTextBlock, where every character is shown as it was typed: nothing in it can
 * become a mention, a link, styling or a time. Stops with an ellipsis when `max` characters are used up. Lines of nothing
 * are left out: clients differ in what they make of breaks within a block.
 */
export function linesOf(text: Text, max: number, look: Look = {}, nameOf?: NameOf): Inline[][] {
  const lines: Inline[][] = [];
  let line: Inline[] = [];
  let left = max;
  const flush = (): void => {
    if (line.some((inline) => (typeof inline === 'string' ? inline : inline.text).trim() !== '')) lines.push(line);
    line = [];
  };
  for (const span of spansOf(text)) {
    if (left <= 0) break;
    const time = timeOf(span);
    const words = clean(wordsOf(span, nameOf).slice(0, 2 * left + 1));
    const own = { ...look, ...lookOf(span) };
    if (time !== undefined && words.length <= left) {
      line.push(inline(time, own));
    } else {
      for (const [index, part] of cut(words, left).split('\n').entries()) {
        if (index > 0) flush();
        line.push(...asTyped(part).map((typed) => inline(typed, own)));
      }
    }
    left -= words.length;
  }
  flush();
  return lines;
}

export function richText(inlines: readonly Inline[], spaced: Spaced = {}): RichTextBlock {
  return { type: 'RichTextBlock', ...spaced, inlines };
}

/** Lines one under the other, the first spaced as given. */
export function paragraph(lines: readonly (readonly Inline[])[], spaced: Spaced = {}): RichTextBlock[] {
  return lines.map((line, index) => richText(line, index === 0 ? spaced : { spacing: 'None' }));
}

export function inline(text: string, look: Look): Inline {
  return Object.keys(look).length === 0 ? text : { type: 'TextRun', text, ...look };
}

/** "{{DATE(…)}}" in a text from outside would become a time: apart, its braces stay braces. */
function asTyped(text: string): string[] {
  return text.split(/(?<=\{)(?=\{(?:DATE|TIME)\()/).filter((part) => part !== '');
}

const spansOf = (text: Text): readonly Span[] => (typeof text === 'string' ? [text] : text);

function wordsOf(span: Span, nameOf: NameOf | undefined): string {
  if (typeof span === 'string') return span;
  if ('bold' in span) return span.bold;
  if ('code' in span) return asAskedHere(span.code);
  if ('time' in span) return span.fallback;
  return oneLine(nameOf?.(span.person) ?? span.name, 100, span.person);
}

/** A card says how to ask as Slack takes it; in Teams the bot is mentioned. */
const asAskedHere = (code: string): string => code.replace(/^\/parallel(?=\s|$)/, '@Parallel Run');

function lookOf(span: Span): Look {
  if (typeof span === 'string') return {};
  if ('bold' in span) return { weight: 'Bolder' };
  return 'code' in span ? { fontType: 'Monospace' } : {};
}

/**
 * A time in the reader's own zone and language. Microsoft's pages name these functions for TextBlock; all its renderers
 * read them in text runs too. They take whole seconds only.
 */
function timeOf(span: Span): string | undefined {
  if (typeof span === 'string' || !('time' in span)) return undefined;
  const milliseconds = Date.parse(span.time);
  if (Number.isNaN(milliseconds)) return undefined;
  const at = new Date(milliseconds).toISOString();
  if (!/^\d{4}-/.test(at)) return undefined;
  const moment = at.replace(/\.\d+Z$/, 'Z');
  const date = `{{DATE(${moment}, SHORT)}}`;
  const time = `{{TIME(${moment})}}`;
  return { time, date, dateTime: `${date}, ${time}` }[span.style];
}
