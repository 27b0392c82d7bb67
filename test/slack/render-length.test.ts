import assert from 'node:assert/strict';
import type { CardElement, Span } from '../../src/core/cards/card.ts';
import { renderMessage } from '../../src/slack/render.ts';
import { assertSlackTakes, emitted } from './block-kit-rules.ts';
import { card } from './support.ts';

const times: Span[] = Array.from({ length: 4 }, () => ({
  time: '2026-03-02T12:00:00Z',
  style: 'time',
  fallback: 'in the morning '.repeat(18),
}));
const sure = { title: 'Sure? '.repeat(16), text: 'Really? '.repeat(37), confirm: 'Yes', deny: 'No' };
const examples: Record<string, CardElement> = {
  'texts of words': { kind: 'text', text: 'word '.repeat(200) },
  'texts of times, shown by their fallbacks': { kind: 'text', text: times },
  'small print of words': { kind: 'note', text: 'word '.repeat(200) },
  'small print of times, shown by their fallbacks': { kind: 'note', text: times },
  facts: { kind: 'facts', facts: Array.from({ length: 9 }, () => ({ label: 'Sum '.repeat(30), value: times })) },
  lists: { kind: 'list', items: Array.from({ length: 9 }, () => 'word '.repeat(60)) },
  'lists of times, shown by their fallbacks': { kind: 'list', items: [times, times] },
  'progress bars': { kind: 'progress', done: 3, total: 9, label: 'word '.repeat(100) },
  'tables, of which Slack takes one': {
    kind: 'table',
    columns: [{ label: 'Check', align: 'left' }],
    rows: Array.from({ length: 30 }, () => ['word '.repeat(12)]),
    omitted: 'word '.repeat(100),
  },
  'charts, of which Slack takes two': {
    kind: 'chart',
    title: 't',
    unit: '%',
    series: [],
    summary: 'word '.repeat(200),
  },
};

describe('a card with more than a message holds', () => {
  for (const [what, element] of Object.entries(examples)) {
    it(`is filled and cut, and says so, when it consists of ${what}`, () => {
      const { blocks } = renderMessage(card(Array.from({ length: 40 }, () => element)));
      assertSlackTakes('message', blocks);
      const words = emitted(blocks.filter(({ type }) => type !== 'table'));
      assert.ok(words > 10_000 && words <= 12_000, `${words} characters`);
      assert.match(JSON.stringify(blocks.at(-1)), /\d+ more parts did not fit here\./);
    });
  }

  for (const [shown, missing] of [
    [3, '1 more fact left out'],
    [2, '2 more facts left out'],
  ] as const) {
    it(`counts the facts that found no room: ${missing}`, () => {
      const fact = { label: 'Sum', value: 'x'.repeat(2_900) };
      const facts = Array.from({ length: 4 }, () => fact);
      const before = 'x'.repeat((3 - shown) * 2_900 + 600);
      const { blocks } = renderMessage(
        card([
          ...[before.slice(0, 3_000), before.slice(3_000)].map((text) => ({ kind: 'text', text }) as const),
          { kind: 'facts', facts },
        ]),
      );
      assert.ok(JSON.stringify(blocks).includes(`"${missing}"`), missing);
    });
  }

  it('leaves half of it to what can be read, and names the buttons that found no room', () => {
    const button = { label: 'Check again', command: 'check '.repeat(40), style: 'default', confirm: sure } as const;
    const { blocks } = renderMessage(
      card([
        { kind: 'text', text: 'word '.repeat(1_000) },
        { kind: 'text', text: 'word '.repeat(1_000) },
        { kind: 'buttons', buttons: Array.from({ length: 25 }, () => button) },
      ]),
    );
    assertSlackTakes('message', blocks);
    assert.ok(emitted(blocks.filter(({ type }) => type === 'actions')) <= 6_000);
    assert.ok(emitted(blocks.filter(({ type }) => type === 'rich_text')) > 5_000);
    assert.match(JSON.stringify(blocks), /Too long to be a button: Check again, Check again/);
  });
});
