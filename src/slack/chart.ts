import type { CardChart } from '../core/cards/card.ts';
import { limits } from './limits.ts';
import { oneLine } from './text.ts';

/**
 * Slack's chart block, which @slack/types does not know yet
 * (https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block). Every series needs one number for every
 * category; names of series are unique.
 */
export interface DataVisualizationBlock {
  readonly type: 'data_visualization';
  readonly title: string;
  readonly chart: {
    readonly type: 'line' | 'bar';
    readonly series: readonly {
      readonly name: string;
      readonly data: readonly { readonly label: string; readonly value: number }[];
    }[];
    readonly axis_config: { readonly categories: readonly string[]; readonly y_label?: string };
  };
}

/** The block, and in words what the picture cannot show. No block when fewer than two points would be left. */
export interface RenderedChart {
  readonly block?: DataVisualizationBlock;
  readonly omitted: readonly string[];
}

/**
 * A line chart of the newest points, or bars of the first groups. Slack knows no gaps. In a line, a zero in place of one
 * would be a lie: a day on which some series was not measured is left out and named, after leaving out series that were
 * measured on fewer than half the days. A bar of zero is no bar: a group that only one series has stands beside nothing,
 * and is named too, because a true zero looks the same.
 */
export function renderChart(chart: CardChart): RenderedChart {
  const omitted: string[] = [];
  const labels = [...new Set(chart.series.flatMap((series) => series.points.map((point) => point.label)))];
  const bars = chart.as === 'bars';
  const newest = bars ? labels.slice(0, limits.chartPoints) : labels.slice(-limits.chartPoints);
  if (labels.length > newest.length) {
    const which = bars ? 'first' : 'newest';
    omitted.push(`only the ${which} ${newest.length} of ${labels.length} ${bars ? 'groups' : 'points'} are drawn`);
  }

  const measured = chart.series.map((series) => ({ name: series.name, values: valuesByLabel(series.points) }));
  const frequent = measured.filter(
    ({ values }) => bars || 2 * newest.filter((label) => values.has(label)).length >= newest.length,
  );
  const drawn = frequent.slice(0, limits.chartSeries);
  const notDrawn = measured.filter((series) => !drawn.includes(series));
  if (notDrawn.length > 0) omitted.push(`not drawn: ${notDrawn.map((series) => series.name).join(', ')}`);

  const shown = newest.filter((label) =>
    bars ? drawn.some(({ values }) => values.has(label)) : drawn.every(({ values }) => values.has(label)),
  );
  const gaps = newest.filter((label) => !shown.includes(label));
  if (gaps.length > 0) omitted.push(`no measurement: ${gaps.join(', ')}`);
  for (const { name, values } of bars ? drawn : []) {
    const without = shown.filter((label) => !values.has(label));
    if (without.length > 0) omitted.push(`nothing in ${name}: ${without.join(', ')}`);
  }
  if (drawn.length === 0 || shown.length < 2) return { omitted };

  const categories = unique(shown);
  const unit = oneLine(chart.unit, limits.chartAxisLabel, '');
  const names = unique(drawn.map((series) => series.name));
  return {
    omitted,
    block: {
      type: 'data_visualization',
      title: oneLine(chart.title, limits.chartTitle, 'Trend'),
      chart: {
        type: bars ? 'bar' : 'line',
        series: drawn.map(({ values }, index) => ({
          name: names[index] ?? '',
          data: shown.map((label, at) => ({ label: categories[at] ?? '', value: values.get(label) ?? 0 })),
        })),
        axis_config: {
          categories,
          ...(unit === '' ? {} : { y_label: unit }),
        },
      },
    },
  };
}

/** A picture needs no exact decimals; a figure too large or too odd for a number is a gap. */
function valuesByLabel(points: CardChart['series'][number]['points']): Map<string, number> {
  const values = new Map<string, number>();
  for (const { label, value } of points) {
    const number = value === null || value.trim() === '' ? Number.NaN : Number(value);
    if (Number.isFinite(number)) values.set(label, number);
  }
  return values;
}

/** Labels cut to Slack's limit, told apart by a number where cutting made them the same. */
function unique(texts: readonly string[]): string[] {
  const taken = new Set<string>();
  return texts.map((text) => {
    let label = oneLine(text, limits.chartLabel, '–');
    for (let count = 2; taken.has(label); count += 1) {
      const suffix = ` ${count}`;
      label = oneLine(text, limits.chartLabel - suffix.length, '–') + suffix;
    }
    taken.add(label);
    return label;
  });
}
