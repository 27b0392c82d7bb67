import type { CheckResult, Finding, Run, RunState } from '../checks/run.ts';
import type { Verdict } from '../checks/verdict.ts';
import { decimal } from '../numbers/decimal.ts';
import { count, formatNumber, formatSigned, formatVariance } from '../numbers/format.ts';
import { formatDuration, formatTime } from '../time/format.ts';
import type { CardTable, Tone } from './card.ts';

/*
 * How runs and findings are put into words: digest, run, history and Home say the same thing in the same way. A finding
 * that is `suppressed` never shows its key or a figure here; the terminal, on the operator's own machine, asks for all.
 */

const signs: Readonly<Record<RunState, string>> = { pass: '✓', fail: '✗', error: '!', held: '…' };

/** "✗ fail": the word beside the sign. */
export function verdictWord(verdict: RunState): string {
  return `${signs[verdict]} ${verdict}`;
}

const tones: Readonly<Record<RunState, Tone>> = { pass: 'good', fail: 'bad', error: 'bad', held: 'warning' };

export function toneOf(state: RunState): Tone {
  return tones[state];
}

/** "2 of 5 checks failed, 1 could not be measured". */
export function resultInWords(run: Run): string {
  if (run.state === 'held') return 'Held: nothing was compared';
  const total = run.checks.length;
  const failed = run.checks.filter(({ verdict }) => verdict === 'fail').length;
  const errors = run.checks.filter(({ verdict }) => verdict === 'error').length;
  const [only] = run.checks;
  if (total === 1 && only !== undefined) {
    const result = { pass: 'passes', fail: 'failed', error: 'could not be measured' }[only.verdict];
    return `${only.title} ${result}${only.verdict === 'pass' ? butRows(run) : ''}`;
  }
  if (failed === 0 && errors === 0) return `All ${total} checks pass${butRows(run)}`;
  const parts = [
    ...(failed > 0 ? [`${failed} of ${total} checks failed`] : []),
    ...(errors > 0 ? [`${failed > 0 ? errors : `${errors} of ${total} checks`} could not be measured`] : []),
  ];
  return parts.join(', ');
}

/** ", but the rows of People differ": totals that agree do not make a run green whose rows don't. */
function butRows({ comparisons }: Run): string {
  const titles = (verdict: Verdict): string =>
    comparisons
      .filter((one) => one.verdict === verdict)
      .map(({ title }) => title)
      .join(', ');
  const [differ, unknown] = [titles('fail'), titles('error')];
  if (differ !== '') return `, but the rows of ${differ} differ`;
  return unknown === '' ? '' : `, but the rows of ${unknown} could not be compared`;
}

/** "2 of 5 checks failed; batch complete 05:41": the verdict first. */
export function titleOf(run: Run, timeZone: string): string {
  const { syncFinishedAt } = run.batch;
  const batch =
    syncFinishedAt === null || run.state === 'held'
      ? ''
      : `; batch complete ${formatTime(new Date(syncFinishedAt), timeZone)}`;
  return resultInWords(run) + batch;
}

/** "The sync took 41 min, within the limit of 60 min", or undefined when its duration isn't known. */
export function syncInWords(run: Run): string | undefined {
  const { syncSeconds, syncWithinLimit, syncLimitMinutes, rowsLoaded } = run.batch;
  if (syncSeconds === null || syncLimitMinutes === null) return undefined;
  const rows = rowsLoaded === null ? '' : ` for ${formatNumber(rowsLoaded)} rows`;
  const limit =
    syncWithinLimit === true
      ? `less than the limit of ${syncLimitMinutes} min`
      : `not less than the limit of ${syncLimitMinutes} min`;
  return `The sync took ${formatDuration(syncSeconds * 1000)}${rows}, ${limit}`;
}

/** The finding that says most about a check: a failure before an error before a pass, the largest variance first. */
export function worstFirst(findings: readonly Finding[]): Finding[] {
  const rank: Readonly<Record<Verdict, number>> = { fail: 0, error: 1, pass: 2 };
  return findings.toSorted((one, other) => {
    const byVerdict = rank[one.verdict] - rank[other.verdict];
    if (byVerdict !== 0) return byVerdict;
    if (one.variance === null || other.variance === null)
      return Number(one.variance !== null) - Number(other.variance !== null);
    return decimal(other.variance).cmp(decimal(one.variance));
  });
}

export const visible = (findings: readonly Finding[]): Finding[] => findings.filter(({ suppressed }) => !suppressed);

/** "3 small groups (fewer than 5 people) are not broken out: 1 failed"; undefined when there are none. */
export function suppressedInWords(findings: readonly Finding[]): string | undefined {
  const hidden = findings.filter(({ suppressed }) => suppressed);
  if (hidden.length === 0) return undefined;
  const bad = hidden.filter(({ verdict }) => verdict !== 'pass').length;
  const result = bad === 0 ? 'all pass' : `${bad} did not pass`;
  return `${count(hidden.length, 'group')} not broken out, because of fewer than 5 people: ${result}`;
}

