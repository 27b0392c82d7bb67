import type { TableBlock } from '@slack/types';
import type { CardTable } from '../core/cards/card.ts';
import { limits } from './limits.ts';
import { oneLine } from './text.ts';

/** A table cut to what fits, and in words what was left out. */
interface FittingTable {
  readonly columns: CardTable['columns'];
  readonly rows: readonly (readonly string[])[];
  readonly omitted: readonly string[];
}

/** Slack's table. Slack takes one a message; any other is shown by `renderTableAsText`. */
export function renderTable(table: CardTable, room: number): { block?: TableBlock; omitted: readonly string[] } {
  const fitting = fit(table, room, limits.tableRows, (cells) => cells.reduce((sum, cell) => sum + cell.length, 0));
  if (fitting.columns.length === 0) return { omitted: fitting.omitted };
  return {
    omitted: fitting.omitted,
    block: {
      type: 'table',
      column_settings: fitting.columns.map(({ align }) => ({ align, is_wrapped: align === 'left' })),
      rows: fitting.rows.map((cells) => cells.map((text) => ({ type: 'raw_text', text }))),
    },
  };
}

/** The table in columns of a fixed-width font, for places where Slack shows no tables. At most `room` characters. */
export function renderTableAsText(table: CardTable, room: number): { text: string; omitted: readonly string[] } {
  const widths = table.columns.map((column, index) =>
    Math.max(...[column.label, ...table.rows.map((row) => row[index] ?? '')].map((text) => widthOf(cell(text)))),
  );
  const lengthOfLine = (cells: readonly string[]): number =>
    cells.reduce((sum, text, index) => sum + text.length + (widths[index] ?? 0) - widthOf(text) + 2, 1);
  const fitting = fit(table, room, limits.tableRows, lengthOfLine);
  const lines = fitting.rows.map((cells) =>
    cells
      .map((text, index) => {
        const pad = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)));
        return fitting.columns[index]?.align === 'right' ? pad + text : text + pad;
      })
      .join('  ')
      .trimEnd(),
  );
  return { text: lines.join('\n'), omitted: fitting.omitted };
}

/** `rows` begin with the headings. */
function fit(
  table: CardTable,
  room: number,
  maxRows: number,
  cost: (cells: readonly string[]) => number,
): FittingTable {
  const omitted: string[] = [];
  const columns = table.columns.slice(0, limits.tableColumns);
  if (columns.length < table.columns.length) {
    omitted.push(`${counted(table.columns.length - columns.length, 'column')} left out`);
  }
  const all = [columns.map(({ label }) => label), ...table.rows].map((row) =>
    columns.map((_, index) => cell(row[index] ?? '')),
  );
  const rows: string[][] = [];
  let left = room;
  for (const cells of all) {
    left -= cost(cells);
    if (left < 0 || rows.length === maxRows) break;
    rows.push(cells);
  }
  const hidden = table.rows.length - Math.max(0, rows.length - 1);
  if (hidden > 0) omitted.push(`${counted(hidden, 'row')} left out`);
  if (table.omitted !== undefined && table.omitted.trim() !== '') omitted.push(table.omitted);
  // Headings alone say nothing.
  return rows.length < 2 ? { columns: [], rows: [], omitted } : { columns, rows, omitted };
}

function cell(text: string): string {
  return oneLine(text, limits.tableCell, '–');
}

function widthOf(text: string): number {
  return [...text].length;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
