import type {
  ActionsBlock,
  Button as SlackButton,
  ContextBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  RichTextBlock,
  RichTextElement,
} from '@slack/types';
import type { Button, Card, CardChart, CardElement, CardTable, Fact, Text, Tone } from '../core/cards/card.ts';
import { type DataVisualizationBlock, renderChart } from './chart.ts';
import { limits } from './limits.ts';
import { renderTable, renderTableAsText } from './table.ts';
import {
  clean,
  cut,
  dateFormats,
  escapeMarkup,
  escapeWithin,
  lengthOf,
  oneLine,
  plainText,
  richText,
  slackId,
  spansOf,
  unixSeconds,
} from './text.ts';

export type SlackBlock = KnownBlock | DataVisualizationBlock;

export interface RenderedMessage {
  /** For notifications and screen readers, which show nothing else. */
  readonly text: string;
  readonly blocks: SlackBlock[];
}

/** Beside the title, whose words say the same: no reader depends on the colour. */
const signs: Readonly<Record<Tone, string>> = { good: '✅ ', bad: '❌ ', warning: '⚠️ ', neutral: '' };

/**
 * The card as a Slack message, cut to Slack's limits with words for what was left out. Text from outside is shown as it
 * was typed: it can't become a mention, a link or styling. `charts: false` gives the words of a chart without the
 * picture, for workspaces that refuse the block.
 */
export function renderMessage(card: Card, options: { readonly charts: boolean } = { charts: true }): RenderedMessage {
  return {
    text: escapeWithin(card.summary.trim() || card.title.trim() || 'Parallel Run', limits.fallbackText),
    blocks: renderBlocks(card, {
      blocks: limits.messageBlocks,
      text: limits.messageText,
      tables: limits.tablesAMessage,
      charts: options.charts ? limits.chartsAMessage : 0,
      buttons: 0,
    }),
  };
}

/** The card as the Home tab, which shows neither tables nor charts: tables become lines of fixed-width text. */
export function renderHome(card: Card): { type: 'home'; blocks: KnownBlock[] } {
  const room = { blocks: limits.viewBlocks, text: limits.messageText, tables: 0, charts: 0, buttons: 0 };
  const blocks = renderBlocks(card, room);
  return { type: 'home', blocks: blocks.filter((block): block is KnownBlock => block.type !== 'data_visualization') };
}

/** What is left of a message's limits while it is filled; `buttons` counts those placed, for their action ids. */
interface Room {
  readonly blocks: number;
  text: number;
  tables: number;
  charts: number;
  buttons: number;
}

/** Less room than this is not worth beginning a text in. */
const smallestText = 20;

function renderBlocks(card: Card, room: Room): SlackBlock[] {
  const title = oneLine(signs[card.tone] + card.title, limits.header, 'Parallel Run');
  const blocks: SlackBlock[] = [{ type: 'header', text: plain(title) }];
  let leftOut = 0;
  for (const element of card.body) {
    if (room.text < smallestText && element.kind !== 'buttons') {
      leftOut += 1;
    } else {
      blocks.push(...renderElement(element, room));
    }
  }
  return fitBlocks(blocks, room.blocks, leftOut);
}

function renderElement(element: CardElement, room: Room): SlackBlock[] {
  switch (element.kind) {
    case 'text':
      return richTextBlock(richText(element.text, takeText(room)), room);
    case 'note':
      return note(element.text, room);
    case 'facts':
      return facts(element.facts, room);
    case 'table':
      return table(element, room);
    case 'chart':
      return chart(element, room);
    case 'progress':
      return richTextBlock(richText(progress(element.done, element.total, element.label), takeText(room)), room);
    case 'buttons':
      return buttons(element.buttons, room);
    case 'divider':
      return [{ type: 'divider' }];
  }
}

function richTextBlock(elements: RichTextElement[], room: Room): RichTextBlock[] {
  if (elements.length === 0) return [];
  room.text -= elements.reduce((sum, element) => sum + lengthOf(element), 0);
  return [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }];
}

function facts(facts: readonly Fact[], room: Room): SlackBlock[] {
  const blocks: SlackBlock[] = [];
  let elements: RichTextElement[] = [];
  let left = takeText(room);
  const flush = (): void => {
    blocks.push(...richTextBlock(elements, room));
    elements = [];
    left = takeText(room);
  };
  for (const [index, fact] of facts.entries()) {
    const label: RichTextElement = {
      type: 'text',
      text: `${oneLine(fact.label, limits.tableCell, '–')}: `,
      style: { bold: true },
    };
    const value = richText(plainText(fact.value).trim() === '' ? '–' : fact.value, limits.text - lengthOf(label) - 1);
    const line: RichTextElement[] = [label, ...value];
    const length = line.reduce((sum, element) => sum + lengthOf(element), 1);
    if (length > left && elements.length > 0) flush();
    if (length > left) return [...blocks, ...note(`${facts.length - index} more facts left out`, room)];
    if (elements.length > 0) elements.push({ type: 'text', text: '\n' });
    elements.push(...line);
    left -= length;
  }
  flush();
  return blocks;
}

