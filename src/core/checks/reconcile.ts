import { createHash } from 'node:crypto';
import { comparedInWords } from '../rows/progress-words.ts';
import type { Check, Playbook, RowComparison } from '../playbook/playbook.ts';
import type { RunRequest } from '../services.ts';
import { type Rows, type Side, type Source, SourceError, sides } from '../sources.ts';
import type { Clock, Wait } from '../time/clock.ts';
import { localDate } from '../time/local-time.ts';
import type { Decimal } from '../numbers/decimal.ts';
import type { YearFigures } from '../rows/growth-figures.ts';
import { measureCheck, worst } from './measure-check.ts';
import { readYears } from './read-rows.ts';
import type { ToExplain } from '../rows/explain-check.ts';
import { confirmed, measureOnce, type MeasuredOnce } from '../rows/confirm.ts';
import type { KnownOfRows, MeasuringRows } from '../rows/measure-rows.ts';
import type { Batch, CheckResult, Run } from './run.ts';
import type { RowComparisonResult } from '../rows/result.ts';
import { ask, explain, isRows, type Snapshots, withBatch } from './snapshots.ts';

export interface Reconciliation {
  readonly playbook: Playbook;
  readonly sources: Readonly<Record<Side, Source>>;
  readonly request: RunRequest;
  readonly clock: Clock;
  /** Uniform over [0, 1): makes the run's id. */
  readonly random: () => number;
  /** By check: keys that an earlier run had to hide. */
  readonly suppressedKeys: ReadonlyMap<string, ReadonlySet<string>>;
  /** By check: names of causes whose amounts an earlier run had to hide. */
  readonly hiddenCauses: ReadonlyMap<string, ReadonlySet<string>>;
  /** By comparison. */
  readonly knownOfRows: ReadonlyMap<string, KnownOfRows>;
  readonly wait: Wait;
}

/**
 * One run (L26-L28): both snapshots side by side, readiness first, then every check, one query in flight a side. Writes
 * nothing. A query that fails spoils only its own check. Throws SourceError `cancelled` when the signal fires, and
 * nothing else that a source may do.
 */
export async function reconcile(reconciliation: Reconciliation): Promise<Run> {
  const { playbook, request, clock } = reconciliation;
  const startedAt = clock.now();
  const id = request.previous?.id ?? newId(startedAt, playbook.timeZone, reconciliation.random);
  const finish = (batch: Batch, checks: readonly CheckResult[], comparisons: readonly RowComparisonResult[]): Run => ({
    id,
    state: batch.ready ? worst([...checks, ...comparisons].map(({ verdict }) => verdict)) : 'held',
    slot: request.slot,
    requestedBy: request.requestedBy,
    playbookVersion: playbook.version,
    startedAt: startedAt.toISOString(),
    finishedAt: clock.now().toISOString(),
    attempts: (request.previous?.attempts ?? 0) + 1,
    batch,
    checks,
    comparisons,
  });
  const wanted = playbook.checks.filter(({ name }) => request.checks.length === 0 || request.checks.includes(name));
  const whole = request.checks.length === 0;
  const comparing = { ...reconciliation, signal: request.signal };
  const { run, measured } = await withBatch(comparing, {
    held: (batch) => ({ run: finish(batch, [], []), measured: [] }),
    work: async (batch, snapshots) => {
      const { checks, years } = await measureAll(reconciliation, wanted, snapshots);
      const rows = whole ? await compareAll(reconciliation, snapshots, { checks, years }, startedAt) : [];
      return { run: finish(batch, checks, []), measured: rows };
    },
  });
  if (run.state === 'held') return run;
  const comparisons: RowComparisonResult[] = [];
  for (const { comparison, first, measuring } of measured) {
    const { result, differences } = await confirmed(comparing, comparison, first, measuring);
    comparisons.push(result);
    request.keepRows?.(comparison.name, differences);
  }
  return finish(run.batch, run.checks, comparisons);
}

interface Measured {
  readonly checks: readonly CheckResult[];
  /** Of growth checks, by their names. */
  readonly years: ReadonlyMap<string, YearFigures>;
}

interface Compared {
  readonly comparison: RowComparison;
  readonly first: MeasuredOnce;
  readonly measuring: MeasuringRows;
}

