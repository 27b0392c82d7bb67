import { evenBounds, type KeyBounds, listedBounds } from '../core/rows/key-bounds.ts';
import type { Row } from '../core/sources.ts';

/** The part that we read of what EXPLAIN (FORMAT JSON) says. */
export interface Plan {
  readonly 'Node Type': string;
  readonly 'Plan Rows': number;
  readonly Plans?: readonly Plan[];
}

/** The plan in the one row that EXPLAIN answers. */
export function planOf(rows: readonly Row[]): Plan {
  const [explained] = JSON.parse(rows[0]?.[0] ?? '[]') as readonly { readonly Plan: Plan }[];
  if (explained === undefined) throw new Error('EXPLAIN answered no plan.');
  return explained.Plan;
}

const scans = ['Seq Scan', 'Index Scan', 'Index Only Scan', 'Bitmap Heap Scan', 'Bitmap Index Scan', 'Gather'];

/** True when every row comes from one table and comes once: nothing joins, repeats or computes rows. */
export function readsOneTable(plan: Plan): boolean {
  const nodes = (one: Plan): Plan[] => [one, ...(one.Plans ?? []).flatMap(nodes)];
  return nodes(plan).every((node) => scans.includes(node['Node Type']));
}

/** The histogram of a column of unique values as the server sampled it, how far rows lie in its order, and what it is of. */
export const histogramQuery = ({
  tableID,
  columnID,
}: {
  readonly tableID: number;
  readonly columnID: number;
}): string => `
  SELECT s.histogram_bounds::text, s.correlation::text, format('%I.%I', n.nspname, c.relname), quote_ident(a.attname)
    FROM pg_stats s
    JOIN pg_class c ON c.relname = s.tablename JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = s.schemaname
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname
  WHERE c.oid = ${tableID} AND a.attnum = ${columnID}
    AND NOT c.relhassubclass
    AND EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate
      AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)`;

/** A row where an index proves that no values of these columns of a table repeat. */
export const uniqueQuery = (table: number, columns: readonly number[]): string => `
  SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  WHERE c.oid = ${table} AND NOT c.relhassubclass AND i.indisunique AND i.indisvalid AND i.indimmediate
    AND i.indpred IS NULL AND i.indexprs IS NULL AND i.indnkeyatts = ${columns.length}
    AND ARRAY(SELECT unnest(i.indkey::smallint[])) @> '{${columns.join(',')}}'::smallint[]
    AND i.indnatts = i.indnkeyatts`;

const inOrder = 0.9;

/** Where the keys of a table lie, in whole numbers. */
export interface Region {
  /** Of the histogram: about as many rows are between any two. */
  readonly bounds: readonly bigint[];
  /** Keys lie evenly from here to there, but for those that are far out. */
  readonly even?: { readonly start: bigint; readonly end: bigint; readonly bins: number };
  /** Gives the last key that they may go on to, by an index: rows may have been added since the histogram was made. */
  readonly lastKeyQuery: string;
}

/** Undefined without statistics or order. */
export function regionOf(statistics: Row | undefined): Region | undefined {
  const [histogram, correlation, table, column] = statistics ?? [];
  if (histogram == null || Math.abs(Number(correlation ?? 0)) < inOrder) return undefined;
  const bounds = histogram
    .slice(1, -1)
    .split(',')
    .filter((bound) => bound !== '')
    .map(BigInt);
  const even = evenly(bounds);
  const [start, end] = [even?.start ?? bounds[0] ?? 0n, even?.end ?? bounds.at(-1) ?? 0n];
  // As far again as the keys go: of more rows than twice as many the server makes statistics anew.
  const before = 2n * end - start;
  const limit = before < most ? before : most;
  const lastKeyQuery = `SELECT coalesce(max(${column}), ${start})::text FROM ${table} WHERE ${column} < '${limit}'::bigint`;
  return { bounds, ...(even === undefined ? {} : { even }), lastKeyQuery };
}

const most = 2n ** 63n - 1n;
const fewestBins = 10;

/** Undefined where the histogram's bins are not about as wide as one another, but for keys far out at either end. */
function evenly(bounds: readonly bigint[]): Region['even'] {
  const widths = bounds.slice(1).map((bound, index) => bound - (bounds[index] ?? bound));
  const median = widths.toSorted((one, other) => (one < other ? -1 : 1))[Math.floor(widths.length / 2)];
  if (median === undefined || widths.length < fewestBins) return undefined;
  const typical = widths.map((width) => width <= 2n * median);
  const [first, last] = [typical.indexOf(true), typical.lastIndexOf(true) + 1];
  const [start, end] = [bounds[first] ?? 0n, bounds[last] ?? 0n];
  return end <= start || typical.slice(first, last).includes(false) ? undefined : { start, end, bins: last - first };
}

/**
 * Bounds that are about `each` of `all` rows apart. Between two bounds of the histogram the keys are taken to lie evenly:
 * where they don't, ranges differ in size; and behind it, up to `last`, as in the histogram.
 */
export function boundsOf(
  { bounds, even }: Region,
  { all, each, last }: { readonly all: number; readonly each: number; readonly last: bigint },
): KeyBounds {
  const ranges = BigInt(Math.ceil(all / each));
  const bins = BigInt(Math.max(1, bounds.length - 1));
  if (even !== undefined) return evenBoundsOf(even, { ranges, bins, last });
  const parts = Math.max(1, Math.round(Math.min(all / each, mostListed) / Number(bins)));
  const every = Math.max(1, Math.round((each * Number(bins)) / Math.max(1, all)));
  const cuts = bounds.flatMap((bound, index) => {
    const next = bounds[index + 1];
    if (next === undefined || index % every > 0) return [];
    return Array.from({ length: parts }, (_, part) => bound + ((next - bound) * BigInt(part)) / BigInt(parts));
  });
  return listedBounds([...new Set(cuts), ...behind(cuts, bounds.at(-1) ?? 0n, last)]);
}

/** More of them would take too much memory. */
const mostListed = 100_000;

/** All equally far apart, so that the server finds the range of a key by a division. */
function evenBoundsOf(
  { start, end, bins: evenBins }: NonNullable<Region['even']>,
  { ranges, bins, last }: { readonly ranges: bigint; readonly bins: bigint; readonly last: bigint },
): KeyBounds {
  const all = BigInt(evenBins) * ranges;
  const rounded = ((end - start) * bins + all / 2n) / all;
  const step = rounded < 1n ? 1n : rounded;
  const until = last >= end ? last + 1n : end;
  return evenBounds(start, step, Number((until - start - 1n) / step) + 1);
}

/** As far apart as these are on average, from one key to another. */
function behind(cuts: readonly bigint[], from: bigint, to: bigint): bigint[] {
  const [first, count] = [cuts[0], BigInt(cuts.length)];
  if (first === undefined || to <= from) return [];
  const average = (from - first) / count;
  const step = average < 1n ? 1n : average;
  return Array.from({ length: Number((to - from) / step) + 1 }, (_, index) => from + BigInt(index) * step);
}
