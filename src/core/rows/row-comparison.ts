import type { Verdict } from '../checks/run.ts';
import type { RowComparison } from '../playbook/playbook.ts';
import { type Column, type Row, type Side, sides } from '../sources.ts';
import type { Pair } from './merge.ts';
import { agree } from './values.ts';

type BySide = Readonly<Record<Side, number>>;

/** What came of comparing two relations row by row. Every row is in exactly one of the counts. */
export interface RowComparisonResult {
  readonly comparison: string;
  readonly title: string;
  readonly verdict: Verdict;
  /** Why it is an error, or what else has to be known; empty where there is nothing to say. */
  readonly reason: string;
  /** Rows read. */
  readonly rows: BySide;
  /** Keys that both have once, and whose compared columns all agree; or not. */
  readonly agree: number;
  readonly differ: number;
  /** Keys that one side has, once. */
  readonly only: BySide;
  /** Keys that at least one side has more than once: how many, and the rows that they take. They are never matched. */
  readonly repeated: { readonly keys: number; readonly rows: BySide };
  /** Rows of which some part of the key is NULL. They are never matched. */
  readonly nullKeys: BySide;
  /** Compared columns, in order, with how many keys differ in them. */
  readonly columns: readonly { readonly column: string; readonly differ: number }[];
  /** The first that do not agree, for whoever may see rows. */
  readonly examples: readonly RowDifference[];
}

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
    result(): RowComparisonResult {
      const wrong = counts.differ + counts.repeatedKeys + sum(only) + sum(nullKeys) > 0;
      const empty = sum(rows) === 0 ? ['Neither system has any row to compare.'] : [];
      const reasons = [...problems, ...empty];
      return {
        comparison: comparison.name,
        title: comparison.title,
        verdict: wrong ? 'fail' : reasons.length > 0 ? 'error' : 'pass',
        reason: reasons.join(' '),
        rows,
        agree: counts.agree,
        differ: counts.differ,
        only,
        repeated: { keys: counts.repeatedKeys, rows: repeated },
        nullKeys,
        columns: values.map((column, index) => ({ column, differ: differ[index] ?? 0 })),
        examples,
      };
    },
  };
}

const sum = (both: BySide): number => both.legacy + both.new;

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
  const { agree: same, differ, only, repeated, nullKeys } = result;
  const all = same + differ + sum(only) + repeated.keys + sum(nullKeys);
  const percent = all === 0 ? '0' : String(Math.floor((same * 10_000) / all) / 100);
  return { agree: same, all, percent };
}
