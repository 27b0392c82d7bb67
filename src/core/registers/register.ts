import type { Register } from '../playbook/team.ts';

/** One line of a register: what it is, and what is known of it, by the register's columns. */
export interface RegisterItem {
  readonly register: string;
  /** At most 150 characters; its name, whatever its case, is there once. */
  readonly item: string;
  /** By column; a text or a link, at most 500 characters. What is missing is a gap. */
  readonly cells: Readonly<Record<string, string>>;
}

export const longestItem = 150;
export const longestCell = 500;
export const mostItems = 2_000;

/** How far a register is filled. */
export interface Completeness {
  readonly items: number;
  readonly complete: number;
  /** Items with the columns that are missing, in their order. */
  readonly gaps: readonly { readonly item: string; readonly columns: readonly string[] }[];
}

/** A register without an item is not complete: there is no data. */
export function completenessOf({ columns }: Pick<Register, 'columns'>, items: readonly RegisterItem[]): Completeness {
  const gaps = items
    .map(({ item, cells }) => ({ item, columns: columns.filter((column) => (cells[column] ?? '') === '') }))
    .filter(({ columns: missing }) => missing.length > 0);
  return { items: items.length, complete: items.length - gaps.length, gaps };
}

/**
 * Reads lines of CSV (RFC 4180): the first cell is the item, the others are the columns in order, or in that of a first
 * line "name,…" that names them.
 */
export function itemsInCsv(csv: string, { name, columns }: Pick<Register, 'name' | 'columns'>): RegisterItem[] {
  const lines = linesOf(csv);
  const [first = '', ...names] = lines[0]?.map((cell) => cell.trim()) ?? [];
  const headed = first.toLowerCase() === 'name' && names.length > 0 && names.every((one) => columns.includes(one));
  const order = headed ? names : columns;
  return lines.slice(headed ? 1 : 0).flatMap(([item = '', ...cells]) => {
    const named = item.trim();
    if (named === '') return [];
    const filled = order.flatMap((column, index) => {
      const cell = cells[index]?.trim() ?? '';
      return cell === '' ? [] : [[column, cell] as const];
    });
    return [{ register: name, item: named, cells: Object.fromEntries(filled) }];
  });
}

function linesOf(csv: string): string[][] {
  const lines: string[][] = [[]];
  let cell = '';
  let quoted = false;
  const endCell = (): void => {
    lines.at(-1)?.push(cell);
    cell = '';
  };
  for (let index = 0; index < csv.length; index += 1) {
    const character = csv[index] ?? '';
    if (quoted && character === '"' && csv[index + 1] === '"') {
      cell += '"';
      index += 1;
    } else if (character === '"') quoted = !quoted;
    else if (!quoted && character === ',') endCell();
    else if (!quoted && (character === '\n' || character === '\r')) {
      endCell();
      lines.push([]);
    } else cell += character;
  }
  endCell();
  return lines;
}
