import { personOf } from './people.ts';
import type { Playbook } from './playbook/playbook.ts';
import type { Actor } from './request.ts';
import { UsageError } from './usage-error.ts';

/** What tells who has a role. */
export type RoleHolders = Pick<Playbook, 'roles' | 'people' | 'userGroups'>;

/** The user groups of the chat that have a role, such as "slack:S012ABC". */
export function userGroupsIn({ roles }: Pick<Playbook, 'roles'>): string[] {
  const named = Object.values(roles).flatMap(({ people }) => people);
  return [...new Set(named.filter((account) => account.startsWith('slack:S')))];
}

/** Somebody's one name, whichever of their accounts it is: the first that the playbook gives them, or the account. */
export function personBehind(account: string, { people }: Pick<Playbook, 'people'>): string {
  return people.find(({ accounts }) => accounts.includes(account))?.accounts[0] ?? account;
}

/** Who has a role, by themselves or as one of a user group, each by their one name. */
export function peopleOf(role: string, playbook: RoleHolders): string[] {
  const named = playbook.roles[role]?.people ?? [];
  const groups = userGroupsIn(playbook);
  const accounts = named.flatMap((one) => (groups.includes(one) ? (playbook.userGroups[one] ?? []) : [one]));
  return [...new Set(accounts.map((account) => personBehind(account, playbook)))];
}

/** Who has one of these roles, each by their one name. */
export function peopleIn(roles: readonly string[], playbook: RoleHolders): string[] {
  return [...new Set(roles.flatMap((role) => peopleOf(role, playbook)))];
}

/** Whether the playbook names this person, by any of their accounts, in one of these roles. */
export function hasRole(
  actor: Pick<Actor, 'platform' | 'user'>,
  wanted: readonly string[],
  playbook: RoleHolders,
): boolean {
  const person = personBehind(personOf(actor), playbook);
  return wanted.some((role) => peopleOf(role, playbook).includes(person));
}

/** "Data Owner or Analysts", by their titles; at least one. */
export function rolesInWords(wanted: readonly string[], { roles }: Pick<Playbook, 'roles'>): string {
  const titles = wanted.map((role) => roles[role]?.title ?? role);
  return titles.length < 2 ? titles.join('') : `${titles.slice(0, -1).join(', ')} or ${titles.at(-1)}`;
}

/** Throws UsageError for somebody who has none of these roles; `what` is what they wanted: "accept a discrepancy". */
export function refuseWithoutRole(actor: Actor, wanted: readonly string[], playbook: RoleHolders, what: string): void {
  if (hasRole(actor, wanted, playbook)) return;
  throw new UsageError(
    `Only ${rolesInWords(wanted, playbook)} may ${what}: nothing was changed.`,
    'Ask one of them; who they are is in the playbook.',
  );
}