function table(table: CardTable, room: Room): SlackBlock[] {
  if (room.tables > 0) {
    room.tables -= 1;
    const { block, omitted } = renderTable(table, limits.tableText);
    return [...(block === undefined ? [] : [block]), ...note(sentence(omitted), room)];
  }
  const { text, omitted } = renderTableAsText(table, takeText(room));
  room.text -= text.length;
  const block: RichTextBlock = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
  };
  return [...(text === '' ? [] : [block]), ...note(sentence(omitted), room)];
}

function chart(chart: CardChart, room: Room): SlackBlock[] {
  const { block, omitted } = room.charts > 0 ? renderChart(chart) : { omitted: [] };
  if (block === undefined) return note(chart.summary, room);
  room.charts -= 1;
  return [block, ...note([chart.summary, sentence(omitted)].filter((text) => text !== '').join(' '), room)];
}

function progress(done: number, total: number, label: string): string {
  const steps = 10;
  const full = total <= 0 ? 0 : Math.min(steps, Math.max(0, Math.floor((steps * done) / total)));
  return `${'▰'.repeat(full)}${'▱'.repeat(steps - full)} ${done} of ${total}${label === '' ? '' : `: ${label}`}`;
}

/**
 * Small print. Slack's context blocks know no rich text: words are plain text, and only times and people are markup of
 * our own making, with nothing from outside in it but escaped.
 */
function note(text: Text, room: Room): ContextBlock[] {
  const spans = spansOf(text);
  // Every one of them may stand between two pieces of plain text.
  const withMarkup = 2 * spans.filter((span) => markupOf(span) !== undefined).length < limits.contextElements;
  const elements: (PlainTextElement | MrkdwnElement)[] = [];
  let words = '';
  const flush = (): void => {
    const trimmed = cut(words.trim(), takeText(room));
    if (trimmed !== '') elements.push(plain(trimmed));
    room.text -= trimmed.length;
    words = '';
  };
  for (const span of spans) {
    const markup = withMarkup ? markupOf(span) : undefined;
    if (markup === undefined) {
      words += clean(plainText([span]));
    } else {
      flush();
      elements.push({ type: 'mrkdwn', text: markup });
    }
  }
  flush();
  return elements.length === 0 ? [] : [{ type: 'context', elements }];
}

function markupOf(span: ReturnType<typeof spansOf>[number]): string | undefined {
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

function buttons(all: readonly Button[], room: Room): SlackBlock[] {
  // A cut command would be another command: such a button is not shown at all.
  const pressable = all.filter((button) => button.command !== '' && button.command.length <= limits.buttonValue);
  const blocks: SlackBlock[] = [];
  for (let start = 0; start < pressable.length; start += limits.actionElements) {
    const block: ActionsBlock = {
      type: 'actions',
      elements: pressable.slice(start, start + limits.actionElements).map((button) => renderButton(button, room)),
    };
    blocks.push(block);
  }
  const missing = all.filter((button) => !pressable.includes(button)).map((button) => button.label);
  if (missing.length === 0) return blocks;
  return [...blocks, ...note(`Too long for a button: ${missing.join(', ')}`, room)];
}

function renderButton(button: Button, room: Room): SlackButton {
  room.buttons += 1;
  const { confirm } = button;
  return {
    type: 'button',
    action_id: `command:${room.buttons}`,
    text: plain(oneLine(button.label, limits.buttonText, 'Open')),
    value: button.command,
    ...(button.style === 'default' ? {} : { style: button.style }),
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: plain(oneLine(confirm.title, limits.confirmTitle, 'Are you sure?')),
            text: plain(cut(clean(confirm.text).trim() || 'Are you sure?', limits.confirmText)),
            confirm: plain(oneLine(confirm.confirm, limits.confirmButton, 'Yes')),
            deny: plain(oneLine(confirm.deny, limits.confirmButton, 'No')),
            ...(button.style === 'danger' ? { style: 'danger' as const } : {}),
          },
        }),
  };
}

/** Leaves out from the end, but never buttons: what can be done matters more than what can be read. */
function fitBlocks(blocks: readonly SlackBlock[], max: number, leftOut: number): SlackBlock[] {
  if (blocks.length + (leftOut > 0 ? 1 : 0) <= max)
    return leftOut > 0 ? [...blocks, partsLeftOut(leftOut)] : [...blocks];
  // One for the title, one for the line that says what is missing.
  const actions = blocks.filter((block) => block.type === 'actions').slice(0, max - 2);
  let others = max - 1 - actions.length;
  const kept = blocks.filter((block) => {
    if (block.type === 'actions') return actions.includes(block);
    others -= 1;
    return others >= 0;
  });
  return [...kept, partsLeftOut(leftOut + blocks.length - kept.length)];
}

function partsLeftOut(count: number): ContextBlock {
  return {
    type: 'context',
    elements: [plain(count === 1 ? 'One more part did not fit here.' : `${count} more parts did not fit here.`)],
  };
}

function sentence(parts: readonly string[]): string {
  const text = parts.join('; ');
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function takeText(room: Room): number {
  return Math.max(smallestText, Math.min(limits.text, room.text));
}

/** `emoji: false`: words such as ":tada:" stay as typed. */
function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text, emoji: false };
}
