import type { Verdict } from '../checks/verdict.ts';
import { decimal, hundred } from '../numbers/decimal.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { type Row, type Side, sides } from '../sources.ts';
import { inCommonTerms } from './common-terms.ts';
import type { ComparedColumns } from './compared-columns.ts';
import type { Pair } from './merge.ts';
import type { RowComparisonResult, RowCounts, RowDifference } from './result.ts';
import { agree } from './values.ts';

/** The same as it was read: of a key that repeats, the first row of either side. */
export interface JudgedRow extends RowDifference {
  readonly legacy: Row | undefined;
  readonly new: Row | undefined;
  /** Its place in the order of all keys, from 0; NaN where not all keys were read. */
  readonly position: number;
}

/**
 * Counts what the pairs of a merge say. Pure but for its own counters: feed it every pair, then ask for the result.
 * `confirming`: keys, as JSON, that differed before; only these may differ now, any other counts as agreeing.
 */
export function createRowJudge(
  comparison: RowComparison,
  { key, values, problems }: ComparedColumns,
  confirming?: ReadonlySet<string>,
) {
  const counts = { agree: 0, differ: 0, repeatedKeys: 0, unread: 0, confirmed: 0, newly: 0 };
  const rows = { legacy: 0, new: 0 };
  const only = { legacy: 0, new: 0 };
  const repeated = { legacy: 0, new: 0 };
  const nullKeys = { legacy: 0, new: 0 };
  const differ = values.map(() => 0);
  const places = new Map(values.map((column, index) => [column, index]));
  const rules = values.map((name) => comparison.columns[name]);
  const add = (to: Record<Side, number>, pair: Pair): void => {
    for (const side of sides) to[side] += pair[side].count;
  };

  /** Where no codes are mapped, the same text agrees. */
  const same = values.map((column) => comparison.columns[column]?.mapping === undefined);
  const differences = (legacy: Row, now: Row): RowDifference['values'] => {
    const found: RowDifference['values'][number][] = [];
    for (let index = 0; index < values.length; index += 1) {
      const [mine, theirs] = [legacy[key.length + index] ?? null, now[key.length + index] ?? null];
      if (mine === theirs && same[index] === true) continue;
      const rule = rules[index];
      const one = inCommonTerms(mine, rule?.mapping?.legacy);
      const other = inCommonTerms(theirs, rule?.mapping?.new);
      if (one.known && other.known && agree(one.value, other.value, rule?.tolerance)) continue;
      found.push({ column: values[index] ?? '', legacy: mine, new: theirs });
    }
    return found;
  };
  /** What does not agree in a pair. */
  const judge = (pair: Pair): RowDifference | undefined => {
    const { key: name, legacy, new: now } = pair;
    if (name.includes(null)) return { key: name, what: 'nullKey', values: [] };
    if (legacy.count > 1 || now.count > 1) return { key: name, what: 'repeated', values: [] };
    if (legacy.row === undefined || now.row === undefined) return oneSided(pair);
    const found = differences(legacy.row, now.row);
    return found.length === 0 ? undefined : { key: name, what: 'differs', values: found };
  };
  const oneSided = ({ key: name, legacy, new: now }: Pair): RowDifference => ({
    key: name,
    what: now.row === undefined ? 'onlyLegacy' : 'onlyNew',
    values: values.flatMap((column, index) => {
      const at = key.length + index;
      const both = { legacy: legacy.row?.[at] ?? null, new: now.row?.[at] ?? null };
      return both.legacy === null && both.new === null ? [] : [{ column, ...both }];
    }),
  });

  const count = (pair: Pair, difference: RowDifference): void => {
    switch (difference.what) {
      case 'nullKey':
        return add(nullKeys, pair);
      case 'repeated':
        counts.repeatedKeys += 1;
        return add(repeated, pair);
      case 'differs':
        counts.differ += 1;
        for (const { column } of difference.values) {
          const index = places.get(column) ?? 0;
          differ[index] = (differ[index] ?? 0) + 1;
        }
        return;
      case 'onlyLegacy':
      case 'onlyNew':
        add(only, pair);
    }
  };

  return {
    /** What does not agree; undefined where both sides say the same. */
    take(pair: Pair): RowDifference | undefined {
      add(rows, pair);
      const difference = judge(pair);
      const settled = difference === undefined || confirming === undefined || confirming.has(JSON.stringify(pair.key));
      if (difference === undefined || !settled) {
        counts.agree += 1;
        counts.newly += settled ? 0 : 1;
        return undefined;
      }
      counts.confirmed += 1;
      count(pair, difference);
      return difference;
    },
    /** Rows that both sides have once and alike, which need no look. */
    agreed(count: number): void {
      counts.agree += count;
      for (const side of sides) rows[side] += count;
    },
    /** Keys that are known not to agree and that nobody looks at: they are more than can be. */
    unread(more: Readonly<Record<'both' | 'onlyLegacy' | 'onlyNew', number>>): void {
      counts.differ += more.both;
      only.legacy += more.onlyLegacy;
      only.new += more.onlyNew;
      rows.legacy += more.both + more.onlyLegacy;
      rows.new += more.both + more.onlyNew;
      counts.unread += more.both + more.onlyLegacy + more.onlyNew;
    },
    /** Everything that a result says but why rows do not agree. `ended`: why not all rows were compared. */
    result(ended?: string): Omit<RowComparisonResult, 'causes' | 'explanations' | 'integrity' | 'evidence'> {
      const measured = {
        rows,
        agree: counts.agree,
        differ: counts.differ,
        only,
        repeated: { keys: counts.repeatedKeys, rows: repeated },
        nullKeys,
      };
      const empty = sum(rows) === 0 ? ['Neither system has any row to compare.'] : [];
      const reasons = [...problems, ...empty, ...(ended === undefined ? [] : [ended])];
      const { name, title, agreement } = comparison;
      return {
        comparison: name,
        title,
        agreement,
        verdict: verdictOf(measured, agreement, reasons.length > 0),
        reason: reasons.join(' '),
        ...measured,
        columns: values.map((column, index) => ({ column, differ: differ[index] ?? 0 })),
        unread: counts.unread,
        unsettled: confirming === undefined ? null : confirming.size - counts.confirmed + counts.newly,
      };
    },
  };
}

type Counts = Pick<RowComparisonResult, 'agree' | 'differ' | 'only' | 'repeated' | 'nullKeys'>;

/** Exactly at the agreement that is asked for is too little (L136: "> 99.5 %"), unless all is asked for. */
function verdictOf(counts: Counts, agreement: string, incomplete: boolean): Verdict {
  const all = keysOf(counts);
  const share = decimal(String(counts.agree)).times(hundred);
  const enough = counts.agree === all || share.gt(decimal(agreement).times(decimal(String(all))));
  if (!enough) return 'fail';
  return incomplete ? 'error' : 'pass';
}

/** Keys that either side has; one that repeats counts once, and each row whose key is NULL. */
function keysOf({ agree: same, differ, only, repeated, nullKeys }: Counts): number {
  return same + differ + sum(only) + repeated.keys + sum(nullKeys);
}

const sum = (both: RowCounts): number => both.legacy + both.new;

/**
 * How much agrees: rows that agree in all columns, of all that either side has (a key that repeats is one), and the
 * percentage, cut to two decimals, so that it is 100 only when everything agrees.
 */
export function agreementOf(result: RowComparisonResult): {
  readonly agree: number;
  readonly all: number;
  readonly percent: string;
} {
  const all = keysOf(result);
  const percent = all === 0 ? '0' : String(Math.floor((result.agree * 10_000) / all) / 100);
  return { agree: result.agree, all, percent };
}
