import type { Form, Values } from './form.ts';
import { personOf } from './people.ts';
import type { Playbook } from './playbook/playbook.ts';
import type { Actor } from './request.ts';

/**
 * Whom somebody means by what they typed, as the playbook names people: "me"; a mention, which arrives from Slack as
 * "@U012ABC" and from Teams as "teams:" and an id; "@" and the whole name or the first one of somebody whom the playbook
 * names, where it is only one. What names nobody stays as it was typed: a form refuses it.
 */
export function personMeant(typed: string, actor: Actor, { people }: Pick<Playbook, 'people'>): string {
  if (typed === 'me') return personOf(actor);
  if (!typed.startsWith('@')) return typed;
  const name = typed.slice(1);
  if (/^[UW][A-Z0-9]+$/.test(name)) return `slack:${name}`;
  const called = people.filter((one) => [one.name, one.name.split(' ')[0]].some((each) => isSame(each, name)));
  return called.length === 1 ? (called[0]?.accounts[0] ?? typed) : typed;
}

/** The values of a form, with whoever is meant where it asks for a person. */
export function withPeopleMeant(
  { fields }: Form,
  values: Values,
  actor: Actor,
  playbook: Pick<Playbook, 'people'>,
): Values {
  const meant = fields.flatMap(({ name, kind }) => {
    const typed = values[name];
    return kind === 'person' && typed !== undefined ? [[name, personMeant(typed, actor, playbook)] as const] : [];
  });
  return { ...values, ...Object.fromEntries(meant) };
}

const isSame = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();
