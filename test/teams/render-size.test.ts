import assert from 'node:assert/strict';
import type { Button, CardElement } from '../../src/core/cards/card.ts';
import { bytesOf, renderCard } from '../../src/teams/render.ts';
import { aCard } from '../support/fixtures.ts';
import { assertTeamsTakes, wordsOf } from './teams-rules.ts';

describe('A card that is too large for Teams', () => {
  const row = (at: number): string[] => [`row ${at}`, 'x'.repeat(60), 'y'.repeat(60)];
  const table = (count: number): CardElement => ({
    kind: 'table',
    columns: ['a', 'b', 'c'].map((label) => ({ label, align: 'left' })),
    rows: Array.from({ length: count }, (_, at) => row(at)),
  });
  const list = (count: number, text = 'item '.repeat(20)): CardElement => ({
    kind: 'list',
    items: Array.from({ length: count }, (_, at) => `${at} ${text}`),
  });
  it('loses rows of its tables first, as few as need be', () => {
    const card = renderCard(aCard({ body: [table(150), list(20)] }));
    assertTeamsTakes(card);
    const text = wordsOf(card.body);
    const more = Number(/and (\d+) more/.exec(text)?.[1]);
    assert.ok(text.includes(`row ${149 - more}`) && !text.includes(`row ${150 - more}`));
    assert.ok(text.includes('19 item'));
    assert.ok(bytesOf(card) > 23_000, `${bytesOf(card)} bytes`);
  });
  it('loses items of its lists next, but keeps five rows of each table', () => {
    const text = wordsOf(renderCard(aCard({ body: [table(150), list(400)] })).body);
    assert.match(text, /row 4[^\d]/);
    assert.doesNotMatch(text, /row 5[^\d]/);
    assert.match(text, /and 145 more/);
    const kept = text.match(/• /g)?.length ?? 0;
    assert.ok(kept > 5 && text.includes(`and ${400 - kept} more`), `${kept} items`);
  });
  it('loses whole parts from its end last, but none of its twelve buttons', () => {
    const buttons: Button[] = Array.from({ length: 12 }, (_, at) => ({
      label: `Press ${at}`,
      command: `status ${at}`,
      style: 'default',
    }));
    const texts = Array.from({ length: 200 }, (): CardElement => ({ kind: 'text', text: 'word '.repeat(50) }));
    const card = renderCard(aCard({ body: [...texts, { kind: 'buttons', buttons }] }));
    assertTeamsTakes(card);
    const text = wordsOf(card.body);
    assert.match(text, /Press 11/);
    assert.match(text, /\d+ more parts did not fit here\./);
  });
  it('is whole as long as it fits', () => {
    const text = wordsOf(renderCard(aCard({ body: [table(40)] })).body);
    assert.doesNotMatch(text, /more/);
  });
});
