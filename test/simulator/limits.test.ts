import assert from 'node:assert/strict';
import { problemsOfMessage, problemsOfView } from '../../simulator/block-rules.ts';

type Block = Record<string, unknown>;
type Make = (size: number) => Block[];

const x = (length: number): string => 'x'.repeat(length);
const many = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const plain = (text: string): Block => ({ type: 'plain_text', text });
const divider: Block = { type: 'divider' };
const section = (more: Block): Block => ({ type: 'section', ...more });
const button = (more: Block = {}): Block => ({ type: 'button', text: plain('Go'), action_id: 'go', ...more });
const actions = (...elements: Block[]): Block => ({ type: 'actions', elements });
const cell = (text: string): Block => ({ type: 'raw_text', text });
const table = (rows: number, columns: number, text = 'x'): Block => ({
  type: 'table',
  rows: many(rows, () => many(columns, () => cell(text))),
});
const confirm = (more: Block): Block => ({
  title: plain('Sure?'),
  text: plain('Really?'),
  confirm: plain('Yes'),
  deny: plain('No'),
  ...more,
});
const label = (index: number): string => `day ${index}`;
const chart = (
  options: { title?: string; points?: number; series?: Block[]; axis?: Block; type?: string } = {},
): Block => {
  const points = options.points ?? 2;
  const data = many(points, (at) => ({ label: label(at), value: at }));
  return {
    type: 'data_visualization',
    title: options.title ?? 'Trend',
    chart: {
      type: options.type ?? 'line',
      series: options.series ?? [{ name: 'legacy', data }],
      axis_config: { categories: many(points, label), ...options.axis },
    },
  };
};
const pointsOf = (name: string): Block => ({ name, data: many(2, (at) => ({ label: label(at), value: at })) });
const written = (length: number): Block => ({
  type: 'rich_text',
  elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: x(length) }] }],
});

/** What it is, the largest size that is taken, and blocks of a size. */
const messageLimits: readonly [string, number, Make][] = [
  ['blocks of a message', 50, (size) => many(size, () => divider)],
  ['characters of a header', 150, (size) => [{ type: 'header', text: plain(x(size)) }]],
  ['characters of a section', 3_000, (size) => [section({ text: plain(x(size)) })]],
  ['fields of a section', 10, (size) => [section({ fields: many(size, () => plain('x')) })]],
  ['characters of a field', 2_000, (size) => [section({ fields: [plain(x(size))] })]],
  ['elements of a context', 10, (size) => [{ type: 'context', elements: many(size, () => plain('x')) }]],
  ['characters of a context', 3_000, (size) => [{ type: 'context', elements: [plain(x(size))] }]],
  ['buttons of a row', 25, (size) => [actions(...many(size, (at) => button({ action_id: `go:${at}` })))]],
  ["characters of a button's label", 75, (size) => [actions(button({ text: plain(x(size)) }))]],
  ["characters of a button's value", 2_000, (size) => [actions(button({ value: x(size) }))]],
  ['characters of an action id', 255, (size) => [actions(button({ action_id: x(size) }))]],
  ['characters of a block id', 255, (size) => [{ ...divider, block_id: x(size) }]],
  [
    "characters of a confirmation's title",
    100,
    (size) => [actions(button({ confirm: confirm({ title: plain(x(size)) }) }))],
  ],
  [
    "characters of a confirmation's text",
    300,
    (size) => [actions(button({ confirm: confirm({ text: plain(x(size)) }) }))],
  ],
  [
    "characters of a confirmation's yes",
    30,
    (size) => [actions(button({ confirm: confirm({ confirm: plain(x(size)) }) }))],
  ],
  [
    "characters of a confirmation's no",
    30,
    (size) => [actions(button({ confirm: confirm({ deny: plain(x(size)) }) }))],
  ],
  ['tables of a message', 1, (size) => many(size, () => table(2, 2))],
  ['rows of a table', 100, (size) => [table(size, 1)]],
  ['columns of a table', 20, (size) => [table(2, size)]],
  ['characters of a table', 10_000, (size) => [{ type: 'table', rows: [[cell(x(size - 1))], [cell('x')]] }]],
  ['charts of a message', 2, (size) => many(size, () => chart())],
  ["characters of a chart's title", 50, (size) => [chart({ title: x(size) })]],
  ['points of a chart', 20, (size) => [chart({ points: size })]],
  ['series of a chart', 6, (size) => [chart({ series: many(size, (at) => pointsOf(`series ${at}`)) })]],
  ["characters of a series' name", 20, (size) => [chart({ series: [pointsOf(x(size))] })]],
  ["characters of an axis' label", 50, (size) => [chart({ axis: { y_label: x(size) } })]],
  ['characters of markdown', 12_000, (size) => [{ type: 'markdown', text: x(size) }]],
];

