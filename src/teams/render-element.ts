import type { Card, CardElement, Fact, Text, Tone } from '../core/cards/card.ts';
import type { Container, Element, Inline } from './adaptive-card.ts';
import { limits } from './limits.ts';
import { renderChart } from './render-chart.ts';
import { renderTable } from './render-table.ts';
import { inline, linesOf, type NameOf, oneLine, paragraph, plainText, readsAsTyped, richText } from './text.ts';

/** What a card's parts are cut to, so that the whole fits. */
export interface Caps {
  /** Of each table. */
  readonly rows: number;
  /** Of each list and each set of facts. */
  readonly items: number;
  /** Of each paragraph and each line of a list, in characters. */
  readonly text: number;
}

/** Beside the title, whose words say the same: no reader depends on the colour. */
const signs: Readonly<Record<Tone, string>> = { good: '✅ ', bad: '❌ ', warning: '⚠️ ', neutral: '' };
const bands: Readonly<Record<Tone, NonNullable<Container['style']>>> = {
  good: 'good',
  bad: 'attention',
  warning: 'warning',
  neutral: 'emphasis',
};

/** The title in a band of its tone's colour. */
export function renderTitle({ title, tone }: Pick<Card, 'title' | 'tone'>): Container {
  const line = signs[tone] + oneLine(title, limits.title - 3, 'Parallel Run');
  return { type: 'Container', style: bands[tone], bleed: true, items: [heading(line, 'Large')] };
}

/** A heading for screen readers where its words can't be taken for Markdown. */
export function heading(line: string, size: 'Medium' | 'Large'): Element {
  return readsAsTyped(line)
    ? { type: 'TextBlock', text: line, size, weight: 'Bolder', wrap: true, style: 'heading' }
    : richText(linesOf(line, limits.title, { size, weight: 'Bolder' })[0] ?? [line]);
}

/** A part of a card, but for its buttons; nothing where there is nothing to say. */
export function renderElement(
  element: Exclude<CardElement, { kind: 'buttons' | 'divider' }>,
  caps: Caps,
  nameOf?: NameOf,
): Element[] {
  switch (element.kind) {
    case 'text':
      return paragraph(linesOf(element.text, caps.text, {}, nameOf));
    case 'note':
      return paragraph(linesOf(element.text, caps.text, { size: 'Small', isSubtle: true }, nameOf));
    case 'facts':
      return facts(element.facts, caps, nameOf);
    case 'list':
      return list(element.items, caps, nameOf);
    case 'table':
      return renderTable(element, caps.rows);
    case 'chart':
      return renderChart(element);
    case 'progress':
      return [richText([progress(element.done, element.total), ...progressWords(element)])];
  }
}

/** Labels beside their values: a FactSet would read both as Markdown. */
function facts(all: readonly Fact[], caps: Caps, nameOf?: NameOf): Element[] {
  const known = all.slice(0, caps.items).map(({ label, value }) => ({
    label: oneLine(label, limits.tableCell, '–'),
    lines: linesOf(value, caps.text, {}, nameOf),
  }));
  const width = labelWidth(known.map(({ label }) => label));
  const shown = known.map(
    ({ label, lines }, index): Element => ({
      type: 'ColumnSet',
      ...(index === 0 ? {} : { spacing: 'Small' as const }),
      columns: [
        { type: 'Column', width, items: [richText([bold(label)])] },
        {
          type: 'Column',
          width: limits.phoneCharacters - width,
          items: paragraph(lines.length === 0 ? [['–']] : lines),
        },
      ],
    }),
  );
  return [...shown, ...more(all.length - shown.length)];
}

/** In characters of a telephone, bold ones and the gap after them: no word of a label is broken up to half of the card. */
function labelWidth(labels: readonly string[]): number {
  const longest = Math.max(...labels.flatMap((label) => label.split(' ')).map((word) => word.length), 0);
  return Math.min(limits.phoneCharacters / 2, Math.max(limits.phoneCharacters / 4, longest + 4));
}

function list(items: readonly Text[], caps: Caps, nameOf?: NameOf): Element[] {
  const words = items.filter((item) => plainText(item).trim() !== '');
  const shown = words.slice(0, caps.items).flatMap((item, index) => {
    const [first = [], ...others] = linesOf(item, caps.text, {}, nameOf);
    return paragraph([['• ', ...first], ...others], index === 0 ? {} : { spacing: 'Small' });
  });
  return [...shown, ...more(words.length - Math.min(words.length, caps.items))];
}

/** What was left out, in words. */
function more(count: number): Element[] {
  return count <= 0 ? [] : [richText([small(`and ${count} more`)], { spacing: 'Small' })];
}

function progress(done: number, total: number): string {
  const steps = 10;
  const full = total <= 0 ? 0 : Math.min(steps, Math.max(0, Math.floor((steps * done) / total)));
  return `${'▰'.repeat(full)}${'▱'.repeat(steps - full)} ${done} of ${total}`;
}

function progressWords({ label }: { readonly label: string }): Inline[] {
  const words = oneLine(label, limits.tableCell, '');
  return words === '' ? [] : (linesOf(`: ${words}`, limits.tableCell + 2)[0] ?? []);
}

const bold = (text: string): Inline => inline(text, { weight: 'Bolder' });
export const small = (text: string): Inline => inline(text, { size: 'Small', isSubtle: true });