/** One after the other: each reads both sides at once. */
async function compareAll(
  { playbook, request, knownOfRows, hiddenCauses }: Reconciliation,
  snapshots: Snapshots,
  measured: Measured,
  readAt: Date,
): Promise<Compared[]> {
  const results: Compared[] = [];
  for (const comparison of playbook.comparisons) {
    const rows = `Rows of ${comparison.title}`;
    const checks = playbook.checks.length;
    const measuring: MeasuringRows = {
      toExplain: explainedBy(comparison.name, { playbook, measured, hiddenCauses }),
      progress: (done, of) => request.progress?.(checks, checks, `${rows}: ${comparedInWords(done, of)}`),
      signal: request.signal,
      ...knownOfRows.get(comparison.name),
    };
    results.push({
      comparison,
      first: await measureOnce({ playbook }, comparison, snapshots, measuring, readAt),
      measuring,
    });
  }
  return results;
}

/** The failed checks that a comparison explains, with the findings that failed and that chat may show. */
function explainedBy(
  comparison: string,
  {
    playbook,
    measured,
    hiddenCauses,
  }: Pick<Reconciliation, 'playbook' | 'hiddenCauses'> & {
    readonly measured: Measured;
  },
): ToExplain[] {
  return playbook.checks.flatMap((check): ToExplain[] => {
    if (check.explainedBy?.comparison !== comparison) return [];
    const findings = measured.checks
      .filter((result) => result.check === check.name)
      .flatMap((result) => result.findings.filter(({ verdict, suppressed }) => verdict === 'fail' && !suppressed));
    const hidden = hiddenCauses.get(check.name) ?? new Set<string>();
    if (findings.length === 0) return [];
    if (check.kind !== 'growth') return [{ check: { ...check, explainedBy: check.explainedBy }, findings, hidden }];
    const years = measured.years.get(check.name);
    return [
      {
        check: { ...check, explainedBy: check.explainedBy },
        findings,
        hidden,
        ...(years === undefined ? {} : { years }),
      },
    ];
  });
}

/** A figure of people's choosing that nobody mistypes: no 0, o, 1, l, i, u. */
const letters = '23456789abcdefghjkmnpqrstvwxyz';

function newId(moment: Date, timeZone: string, random: () => number): string {
  const suffix = Array.from({ length: 5 }, () => letters[Math.floor(random() * letters.length)]).join('');
  return `${localDate(moment, timeZone).replaceAll('-', '')}-${suffix}`;
}

interface Answer {
  readonly rows: Rows | SourceError;
  readonly milliseconds: number;
}

async function measureAll(
  { request, suppressedKeys }: Reconciliation,
  checks: readonly Check[],
  snapshots: Snapshots,
): Promise<Measured> {
  const years = new Map<string, YearFigures>();
  const answers = checks.map((): Partial<Record<Side, Answer>> => ({}));
  const results: CheckResult[] = [];
  let done = 0;
  await Promise.all(
    sides.map(async (side) => {
      for (const [index, check] of checks.entries()) {
        const began = performance.now();
        const rows = await ask(snapshots, side, check[side]);
        const mine = answers[index] as Partial<Record<Side, Answer>>;
        mine[side] = { rows, milliseconds: Math.round(performance.now() - began) };
        if (mine.legacy === undefined || mine.new === undefined) continue;
        const both = { legacy: mine.legacy, new: mine.new };
        const result = judge(check, both, suppressedKeys.get(check.name));
        results[index] = result;
        if (check.kind === 'growth' && result.findings.length > 0) years.set(check.name, yearsOf(both));
        done += 1;
        request.progress?.(done, checks.length, check.title);
      }
    }),
  );
  return { checks: results, years };
}

/** Of answers that were measured already: they can be read. */
function yearsOf({ legacy, new: now }: Record<Side, Answer>): YearFigures {
  const read = ({ rows }: Answer, side: Side) => (isRows(rows) ? readYears(rows, side) : new Map<number, Decimal>());
  return { legacy: read(legacy, 'legacy'), new: read(now, 'new') };
}

function judge(check: Check, answers: Record<Side, Answer>, already: ReadonlySet<string> | undefined): CheckResult {
  const { legacy, new: now } = answers;
  const declared = {
    check: check.name,
    title: check.title,
    kind: check.kind,
    unit: check.tolerance.unit,
    tolerance: check.tolerance.amount,
    severity: check.severity,
    owner: check.owner,
    action: check.action,
    critical: check.critical,
    sqlHash: { legacy: sha256(check.legacy), new: sha256(check.new) },
    durationMilliseconds: { legacy: legacy.milliseconds, new: now.milliseconds },
  };
  if (isRows(legacy.rows) && isRows(now.rows)) {
    return { ...declared, ...measureCheck(check, { legacy: legacy.rows, new: now.rows }, already) };
  }
  const reasons = sides.flatMap((side) => {
    const { rows } = answers[side];
    return rows instanceof SourceError ? [explain(side, rows)] : [];
  });
  return { ...declared, verdict: 'error', reason: reasons.join(' '), findings: [] };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
