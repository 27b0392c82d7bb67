import type { ContextBlock, MrkdwnElement, PlainTextElement } from '@slack/types';
import type { Span, Text } from '../core/cards/card.ts';
import { limits } from './limits.ts';
import { longestText, type Room } from './room.ts';
import {
  clean,
  cut,
  dateFormats,
  escapeMarkup,
  oneLine,
  plain,
  plainText,
  slackId,
  spansOf,
  unixSeconds,
} from './text.ts';

/**
 * Small print. Slack's context blocks know no rich text: words are plain text, and only times and people are markup of
 * our own making, with nothing from outside in it but escaped.
 */
export function note(text: Text, room: Room): ContextBlock[] {
  const spans = spansOf(text);
  if (longestText(room) === 0 && plainText(text).trim() !== '') {
    room.leftOut += 1;
    return [];
  }
  // Every one of them may stand between two pieces of plain text.
  const withMarkup = 2 * spans.filter((span) => markupOf(span) !== undefined).length < limits.contextElements;
  const elements: (PlainTextElement | MrkdwnElement)[] = [];
  let words = '';
  const flush = (): void => {
    const trimmed = words.trim();
    words = '';
    const longest = longestText(room);
    if (trimmed === '' || longest === 0) return;
    const fitting = cut(trimmed, longest);
    elements.push(plain(fitting));
    room.text -= fitting.length;
  };
  for (const span of spans) {
    const markup = withMarkup ? markupOf(span) : undefined;
    if (markup !== undefined) flush();
    if (markup === undefined || markup.length > longestText(room)) {
      words += clean(plainText([span]));
    } else {
      elements.push({ type: 'mrkdwn', text: markup });
      room.text -= markup.length;
    }
  }
  flush();
  return elements.length === 0 ? [] : [{ type: 'context', elements }];
}

function markupOf(span: Span): string | undefined {
  if (typeof span === 'string') return undefined;
  if ('time' in span) {
    const seconds = unixSeconds(span.time);
    const fallback = escapeMarkup(oneLine(span.fallback, limits.tableCell, span.time)).replace(/[|^]/g, ' ');
    return seconds === undefined ? undefined : `<!date^${seconds}^${dateFormats[span.style]}|${fallback}>`;
  }
  if (!('person' in span)) return undefined;
  const id = slackId(span.person);
  if (id === undefined) return undefined;
  return 'user' in id ? `<@${id.user}>` : `<!subteam^${id.group}>`;
}
