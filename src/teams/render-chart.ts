import type { CardChart } from '../core/cards/card.ts';
import { barOf, categoriesOf } from '../core/cards/bars.ts';
import type { Element, Inline } from './adaptive-card.ts';
import { limits } from './limits.ts';
import { inline, linesOf, oneLine, paragraph, richText } from './text.ts';

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const gap = '·';

/**
 * A chart without a picture, which version 1.5 does not know: for each series a line of bars of its newest points with the
 * first and the last figure, and its meaning in words. A point that was not measured is a dot, never a bar of nothing.
 * Groups are drawn as a bar for each of the first of them and each series.
 */
export function renderChart({ as, title, unit, series, summary }: CardChart): Element[] {
  const drawn = series.slice(0, limits.chartSeries);
  if (as === 'bars') return renderBars({ title, unit, series: drawn, summary });
  const missing = series.slice(limits.chartSeries).map(({ name }) => oneLine(name, limits.chartLabel, '–'));
  const said = [summary, ...(missing.length === 0 ? [] : [`Not drawn: ${missing.join(', ')}.`])].join(' ');
  const days = rangeOf(drawn.map(({ points }) => newest(points)).find((points) => points.length > 0) ?? []);
  return [
    richText([
      inline(oneLine(title, limits.title, 'Trend'), { weight: 'Bolder' }),
      ...(days === '' ? [] : [inline(` (${days})`, { isSubtle: true })]),
    ]),
    ...drawn.map(({ name, points }) =>
      richText(line(oneLine(name, limits.chartLabel, '–'), newest(points), unit), { spacing: 'Small' }),
    ),
    ...paragraph(linesOf(said, limits.text, { size: 'Small', isSubtle: true }), { spacing: 'Small' }),
  ];
}

type Points = CardChart['series'][number]['points'];

const newest = (points: Points): Points => points.slice(-limits.chartPoints);

/** "2 Mar to 4 Mar": all series of a chart go over the same points. */
function rangeOf(points: Points): string {
  const labels = [points[0], points.at(-1)].map((point) => oneLine(point?.label ?? '', limits.chartLabel, ''));
  return [...new Set(labels)].filter((label) => label !== '').join(' to ');
}

/** "Growth ▂▄█ 1.2 to 1.9 %". */
function line(name: string, points: Points, unit: string): Inline[] {
  const figures = points.map(({ value }) => figureOf(value));
  const known = figures.filter((figure) => figure !== undefined);
  if (known.length === 0) return [`${name}: not measured`];
  // From zero on: bars that begin anywhere else show a small change as a large one.
  const [lowest, highest] = [Math.min(0, ...known), Math.max(0, ...known)];
  const picture = figures.map((figure) => {
    if (figure === undefined) return gap;
    const share = highest === lowest ? 0 : (figure - lowest) / (highest - lowest);
    return bars[Math.round(share * (bars.length - 1))] ?? gap;
  });
  const measured = points.filter(({ value }) => figureOf(value) !== undefined);
  const ends = [measured[0], measured.at(-1)].map((point) => oneLine(point?.value ?? '', limits.chartLabel, '–'));
  const measure = oneLine(unit, limits.chartLabel, '');
  return [
    `${name} `,
    inline(picture.join(''), { fontType: 'Monospace' }),
    ` ${[...new Set(ends)].join(' to ')}${measure === '' ? '' : `\u00a0${measure}`}`,
  ];
}

/** For drawing only; undefined for what was not measured or is no number. */
function figureOf(value: string | null): number | undefined {
  const figure = value === null || value.trim() === '' ? Number.NaN : Number(value);
  return Number.isFinite(figure) ? figure : undefined;
}

/** How long the longest bar is, in characters: with a label and a figure beside it, it fits on a phone. */
const barColumns = 12;

function renderBars({
  title,
  unit,
  summary,
  ...chart
}: Pick<CardChart, 'title' | 'unit' | 'series' | 'summary'>): Element[] {
  const all = categoriesOf(chart);
  const drawn = all.slice(0, limits.chartPoints);
  const label = (text: string): string => oneLine(text, limits.barLabel, '–');
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map((text) => label(text).length));
  const [labels, names] = [widest(drawn.map((one) => one.label)), widest(chart.series.map(({ name }) => name))];
  const measure = oneLine(unit, limits.chartLabel, '');
  const line = (head: string, { series, share, figure }: (typeof all)[number]['bars'][number]): Inline[] => {
    // Spaces that stay: others fall together, and the bars would not begin below one another.
    const before = `${head.padEnd(labels)} ${label(series).padEnd(names)} `.replaceAll(' ', '\u00a0');
    if (share === undefined || figure === undefined) return [inline(`${before}${gap} none`, { fontType: 'Monospace' })];
    return [
      inline(`${before}${barOf(share, barColumns)}`, { fontType: 'Monospace' }),
      ` ${oneLine(figure, limits.chartLabel, '–')}${measure === '' ? '' : `\u00a0${measure}`}`,
    ];
  };
  const left = all.length - drawn.length;
  const said = [summary, ...(left === 0 ? [] : [`Not drawn: ${left} more.`])].join(' ');
  return [
    richText([inline(oneLine(title, limits.title, 'Groups'), { weight: 'Bolder' })]),
    ...drawn.flatMap((one) =>
      one.bars.map((bar, index) =>
        richText(line(index === 0 ? label(one.label) : '', bar), { spacing: index === 0 ? 'Small' : 'None' }),
      ),
    ),
    ...paragraph(linesOf(said, limits.text, { size: 'Small', isSubtle: true }), { spacing: 'Small' }),
  ];
}
