import type { Span, Text } from '../core/cards/card.ts';

/**
 * Text that a terminal may print: control characters, escape sequences among them, and marks that turn the direction of
 * what follows are taken out, so that data can't move the cursor or pose as something else.
 */
export function clean(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .toWellFormed();
}

export function plain(text: Text): string {
  return typeof text === 'string' ? clean(text) : text.map((span) => clean(words(span))).join('');
}

function words(span: Span): string {
  if (typeof span === 'string') return span;
  if ('bold' in span) return span.bold;
  if ('code' in span) return span.code;
  if ('time' in span) return span.fallback;
  return span.name;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** A text is segmented by so many UTF-16 units at a time: as a whole, one twice as long takes four times as long. */
const atOnce = 1_000;

/** How many columns a text takes: East Asian wide characters and emoji take two, combined characters count once. */
export function widthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (let from = 0; from < text.length; ) {
    const cut = from + atOnce;
    const part = text.slice(from, /^[\udc00-\udfff]/.test(text.charAt(cut)) ? cut + 1 : cut);
    const isLast = from + part.length === text.length;
    let taken = 0;
    for (const { segment } of segmenter.segment(part)) {
      // The last of a part may go on in the next.
      if (!isLast && taken > 0 && taken + segment.length === part.length) break;
      width += wide.test(segment) ? 2 : 1;
      taken += segment.length;
    }
    from += taken;
  }
  return width;
}

/** Breaks at blanks, so that no line is wider than `width` columns unless a single word is. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  let taken = 0;
  for (const word of text.split(' ')) {
    const needed = widthOf(word);
    if (line !== '' && taken + 1 + needed > width) {
      lines.push(line);
      line = '';
    }
    taken = line === '' ? needed : taken + 1 + needed;
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

export function pad(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return align === 'right' ? blanks + text : text + blanks;
}
