import type { CardChart } from '../core/cards/card.ts';
import type { Element, Inline } from './adaptive-card.ts';
import { limits } from './limits.ts';
import { inline, linesOf, oneLine, paragraph, richText } from './text.ts';

const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const gap = '·';

/**
 * A chart without a picture, which version 1.5 does not know: for each series a line of bars of its newest points with the
 * first and the last figure, and its meaning in words. A point that was not measured is a dot, never a bar of nothing.
 */
export function renderChart({ title, unit, series, summary }: CardChart): Element[] {
  const drawn = series.slice(0, limits.chartSeries);
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
