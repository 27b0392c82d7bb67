import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Bars } from './bars.tsx';
import { Marks } from './marks.tsx';
import { labelled, runs, ticks } from './scale.ts';
import type { DataVisualizationBlock } from './types.ts';

const height = 210;
const margin = { top: 12, right: 18, bottom: 30, left: 46 };
/** Lines differ in dashes too, so that colour is not the only thing that tells them apart. */
const dashes = [undefined, '7 4', '2 4', '10 3 2 3', '4 2', '1 5'];
const pixelsALabel = 62;

interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** Slack's line and bar charts, with gaps where nothing was measured. Their figures are there as a table as well. */
export function Chart({ block }: { readonly block: DataVisualizationBlock }): ReactNode {
  const [box, width] = useWidth();
  const series = block.chart.series ?? [];
  const axis = block.chart.axis_config;
  const categories = axis?.categories ?? [...new Set(series.flatMap(({ data }) => data.map(({ label }) => label)))];
  const lines = series.map(({ name, data }) => ({
    name,
    values: categories.map((category) => data.find(({ label }) => label === category)?.value ?? null),
  }));
  const unit = axis?.y_label ?? '';
  const bars = block.chart.type === 'bar';
  const label = `${block.title}. The figures follow as a table.`;
  if (lines.length === 0)
    return <p className="undrawn">{block.title}: the simulator draws charts of lines and bars only.</p>;
  return (
    <figure className="chart" ref={box}>
      <figcaption>
        {block.title}
        {unit === '' ? null : <span className="chart-unit"> in {unit}</span>}
      </figcaption>
      {bars ? (
        <Bars series={lines} categories={categories} width={width} label={label} />
      ) : (
        <Plot lines={lines} categories={categories} width={width} label={label} />
      )}
      {lines.length > 1 ? <Legend lines={lines} bars={bars} /> : null}
      <details>
        <summary>Show figures</summary>
        <Figures lines={lines} categories={categories} />
      </details>
    </figure>
  );
}

interface PlotProps {
  readonly lines: readonly Line[];
  readonly categories: readonly string[];
  /** In pixels. */
  readonly width: number;
  readonly label: string;
}

function Plot({ lines, categories, width, label }: PlotProps): ReactNode {
  const values = lines.flatMap((line) => line.values.filter((value) => value !== null));
  const marks = ticks(values);
  const [lowest = 0, highest = 1] = [marks[0], marks.at(-1)];
  const room = width - margin.left - margin.right;
  const x = (at: number): number =>
    margin.left + (categories.length < 2 ? room / 2 : (room * at) / (categories.length - 1));
  const y = (value: number): number =>
    margin.top + (height - margin.top - margin.bottom) * (1 - (value - lowest) / (highest - lowest));
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <Marks marks={marks} y={y} left={margin.left} right={width - margin.right} />
      {labelled(categories.length, room, pixelsALabel).map((at) => (
        <text
          key={at}
          className="tick"
          x={x(at)}
          y={height - 9}
          textAnchor={at === categories.length - 1 ? 'end' : 'middle'}
        >
          {categories[at]}
        </text>
      ))}
      {lines.map((line, index) => (
        <g key={line.name} className={`series series-${index}`}>
          {runs(line.values).map((run) => (
            <polyline
              key={run[0]?.at}
              points={run.map(({ at, value }) => `${x(at)},${y(value)}`).join(' ')}
              strokeDasharray={dashes[index]}
            />
          ))}
          {runs(line.values)
            .flat()
            .map(({ at, value }) => (
              <circle key={at} cx={x(at)} cy={y(value)} r={3}>
                <title>{`${line.name}, ${categories[at] ?? ''}: ${value}`}</title>
              </circle>
            ))}
        </g>
      ))}
    </svg>
  );
}

function Legend({ lines, bars }: { readonly lines: readonly Line[]; readonly bars: boolean }): ReactNode {
  return (
    <ul className="legend">
      {lines.map((line, index) => (
        <li key={line.name} className={`${bars ? 'bars' : 'series'} series-${index}`}>
          <svg width="22" height="10" aria-hidden="true">
            {bars ? (
              <rect x="6" y="1" width="10" height="8" />
            ) : (
              <line x1="0" x2="22" y1="5" y2="5" strokeDasharray={dashes[index]} />
            )}
          </svg>
          {line.name}
        </li>
      ))}
    </ul>
  );
}

function Figures({
  lines,
  categories,
}: {
  readonly lines: readonly Line[];
  readonly categories: readonly string[];
}): ReactNode {
  return (
    <div className="table" role="region" aria-label="Figures of the chart" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col" aria-label="Point" />
            {lines.map((line) => (
              <th key={line.name} scope="col" className="right">
                {line.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {categories.map((category, at) => (
            <tr key={category}>
              <th scope="row">{category}</th>
              {lines.map((line) => (
                <td key={line.name} className="right">
                  {line.values[at] ?? 'not measured'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The width that the chart may take, in pixels, also after the window changed. */
function useWidth(): [(node: HTMLElement | null) => void, number] {
  const [node, setNode] = useState<HTMLElement | null>(null);
  const [width, setWidth] = useState(560);
  const observer = useRef<ResizeObserver>(undefined);
  useEffect(() => {
    if (node === null) return undefined;
    observer.current = new ResizeObserver(([entry]) => setWidth(Math.max(220, entry?.contentRect.width ?? 560)));
    observer.current.observe(node);
    return () => observer.current?.disconnect();
  }, [node]);
  return [setNode, width];
}
