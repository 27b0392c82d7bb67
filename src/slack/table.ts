import type { TableBlock } from '@slack/types';
import type { CardTable } from '../core/cards/card.ts';
import { limits } from './limits.ts';
import { oneLine } from './text.ts';

/** Slack's table. Slack takes one a message; any other is shown by `renderTableAsText`. At most `room` characters. */
export function renderTable(table: CardTable, room: number): { block?: TableBlock; omitted: readonly string[] } {
  const fitting = fit(cellsOf(table), table, room, (cells) => cells.reduce((sum, cell) => sum + cell.length, 0));
  if (fitting.rows.length === 0) return { omitted: fitting.omitted };
  return {
    omitted: fitting.omitted,
    block: {
      type: 'table',
      column_settings: table.columns
        .slice(0, limits.tableColumns)
        .map(({ align }) => ({ align, is_wrapped: align === 'left' })),
      rows: fitting.rows.map((cells) => cells.map((text) => ({ type: 'raw_text', text }))),
    },
  };
}

/** The table in columns of a fixed-width font, for places where Slack shows no tables. At most `room` characters. */
export function renderTableAsText(table: CardTable, room: number): { text: string; omitted: readonly string[] } {
  const all = cellsOf(table);
  const widths = (all[0] ?? []).map((_, index) => Math.max(...all.map((cells) => widthOf(cells[index] ?? ''))));
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((text, index) => {
        const pad = ' '.repeat((widths[index] ?? 0) - widthOf(text));
        return table.columns[index]?.align === 'right' ? pad + text : text + pad;
      })
      .join('  ')
      .trimEnd();
  const fitting = fit(all, table, room, (cells) => lineOf(cells).length + 1);
  return { text: fitting.rows.map(lineOf).join('\n'), omitted: fitting.omitted };
}

/** The headings and as many rows as Slack takes at all, every cell fit to be shown. */
function cellsOf(table: CardTable): string[][] {
  const columns = table.columns.slice(0, limits.tableColumns);
  return [columns.map(({ label }) => label), ...table.rows.slice(0, limits.tableRows - 1)].map((row) =>
    columns.map((_, index) => oneLine(row[index] ?? '', limits.tableCell, '–')),
  );
}

/** The rows from the first on that fit into `room`, and in words what was left out of the table. */
function fit(
  all: readonly string[][],
  table: CardTable,
  room: number,
  cost: (cells: readonly string[]) => number,
): { readonly rows: readonly string[][]; readonly omitted: readonly string[] } {
  const rows: string[][] = [];
  let left = room;
  for (const cells of all) {
    left -= cost(cells);
    if (left < 0 || cells.length === 0) break;
    rows.push(cells);
  }
  const omitted: string[] = [];
  const hiddenColumns = Math.max(0, table.columns.length - limits.tableColumns);
  const hiddenRows = table.rows.length - Math.max(0, rows.length - 1);
  if (hiddenColumns > 0) omitted.push(`${counted(hiddenColumns, 'column')} left out`);
  if (hiddenRows > 0) omitted.push(`${counted(hiddenRows, 'row')} left out`);
  if (table.omitted !== undefined && table.omitted.trim() !== '') omitted.push(table.omitted);
  // Headings alone say nothing.
  return { rows: rows.length < 2 ? [] : rows, omitted };
}

function widthOf(text: string): number {
  return Array.from(text).length;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
