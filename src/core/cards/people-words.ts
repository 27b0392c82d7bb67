import { personSpan } from '../people.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Span } from './card.ts';

/** "Data Owner", or the role's name where the playbook doesn't know it. */
export function roleTitle(role: string, { roles }: Pick<Playbook, 'roles'>): string {
  return roles[role]?.title ?? role;
}

/** "Data Owner @Ana": the role's title, and a mention of each of its people in Slack. */
export function roleWithPeople(role: string, playbook: Pick<Playbook, 'roles'>): Span[] {
  const people = playbook.roles[role]?.people ?? [];
  return [
    roleTitle(role, playbook),
    ...people.filter((person) => person.startsWith('slack:')).flatMap((person): Span[] => [' ', personSpan(person)]),
  ];
}
