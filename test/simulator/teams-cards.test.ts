import assert from 'node:assert/strict';
import { problemsOfCard } from '../../simulator/teams/card-rules.ts';
import { cardOf } from './teams-client.ts';

const text = { type: 'TextBlock', text: 'Hello' };
const execute = { type: 'Action.Execute', title: 'Go', verb: 'go' };
const actions = (...all: readonly unknown[]) => ({ type: 'ActionSet', actions: all });

describe('The simulated Teams takes a card', () => {
  const everything = {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    msteams: { width: 'Full' },
    fallbackText: 'A report',
    refresh: { action: { ...execute, data: { action: 'refresh' } }, userIds: ['29:1', '29:2'] },
    body: [
      { ...text, size: 'Large', weight: 'Bolder', style: 'heading', wrap: true, spacing: 'None' },
      { type: 'RichTextBlock', inlines: ['plain ', { type: 'TextRun', text: 'bold', weight: 'bolder', italic: true }] },
      {
        type: 'Container',
        style: 'emphasis',
        items: [{ type: 'ColumnSet', columns: [{ type: 'Column', width: 'stretch', items: [text] }, { width: 2 }] }],
      },
      { type: 'FactSet', facts: [{ title: 'Legacy', value: '12' }] },
      {
        type: 'Table',
        columns: [{ width: 1, horizontalCellContentAlignment: 'Right' }],
        rows: [{ type: 'TableRow', cells: [{ type: 'TableCell', items: [text] }] }],
      },
      { type: 'Image', url: 'data:image/png;base64,AA==', altText: 'A line that rises' },
      { type: 'Input.Text', id: 'why', label: 'Why', isRequired: true, errorMessage: 'Say why', maxLength: 200 },
      { type: 'Input.Date', id: 'when', label: 'When', value: '2026-01-05' },
      { type: 'Input.ChoiceSet', id: 'which', style: 'compact', choices: [{ title: 'One', value: '1' }] },
      { type: 'Container', id: 'sure', isVisible: false, items: [text] },
      actions(
        { ...execute, data: { anything: ['at', 'all'] }, fallback: { type: 'Action.Submit', title: 'Go' } },
        { type: 'Action.ToggleVisibility', title: 'Ask', targetElements: ['sure', { elementId: 'why' }] },
        { type: 'Action.ShowCard', title: 'More', card: { type: 'AdaptiveCard', body: [text] } },
        { type: 'Action.OpenUrl', title: 'Read', url: 'https://example.org/' },
      ),
    ],
  };
  it('with everything in it that version 1.5 has a use for', () => assert.deepEqual(problemsOfCard(everything), []));

  const refused: readonly (readonly [why: string, card: unknown, problem: RegExp])[] = [
    ['of another type', { ...cardOf(text), type: 'Card' }, /unsupported type: Card/],
    ['of a later version', { ...cardOf(text), version: '1.6' }, /must be a version from 1\.0 to 1\.5/],
    ['without a version', { type: 'AdaptiveCard', body: [text] }, /missing required field: version/],
    ['with an unknown element', cardOf({ type: 'Carousel' }), /unsupported type: Carousel.*\/content\/body\/0/],
    ['with an unknown element far inside', cardOf({ type: 'Container', items: [{ type: 'Chart' }] }), /Chart/],
    ['with an unknown action', cardOf(actions({ type: 'Action.Http', title: 'x' })), /unsupported type: Action\.Http/],
    [
      'with a property that nothing has',
      cardOf({ ...text, colour: 'good' }),
      /no more properties allowed, has: colour/,
    ],
    ['with a choice that nothing knows', cardOf({ ...text, color: 'red' }), /must be one of: default, dark/],
    ['with a text that is none', cardOf({ type: 'TextBlock', text: 12 }), /must provide a string/],
    ['with an input without an id', cardOf({ type: 'Input.Text', label: 'Why' }), /missing required field: id/],
    ['with one id twice', cardOf({ ...text, id: 'a' }, { ...text, id: 'a' }), /"a" stands there more than once/],
    [
      'with an action that shows what is not there',
      cardOf(actions({ type: 'Action.ToggleVisibility', targetElements: ['gone'] })),
      /nothing has the id "gone"/,
    ],
    [
      'with an address that is not safe',
      cardOf(actions({ type: 'Action.OpenUrl', title: 'x', url: 'javascript:alert(1)' })),
      /must be an https or data address/,
    ],
    ['with a date that is none', cardOf({ type: 'Input.Date', id: 'when', value: '5.1.2026' }), /YYYY-MM-DD/],
    [
      'that refreshes itself for more people than Teams lets it',
      {
        ...cardOf(text),
        refresh: { action: execute, userIds: Array.from({ length: 61 }, (_, index) => `29:${index}`) },
      },
      /no more than 60 items allowed/,
    ],
  ];
  for (const [why, card, problem] of refused) {
    it(`but none ${why}`, () => assert.match(problemsOfCard(card).join('\n'), problem));
  }
  it('that refreshes itself for as many people as Teams lets it', () => {
    const userIds = Array.from({ length: 60 }, (_, index) => `29:${index}`);
    assert.deepEqual(problemsOfCard({ ...cardOf(text), refresh: { action: execute, userIds } }), []);
  });
});
