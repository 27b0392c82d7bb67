import assert from 'node:assert/strict';
import { withMentions } from '../../simulator/page/teams/mentions.ts';

describe('Somebody whom a card in Teams mentions', () => {
  const entities = [{ type: 'mention', text: '<at>Ana Ruiz</at>', mentioned: { id: 'a', name: 'Ana Ruiz' } }];
  const block = (type: string, text: string) => ({ type, text });
  const shown = (body: unknown, explained: unknown = entities) =>
    (withMentions({ type: 'AdaptiveCard', msteams: { entities: explained }, body }) as { body: unknown }).body;

  it('is read by name', () => {
    assert.deepEqual(shown([block('TextBlock', '<at>Ana Ruiz</at> and others')]), [
      block('TextBlock', '@Ana Ruiz and others'),
    ]);
  });
  it('is found in any part of the card', () => {
    const inside = (text: string) => [{ type: 'Container', items: [block('TextBlock', text)] }];
    assert.deepEqual(shown(inside('<at>Ana Ruiz</at>')), inside('@Ana Ruiz'));
  });
  it('is no mention where the card does not explain it, or in a text that Teams reads none in', () => {
    for (const body of [[block('TextBlock', '<at>Ben</at>')], [block('TextRun', '<at>Ana Ruiz</at>')]]) {
      assert.deepEqual(shown(body), body);
    }
    const unexplained = [block('TextBlock', '<at>Ana Ruiz</at>')];
    for (const none of [undefined, [], [{ type: 'other' }]])
      assert.deepEqual(shown(unexplained, none ?? null), unexplained);
  });
});
