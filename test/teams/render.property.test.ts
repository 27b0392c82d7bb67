import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Card, CardElement, Span } from '../../src/core/cards/card.ts';
import { fallbackText, renderCard } from '../../src/teams/render.ts';
import { typed } from '../contracts/extreme-cards.ts';
import { assertTeamsTakes } from './teams-rules.ts';
import { anyCharacter } from '../support/any-text.ts';

/** Anything a person, a database or an error message may hand in; "x{3001}" is written out when the card is rendered. */
const nasty: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 12 }),
  fc.constantFrom(...typed, '', ' ', 'שלום', '\u202Eevil', '👩‍👩‍👧‍👦', '\ud83d', '\u0000\n\r\t', '{{{DATE('),
  fc
    .tuple(fc.constantFrom('x', 'word ', '😀', '"', '\\', '\n'), fc.constantFrom(76, 201, 2001, 4001, 9000))
    .map(([unit, count]) => `${unit}{${count}}`),
);
const span: fc.Arbitrary<Span> = fc.oneof(
  nasty,
  fc.record({ bold: nasty }),
  fc.record({ code: nasty }),
  fc.record({
    time: fc.oneof(nasty, fc.constantFrom('2026-03-02T12:00:00Z', '+012026-03-02T12:00:00Z')),
    style: fc.constantFrom('time' as const, 'date' as const, 'dateTime' as const),
    fallback: nasty,
  }),
  fc.record({ person: nasty, name: nasty }),
);
const text = fc.oneof(nasty, fc.array(span, { maxLength: 9 }));
const button = fc.record(
  {
    label: nasty,
    command: nasty,
    style: fc.constantFrom('primary' as const, 'danger' as const, 'default' as const),
    confirm: fc.record({ title: nasty, text: nasty, confirm: nasty, deny: nasty }),
  },
  { requiredKeys: ['label', 'command', 'style'] },
);
const point = fc.record({ label: nasty, value: fc.option(fc.oneof(nasty, fc.double().map(String))) });
const element: fc.Arbitrary<CardElement> = fc.oneof(
  fc.record({ kind: fc.constantFrom('text' as const, 'note' as const), text }),
  fc.record({
    kind: fc.constant('facts' as const),
    facts: fc.array(fc.record({ label: nasty, value: text }), { maxLength: 15 }),
  }),
  fc.record({ kind: fc.constant('list' as const), items: fc.array(text, { maxLength: 15 }) }),
  fc.record({ kind: fc.constant('progress' as const), done: fc.integer(), total: fc.integer(), label: nasty }),
  fc.record({ kind: fc.constant('buttons' as const), buttons: fc.array(button, { maxLength: 30 }) }),
  fc.constant({ kind: 'divider' as const }),
  fc.record({
    kind: fc.constant('table' as const),
    columns: fc.array(fc.record({ label: nasty, align: fc.constantFrom('left' as const, 'right' as const) }), {
      maxLength: 12,
    }),
    rows: fc.array(fc.array(nasty, { maxLength: 13 }), { maxLength: 40 }),
    omitted: nasty,
  }),
  fc.record({
    kind: fc.constant('chart' as const),
    title: nasty,
    unit: nasty,
    summary: nasty,
    series: fc.array(fc.record({ name: nasty, points: fc.array(point, { maxLength: 26 }) }), { maxLength: 9 }),
  }),
);
const anyCard: fc.Arbitrary<Card> = fc.record({
  title: nasty,
  tone: fc.constantFrom('good' as const, 'bad' as const, 'warning' as const, 'neutral' as const),
  summary: nasty,
  body: fc.array(element, { maxLength: 12, size: 'max' }),
});

/** The card with its long texts written out. */
function expanded(card: Card): Card {
  return JSON.parse(JSON.stringify(card), (_, value: unknown) =>
    typeof value === 'string'
      ? value.replace(/^(.+?)\{(\d+)\}/su, (_all, unit: string, count: string) => unit.repeat(Number(count)))
      : value,
  ) as Card;
}

describe('any card whatever, for Teams', () => {
  it('is taken, with the 60 people who refresh it, and says something where it can’t be shown', () => {
    const refresh = { userIds: Array.from({ length: 70 }, () => `29:${'x'.repeat(90)}`) };
    fc.assert(
      fc.property(anyCard, (short) => {
        const card = expanded(short);
        assertTeamsTakes(renderCard(card, { refresh }));
        assert.ok(fallbackText(card).length >= 1 && fallbackText(card).length <= 1_000);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 10_000 },
    );
  });
});
