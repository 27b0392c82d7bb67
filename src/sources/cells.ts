import type { HashedColumn, HashedRows, ReadColumn } from '../core/sources.ts';
import { identifier } from './ordered-query.ts';

/*
 * How columns that are read beside a hash come here: all cells of a column as one text. The same in every system, so that
 * equal cells mean equal values.
 */

const [separator, escape] = ['chr(1)', 'chr(2)'];

/** A column that is read, so that cells of many rows go in a row with `separator` between them. */
function cellOf(column: HashedColumn, text: string): string {
  if (!column.delimited) return `coalesce(${text}, '')`;
  const escaped = `replace(replace(${text}, ${escape}, ${escape} || '2'), ${separator}, ${escape} || '1')`;
  return `coalesce('=' || ${escaped}, '')`;
}

/** A UUID of the key, which is never NULL: its bytes are a quarter of the work of its text. Only PostgreSQL has this form. */
const isPacked = ({ key }: HashedRows, column: HashedColumn): boolean => column.form === 'uuid' && key.includes(column);

/** The cells of the columns that are read, each as an expression; `textOf` is the canonical text of a column. */
export const readCells = (hashed: HashedRows, textOf: (column: HashedColumn) => string): string[] =>
  (hashed.read ?? []).map((column) =>
    isPacked(hashed, column) ? `uuid_send(${identifier(column.name)})` : cellOf(column, textOf(column)),
  );

/** All cells of each column, which has a name by its place, as one value. */
export const cellsTogether = (hashed: HashedRows, nameOf: (place: number) => string): string[] =>
  (hashed.read ?? []).map((column, place) =>
    isPacked(hashed, column) ? packedTogether(nameOf(place)) : `string_agg(${nameOf(place)}, ${separator})`,
  );

/** Binary values as one. */
export const packedTogether = (value: string): string => `string_agg(${value}, ''::bytea)`;

/** What came of `cellsTogether` for each column and so many rows. */
export function readColumns(hashed: HashedRows, found: readonly (string | null)[], rows: number): ReadColumn[] {
  return (hashed.read ?? []).map((column, place) => {
    const text = found[place] ?? '';
    return isPacked(hashed, column) ? { valueOf: (row) => uuidAt(text, row) } : readColumn(text, column, rows);
  });
}

/** Of UUIDs in hexadecimal, as `packedTogether` arrives. */
function uuidAt(hexadecimal: string, row: number): string {
  const at = '\\x'.length + 32 * row;
  const part = (from: number, to: number): string => hexadecimal.slice(at + from, at + to);
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`;
}

/** Between cells: see `cellOf`. */
export const separatorText = '\u0001';
const separatorCode = 1;

/** The same of cells in UTF-8 that lie anywhere. */
export function cellsOf(bytes: Uint8Array, starts: Int32Array, lengths: Int32Array): string {
  const all = Buffer.alloc(
    lengths.reduce((sum, length) => sum + length + 1, 0),
    separatorCode,
  );
  let at = 0;
  for (let row = 0; row < lengths.length; row += 1) {
    const [start, length] = [starts[row] as number, lengths[row] as number];
    for (let index = 0; index < length; index += 1) all[at + index] = bytes[start + index] as number;
    at += length + 1;
  }
  return all.toString('utf8', 0, Math.max(0, all.length - 1));
}

function endsOf(cells: string, rows: number): Int32Array {
  const ends = new Int32Array(rows);
  let row = 0;
  for (let at = 0; at < cells.length; at += 1) {
    if (cells.charCodeAt(at) !== separatorCode) continue;
    ends[row] = at;
    row += 1;
  }
  if (rows > 0) ends[rows - 1] = cells.length;
  if (row !== Math.max(0, rows - 1)) throw new Error(`${row + 1} values came of ${rows} rows.`);
  return ends;
}

function readColumn(text: string, { delimited }: HashedColumn, rows: number): ReadColumn {
  const ends = endsOf(text, rows);
  return {
    cells: { text, ends },
    valueOf(of) {
      const cell = text.slice(of === 0 ? 0 : (ends[of - 1] ?? 0) + 1, ends[of]);
      return cell === '' ? null : delimited ? unescaped(cell.slice(1)) : cell;
    },
  };
}

const escapeText = '\u0002';

function unescaped(cell: string): string {
  if (!cell.includes(escapeText)) return cell;
  return cell
    .split(`${escapeText}1`)
    .map((part) => part.replaceAll(`${escapeText}2`, escapeText))
    .join(separatorText);
}

/** The cells of several columns, one after the other, as one column. */
export function joinColumns(all: readonly ReadColumn[], rows: number): ReadColumn {
  const some = all.flatMap(({ cells, valueOf }) =>
    cells === undefined || cells.ends.length === 0 ? [] : [{ cells, valueOf }],
  );
  const ends = new Int32Array(rows);
  const starts: number[] = [];
  let [row, length] = [0, 0];
  for (const { cells } of some) {
    starts.push(row);
    for (const end of cells.ends) {
      ends[row] = length + end;
      row += 1;
    }
    length += cells.text.length + 1;
  }
  return {
    cells: { text: some.map(({ cells }) => cells.text).join(separatorText), ends },
    valueOf(of) {
      const index = starts.findLastIndex((start) => start <= of);
      return some[index]?.valueOf(of - (starts[index] ?? 0)) ?? null;
    },
  };
}
