import type { Card, CardElement } from '../core/cards/card.ts';

/** The object ids of those for whom the card has buttons that others do not see. */
export function ownersOfButtons({ body }: Pick<Card, 'body'>): string[] {
  const buttons = body.flatMap((element) => (element.kind === 'buttons' ? element.buttons : []));
  const people = buttons.flatMap((button) => button.people ?? []);
  return [...new Set(people)].map((account) => account.slice(account.indexOf(':') + 1));
}

/** The card with the buttons that this person may press; undefined: only those that anybody may press. */
export function cardFor(card: Card, person: string | undefined): Card {
  const account = person === undefined ? undefined : `teams:${person.toLowerCase()}`;
  const body = card.body.flatMap((element): CardElement[] => {
    if (element.kind !== 'buttons') return [element];
    const buttons = element.buttons.filter(
      ({ people }) => people === undefined || (account !== undefined && people.includes(account)),
    );
    return buttons.length === 0 ? [] : [{ ...element, buttons }];
  });
  return { ...card, body };
}
