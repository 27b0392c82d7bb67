import type {
  ContextBlock,
  KnownBlock,
  PlainTextElement,
  RichTextBlock,
  RichTextElement,
  RichTextSection,
} from '@slack/types';
import type { Card, CardChart, CardElement, CardTable, Fact, Text, Tone } from '../core/cards/card.ts';
import { renderButtons } from './buttons.ts';
import { type DataVisualizationBlock, renderChart } from './chart.ts';
import { limits } from './limits.ts';
import { note } from './note.ts';
import { longestText, type Room } from './room.ts';
import { renderTable, renderTableAsText } from './table.ts';
import { clean, escapeWithin, lengthOf, oneLine, plain, plainText, richText } from './text.ts';

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
    text: escapeWithin(clean(card.summary).trim() || clean(card.title).trim() || 'Parallel Run', limits.fallbackText),
    blocks: renderBlocks(card, {
      blocks: limits.messageBlocks,
      text: limits.messageText,
      tables: limits.tablesAMessage,
      charts: options.charts ? limits.chartsAMessage : 0,
      buttons: 0,
      leftOut: 0,
    }),
  };
}

/** The card as the Home tab, which shows neither tables nor charts: tables become lines of fixed-width text. */
export function renderHome(card: Card): { type: 'home'; blocks: KnownBlock[] } {
  const room = { blocks: limits.viewBlocks, text: limits.messageText, tables: 0, charts: 0, buttons: 0, leftOut: 0 };
  const blocks = renderBlocks(card, room);
  return { type: 'home', blocks: blocks.filter((block): block is KnownBlock => block.type !== 'data_visualization') };
}

function renderBlocks(card: Card, room: Room): SlackBlock[] {
  const title = oneLine(signs[card.tone] + card.title, limits.header, 'Parallel Run');
  room.text -= title.length + partsLeftOut(10_000).text.length;
  // What can be done matters more than what can be read: buttons take their room first.
  const actions = card.body.map((element) =>
    element.kind === 'buttons' ? renderButtons(element.buttons, room) : undefined,
  );
  const blocks: SlackBlock[] = [{ type: 'header', text: plain(title) }];
  for (const [index, element] of card.body.entries()) {
    if (element.kind === 'buttons') {
      blocks.push(...(actions[index] ?? []));
    } else if (element.kind === 'divider' || longestText(room) > 0) {
      blocks.push(...renderElement(element, room));
    } else {
      room.leftOut += 1;
    }
  }
  return fitBlocks(blocks, room.blocks, room.leftOut);
}

function renderElement(element: Exclude<CardElement, { kind: 'buttons' }>, room: Room): SlackBlock[] {
  switch (element.kind) {
    case 'text':
      return richTextBlock(richText(element.text, longestText(room)), room);
    case 'note':
      return note(element.text, room);
    case 'facts':
      return facts(element.facts, room);
    case 'list':
      return list(element.items, room);
    case 'table':
      return table(element, room);
    case 'chart':
      return chart(element, room);
    case 'progress':
      return richTextBlock(richText(progress(element.done, element.total, element.label), longestText(room)), room);
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
  let left = longestText(room);
  const flush = (): void => {
    blocks.push(...richTextBlock(elements, room));
    elements = [];
    left = longestText(room);
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
    if (length > left) {
      const missing = facts.length - index;
      if (index > 0) return [...blocks, ...note(`${missing} more fact${missing === 1 ? '' : 's'} left out`, room)];
      room.leftOut += 1;
      return [];
    }
    if (elements.length > 0) elements.push({ type: 'text', text: '\n' });
    elements.push(...line);
    left -= length;
  }
  flush();
  return blocks;
}

function list(items: readonly Text[], room: Room): SlackBlock[] {
  const lines: RichTextSection[] = [];
  const words = items.filter((item) => plainText(item).trim() !== '');
  let left = longestText(room);
  for (const item of words) {
    const elements = richText(item, limits.text - 1);
    const length = elements.reduce((sum, element) => sum + lengthOf(element), 1);
    if (length > left || elements.length === 0) break;
    left -= length;
    room.text -= length;
    lines.push({ type: 'rich_text_section', elements });
  }
  const missing = words.length - lines.length;
  if (lines.length === 0) room.leftOut += missing > 0 ? 1 : 0;
  if (lines.length === 0) return [];
  const block: RichTextBlock = {
    type: 'rich_text',
    elements: [{ type: 'rich_text_list', style: 'bullet', elements: lines }],
  };
  return [block, ...(missing > 0 ? note(`${missing} more left out`, room) : [])];
}

function table(table: CardTable, room: Room): SlackBlock[] {
  if (room.tables > 0) {
    room.tables -= 1;
    const { block, omitted } = renderTable(table, limits.tableText);
    return [...(block === undefined ? [] : [block]), ...note(sentence(omitted), room)];
  }
  const { text, omitted } = renderTableAsText(table, longestText(room));
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

/** Leaves out from the end, but never buttons: what can be done matters more than what can be read. */
function fitBlocks(blocks: readonly SlackBlock[], max: number, leftOut: number): SlackBlock[] {
  const missing = (count: number): ContextBlock => ({ type: 'context', elements: [partsLeftOut(count)] });
  if (blocks.length + (leftOut > 0 ? 1 : 0) <= max) return leftOut > 0 ? [...blocks, missing(leftOut)] : [...blocks];
  // One for the title, one for the line that says what is missing.
  const actions = blocks.filter((block) => block.type === 'actions').slice(0, max - 2);
  let others = max - 1 - actions.length;
  const kept = blocks.filter((block) => {
    if (block.type === 'actions') return actions.includes(block);
    others -= 1;
    return others >= 0;
  });
  return [...kept, missing(leftOut + blocks.length - kept.length)];
}

function partsLeftOut(count: number): PlainTextElement {
  return plain(count === 1 ? 'One more part did not fit here.' : `${count} more parts did not fit here.`);
}

function sentence(parts: readonly string[]): string {
  const text = parts.join('; ');
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
