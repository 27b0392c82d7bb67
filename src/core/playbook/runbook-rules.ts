import { list, type Raw, type Remark, record, takenName, unknownName, unknownRole } from './remarks.ts';

/** What must hold between the parts of runbooks: known roles, and steps that name only earlier ones. */
export function runbookProblems(runbooks: readonly unknown[], roles: Raw, probes: readonly unknown[]): Remark[] {
  return runbooks.flatMap((given, index) => {
    const { steps, startedBy, pointOfNoReturn } = record(given);
    const at = (...rest: (string | number)[]): (string | number)[] => ['runbooks', index, ...rest];
    const names = list(steps).map((step) => record(step)['name']);
    return [
      ...takenName(runbooks, index, 'runbook').map((message) => ({ path: at('name'), message })),
      ...list(startedBy).flatMap((role, place) =>
        unknownRole(role, roles).map((message) => ({ path: at('startedBy', place), message })),
      ),
      ...(typeof pointOfNoReturn === 'string' && !names.includes(pointOfNoReturn)
        ? [{ path: at('pointOfNoReturn'), message: `"${pointOfNoReturn}" is not a step of this runbook` }]
        : []),
      ...list(steps).flatMap((step, place) =>
        unknownName(record(step)['probe'], probes, 'probe').map((message) => ({
          path: at('steps', place, 'probe'),
          message,
        })),
      ),
      ...list(steps).flatMap((step, place) =>
        stepProblems(list(steps), place, roles, (...rest) => at('steps', place, ...rest)),
      ),
    ];
  });
}

function stepProblems(
  steps: readonly unknown[],
  index: number,
  roles: Raw,
  at: (...rest: (string | number)[]) => (string | number)[],
): Remark[] {
  const { owner, after, seats } = record(steps[index]);
  const earlier = steps.slice(0, index).map((step) => record(step)['name']);
  return [
    ...takenName(steps, index, 'step').map((message) => ({ path: at('name'), message })),
    ...unknownRole(owner, roles).map((message) => ({ path: at('owner'), message })),
    ...list(after).flatMap((name, place) =>
      earlier.includes(name)
        ? []
        : [{ path: at('after', place), message: `"${String(name)}" is not a step before this one` }],
    ),
    ...list(seats).flatMap((seat, place) =>
      (typeof seat === 'string' ? [seat] : list(record(seat)['roles'])).flatMap((role) =>
        unknownRole(role, roles).map((message) => ({ path: at('seats', place), message })),
      ),
    ),
  ];
}
