import type { CheckResult, Finding, Run } from '../checks/run.ts';
import {
  activeStates,
  type Discrepancy,
  dueAfter,
  type Measured,
  type NewDiscrepancy,
  transitions,
} from './discrepancy.ts';

type DueHours = readonly [number, number, number];

/**
 * What a run changes about the discrepancies of its checks: those that are new, occurred again, or are resolved. A held
 * run files nothing, and what could not be measured neither opens nor resolves. What a person accepted or rejected stays
 * so while it fails on. Pure; the same run twice changes nothing.
 */
export function discrepanciesAfter(
  known: readonly Discrepancy[],
  run: Run,
  dueHours: DueHours,
): (Discrepancy | NewDiscrepancy)[] {
  if (run.state === 'held') return [];
  return run.checks.flatMap((result) => {
    const mine = known.filter(({ measured }) => measured?.check === result.check);
    const failed = result.findings
      .filter(({ verdict }) => verdict === 'fail')
      .flatMap((finding) => {
        const before = mine.find(({ measured }) => measured?.key === finding.key);
        return before?.measured?.lastRun === run.id ? [] : [occurrence(before, result, finding, run, dueHours)];
      });
    // Without findings the check could not be measured at all.
    const passed = (result.findings.length === 0 ? [] : mine).filter(({ measured, state }) => {
      const verdict = result.findings.find(({ key }) => key === measured?.key)?.verdict ?? 'pass';
      return verdict === 'pass' && transitions[state].includes('resolved');
    });
    return [...failed, ...passed.map((one) => resolved(one, run.finishedAt))];
  });
}

function resolved(before: Discrepancy, at: string): Discrepancy {
  return { ...before, state: 'resolved', resolvedAt: at, acceptance: null, snooze: null };
}

/** Opens one (again). */
export function opened(before: Discrepancy, at: string, dueHours: DueHours): Discrepancy {
  const dueAt = dueAfter(at, before.severity, dueHours);
  return { ...before, state: 'open', openedAt: at, dueAt, resolvedAt: null, acceptance: null, snooze: null };
}

function occurrence(
  before: Discrepancy | undefined,
  { severity, owner }: CheckResult,
  finding: Finding,
  run: Run,
  dueHours: DueHours,
): Discrepancy | NewDiscrepancy {
  const at = run.finishedAt;
  const measured: Measured = {
    check: finding.check,
    key: finding.key,
    lastSeenAt: at,
    lastRun: run.id,
    occurrences: (before?.measured?.occurrences ?? 0) + 1,
    legacy: finding.legacy,
    new: finding.new,
    difference: finding.difference,
    variance: finding.variance,
    unit: finding.unit,
    reason: finding.reason,
    // Hidden once, hidden for good.
    suppressed: finding.suppressed || (before?.measured?.suppressed ?? false),
  };
  if (before !== undefined) {
    const goesOn = activeStates.includes(before.state) || before.state === 'rejected';
    return { ...(goesOn ? before : opened({ ...before, severity, owner }, at, dueHours)), measured };
  }
  return {
    number: null,
    measured,
    reported: null,
    state: 'open',
    severity,
    owner,
    assignee: null,
    firstSeenAt: at,
    openedAt: at,
    dueAt: dueAfter(at, severity, dueHours),
    resolvedAt: null,
    actedAt: null,
    acceptance: null,
    snooze: null,
  };
}
