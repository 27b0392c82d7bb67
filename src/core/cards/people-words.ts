import { personSpan } from '../people.ts';
import { personBehind } from '../roles.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Span } from './card.ts';

/** "Data Owner", or the role's name where the playbook doesn't know it. */
export function roleTitle(role: string, { roles }: Pick<Playbook, 'roles'>): string {
  return roles[role]?.title ?? role;
}

/** "Data Owner @Ana": the role's title, and a mention of each of its people in chat. */
export function roleWithPeople(role: string, playbook: Pick<Playbook, 'roles' | 'people'>): Span[] {
  const named = (playbook.roles[role]?.people ?? []).filter((account) => !account.startsWith('terminal:'));
  // Each once, whatever accounts of theirs the role names.
  const people = new Map(named.toReversed().map((account) => [personBehind(account, playbook), account]));
  return [
    roleTitle(role, playbook),
    ...[...people.values()].toReversed().flatMap((account): Span[] => [' ', personSpan(account)]),
  ];
}
