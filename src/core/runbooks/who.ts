import { peopleOf, type RoleHolders } from '../roles.ts';
import type { Runbook } from './runbook.ts';

/** Whose people go on with a step: its owner's role; its deputy's too once called in, or where nobody has the role. */
export function stepRoles({ definition, steps }: Runbook, step: string, playbook: RoleHolders): string[] {
  const owner = definition.steps.find(({ name }) => name === step)?.owner ?? '';
  const deputy = playbook.roles[owner]?.deputy;
  const deputised =
    steps.find(({ name }) => name === step)?.deputisedAt != null || peopleOf(owner, playbook).length === 0;
  return [owner, ...(deputised && deputy !== undefined ? [deputy] : [])];
}

/** Whose people pause, move or abort it. One that nobody starts by hand is led by whoever owns one of its steps. */
export function leadRoles({ definition: { startedBy, steps } }: Runbook): readonly string[] {
  return startedBy.length > 0 ? startedBy : [...new Set(steps.map(({ owner }) => owner))];
}
