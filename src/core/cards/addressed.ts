import { personBehind } from '../roles.ts';
import type { PersonAccounts } from '../playbook/playbook.ts';
import type { Place } from '../request.ts';
import type { Card, CardElement, Span, Text } from './card.ts';

/**
 * The card as one platform's people should read it: somebody who has an account there is named by it, so that the platform
 * can mention them; anybody else by the name that the playbook gives them.
 */
export function addressed(card: Card, platform: Place['platform'], people: readonly PersonAccounts[]): Card {
  const span = (one: Span): Span => {
    if (typeof one === 'string' || !('person' in one)) return one;
    const known = people.find(({ accounts }) => accounts.includes(one.person));
    const here = known?.accounts.find((account) => account.startsWith(`${platform}:`));
    return { person: here ?? personBehind(one.person, { people }), name: known?.name ?? one.name };
  };
  const text = (one: Text): Text => (typeof one === 'string' ? one : one.map(span));
  const element = (one: CardElement): CardElement => {
    switch (one.kind) {
      case 'text':
      case 'note':
        return { ...one, text: text(one.text) };
      case 'list':
        return { ...one, items: one.items.map(text) };
      case 'facts':
        return { ...one, facts: one.facts.map((fact) => ({ ...fact, value: text(fact.value) })) };
      case 'table':
      case 'chart':
      case 'progress':
      case 'buttons':
      case 'divider':
        return one;
    }
  };
  return { ...card, body: card.body.map(element) };
}
