import type { ExitCode } from '../command.ts';
import type { Run, RunState } from '../checks/run.ts';

/** What `--json` prints for a run; docs/terminal.md describes it, and it only ever gains fields. */
export function runJson(run: Run): unknown {
  const { id, state, startedAt, finishedAt, slot, requestedBy, playbookVersion, attempts, batch, checks, comparisons } =
    run;
  return {
    run: id,
    state,
    startedAt,
    finishedAt,
    slot,
    requestedBy: { platform: requestedBy.platform, user: requestedBy.user, name: requestedBy.name },
    playbookVersion,
    attempts,
    batch,
    checks: checks.map(({ findings: _findings, ...check }) => check),
    comparisons,
    findings: checks.flatMap(({ findings }) => findings.map(({ suppressed: _suppressed, ...finding }) => finding)),
  };
}

const exitCodes: Readonly<Record<RunState, ExitCode>> = { pass: 0, fail: 1, held: 2, error: 2 };

export function exitCodeOf(state: RunState): ExitCode {
  return exitCodes[state];
}
