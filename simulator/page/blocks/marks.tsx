import type { ReactNode } from 'react';

interface MarksProps {
  readonly marks: readonly number[];
  /** Where a value stands, in pixels from the top. */
  readonly y: (value: number) => number;
  /** Where the lines begin and end, in pixels. */
  readonly left: number;
  readonly right: number;
}

/** The lines behind a chart, each with its value. */
export function Marks({ marks, y, left, right }: MarksProps): ReactNode {
  return marks.map((mark) => (
    <g key={mark}>
      <line className={mark === 0 ? 'axis' : 'grid'} x1={left} x2={right} y1={y(mark)} y2={y(mark)} />
      <text className="tick" x={left - 8} y={y(mark) + 4} textAnchor="end">
        {mark.toLocaleString('en')}
      </text>
    </g>
  ));
}
