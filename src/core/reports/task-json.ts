import type { PlannedTask } from '../phases/plan.ts';

/** A task of the plan for `--json`. */
export function taskJson({ task, state, window, daysLate, change }: PlannedTask): object {
  return {
    name: task.name,
    title: task.title,
    phase: task.phase,
    kind: task.kind,
    owner: task.owner,
    state,
    first: window?.first ?? null,
    last: window?.last ?? null,
    daysLate,
    change:
      change === null
        ? null
        : { state: change.state, by: change.by, at: change.at, evidence: change.evidence, people: change.people },
  };
}
