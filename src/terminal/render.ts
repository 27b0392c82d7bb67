import type { Card, CardChart, CardElement, CardTable, Fact, Tone } from '../core/cards/card.ts';
import { barOf, categoriesOf } from '../core/cards/bars.ts';
import { clean, pad, plain, widthOf, wrap } from './text.ts';

export interface TerminalOptions {
  /** Columns; at least 40. */
  readonly width: number;
  readonly color: boolean;
}

const colors: Readonly<Record<Tone, number>> = { good: 32, bad: 31, warning: 33, neutral: 1 };

/** A card as text for a terminal, ending in a line break. Buttons stay in chat: a shell has its own history. */
export function renderCard(card: Card, { width, color }: TerminalOptions): string {
  const columns = Math.max(40, width);
  const title = clean(card.title);
  const blocks = card.body.map((element) => renderElement(element, columns)).filter((block) => block !== '');
  return `${[color ? `\u001b[1;${colors[card.tone]}m${title}\u001b[0m` : title, ...blocks].join('\n\n')}\n`;
}

function renderElement(element: CardElement, width: number): string {
  switch (element.kind) {
    case 'text':
    case 'note':
      return wrap(plain(element.text), width).join('\n');
    case 'facts':
      return renderFacts(element.facts, width);
    case 'list':
      return element.items.map((item) => `- ${wrap(plain(item), width - 2).join('\n  ')}`).join('\n');
    case 'table':
      return renderTable(element);
    case 'chart':
      return renderChart(element, width);
    case 'progress':
      return `${element.done} of ${element.total}: ${clean(element.label)}`;
    case 'divider':
      return '-'.repeat(width);
    case 'buttons':
      return '';
  }
}

function renderFacts(facts: readonly Fact[], width: number): string {
  const labels = facts.map(({ label }) => clean(label));
  const widest = Math.min(Math.max(0, ...labels.map(widthOf)), 36);
  return facts
    .map(({ value }, index) => {
      const label = labels[index] ?? '';
      const lines = wrap(plain(value), Math.max(20, width - widest - 2));
      const indent = `\n${' '.repeat(widest + 2)}`;
      return widthOf(label) > widest
        ? `${label}${indent}${lines.join(indent)}`
        : `${pad(label, widest, 'left')}  ${lines.join(indent)}`;
    })
    .join('\n');
}

function renderTable({ columns, rows, omitted }: CardTable): string {
  const cells = [columns.map(({ label }) => label), ...rows].map((row) =>
    columns.map((_, index) => clean(row[index] ?? '')),
  );
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => widthOf(row[index] ?? ''))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = cells;
  const lines = [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)];
  if (body.length === 0) lines.push('(none)');
  if (omitted !== undefined) lines.push(`(${clean(omitted)})`);
  return lines.join('\n');
}

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** For each group a bar of each series, the figure beside it. */
function renderBars({ unit, ...chart }: CardChart, width: number): string {
  const categories = categoriesOf(chart);
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => widthOf(clean(text))));
  const [labels, names] = [widest(categories.map(({ label }) => label)), widest(chart.series.map(({ name }) => name))];
  const room = Math.max(8, Math.min(40, width - labels - names - 20));
  const lines = categories.flatMap(({ label, bars: beside }) =>
    beside.map(({ series, share, figure }, index) =>
      [
        pad(index === 0 ? clean(label) : '', labels, 'left'),
        pad(clean(series), names, 'left'),
        share === undefined ? 'none' : `${barOf(share, room)} ${clean(figure ?? '')} ${clean(unit)}`.trim(),
      ].join('  '),
    ),
  );
  return [clean(chart.title), ...lines, ...wrap(clean(chart.summary), width)].join('\n');
}

/** A line of bars for each series, its newest figure beside it; what was not measured is a dot. */
function renderChart(chart: CardChart, width: number): string {
  if (chart.as === 'bars') return renderBars(chart, width);
  const { title, unit, series, summary } = chart;
  const names = series.map(({ name }) => clean(name));
  const widest = Math.max(0, ...names.map(widthOf));
  const lines = series.map(({ points }, index) => {
    const figures = points.map(({ value }) => (value === null ? undefined : Number(value)));
    const highest = Math.max(0, ...figures.filter((figure) => figure !== undefined));
    const drawn = figures.map((figure) => {
      if (figure === undefined || Number.isNaN(figure)) return '·';
      return bars[highest === 0 ? 0 : Math.round((figure / highest) * (bars.length - 1))] ?? '▁';
    });
    const newest = points.at(-1)?.value;
    return `${pad(names[index] ?? '', widest, 'left')}  ${drawn.join('')}  ${newest == null ? 'not measured' : `${clean(newest)} ${clean(unit)}`}`;
  });
  return [clean(title), ...lines, ...wrap(clean(summary), width)].join('\n');
}
