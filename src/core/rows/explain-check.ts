import { keyOf, unmapped } from '../checks/read-rows.ts';
import type { Finding } from '../checks/run.ts';
import { suppressedGroups } from '../checks/suppress.ts';
import { type Decimal, decimal, decimalText, quotientText, zero } from '../numbers/decimal.ts';
import type { Check, ExplainedBy, ExplainedGrowth, GrowthCheck, RowComparison } from '../playbook/playbook.ts';
import { type Row, type Side, sides } from '../sources.ts';
import { type CauseInTheMaking, createCause } from './causes.ts';
import { valueReader } from './common-terms.ts';
import { type GrowthShares, growthShares, type YearFigures } from './growth-figures.ts';
import type { Cause, Explanation } from './result.ts';
import type { ComparedColumns } from './compared-columns.ts';
import type { JudgedRow } from './row-comparison.ts';

export type CheckToExplain =
  | (Exclude<Check, { readonly kind: 'growth' }> & { readonly explainedBy: ExplainedBy })
  | (GrowthCheck & { readonly explainedBy: ExplainedGrowth });

/** A check that failed, with the findings that are to be explained. */
export interface ToExplain {
  readonly check: CheckToExplain;
  /** Of a growth check: what it measured of each year. */
  readonly years?: YearFigures;
  readonly findings: readonly Finding[];
  /** Names of causes whose amounts an earlier run had to hide: they stay hidden (see `causeName`). */
  readonly hidden: ReadonlySet<string>;
}

/** A cause has one name from day to day: the column that differs, or what happened to the row. */
export const causeName = ({ what, column }: Pick<Cause, 'what' | 'column'>): string => column ?? what;

/** What a row adds to the figure of a group, or to a growth's numerator (see `growthShares`). */
interface Contribution {
  readonly key: string;
  readonly amount: Decimal;
}

/**
 * Splits the variance of a check's findings into causes by the rows that do not agree. Every such row is in one part at
 * most, so the parts and what is left over add up exactly.
 */
export function createExplainer(
  { check, findings, hidden, years }: ToExplain,
  comparison: RowComparison,
  columns: ComparedColumns,
): {
  take(row: JudgedRow): void;
  /** A further row of a key that repeats, or of one with NULL in it. */
  takeFurther(side: Side, row: Row): void;
  /** `pairs`: how many keys either side has in all. */
  result(pairs: number): Explanation[];
} {
  const contributionsOf = contributions({ check, comparison, columns, years });
  const order = decidingColumns(check, comparison);
  const reason = missingColumns({ check, columns });
  const shares = (finding: Finding) => (years === undefined ? undefined : growthShares(years, Number(finding.key)));
  const parts = new Map(findings.map(({ key }) => [key, new Map<string, Part>()]));

  const add = (
    what: JudgedRow['what'],
    column: string | null,
    { key, amount }: Contribution,
    row?: JudgedRow,
  ): void => {
    const ofFinding = parts.get(key);
    const once = what !== 'repeated' && what !== 'nullKey';
    if (ofFinding === undefined || (once && amount.eq(0))) return;
    const name = causeName({ what, column });
    const part = ofFinding.get(name) ?? { cause: createCause(what, column, comparison, columns), amount: zero };
    if (row !== undefined) part.cause.take(row, amount.abs());
    ofFinding.set(name, { cause: part.cause, amount: part.amount.plus(amount) });
  };

  return {
    take(row) {
      const differing = row.values.map(({ column }) => column);
      const column = row.what === 'differs' ? order.find((name) => differing.includes(name)) : null;
      // It differs in nothing that this check looks at.
      if (column === undefined) return;
      for (const change of changesOf(row, contributionsOf)) add(row.what, column, change, row);
    },
    takeFurther(side, row) {
      const what = row.slice(0, columns.key.length).includes(null) ? 'nullKey' : 'repeated';
      for (const { key, amount } of contributionsOf(row, side)) {
        add(what, null, { key, amount: side === 'legacy' ? amount.neg() : amount });
      }
    },
    result: (pairs) =>
      findings.map((finding) =>
        explanationOf(check, finding, {
          made: parts.get(finding.key) ?? new Map(),
          pairs,
          reason,
          before: hidden,
          of: shares(finding),
        }),
      ),
  };
}

interface Part {
  readonly cause: CauseInTheMaking;
  readonly amount: Decimal;
}

type ContributionsOf = (row: Row, side: Side) => readonly Contribution[];

/** What a row adds, if the check counts it. Amounts that are no plain numbers add nothing, as NULL adds nothing in SQL. */
function contributions({
  check,
  comparison,
  columns,
  years,
}: Pick<ToExplain, 'check'> & {
  readonly comparison: RowComparison;
  readonly columns: ComparedColumns;
  readonly years: YearFigures | undefined;
}): ContributionsOf {
  const { where, sum } = check.explainedBy;
  const reader = (column: string) => valueReader(comparison, columns, column);
  const conditions = Object.entries(where).map(([column, values]) => ({ read: reader(column), values }));
  const all = [...columns.key, ...columns.values];
  const by = check.kind === 'distribution' ? check.by.map(reader) : [];
  const amountAt = sum === undefined ? undefined : all.indexOf(sum);
  const yearOf = check.kind === 'growth' ? yearReader(check.explainedBy.year, reader) : undefined;
  return (row, side) => {
    for (const { read, values } of conditions) {
      const { value, known } = read?.(row, side) ?? { value: null, known: false };
      if (value === null || !known || !values.includes(value)) return [];
    }
    const text = amountAt === undefined ? '1' : (row[amountAt] ?? '');
    const amount = plainNumber.test(text) ? decimal(text) : zero;
    if (yearOf !== undefined) return years === undefined ? [] : ofGrowth(amount, yearOf(row, side), years);
    const codes = by.map((read) => {
      const { value, known } = read?.(row, side) ?? { value: null, known: false };
      return known ? (value ?? '(null)') : unmapped;
    });
    return [{ key: check.kind === 'distribution' ? keyOf(codes) : check.name, amount }];
  };
}

