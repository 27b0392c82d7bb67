import { type Decimal, decimal, decimalText, hundred, quotientText, varianceText, zero } from '../numbers/decimal.ts';
import type { Check, DistributionCheck, GrowthCheck } from '../playbook/playbook.ts';
import type { Rows, Side } from '../sources.ts';
import { type Comparison, compare, compareOneSided } from './compare.ts';
import { type Groups, readGroups, readScalar, readYears, someOf, Unmeasurable } from './read-rows.ts';
import type { CheckResult, Finding } from './run.ts';
import type { Verdict } from './verdict.ts';
import { suppressedGroups } from './suppress.ts';

/** What measuring adds to a check's declaration. */
export type Measurement = Pick<CheckResult, 'verdict' | 'reason' | 'findings'>;

/**
 * Compares what the two queries of a check gave. Pure. Whatever can't be measured is `error`, with why; it is never
 * taken for a smaller figure. `already`: keys that an earlier run had to hide.
 */
export function measureCheck(
  check: Check,
  rows: Readonly<Record<Side, Rows>>,
  already: ReadonlySet<string> = new Set(),
): Measurement {
  try {
    const findings = findingsOf(check, rows, already);
    if (findings.length === 0)
      return { verdict: 'error', reason: 'Neither system has any group to compare.', findings };
    return { verdict: worst(findings.map(({ verdict }) => verdict)), reason: '', findings };
  } catch (error) {
    if (!(error instanceof Unmeasurable)) throw error;
    return { verdict: 'error', reason: error.message, findings: [] };
  }
}

/** A failure is news before what could not be measured, and only all passes are a pass. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.includes('error') || verdicts.length === 0 ? 'error' : 'pass';
}

function findingsOf(check: Check, rows: Readonly<Record<Side, Rows>>, already: ReadonlySet<string>): Finding[] {
  switch (check.kind) {
    case 'scalar': {
      const comparison = compare(readScalar(rows.legacy, 'legacy'), readScalar(rows.new, 'new'), check.tolerance);
      return [finding(check, check.name, comparison)];
    }
    case 'distribution':
      return distribution(check, readGroups(check, rows.legacy, 'legacy'), readGroups(check, rows.new, 'new'), already);
    case 'growth':
      return growth(check, readYears(rows.legacy, 'legacy'), readYears(rows.new, 'new'));
  }
}

function finding(check: Check, key: string, comparison: Comparison, suppressed = false): Finding {
  const { amount: tolerance, unit } = check.tolerance;
  return { check: check.name, key, ...comparison, unit, tolerance, suppressed };
}

function distribution(check: DistributionCheck, legacy: Groups, now: Groups, already: ReadonlySet<string>): Finding[] {
  const keys = [...new Set([...legacy.values.keys(), ...now.values.keys()])].sort(byKey);
  const hidden = suppressedGroups(
    keys.map((key) => ({ key, legacy: legacy.people.get(key) ?? null, new: now.people.get(key) ?? null })),
    already,
  );
  return keys.map((key) => finding(check, key, compareGroup(check, key, legacy, now), hidden.has(key)));
}

function compareGroup(check: DistributionCheck, key: string, legacy: Groups, now: Groups): Comparison {
  const before = legacy.values.get(key);
  const after = now.values.get(key);
  const compared =
    before !== undefined && after !== undefined
      ? compare(before, after, check.tolerance)
      : before !== undefined
        ? compareOneSided('legacy', before, check.tolerance)
        : compareOneSided('new', after ?? zero, check.tolerance);

  const unreadable = unreadableReason(key, legacy, now);
  if (unreadable !== undefined) return { ...compared, variance: null, verdict: 'error', reason: unreadable };
  const strangers = unknownReason(key, legacy, now);
  if (strangers !== undefined) return { ...compared, verdict: 'fail', reason: strangers };
  if (before === undefined && isNewOnly(check, now.codes.get(key) ?? [])) {
    return { ...compared, verdict: 'pass', reason: 'Declared to be in the new system only.' };
  }
  return compared;
}

function isNewOnly(check: DistributionCheck, codes: readonly string[]): boolean {
  return check.by.some((column, index) => check.newOnly[column]?.includes(codes[index] ?? '') === true);
}

/** What could not be read is counted, and the other side shows how much it may hide. */
function unreadableReason(key: string, legacy: Groups, now: Groups): string | undefined {
  const parts = (
    [
      ['legacy', legacy, now],
      ['new', now, legacy],
    ] as const
  ).flatMap(([side, mine, other]) => {
    const rows = mine.unreadable.get(key);
    if (rows === undefined) return [];
    const theirs = other.unreadable.has(key) ? undefined : other.values.get(key);
    const amount = theirs?.minus(mine.values.get(key) ?? zero);
    const hides = amount === undefined ? 'an amount that nobody can tell' : decimalText(amount);
    return [
      `${rows === 1 ? '1 figure' : `${rows} figures`} of the ${side} system can't be read as a number, hiding ${hides}.`,
    ];
  });
  return parts.length === 0 ? undefined : parts.join(' ');
}

