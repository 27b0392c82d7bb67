import type { RowComparisonResult, RowCounts, Verdict } from '../checks/run.ts';
import { decimal, hundred } from '../numbers/decimal.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { type Column, type Row, type Side, sides } from '../sources.ts';
import type { Pair } from './merge.ts';
import { agree } from './values.ts';

/** A key that does not agree, with its values: for whoever may see rows. */
export interface RowDifference {
  readonly key: readonly (string | null)[];
  readonly what: 'differs' | 'onlyLegacy' | 'onlyNew' | 'repeated' | 'nullKey';
  /** Of `differs`: each column that differs. */
  readonly values: readonly { readonly column: string; readonly legacy: string | null; readonly new: string | null }[];
}

/** The columns that are compared, in the order in which both sides are read: the key first. */
export interface ComparedColumns {
  readonly key: readonly string[];
  readonly values: readonly string[];
  /** In words, what keeps the comparison from being whole. */
  readonly problems: readonly string[];
  /** True: a part of the key is missing, and nothing can be compared. */
  readonly unreadable: boolean;
}

/** Which columns both sides have. One that only one has is a problem, unless it is ignored: it would go unnoticed. */
export function comparedColumns(
  { key, ignore, columns }: RowComparison,
  found: Readonly<Record<Side, readonly Column[]>>,
): ComparedColumns {
  const names = { legacy: found.legacy.map(({ name }) => name), new: found.new.map(({ name }) => name) };
  const missing = key.flatMap((name) =>
    sides.filter((side) => !names[side].includes(name)).map((side) => `The ${side} query has no key column ${name}.`),
  );
  const compared = names.legacy.filter(
    (name) => names.new.includes(name) && !key.includes(name) && !ignore.includes(name),
  );
  const alone = sides.flatMap((side) =>
    names[side]
      .filter((name) => !names[side === 'legacy' ? 'new' : 'legacy'].includes(name))
      .filter((name) => !key.includes(name) && !ignore.includes(name))
      .map((name) => `Only the ${side} query has the column ${name}: name it alike on both sides, or ignore it.`),
  );
  const unknown = Object.keys(columns)
    .filter((name) => !compared.includes(name))
    .map((name) => `The playbook speaks of the column ${name}, which is not compared.`);
  return { key, values: compared, problems: [...missing, ...alone, ...unknown], unreadable: missing.length > 0 };
}

export const examplesKept = 20;

/**
 * Counts what the pairs of a merge say. Pure but for its own counters: feed it every pair, then ask for the result.
 */
export function createRowJudge(comparison: RowComparison, { key, values, problems }: ComparedColumns) {
  const counts = { agree: 0, differ: 0, repeatedKeys: 0 };
  const rows = { legacy: 0, new: 0 };
  const only = { legacy: 0, new: 0 };
  const repeated = { legacy: 0, new: 0 };
  const nullKeys = { legacy: 0, new: 0 };
  const differ = values.map(() => 0);
  const rules = values.map((name) => comparison.columns[name]);
  const examples: RowDifference[] = [];
  const keep = (difference: RowDifference): void => {
    if (examples.length < examplesKept) examples.push(difference);
  };
  const add = (to: Record<Side, number>, pair: Pair): void => {
    for (const side of sides) to[side] += pair[side].count;
  };

  const compare = (pair: Pair, legacy: Row, now: Row): void => {
    const found = values.flatMap((column, index) => {
      const rule = rules[index];
      const one = mapped(legacy[key.length + index] ?? null, rule?.mapping?.legacy);
      const other = mapped(now[key.length + index] ?? null, rule?.mapping?.new);
      const same = one.known && other.known && agree(one.value, other.value, rule?.tolerance);
      if (same) return [];
      differ[index] = (differ[index] ?? 0) + 1;
      return [{ column, legacy: legacy[key.length + index] ?? null, new: now[key.length + index] ?? null }];
    });
    if (found.length === 0) counts.agree += 1;
    else {
      counts.differ += 1;
      keep({ key: pair.key, what: 'differs', values: found });
    }
  };

  return {
    take(pair: Pair): void {
      add(rows, pair);
      if (pair.key.includes(null)) {
        add(nullKeys, pair);
        keep({ key: pair.key, what: 'nullKey', values: [] });
      } else if (pair.legacy.count > 1 || pair.new.count > 1) {
        counts.repeatedKeys += 1;
        add(repeated, pair);
        keep({ key: pair.key, what: 'repeated', values: [] });
      } else if (pair.legacy.row === undefined || pair.new.row === undefined) {
        add(only, pair);
        keep({ key: pair.key, what: pair.new.row === undefined ? 'onlyLegacy' : 'onlyNew', values: [] });
      } else compare(pair, pair.legacy.row, pair.new.row);
    },
    result(): RowsMeasured {
      const measured = {
        rows,
        agree: counts.agree,
        differ: counts.differ,
        only,
        repeated: { keys: counts.repeatedKeys, rows: repeated },
        nullKeys,
      };
      const empty = sum(rows) === 0 ? ['Neither system has any row to compare.'] : [];
      const reasons = [...problems, ...empty];
      const { name, title, agreement } = comparison;
      const result = {
        comparison: name,
        title,
        agreement,
        verdict: verdictOf(measured, agreement, reasons.length > 0),
        reason: reasons.join(' '),
        ...measured,
        columns: values.map((column, index) => ({ column, differ: differ[index] ?? 0 })),
      };
      return { result, examples };
    },
  };
}

/** What a comparison came to, and the first keys that do not agree. */
export interface RowsMeasured {
  readonly result: RowComparisonResult;
  readonly examples: readonly RowDifference[];
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

/** A code in common terms. A code that a declared mapping lacks agrees with nothing: nobody said what it means. */
function mapped(
  value: string | null,
  codes: Readonly<Record<string, string>> | undefined,
): { readonly value: string | null; readonly known: boolean } {
  if (codes === undefined || value === null) return { value, known: true };
  const common = Object.hasOwn(codes, value) ? codes[value] : undefined;
  return common === undefined ? { value, known: false } : { value: common, known: true };
}

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
