import type { ReactNode } from 'react';
import { Marks } from './marks.tsx';
import { labelled, ticks } from './scale.ts';

const height = 210;
const margin = { top: 12, right: 18, bottom: 30, left: 46 };
const pixelsALabel = 62;

interface BarsProps {
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
  readonly categories: readonly string[];
  /** In pixels. */
  readonly width: number;
  readonly label: string;
}

/** For each category a bar of each series beside one another, from zero on. Where there is no figure, or zero, there is no bar. */
export function Bars({ series, categories, width, label }: BarsProps): ReactNode {
  const marks = ticks([0, ...series.flatMap(({ values }) => values.filter((value) => value !== null))]);
  const [lowest = 0, highest = 1] = [marks[0], marks.at(-1)];
  const group = (width - margin.left - margin.right) / Math.max(1, categories.length);
  const bar = Math.min(38, (group * 0.7) / series.length);
  const middle = (at: number): number => margin.left + group * (at + 0.5);
  const y = (value: number): number =>
    margin.top + (height - margin.top - margin.bottom) * (1 - (value - lowest) / (highest - lowest));
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <Marks marks={marks} y={y} left={margin.left} right={width - margin.right} />
      {labelled(categories.length, group * categories.length, pixelsALabel).map((at) => (
        <text key={at} className="tick" x={middle(at)} y={height - 9} textAnchor="middle">
          {categories[at]}
        </text>
      ))}
      {series.map(({ name, values }, index) => (
        <g key={name} className={`bars series-${index}`}>
          {values.map((value, at) => {
            if (value === null) return null;
            const [top, bottom] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
            return (
              <rect
                key={categories[at]}
                x={middle(at) + bar * (index - series.length / 2) + 1}
                y={top}
                width={Math.max(1, bar - 2)}
                height={value === 0 ? 0 : Math.max(1, bottom - top)}
              >
                <title>{`${name}, ${categories[at] ?? ''}: ${value}`}</title>
              </rect>
            );
          })}
        </g>
      ))}
    </svg>
  );
}