function unknownReason(key: string, legacy: Groups, now: Groups): string | undefined {
  const parts = (
    [
      ['legacy', legacy],
      ['new', now],
    ] as const
  ).flatMap(([side, groups]) => {
    const gathered = groups.unknown.get(key);
    if (gathered === undefined) return [];
    const codes = gathered.codes.size === 1 ? 'code' : 'codes';
    const rows = gathered.rows === 1 ? '1 row' : `${gathered.rows} rows`;
    return [`The mapping does not know the ${side} ${codes} ${someOf(gathered.codes)} (in ${rows}).`];
  });
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** Year-over-year growth on both sides, and their difference in percentage points (requirements, second part, 8). */
function growth(check: GrowthCheck, legacy: Map<number, Decimal>, now: Map<number, Decimal>): Finding[] {
  const [first, last] = check.years;
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const year = first + index;
    return finding(check, String(year), compareGrowth(year, legacy, now, check.tolerance.amount));
  });
}

function compareGrowth(
  year: number,
  legacy: Map<number, Decimal>,
  now: Map<number, Decimal>,
  tolerance: string,
): Comparison {
  const [before, after] = [legacy, now].map((years) => [years.get(year - 1), years.get(year)] as const);
  const rate = (pair: readonly [Decimal | undefined, Decimal | undefined] | undefined): string | null => {
    const [from, to] = pair ?? [];
    if (from === undefined || to === undefined) return null;
    return quotientText(to.minus(from).times(hundred), from) ?? null;
  };
  const rates = { legacy: rate(before), new: rate(after) };
  const [l0, l1] = before ?? [];
  const [n0, n1] = after ?? [];
  if (l0 === undefined || l1 === undefined || n0 === undefined || n1 === undefined || l0.eq(0) || n0.eq(0)) {
    return { ...rates, difference: null, variance: null, verdict: 'error', reason: whyNoGrowth(year, legacy, now) };
  }
  // n1/n0 - l1/l0 over the common denominator, so that the verdict is exact.
  const base = n0.times(l0);
  const points = n1.times(l0).minus(l1.times(n0)).times(hundred);
  const within = points.abs().lte(decimal(tolerance).times(base.abs()));
  return {
    ...rates,
    difference: quotientText(points, base) ?? null,
    variance: varianceText(points.abs(), base.abs()) ?? null,
    verdict: within ? 'pass' : 'fail',
    reason: '',
  };
}

function whyNoGrowth(year: number, legacy: Map<number, Decimal>, now: Map<number, Decimal>): string {
  return (
    [
      ['legacy', legacy],
      ['new', now],
    ] as const
  )
    .flatMap(([side, years]) => [
      ...[year - 1, year]
        .filter((each) => !years.has(each))
        .map((each) => `The ${side} system has no figure for ${each}.`),
      ...(years.get(year - 1)?.eq(0) === true
        ? [`The ${side} figure of ${year - 1} is zero, so there is no growth.`]
        : []),
    ])
    .join(' ');
}

const collator = new Intl.Collator('en', { numeric: true });
const byKey = (one: string, other: string): number => collator.compare(one, other) || (one < other ? -1 : 1);
