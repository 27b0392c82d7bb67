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

/** The histogram of a column of unique values as the server sampled it, and how far rows lie in its order. */
export const histogramQuery = ({
  tableID,
  columnID,
}: {
  readonly tableID: number;
  readonly columnID: number;
}): string => `
  SELECT s.histogram_bounds::text, s.correlation::text FROM pg_stats s
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

/**
 * Bounds that are about `each` of `all` rows apart. Between two bounds of the histogram the keys are taken to lie evenly:
 * where they don't, ranges differ in size. Undefined without statistics or order.
 */
export function boundsOf(
  statistics: Row | undefined,
  { all, each }: { readonly all: number; readonly each: number },
): KeyBounds | undefined {
  const [histogram, correlation] = statistics ?? [];
  if (histogram == null || Math.abs(Number(correlation ?? 0)) < inOrder) return undefined;
  const bounds = histogram
    .slice(1, -1)
    .split(',')
    .filter((bound) => bound !== '')
    .map(BigInt);
  const bins = Math.max(1, bounds.length - 1);
  const even = nearlyEven(bounds, Math.ceil(all / each));
  if (even !== undefined) return even;
  const parts = Math.max(1, Math.round(Math.min(all / each, mostListed) / bins));
  const every = Math.max(1, Math.round((each * bins) / Math.max(1, all)));
  const cuts = bounds.flatMap((bound, index) => {
    const next = bounds[index + 1];
    if (next === undefined || index % every > 0) return [];
    return Array.from({ length: parts }, (_, part) => bound + ((next - bound) * BigInt(part)) / BigInt(parts));
  });
  return listedBounds([...new Set(cuts)]);
}

/** More of them would take too much memory. */
const mostListed = 100_000;
const fewestBins = 10;

/**
 * The same, all equally far apart, so that the server finds the range of a key by a division: where the histogram's bins
 * are about as wide as one another, but for keys far out at either end. Undefined where they are not.
 */
function nearlyEven(bounds: readonly bigint[], ranges: number): KeyBounds | undefined {
  const widths = bounds.slice(1).map((bound, index) => bound - (bounds[index] ?? bound));
  const median = widths.toSorted((one, other) => (one < other ? -1 : 1))[Math.floor(widths.length / 2)];
  if (median === undefined || widths.length < fewestBins) return undefined;
  const typical = widths.map((width) => width <= 2n * median);
  const [first, last] = [typical.indexOf(true), typical.lastIndexOf(true) + 1];
  const [start, end] = [bounds[first] ?? 0n, bounds[last] ?? 0n];
  if (end <= start || typical.slice(first, last).includes(false)) return undefined;
  const all = BigInt(last - first) * BigInt(ranges);
  const rounded = ((end - start) * BigInt(widths.length) + all / 2n) / all;
  const step = rounded < 1n ? 1n : rounded;
  return evenBounds(start, step, Number((end - start - 1n) / step) + 1);
}
