import type { Playbook } from '../playbook/playbook.ts';
import type { Actor } from '../request.ts';

/** Whether somebody has one of the roles whose people may have differing rows in a file. */
export function mayHaveRows(
  { platform, user }: Actor,
  { differingRows, roles }: Pick<Playbook, 'differingRows' | 'roles'>,
): boolean {
  return differingRows.roles.some((role) => roles[role]?.people.includes(`${platform}:${user}`) === true);
}
