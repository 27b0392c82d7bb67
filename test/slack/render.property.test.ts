import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Card, CardElement, Span } from '../../src/core/cards/card.ts';
import { renderHome, renderMessage } from '../../src/slack/render.ts';
import { assertSlackTakes } from './block-kit-rules.ts';
import { anyCharacter } from '../support/any-text.ts';

/** Anything a person, a database or an error message may hand in: long, empty, right to left, emoji, control characters. */
const nasty: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 12 }),
  fc.constantFrom(
    '',
    ' ',
    '<!channel>',
    '*b* _i_ `c` ~s~',
    '<@U123>',
    '&lt;',
    'שלום עולם',
    '\u202Eevil',
    '👩‍👩‍👧‍👦',
    '\ud83d',
    '\u0000\n\r\t',
  ),
  // Written as "x{3001}" until the card is rendered, so that a counterexample stays short enough to read.
  fc
    .tuple(fc.constantFrom('x', 'word ', '😀', 'ش', '<', '&'), fc.constantFrom(20, 76, 151, 301, 2001, 3001, 5000))
    .map(([unit, count]) => `${unit}{${count}}`),
);
const span: fc.Arbitrary<Span> = fc.oneof(
  nasty,
  fc.record({ bold: nasty }),
  fc.record({ code: nasty }),
  fc.record({
    time: fc.oneof(nasty, fc.constant('2026-03-02T12:00:00Z')),
    style: fc.constantFrom('time' as const, 'date' as const, 'dateTime' as const),
    fallback: nasty,
  }),
  fc.record({ person: fc.oneof(nasty, fc.constantFrom('U012ABC', 'slack:S012ABC')), name: nasty }),
);
const text = fc.oneof(nasty, fc.array(span, { maxLength: 14 }));
const button = fc.record(
  {
    label: nasty,
    command: nasty,
    style: fc.constantFrom('primary' as const, 'danger' as const, 'default' as const),
    confirm: fc.record({ title: nasty, text: nasty, confirm: nasty, deny: nasty }),
  },
  { requiredKeys: ['label', 'command', 'style'] },
);
const table: fc.Arbitrary<CardElement> = fc
  .tuple(
    fc.integer({ min: 0, max: 24 }),
    fc.integer({ min: 0, max: 130 }),
    nasty,
    nasty,
    fc.option(nasty, { nil: undefined }),
  )
  .map(([columns, rows, heading, cell, omitted]) => ({
    kind: 'table',
    columns: Array.from({ length: columns }, (_, at) => ({ label: heading + at, align: at % 2 ? 'right' : 'left' })),
    rows: Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns - (row % 2) }, (_1, at) => (at ? cell : `${row}`)),
    ),
    ...(omitted === undefined ? {} : { omitted }),
  }));
const chart: fc.Arbitrary<CardElement> = fc.record({
  kind: fc.constant('chart' as const),
  title: nasty,
  unit: nasty,
  summary: nasty,
  series: fc.array(
    fc.record({
      name: nasty,
      points: fc.array(
        fc.record({
          label: fc.oneof(nasty, fc.integer({ max: 30 }).map(String)),
          value: fc.option(fc.oneof(nasty, fc.double().map(String))),
        }),
        { maxLength: 26 },
      ),
    }),
    { maxLength: 9 },
  ),
});
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
  table,
  chart,
);
const anyCard: fc.Arbitrary<Card> = fc.record({
  title: nasty,
  tone: fc.constantFrom('good' as const, 'bad' as const, 'warning' as const, 'neutral' as const),
  summary: nasty,
  body: fc.array(element, { maxLength: 55, size: 'max' }),
});

/** The card with its long texts written out. */
function expanded(card: Card): Card {
  return JSON.parse(JSON.stringify(card), (_, value: unknown) =>
    typeof value === 'string'
      ? value.replace(/^(.+?)\{(\d+)\}/su, (_all, unit: string, count: string) => unit.repeat(Number(count)))
      : value,
  ) as Card;
}

/** Cutting a counterexample down ends after that time: a large one is better than a test that hangs. */
const bounds = { interruptAfterTimeLimit: 8_000 };

describe('any card whatever', () => {
  it('becomes a message that Slack takes', () => {
    fc.assert(
      fc.property(anyCard, fc.boolean(), (shortCard, charts) => {
        const { text, blocks } = renderMessage(expanded(shortCard), { charts });
        assert.ok(text.length >= 1 && text.length <= 4000);
        assert.doesNotMatch(text, /[<>]/);
        assertSlackTakes('message', blocks);
      }),
      { numRuns: 80, ...bounds },
    );
  });

  it('becomes a Home tab that Slack takes', () => {
    fc.assert(
      fc.property(anyCard, (shortCard) => assertSlackTakes('home', renderHome(expanded(shortCard)).blocks)),
      { numRuns: 25, ...bounds },
    );
  });
});
