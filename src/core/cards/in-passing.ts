import type { Card } from './card.ts';

/**
 * What somebody is told who did something with a card that hangs in a channel: what it says now, without its table and
 * its buttons. Nobody keeps a private copy up to date, and a button that is out of date only confuses.
 */
export function inPassing(card: Card): Card {
  return {
    ...card,
    body: [
      ...card.body.filter(({ kind }) => kind !== 'table' && kind !== 'buttons' && kind !== 'note'),
      { kind: 'note', text: 'Its card in the channel is kept up to date.' },
    ],
  };
}
