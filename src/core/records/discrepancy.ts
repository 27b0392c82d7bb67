import type { CheckResult, Finding, Run, Unit } from '../checks/run.ts';

/**
 * A failure that is on record (L28): one for each check and key, however often it occurs. A pass resolves it, and a later
 * failure opens the same one again. Figures are those of the newest occurrence, exact decimals as text.
 */
export interface Discrepancy {
  readonly check: string;
  /** The group, the year, or the check's name again. */
  readonly key: string;
  readonly state: 'open' | 'resolved';
  readonly severity: 1 | 2 | 3;
  /** A role of the playbook. */
  readonly owner: string;
  /** ISO 8601 UTC, like every time here. */
  readonly firstSeenAt: string;
  /** Since when it is open this time. */
  readonly openedAt: string;
  readonly lastSeenAt: string;
  /** The run of the newest occurrence. */
  readonly lastRun: string;
  /** Runs in which it failed; at least 1. */
  readonly occurrences: number;
  readonly resolvedAt: string | null;
  readonly resolvedRun: string | null;
  readonly legacy: string | null;
  readonly new: string | null;
  readonly difference: string | null;
  readonly variance: string | null;
  readonly unit: Unit;
  readonly reason: string;
  /** Chat must not break it out: fewer than five people. */
  readonly suppressed: boolean;
}

/**
 * What a run changes about the discrepancies of its checks: those that are new, occurred again, or are resolved. A held
 * run files nothing, and what could not be measured neither opens nor resolves. Pure; the same run twice changes nothing.
 */
export function discrepanciesAfter(known: readonly Discrepancy[], run: Run): Discrepancy[] {
  if (run.state === 'held') return [];
  const at = run.finishedAt;
  return run.checks.flatMap((result) => {
    const mine = known.filter(({ check }) => check === result.check);
    const failed = result.findings
      .filter(({ verdict }) => verdict === 'fail')
      .flatMap((finding) => {
        const before = mine.find(({ key }) => key === finding.key);
        return before?.lastRun === run.id ? [] : [occurrence(before, result, finding, run)];
      });
    // Without findings the check could not be measured at all.
    const resolved = (result.findings.length === 0 ? [] : mine).filter(({ key, state }) => {
      const verdict = result.findings.find((finding) => finding.key === key)?.verdict ?? 'pass';
      return state === 'open' && verdict === 'pass';
    });
    return [
      ...failed,
      ...resolved.map((one): Discrepancy => ({ ...one, state: 'resolved', resolvedAt: at, resolvedRun: run.id })),
    ];
  });
}

function occurrence(before: Discrepancy | undefined, result: CheckResult, finding: Finding, run: Run): Discrepancy {
  const at = run.finishedAt;
  return {
    check: finding.check,
    key: finding.key,
    state: 'open',
    severity: result.severity,
    owner: result.owner,
    firstSeenAt: before?.firstSeenAt ?? at,
    openedAt: before?.state === 'open' ? before.openedAt : at,
    lastSeenAt: at,
    lastRun: run.id,
    occurrences: (before?.occurrences ?? 0) + 1,
    resolvedAt: null,
    resolvedRun: null,
    legacy: finding.legacy,
    new: finding.new,
    difference: finding.difference,
    variance: finding.variance,
    unit: finding.unit,
    reason: finding.reason,
    // Hidden once, hidden for good.
    suppressed: finding.suppressed || (before?.suppressed ?? false),
  };
}
