import type { CardTable } from '../core/cards/card.ts';
import type { Element, Inline } from './adaptive-card.ts';
import { limits } from './limits.ts';
import { inline, linesOf, oneLine, richText } from './text.ts';

/**
 * A table of at most `most` rows, and in words what was left out. One that a phone has room for is a table; of a wider one,
 * whose figures a phone would break in the middle, every row is an entry of two lines: what it is about and how it stands,
 * then the figures with their headings before them.
 */
export function renderTable(table: CardTable, most: number): Element[] {
  const columns = table.columns.map(({ label, align }) => ({ label: oneLine(label, limits.tableCell, '–'), align }));
  const rows = table.rows
    .slice(0, most)
    .map((row) => columns.map((_, index) => oneLine(row[index] ?? '', limits.tableCell, '–')));
  const left = table.rows.length - rows.length;
  const omitted = [
    ...(left > 0 ? [`and ${left} more`] : []),
    ...(table.omitted === undefined || table.omitted.trim() === '' ? [] : [table.omitted]),
  ].join('; ');
  return [
    ...(columns.length === 0 || rows.length === 0 ? [] : rendered(columns, rows)),
    ...linesOf(omitted, limits.tableCell, { size: 'Small', isSubtle: true }).map((line) =>
      richText(line, { spacing: 'Small' }),
    ),
  ];
}

type Columns = CardTable['columns'];
type Rows = readonly (readonly string[])[];

function rendered(columns: Columns, rows: Rows): Element[] {
  const widths = columns.map(({ label, align }, index) => {
    const cells = [label, ...rows.map((row) => row[index] ?? '')];
    // Words may go to the next line, figures may not.
    const parts = align === 'right' ? cells : cells.flatMap((cell) => cell.split(' '));
    return { needed: longest(parts) + padding, whole: longest(cells) + padding };
  });
  const room = limits.phoneCharacters - widths.reduce((sum, { needed }) => sum + needed, 0);
  return room < 0 ? rows.map((row, index) => entry(columns, row, index)) : [asTable(columns, rows, widths, room)];
}

/** Around a cell's text, in characters. */
const padding = 2;
const longest = (texts: readonly string[]): number => Math.max(...texts.map((text) => Array.from(text).length));

function asTable(
  columns: Columns,
  rows: Rows,
  widths: readonly { readonly needed: number; readonly whole: number }[],
  room: number,
): Element {
  const wanted = widths.reduce((sum, { needed, whole }) => sum + whole - needed, 0);
  const row = (cells: readonly string[], heading: boolean) => ({
    type: 'TableRow' as const,
    cells: cells.map((cell, index) => ({
      type: 'TableCell' as const,
      items: [
        {
          ...richText(linesOf(cell, limits.tableCell, heading ? { weight: 'Bolder' } : {})[0] ?? ['–']),
          ...(columns[index]?.align === 'right' ? { horizontalAlignment: 'Right' as const } : {}),
        },
      ],
    })),
  });
  return {
    type: 'Table',
    // Every column gets what its longest word needs; what is left goes to those that would have to break lines.
    columns: columns.map(({ align }, index) => {
      const { needed = 1, whole = 1 } = widths[index] ?? {};
      const more = wanted === 0 ? 0 : Math.floor((room * (whole - needed)) / wanted);
      return {
        width: needed + Math.min(more, whole - needed),
        horizontalCellContentAlignment: align === 'right' ? ('Right' as const) : ('Left' as const),
      };
    }),
    rows: [
      row(
        columns.map(({ label }) => label),
        true,
      ),
      ...rows.map((cells) => row(cells, false)),
    ],
  };
}

/** How a row stands, in words that need no heading. */
const standings: readonly string[] = ['Verdict', 'State', 'Status', 'Result'];

/** "**Levels: L3** · ✗ fail", and under it "Legacy 798 · New 810". */
function entry(columns: Columns, row: readonly string[], index: number): Element {
  const standing = columns.flatMap(({ label }, at) => (at > 0 && standings.includes(label) ? [at] : [])).slice(0, 1);
  // A number by itself says little: what follows it is what the row is about.
  const named = (row[0] ?? '').length <= shortName && columns[1]?.align === 'left' && !standing.includes(1) ? [1] : [];
  const lead = named.map((at) => row[at] ?? '');
  const others = row.flatMap((cell, at) =>
    at === 0 || standing.includes(at) || named.includes(at) ? [] : [{ cell, label: columns[at]?.label ?? '' }],
  );
  const head: Inline[] = [
    ...typed([row[0] ?? '', ...lead].join(' '), true),
    ...standing.flatMap((at) => typed(` · ${row[at] ?? ''}`, false)),
  ];
  const figures: Inline[] = others.flatMap(({ cell, label }, at) => [
    inline(`${at === 0 ? '' : ' · '}${label}\u00a0`, { isSubtle: true }),
    ...typed(cell, false),
  ]);
  return {
    type: 'Container',
    ...(index === 0 ? {} : { spacing: 'Small', separator: true }),
    items: [richText(head), ...(figures.length === 0 ? [] : [richText(figures, { spacing: 'None' })])],
  };
}

/** Such as "D-17". */
const shortName = 6;

const typed = (text: string, bold: boolean): Inline[] =>
  linesOf(text, 2 * limits.tableCell + 1, bold ? { weight: 'Bolder' } : {})[0] ?? [];
