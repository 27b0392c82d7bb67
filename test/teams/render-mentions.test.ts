import assert from 'node:assert/strict';
import type { CardElement } from '../../src/core/cards/card.ts';
import { renderCard } from '../../src/teams/render.ts';
import { aCard } from '../support/fixtures.ts';
import { assertTeamsTakes } from './teams-rules.ts';

describe('A card in Teams tells people that they are on it', () => {
  const names: Readonly<Record<string, string>> = { 'teams:1': 'Ana Alba', 'teams:2': '<at>everyone</at>' };
  const who = (...people: string[]): CardElement => ({
    kind: 'text',
    text: ['Waits for ', ...people.map((person) => ({ person, name: 'somebody' }))],
  });
  const told = (elements: CardElement[], nameOf = (person: string) => names[person], mention = true) => {
    const card = renderCard(aCard({ body: elements }), { nameOf, mention });
    assertTeamsTakes(card);
    return { entities: card.msteams.entities, last: card.body.at(-1) };
  };
  it('under it, once each, and only those whose names are known here', () => {
    const { entities, last } = told([
      who('teams:1', 'slack:U0BEN', 'teams:9'),
      { kind: 'list', items: ['x'] },
      who('teams:1'),
    ]);
    assert.deepEqual(entities, [
      { type: 'mention', text: '<at>Ana Alba</at>', mentioned: { id: '1', name: 'Ana Alba' } },
    ]);
    assert.deepEqual(last, { type: 'TextBlock', text: '<at>Ana Alba</at>', size: 'Small', wrap: true });
  });
  it('by names in which nothing is left that could call somebody else', () => {
    assert.equal(told([who('teams:2')]).entities?.[0]?.text, '<at>at everyone /at</at>');
  });
  it('apart from each other where their names are the same, and 20 of them at most', () => {
    const people = Array.from({ length: 21 }, (_, at) => `teams:${at}`);
    const { entities } = told(
      [{ kind: 'list', items: [[{ person: people[0] ?? '', name: '' }]] }, who(...people)],
      () => 'Ana',
    );
    assert.equal(entities?.length, 20);
    assert.deepEqual(
      entities?.slice(0, 2).map(({ text }) => text),
      ['<at>Ana</at>', '<at>Ana (2)</at>'],
    );
  });
  it('not unless it is asked to', () => {
    assert.equal(told([who('teams:1')], (person) => names[person], false).entities, undefined);
  });
});