/** A row is in the growth of its year, and, as what that is measured by, in the growth of the next. */
function ofGrowth(amount: Decimal, year: number, years: YearFigures): Contribution[] {
  const [mine, next] = [growthShares(years, year), growthShares(years, year + 1)];
  return [
    ...(mine === undefined ? [] : [{ key: String(year), amount: amount.times(mine.inYear) }]),
    ...(next === undefined ? [] : [{ key: String(year + 1), amount: amount.times(next.inYearBefore) }]),
  ];
}

type Reader = ReturnType<typeof valueReader>;

/** NaN, which no finding is about, where a row says no year. */
function yearReader(year: string | number, reader: (column: string) => Reader): (row: Row, side: Side) => number {
  if (typeof year === 'number') return () => year;
  const read = reader(year);
  return (row, side) => {
    const { value } = read?.(row, side) ?? { value: null };
    return value !== null && /^\d{4}$/.test(value) ? Number(value) : Number.NaN;
  };
}

const plainNumber = /^-?\d+(\.\d+)?$/;

/** What decides whether a row counts, then where, then by how much. */
function decidingColumns(check: CheckToExplain, { segments }: RowComparison): string[] {
  const { where, sum } = check.explainedBy;
  return [
    ...Object.keys(where),
    ...placing(check),
    ...segments.map(({ column }) => column),
    ...(sum === undefined ? [] : [sum]),
  ];
}

/** The columns that decide in which group, or in which year, a row counts. */
function placing(check: CheckToExplain): readonly string[] {
  if (check.kind === 'distribution') return check.by;
  const year = check.kind === 'growth' ? check.explainedBy.year : undefined;
  return typeof year === 'string' ? [year] : [];
}

/** By how much a row changes the figures: of one group, or of two when it moved from one to the other. */
function changesOf(row: JudgedRow, contributionsOf: ContributionsOf): Contribution[] {
  const changes = new Map<string, Decimal>();
  for (const side of sides) {
    const of = row[side];
    for (const { key, amount } of of === undefined ? [] : contributionsOf(of, side)) {
      const signed = side === 'legacy' ? amount.neg() : amount;
      changes.set(key, (changes.get(key) ?? zero).plus(signed));
    }
  }
  return [...changes].map(([key, amount]) => ({ key, amount }));
}

/** Columns without which nobody can say what a row adds to a check. */
export function columnsSpokenOf(check: CheckToExplain): readonly string[] {
  const { where, sum } = check.explainedBy;
  return [...new Set([...Object.keys(where), ...placing(check), ...(sum === undefined ? [] : [sum])])];
}

/** Those of them that the comparison does not read. */
function missingColumns({ check, columns }: { check: CheckToExplain; columns: ComparedColumns }): string {
  const read = [...columns.key, ...columns.values];
  const missing = columnsSpokenOf(check).filter((column) => !read.includes(column));
  if (missing.length === 0) return '';
  return `It can't be explained: the comparison ${check.explainedBy.comparison} does not read ${missing.join(', ')}.`;
}

function explanationOf(
  check: CheckToExplain,
  finding: Finding,
  {
    made,
    pairs,
    reason,
    before,
    of,
  }: {
    readonly made: ReadonlyMap<string, Part>;
    readonly pairs: number;
    readonly reason: string;
    readonly before: ReadonlySet<string>;
    readonly of: GrowthShares | undefined;
  },
): Explanation {
  // Counts are in the digest already; an amount of few people would tell what they are paid.
  const people = [...made].map(([key, { cause }]) => ({
    key,
    legacy: decimal(String(cause.rows)),
    new: decimal(String(cause.rows)),
  }));
  const hidden = check.explainedBy.sum === undefined ? new Set<string>() : suppressedGroups(people, before);
  const sized = [...made]
    .map(([name, { cause, amount }]) => ({
      amount,
      part: { ...cause.result(pairs), suppressed: hidden.has(name) },
    }))
    .toSorted((one, other) => other.amount.abs().cmp(one.amount.abs()));
  const { difference, amounts } = told(
    finding,
    sized.map(({ amount }) => amount),
    of,
  );
  const explained = amounts.reduce((total, amount) => total.plus(amount), zero);
  return {
    check: check.name,
    key: finding.key,
    difference: decimalText(difference),
    parts: sized.map(({ part }, index) => ({ ...part, amount: decimalText(amounts[index] ?? zero) })),
    leftOver: decimalText(difference.minus(explained)),
    reason,
  };
}

/**
 * The difference and the parts as they are told. Those of a growth are quotients and rounded; where nothing is left over,
 * the largest takes what rounding makes of it, so that they add up.
 */
function told(
  { legacy, new: now, difference }: Finding,
  amounts: readonly Decimal[],
  of: GrowthShares | undefined,
): { readonly difference: Decimal; readonly amounts: readonly Decimal[] } {
  if (of === undefined) return { difference: decimal(now ?? '0').minus(decimal(legacy ?? '0')), amounts };
  const whole = decimal(difference ?? '0');
  const rounded = amounts.map((amount) => decimal(quotientText(amount, of.denominator) ?? '0'));
  const sum = (all: readonly Decimal[]): Decimal => all.reduce((total, one) => total.plus(one), zero);
  const [largest = zero, ...others] = rounded;
  const complete = rounded.length > 0 && sum(amounts).eq(of.all);
  return { difference: whole, amounts: complete ? [largest.plus(whole.minus(sum(rounded))), ...others] : rounded };
}