const none = '–';

export function legacyFigure(check: CheckResult, finding: Finding): string {
  return figure(check, finding.legacy);
}

export function newFigure(check: CheckResult, finding: Finding): string {
  return figure(check, finding.new);
}

function figure({ kind }: CheckResult, value: string | null): string {
  if (value === null) return none;
  return kind === 'growth' ? formatVariance(value, '%') : formatNumber(value);
}

/** "+3 (0.1 %)", or "+0.42 points". */
export function differenceInWords(finding: Finding): string {
  const { difference, variance, unit, tolerance } = finding;
  if (unit === 'points') {
    if (difference === null) return none;
    const size = formatVariance(decimal(difference).abs().toFixed(), unit, tolerance);
    return decimal(difference).eq(0) ? '0 points' : `${decimal(difference).gt(0) ? '+' : '-'}${size}`;
  }
  if (difference === null) return none;
  if (decimal(difference).eq(0)) return '0';
  return variance === null
    ? formatSigned(difference)
    : `${formatSigned(difference)} (${formatVariance(variance, unit, tolerance)})`;
}

export function toleranceInWords({ tolerance, unit }: Pick<Finding, 'tolerance' | 'unit'>): string {
  return `${formatNumber(tolerance, 12)} ${unit}`;
}

/** A variance that is not zero and exactly as large as what is tolerated: it passes, and that is worth a word. */
export function isAtLimit({ variance, tolerance, verdict }: Finding): boolean {
  return (
    verdict === 'pass' &&
    variance !== null &&
    tolerance !== '0' &&
    decimal(tolerance).gt(0) &&
    decimal(variance).eq(decimal(tolerance))
  );
}

/** "✗ fail: 2 of 6 groups". */
export function verdictInWords(check: CheckResult): string {
  const word = verdictWord(check.verdict);
  if (check.kind === 'scalar' || check.findings.length < 2) return word;
  const bad = check.findings.filter(({ verdict }) => verdict !== 'pass').length;
  return bad === 0 ? `${word}: all ${check.findings.length}` : `${word}: ${bad} of ${check.findings.length}`;
}

/** What every table of findings shows, in this order. */
export const findingColumns: CardTable['columns'] = [
  { label: 'Check', align: 'left' },
  { label: 'Legacy', align: 'right' },
  { label: 'New', align: 'right' },
  { label: 'Difference', align: 'right' },
  { label: 'Tolerance', align: 'right' },
  { label: 'Verdict', align: 'left' },
];

/** One row a check, with the finding that says most about it. */
export function summaryTable(checks: readonly CheckResult[]): CardTable {
  return {
    kind: 'table',
    columns: findingColumns,
    rows: checks.map((check) => {
      const [worst] = worstFirst(visible(check.findings));
      const name = worst === undefined || check.kind === 'scalar' ? check.title : `${check.title}: ${worst.key}`;
      const figures = worst === undefined ? [none, none, none] : figuresOf(check, worst);
      return [name, ...figures, toleranceInWords(check), verdictInWords(check)];
    }),
  };
}

/** The same without the figures of either side, for places where Slack shows no tables: a phone is narrow. */
export function narrowSummaryTable(checks: readonly CheckResult[]): CardTable {
  const { columns, rows } = summaryTable(checks);
  const kept = columns.flatMap(({ label }, index) =>
    ['Check', 'Difference', 'Verdict'].includes(label) ? [index] : [],
  );
  const only = <T>(cells: readonly T[]): T[] => kept.flatMap((index) => cells.slice(index, index + 1));
  return { kind: 'table', columns: only(columns), rows: rows.map(only) };
}

/** Legacy, new and difference. */
export function figuresOf(check: CheckResult, finding: Finding): string[] {
  return [legacyFigure(check, finding), newFigure(check, finding), differenceInWords(finding)];
}

/** Why a check did not pass, in whole sentences without a suppressed figure; what is at its limit is said as well. */
export function whyInWords(check: CheckResult): string {
  if (check.reason !== '') return check.reason;
  const shown = worstFirst(visible(check.findings));
  const reasons = [...new Set(shown.filter(({ verdict }) => verdict !== 'pass').map(({ reason }) => reason))].filter(
    (reason) => reason !== '',
  );
  const atLimit = shown.filter(isAtLimit).map(({ key }) => key);
  return [
    ...reasons.slice(0, 3),
    ...(reasons.length > 3 ? [`${reasons.length - 3} more reasons are among the findings.`] : []),
    ...(atLimit.length > 0 ? [`Exactly at the tolerance, which passes: ${atLimit.slice(0, 5).join(', ')}.`] : []),
  ].join(' ');
}
