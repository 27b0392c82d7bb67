import { keyOf, unmapped } from '../checks/read-rows.ts';
import type { Finding } from '../checks/run.ts';
import { suppressedGroups } from '../checks/suppress.ts';
import { type Decimal, decimal, decimalText, zero } from '../numbers/decimal.ts';
import type { Check, ExplainedBy, RowComparison } from '../playbook/playbook.ts';
import { type Row, type Side, sides } from '../sources.ts';
import { type CauseInTheMaking, createCause } from './causes.ts';
import { valueReader } from './common-terms.ts';
import type { Cause, Explanation } from './result.ts';
import type { ComparedColumns } from './compared-columns.ts';
import type { JudgedRow } from './row-comparison.ts';

/** A check that failed, with the findings that are to be explained. */
export interface ToExplain {
  readonly check: Exclude<Check, { readonly kind: 'growth' }> & { readonly explainedBy: ExplainedBy };
  readonly findings: readonly Finding[];
  /** Names of causes whose amounts an earlier run had to hide: they stay hidden (see `causeName`). */
  readonly hidden: ReadonlySet<string>;
}

/** A cause has one name from day to day: the column that differs, or what happened to the row. */
export const causeName = ({ what, column }: Pick<Cause, 'what' | 'column'>): string => column ?? what;

/** What a row adds to the figure of a group. */
interface Contribution {
  readonly key: string;
  readonly amount: Decimal;
}

/**
 * Splits the variance of a check's findings into causes by the rows that do not agree. Every such row is in one part at
 * most, so the parts and what is left over add up exactly.
 */
export function createExplainer(
  { check, findings, hidden }: ToExplain,
  comparison: RowComparison,
  columns: ComparedColumns,
): {
  take(row: JudgedRow): void;
  /** A further row of a key that repeats, or of one with NULL in it. */
  takeFurther(side: Side, row: Row): void;
  /** `pairs`: how many keys either side has in all. */
  result(pairs: number): Explanation[];
} {
  const contributionOf = contributions(check, comparison, columns);
  const order = decidingColumns(check, comparison);
  const reason = missingColumns({ check, columns });
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
      for (const change of changesOf(row, contributionOf)) add(row.what, column, change, row);
    },
    takeFurther(side, row) {
      const contribution = contributionOf(row, side);
      if (contribution === undefined) return;
      const amount = side === 'legacy' ? contribution.amount.neg() : contribution.amount;
      const what = row.slice(0, columns.key.length).includes(null) ? 'nullKey' : 'repeated';
      add(what, null, { key: contribution.key, amount });
    },
    result: (pairs) =>
      findings.map((finding) =>
        explanationOf(check, finding, { made: parts.get(finding.key) ?? new Map(), pairs, reason, before: hidden }),
      ),
  };
}

interface Part {
  readonly cause: CauseInTheMaking;
  readonly amount: Decimal;
}

type ContributionOf = (row: Row, side: Side) => Contribution | undefined;

/** What a row adds, if the check counts it. Amounts that are no plain numbers add nothing, as NULL adds nothing in SQL. */
function contributions(check: ToExplain['check'], comparison: RowComparison, columns: ComparedColumns): ContributionOf {
  const { where, sum } = check.explainedBy;
  const reader = (column: string) => valueReader(comparison, columns, column);
  const conditions = Object.entries(where).map(([column, values]) => ({ read: reader(column), values }));
  const all = [...columns.key, ...columns.values];
  const by = check.kind === 'distribution' ? check.by.map(reader) : [];
  const amountAt = sum === undefined ? undefined : all.indexOf(sum);
  return (row, side) => {
    for (const { read, values } of conditions) {
      const { value, known } = read?.(row, side) ?? { value: null, known: false };
      if (value === null || !known || !values.includes(value)) return undefined;
    }
    const codes = by.map((read) => {
      const { value, known } = read?.(row, side) ?? { value: null, known: false };
      return known ? (value ?? '(null)') : unmapped;
    });
    const key = check.kind === 'distribution' ? keyOf(codes) : check.name;
    const text = amountAt === undefined ? '1' : (row[amountAt] ?? '');
    return { key, amount: plainNumber.test(text) ? decimal(text) : zero };
  };
}

const plainNumber = /^-?\d+(\.\d+)?$/;

/** What decides whether a row counts, then where, then by how much. */
function decidingColumns(check: ToExplain['check'], { segments }: RowComparison): string[] {
  const { where, sum } = check.explainedBy;
  return [
    ...Object.keys(where),
    ...(check.kind === 'distribution' ? check.by : []),
    ...segments.map(({ column }) => column),
    ...(sum === undefined ? [] : [sum]),
  ];
}

/** By how much a row changes the figures: of one group, or of two when it moved from one to the other. */
function changesOf(row: JudgedRow, contributionOf: ContributionOf): Contribution[] {
  const changes = new Map<string, Decimal>();
  for (const side of sides) {
    const of = row[side];
    const contribution = of === undefined ? undefined : contributionOf(of, side);
    if (contribution === undefined) continue;
    const { key, amount } = contribution;
    const signed = side === 'legacy' ? amount.neg() : amount;
    changes.set(key, (changes.get(key) ?? zero).plus(signed));
  }
  return [...changes].map(([key, amount]) => ({ key, amount }));
}

/** Columns of which `explainedBy` speaks and which the comparison does not read. */
function missingColumns({ check, columns }: { check: ToExplain['check']; columns: ComparedColumns }): string {
  const { where, sum, comparison } = check.explainedBy;
  const wanted = [
    ...Object.keys(where),
    ...(check.kind === 'distribution' ? check.by : []),
    ...(sum === undefined ? [] : [sum]),
  ];
  const read = [...columns.key, ...columns.values];
  const missing = [...new Set(wanted)].filter((column) => !read.includes(column));
  if (missing.length === 0) return '';
  return `It can't be explained: the comparison ${comparison} does not read ${missing.join(', ')}.`;
}

function explanationOf(
  check: ToExplain['check'],
  finding: Finding,
  {
    made,
    pairs,
    reason,
    before,
  }: {
    readonly made: ReadonlyMap<string, Part>;
    readonly pairs: number;
    readonly reason: string;
    readonly before: ReadonlySet<string>;
  },
): Explanation {
  const difference = decimal(finding.new ?? '0').minus(decimal(finding.legacy ?? '0'));
  // Counts are in the digest already; an amount of few people would tell what they are paid.
  const people = [...made].map(([key, { cause }]) => ({
    key,
    legacy: decimal(String(cause.rows)),
    new: decimal(String(cause.rows)),
  }));
  const hidden = check.explainedBy.sum === undefined ? new Set<string>() : suppressedGroups(people, before);
  const parts = [...made]
    .map(([name, { cause, amount }]) => ({
      amount,
      part: { ...cause.result(pairs), amount: decimalText(amount), suppressed: hidden.has(name) },
    }))
    .toSorted((one, other) => other.amount.abs().cmp(one.amount.abs()));
  const explained = parts.reduce((total, { amount }) => total.plus(amount), zero);
  return {
    check: check.name,
    key: finding.key,
    difference: decimalText(difference),
    parts: parts.map(({ part }) => part),
    leftOver: decimalText(difference.minus(explained)),
    reason,
  };
}