describe('Messages in the simulated Slack', () => {
  for (const [what, largest, make] of messageLimits) {
    it(`may have ${largest} ${what}, and not one more`, () => {
      assert.equal(problemsOfMessage('text', make(largest)), undefined);
      assert.equal(problemsOfMessage('text', make(largest + 1))?.error, 'invalid_blocks');
    });
  }
  it('may have 13,200 characters in all blocks, and not one more', () => {
    const blocks = (last: number): Block[] => [...many(4, () => written(3_000)), written(last)];
    assert.equal(problemsOfMessage('text', blocks(1_200)), undefined);
    assert.equal(problemsOfMessage('text', blocks(1_201))?.error, 'msg_blocks_too_long');
  });
  it('may have 40,000 characters of text, and not one more', () => {
    assert.equal(problemsOfMessage(x(40_000), undefined), undefined);
    assert.equal(problemsOfMessage(x(40_001), undefined)?.error, 'msg_too_long');
  });
  it('say something', () => {
    assert.equal(problemsOfMessage('', undefined)?.error, 'no_text');
    assert.equal(problemsOfMessage('', [])?.error, 'no_text');
    assert.equal(problemsOfMessage('', [divider]), undefined);
  });
  it('have their blocks in a list', () => {
    assert.equal(problemsOfMessage('text', null)?.error, 'invalid_blocks_format');
    assert.equal(problemsOfMessage('text', { type: 'divider' })?.error, 'invalid_blocks_format');
    assert.equal(problemsOfMessage('text', ['divider'])?.error, 'invalid_blocks_format');
  });

  const wrong: readonly [string, Block[], RegExp][] = [
    ['a block that nobody knows', [{ type: 'poem' }], /unsupported type: poem \[json-pointer:\/blocks\/0\/type\]/],
    ['a field that nobody knows', [{ ...divider, colour: 'red' }], /no more properties allowed, has: colour/],
    ['a block without its text', [{ type: 'header' }], /missing required field: text \[json-pointer:\/blocks\/0\]/],
    ['an empty header', [{ type: 'header', text: plain('') }], /must be more than 0 characters/],
    ['markup in a header', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], /must be one of: plain_text/],
    ['a section without words', [section({})], /either `fields` or `text`/],
    ['no button in a row', [actions()], /no less than 1 items allowed/],
    ['two buttons of one id in a row', [actions(button(), button())], /`action_id` "go" already exists/],
    [
      'two blocks of one id',
      [
        { ...divider, block_id: 'a' },
        { ...divider, block_id: 'a' },
      ],
      /`block_id` "a" already/,
    ],
    ['an unknown style', [actions(button({ style: 'loud' }))], /must be one of: primary, danger/],
    ['rows of different lengths', [{ type: 'table', rows: [[cell('a'), cell('b')], [cell('c')]] }], /same number/],
    ['an empty cell', [{ type: 'table', rows: [[cell('')]] }], /must be more than 0 characters/],
    ['two series of one name', [chart({ series: [pointsOf('a'), pointsOf('a')] })], /names must be unique/],
    ['points beside their categories', [chart({ axis: { categories: ['a', 'b'] } })], /same as axis_config.categories/],
    ['a category twice', [chart({ axis: { categories: ['a', 'a'] } })], /categories must be unique/],
    [
      'a gap in a line',
      [chart({ series: [{ name: 'a', data: [{ label: label(0), value: null }] }] })],
      /provide a number/,
    ],
    ['a chart of an unknown kind', [chart({ type: 'radar' })], /unsupported type: radar/],
    [
      'a mention of nobody',
      [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'user', user_id: 'ana' }] }] }],
      /must be an id/,
    ],
    [
      'half of a confirmation',
      [actions(button({ confirm: { title: plain('Sure?') } }))],
      /missing required field: deny/,
    ],
  ];
  for (const [what, blocks, problem] of wrong) {
    it(`are refused for ${what}, and told where`, () => {
      const refusal = problemsOfMessage('text', blocks);
      assert.equal(refusal?.error, 'invalid_blocks');
      assert.match(refusal.messages.join('\n'), problem);
    });
  }
});

describe('Views in the simulated Slack', () => {
  const home = (blocks: Block[], more: Block = {}): Block => ({ type: 'home', blocks, ...more });
  const modal = (more: Block = {}): Block => ({ type: 'modal', title: plain('Title'), blocks: [divider], ...more });
  const input: Block = { type: 'input', label: plain('Why'), element: { type: 'plain_text_input', action_id: 'why' } };

  const viewLimits: readonly [string, number, 'home' | 'modal', (size: number) => Block][] = [
    ['blocks of the Home tab', 100, 'home', (size) => home(many(size, () => divider))],
    ['characters of private metadata', 3_000, 'home', (size) => home([divider], { private_metadata: x(size) })],
    ["characters of a modal's title", 24, 'modal', (size) => modal({ title: plain(x(size)) })],
    ['characters of the way to submit', 24, 'modal', (size) => modal({ submit: plain(x(size)) })],
    ['characters of a callback id', 255, 'modal', (size) => modal({ callback_id: x(size) })],
  ];
  for (const [what, largest, type, make] of viewLimits) {
    it(`may have ${largest} ${what}, and not one more`, () => {
      assert.deepEqual(problemsOfView(make(largest), type), []);
      assert.equal(problemsOfView(make(largest + 1), type).length, 1);
    });
  }
  it('show no tables and no charts', () => {
    assert.match(problemsOfView(home([table(2, 2)]), 'home').join(), /unsupported type: table/);
    assert.match(problemsOfView(home([chart()]), 'home').join(), /unsupported type: data_visualization/);
  });
  it('are of the type that the method publishes', () => {
    assert.match(problemsOfView(modal(), 'home').join(), /must be one of: home/);
  });
  it('need a way to submit what is typed', () => {
    assert.match(problemsOfView(modal({ blocks: [input] }), 'modal').join(), /`submit` is required/);
    assert.deepEqual(problemsOfView(modal({ blocks: [input], submit: plain('Send') }), 'modal'), []);
  });
});
