import { personOf } from './people.ts';
import type { Playbook } from './playbook/playbook.ts';
import type { Actor } from './request.ts';
import { UsageError } from './usage-error.ts';

/** Whether the playbook names this person, where they asked from, in one of these roles. */
export function hasRole(actor: Actor, wanted: readonly string[], { roles }: Pick<Playbook, 'roles'>): boolean {
  return wanted.some((role) => roles[role]?.people.includes(personOf(actor)) === true);
}

/** "Data Owner or Analysts", by their titles; at least one. */
export function rolesInWords(wanted: readonly string[], { roles }: Pick<Playbook, 'roles'>): string {
  const titles = wanted.map((role) => roles[role]?.title ?? role);
  return titles.length < 2 ? titles.join('') : `${titles.slice(0, -1).join(', ')} or ${titles.at(-1)}`;
}

/** Throws UsageError for somebody who has none of these roles; `what` is what they wanted: "accept a discrepancy". */
export function refuseWithoutRole(
  actor: Actor,
  wanted: readonly string[],
  playbook: Pick<Playbook, 'roles'>,
  what: string,
): void {
  if (hasRole(actor, wanted, playbook)) return;
  throw new UsageError(
    `Only ${rolesInWords(wanted, playbook)} may ${what}: nothing was changed.`,
    'Ask one of them; who they are is in the playbook.',
  );
}
