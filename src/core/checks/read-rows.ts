import { type Decimal, parseDecimal, zero } from '../numbers/decimal.ts';
import type { DistributionCheck } from '../playbook/playbook.ts';
import type { Rows, Side } from '../sources.ts';

/** A check that could not be measured: why, in a whole sentence. */
export class Unmeasurable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Unmeasurable';
  }
}

/** The code that gathers what no mapping declares. */
export const unmapped = 'unmapped';
const namesShown = 5;

/** Where a column stands in a result. Throws Unmeasurable when the query doesn't give it. */
export function columnOf(rows: Rows, name: string, side: Side): number {
  const index = rows.columns.findIndex((column) => column.toLowerCase() === name.toLowerCase());
  if (index === -1) {
    throw new Unmeasurable(
      `The ${side} query gives no column "${name}" (it gives ${rows.columns.join(', ') || 'none'}): name one so.`,
    );
  }
  return index;
}

/** The single figure of a scalar query. Throws Unmeasurable. */
export function readScalar(rows: Rows, side: Side): Decimal {
  const column = columnOf(rows, 'value', side);
  if (rows.rows.length !== 1) {
    throw new Unmeasurable(`The ${side} query gave ${rows.rows.length} rows; it must give exactly one.`);
  }
  const text = rows.rows[0]?.[column] ?? null;
  if (text === null) throw new Unmeasurable(`The ${side} figure is NULL.`);
  const value = parseDecimal(text);
  if (value === undefined)
    throw new Unmeasurable(`The ${side} figure is not a number that can be read in one way only.`);
  return value;
}

/** One side's groups after mapping. */
export interface Groups {
  readonly values: ReadonlyMap<string, Decimal>;
  /** How many people each group is about: what the column `people` says, or else the value, which then counts them. */
  readonly people: ReadonlyMap<string, Decimal>;
  /** Common codes by key, in the order of `by`. */
  readonly codes: ReadonlyMap<string, readonly string[]>;
  /** Keys whose figures could not all be read, with how many rows. */
  readonly unreadable: ReadonlyMap<string, number>;
  /** By key: codes that no mapping declares, and in how many rows. */
  readonly unknown: ReadonlyMap<string, { codes: Set<string>; rows: number }>;
}

/** Reads and maps one side of a distribution; rows that come to the same key are added up exactly. Throws Unmeasurable. */
export function readGroups(check: DistributionCheck, rows: Rows, side: Side): Groups {
  const valueColumn = columnOf(rows, 'value', side);
  const keyColumns = check.by.map((name) => ({ name, index: columnOf(rows, name, side) }));
  const values = new Map<string, Decimal>();
  const people = new Map<string, Decimal>();
  const peopleColumn = rows.columns.findIndex((column) => column.toLowerCase() === 'people');
  const codes = new Map<string, readonly string[]>();
  const unreadable = new Map<string, number>();
  const unknown = new Map<string, { codes: Set<string>; rows: number }>();

  for (const row of rows.rows) {
    const unknownHere: string[] = [];
    const mapped = keyColumns.map(({ name, index }) => {
      const code = row[index] ?? null;
      const table = check.mapping[name]?.[side];
      if (table === undefined) return code ?? '(null)';
      const known = code === null ? undefined : Object.hasOwn(table, code) ? table[code] : undefined;
      if (known !== undefined) return known;
      unknownHere.push(code ?? 'NULL');
      return unmapped;
    });
    const key = keyOf(mapped);
    codes.set(key, mapped);
    if (unknownHere.length > 0) {
      const gathered = unknown.get(key) ?? { codes: new Set<string>(), rows: 0 };
      for (const code of unknownHere) gathered.codes.add(code);
      unknown.set(key, { codes: gathered.codes, rows: gathered.rows + 1 });
    }
    const value = parseDecimal(row[valueColumn] ?? '');
    if (value === undefined) unreadable.set(key, (unreadable.get(key) ?? 0) + 1);
    values.set(key, (values.get(key) ?? zero).plus(value ?? zero));
    // People who can't be counted are taken for few.
    const counted = peopleColumn === -1 ? value : parseDecimal(row[peopleColumn] ?? '');
    people.set(key, (people.get(key) ?? zero).plus(counted ?? zero));
  }
  return { values, people, codes, unreadable, unknown };
}

/** "2026 / hire"; a code that itself holds such a slash is quoted, so that no two groups come to one key. */
export function keyOf(codes: readonly string[]): string {
  if (codes.length === 1) return codes[0] ?? '';
  return codes.map((code) => (/ \/ |^"|^ | $|^\/|\/$/.test(code) ? JSON.stringify(code) : code)).join(' / ');
}

/** "7, 8 and 3 more". */
export function someOf(names: Iterable<string>): string {
  const all = [...names].sort();
  const shown = all
    .slice(0, namesShown)
    .map((name) => (name.length > 40 ? `${name.slice(0, 40).toWellFormed()}…` : name));
  return all.length > namesShown ? `${shown.join(', ')} and ${all.length - namesShown} more` : shown.join(', ');
}

/** One side's figures by year. Throws Unmeasurable. */
export function readYears(rows: Rows, side: Side): Map<number, Decimal> {
  const yearColumn = columnOf(rows, 'year', side);
  const valueColumn = columnOf(rows, 'value', side);
  const years = new Map<number, Decimal>();
  for (const row of rows.rows) {
    const year = Number(row[yearColumn]?.trim() || Number.NaN);
    const value = parseDecimal(row[valueColumn] ?? '');
    if (!Number.isInteger(year)) throw new Unmeasurable(`The ${side} query gave a year that is not a whole number.`);
    if (value === undefined) throw new Unmeasurable(`The ${side} figure of ${year} is not a number.`);
    if (years.has(year)) throw new Unmeasurable(`The ${side} query gave the year ${year} twice.`);
    years.set(year, value);
  }
  return years;
}
