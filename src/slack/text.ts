import type { PlainTextElement, RichTextElement } from '@slack/types';
import type { Span, Text } from '../core/cards/card.ts';

/** What stands at the end of a text that was cut. */
const ellipsis = '…';

const invisible =
  // Control characters that no reader sees, and the marks that turn the direction of what follows: both can make a text
  // read as something that it is not. Letters of right-to-left scripts are not among them.
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Text that any part of Slack takes: no control characters, no half characters, line ends as \n. */
export function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(invisible, '')
    .replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Cuts at `max` UTF-16 units, never inside a character, and ends what was cut with an ellipsis. `max` at least 1. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = max - ellipsis.length;
  if (isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(0, end) + ellipsis;
}

/** Cleaned, in one line, cut, and never empty: Slack refuses empty texts. */
export function oneLine(text: string, max: number, otherwise: string): string {
  // Cleaning a whole long text for a short line would be wasted work.
  const source = text.length > 8 * max ? text.slice(0, 8 * max) + ellipsis : text;
  return cut(clean(source).replace(/\s+/g, ' ').trim() || otherwise, max);
}

/** The three characters that mean something in Slack's own markup, so that mentions and links stay plain words. */
export function escapeMarkup(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Cleaned and escaped, at most `max` characters after escaping. */
export function escapeWithin(text: string, max: number): string {
  let source = clean(text);
  let escaped = escapeMarkup(source);
  while (escaped.length > max) {
    // Each pass takes off at least what is too much, as no character gets shorter by being escaped.
    source = cut(source, Math.max(1, source.length - Math.ceil((escaped.length - max) / 5) - 1));
    escaped = escapeMarkup(source);
  }
  return escaped;
}

/** Words as Slack shows them outside of rich text. `emoji: false`: words such as ":tada:" stay as typed. */
export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}

/** The text without any styling; times by their fallback, people by their name. */
export function plainText(text: Text): string {
  return spansOf(text)
    .map((span) => {
      if (typeof span === 'string') return span;
      if ('bold' in span) return span.bold;
      if ('code' in span) return span.code;
      if ('time' in span) return span.fallback;
      return span.name;
    })
    .join('');
}

/**
 * The text as elements of Slack's rich text, where every character is shown as it was typed: nothing in it can become a
 * mention, a link or styling. Stops with an ellipsis when `max` characters are used up.
 */
export function richText(text: Text, max: number): RichTextElement[] {
  const elements: RichTextElement[] = [];
  let left = max;
  for (const span of spansOf(text)) {
    const element = elementOf(span);
    const length = lengthOf(element);
    if (length === 0) continue;
    if (length <= left) {
      elements.push(element);
      left -= length;
      continue;
    }
    const words = element.type === 'text' ? element : { type: 'text' as const, text: clean(plainText([span])) };
    if (left > 0 && words.text !== '') elements.push({ ...words, text: cut(words.text, left) });
    break;
  }
  return elements;
}

/** How many characters an element counts for. */
export function lengthOf(element: RichTextElement): number {
  if (element.type === 'text') return element.text.length;
  if (element.type === 'date') return element.format.length + (element.fallback?.length ?? 0);
  return 24;
}

export function spansOf(text: Text): readonly Span[] {
  return typeof text === 'string' ? [text] : text;
}

/** A Slack user's or user group's id, or undefined when it is none: then only the name is shown. */
export function slackId(person: string): { user: string } | { group: string } | undefined {
  const id = person.replace(/^slack:/, '');
  if (/^[UW][A-Z0-9]{2,20}$/.test(id)) return { user: id };
  if (/^S[A-Z0-9]{2,20}$/.test(id)) return { group: id };
  return undefined;
}

/** Seconds since 1970, or undefined for what is no time. */
export function unixSeconds(iso: string): number | undefined {
  const milliseconds = Date.parse(iso);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1_000);
}

/** Slack's tokens for a time in the reader's own zone. */
export const dateFormats = { time: '{time}', date: '{date_short}', dateTime: '{date_short}, {time}' } as const;

function elementOf(span: Span): RichTextElement {
  if (typeof span === 'string') return { type: 'text', text: clean(span) };
  if ('bold' in span) return { type: 'text', text: clean(span.bold), style: { bold: true } };
  if ('code' in span) return { type: 'text', text: clean(span.code), style: { code: true } };
  if ('time' in span) {
    const timestamp = unixSeconds(span.time);
    const fallback = clean(span.fallback) || clean(span.time) || '–';
    return timestamp === undefined
      ? { type: 'text', text: fallback }
      : { type: 'date', timestamp, format: dateFormats[span.style], fallback };
  }
  const id = slackId(span.person);
  if (id === undefined) return { type: 'text', text: clean(span.name) };
  return 'user' in id ? { type: 'user', user_id: id.user } : { type: 'usergroup', usergroup_id: id.group };
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
