import assert from 'node:assert/strict';
import type { CardElement } from '../../src/core/cards/card.ts';
import { renderHome, renderMessage } from '../../src/slack/render.ts';
import { card, chartElement } from './support.ts';

function blocksOf(...body: CardElement[]) {
  return renderMessage(card(body)).blocks.slice(1);
}

describe('a card as a Slack message', () => {
  it('says its summary to notifications and screen readers, escaped', () => {
    assert.equal(renderMessage(card([], { summary: 'R&D <!channel>' })).text, 'R&amp;D &lt;!channel&gt;');
  });

  it('begins with the title, with the sign of its tone beside it', () => {
    const [header] = renderMessage(card([], { title: '2 of 5 checks failed', tone: 'bad' })).blocks;
    assert.deepEqual(header, {
      type: 'header',
      text: { type: 'plain_text', text: '❌ 2 of 5 checks failed', emoji: false },
    });
  });

  it('shows a text as it was typed: no mention, no link, no styling comes of it', () => {
    const typed = '<!channel> *bold* _it_ `code` ~no~ :tada: <https://x.example|y> &amp;';
    assert.deepEqual(blocksOf({ kind: 'text', text: typed }), [
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: typed }] }] },
    ]);
    assert.deepEqual(blocksOf({ kind: 'note', text: typed }), [
      { type: 'context', elements: [{ type: 'plain_text', text: typed, emoji: false }] },
    ]);
  });

  it('shows times in small print by markup of its own, the fallback escaped', () => {
    const text = ['Due ', { time: '2026-03-02T12:00:00Z', style: 'dateTime' as const, fallback: '<7|00>' }, '.'];
    assert.deepEqual(blocksOf({ kind: 'note', text }), [
      {
        type: 'context',
        elements: [
          { type: 'plain_text', text: 'Due', emoji: false },
          { type: 'mrkdwn', text: '<!date^1772452800^{date_short}, {time}|&lt;7 00&gt;>' },
          { type: 'plain_text', text: '.', emoji: false },
        ],
      },
    ]);
  });

  it('puts a bullet before each line of a list', () => {
    assert.deepEqual(blocksOf({ kind: 'list', items: ['one', [{ bold: 'two' }]] }), [
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [
              { type: 'rich_text_section', elements: [{ type: 'text', text: 'one' }] },
              { type: 'rich_text_section', elements: [{ type: 'text', text: 'two', style: { bold: true } }] },
            ],
          },
        ],
      },
    ]);
  });

  it('lists facts as bold labels with their values', () => {
    const facts = [
      { label: 'Batch', value: '2 March' },
      { label: 'Rows', value: '' },
    ];
    assert.deepEqual(blocksOf({ kind: 'facts', facts }), [
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'Batch: ', style: { bold: true } },
              { type: 'text', text: '2 March' },
              { type: 'text', text: '\n' },
              { type: 'text', text: 'Rows: ', style: { bold: true } },
              { type: 'text', text: '–' },
            ],
          },
        ],
      },
    ]);
  });

  it('shows progress in words and not only as a bar', () => {
    const [block] = blocksOf({ kind: 'progress', done: 2, total: 5, label: 'Level distribution' });
    assert.match(JSON.stringify(block), /▰▰▰▰▱▱▱▱▱▱ 2 of 5: Level distribution/);
  });

  it('leaves out empty texts, which Slack refuses', () => {
    assert.deepEqual(
      blocksOf({ kind: 'text', text: '' }, { kind: 'note', text: [''] }, { kind: 'facts', facts: [] }),
      [],
    );
  });

  describe('its buttons', () => {
    it('carry the command as it would be typed', () => {
      const confirm = { title: 'Share it?', text: 'Everybody will see it.', confirm: 'Share', deny: 'Cancel' };
      const blocks = blocksOf({
        kind: 'buttons',
        buttons: [
          { label: 'Check again', command: 'check', style: 'primary' },
          { label: 'Share', command: 'show 20260302-abcde --share', style: 'default', confirm },
        ],
      });
      const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
      assert.deepEqual(blocks, [
        {
          type: 'actions',
          elements: [
            { type: 'button', action_id: 'command:1', text: plain('Check again'), value: 'check', style: 'primary' },
            {
              type: 'button',
              action_id: 'command:2',
              text: plain('Share'),
              value: 'show 20260302-abcde --share',
              confirm: {
                title: plain('Share it?'),
                text: plain('Everybody will see it.'),
                confirm: plain('Share'),
                deny: plain('Cancel'),
              },
            },
          ],
        },
      ]);
    });

    it('are left out, and named, when their command is too long to carry: a cut one would be another command', () => {
      const button = (length: number) => ({
        kind: 'buttons' as const,
        buttons: [{ label: 'Note it', command: 'x'.repeat(length), style: 'default' as const }],
      });
      assert.equal(blocksOf(button(2000))[0]?.type, 'actions');
      assert.match(JSON.stringify(blocksOf(button(2001))), /Too long to be a button: Note it/);
    });

    it('stay when a message has too many parts', () => {
      const many = Array.from({ length: 60 }, (): CardElement => ({ kind: 'text', text: 'x' }));
      const buttons: CardElement = { kind: 'buttons', buttons: [{ label: 'Go', command: 'check', style: 'default' }] };
      const { blocks } = renderMessage(card([...many, buttons]));
      assert.equal(blocks.length, 50);
      assert.equal(blocks.filter((block) => block.type === 'actions').length, 1);
      assert.match(JSON.stringify(blocks.at(-1)), /13 more parts did not fit here/);
    });
  });

  describe('its table', () => {
    const table = (rows: number, columns = 2, omitted?: string): CardElement => ({
      kind: 'table',
      columns: Array.from({ length: columns }, (_, index) => ({
        label: `Column ${index + 1}`,
        align: index === 0 ? ('left' as const) : ('right' as const),
      })),
      rows: Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_1, at) => `${row}/${at}`)),
      ...(omitted === undefined ? {} : { omitted }),
    });

    it('is a table of Slack, numbers to the right, empty cells marked', () => {
      const blocks = blocksOf({
        kind: 'table',
        columns: [
          { label: 'Check', align: 'left' },
          { label: 'New', align: 'right' },
        ],
        rows: [
          ['Levels', '1,204'],
          ['Growth', ''],
        ],
      });
      const cell = (text: string) => ({ type: 'raw_text', text });
      assert.deepEqual(blocks, [
        {
          type: 'table',
          column_settings: [
            { align: 'left', is_wrapped: true },
            { align: 'right', is_wrapped: false },
          ],
          rows: [
            [cell('Check'), cell('New')],
            [cell('Levels'), cell('1,204')],
            [cell('Growth'), cell('–')],
          ],
        },
      ]);
    });

    it('holds 99 rows under its headings, and says how many more there are', () => {
      assert.equal(blocksOf(table(99)).length, 1);
      const [cut, note] = blocksOf(table(100));
      assert.ok(cut?.type === 'table' && cut.rows.length === 100);
      assert.match(JSON.stringify(note), /1 row left out\./);
    });

    it('says what was left out before it came here, too', () => {
      assert.match(
        JSON.stringify(blocksOf(table(120, 2, '38 more groups, all pass'))),
        /21 rows left out; 38 more groups, all pass\./,
      );
    });

    it('holds 20 columns, and says how many more there are', () => {
      assert.equal(blocksOf(table(1, 20)).length, 1);
      assert.match(JSON.stringify(blocksOf(table(1, 21))), /1 column left out\./);
    });

    it('stands as lines of text where Slack takes no second table', () => {
      const [first, second] = blocksOf(table(1), table(1));
      assert.equal(first?.type, 'table');
      assert.deepEqual(second, {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_preformatted',
            elements: [{ type: 'text', text: 'Column 1  Column 2\n0/0            0/1' }],
          },
        ],
      });
    });

    it('stands as lines of text on the Home tab, which shows no tables', () => {
      const view = renderHome(card([table(1), chartElement]));
      assert.deepEqual(
        view.blocks.map((block) => block.type),
        ['header', 'rich_text', 'context'],
      );
    });
  });

  describe('its chart', () => {
    it('is a line chart of Slack, with its meaning in words under it', () => {
      assert.deepEqual(blocksOf(chartElement), [
        {
          type: 'data_visualization',
          title: 'Variance of the last runs',
          chart: {
            type: 'line',
            series: [
              {
                name: 'Total compensation',
                data: [
                  { label: '27 Feb', value: 0.05 },
                  { label: '28 Feb', value: 0.06 },
                  { label: '2 Mar', value: 0.08 },
                ],
              },
            ],
            axis_config: { categories: ['27 Feb', '28 Feb', '2 Mar'], y_label: '%' },
          },
        },
        {
          type: 'context',
          elements: [{ type: 'plain_text', text: 'Total compensation rose from 0.05% to 0.08%.', emoji: false }],
        },
      ]);
    });

    it('is only its words where the workspace refuses charts', () => {
      const { blocks } = renderMessage(card([chartElement]), { charts: false });
      assert.deepEqual(
        blocks.map((block) => block.type),
        ['header', 'context'],
      );
    });

    it('has no axis label where nothing of its unit can be seen', () => {
      const [block] = blocksOf({ ...chartElement, unit: '\u0000 \n' } as CardElement);
      assert.ok(block?.type === 'data_visualization');
      assert.deepEqual(block.chart.axis_config, { categories: ['27 Feb', '28 Feb', '2 Mar'] });
    });

    it('leaves out a day without a measurement and names it: it is never drawn as zero', () => {
      const points = [
        { label: 'Mon', value: '1' },
        { label: 'Tue', value: null },
        { label: 'Wed', value: '3' },
      ];
      const blocks = blocksOf({
        kind: 'chart',
        title: 'T',
        unit: '%',
        series: [{ name: 'A', points }],
        summary: 'A rose.',
      });
      const [block] = blocks;
      assert.ok(block?.type === 'data_visualization');
      assert.deepEqual(block.chart.axis_config.categories, ['Mon', 'Wed']);
      assert.match(JSON.stringify(blocks[1]), /A rose\. No measurement: Tue\./);
    });

    it('is only its words when fewer than two points were measured', () => {
      const points = [
        { label: 'Mon', value: '1' },
        { label: 'Tue', value: null },
      ];
      const blocks = blocksOf({
        kind: 'chart',
        title: 'T',
        unit: '%',
        series: [{ name: 'A', points }],
        summary: 'Once.',
      });
      assert.deepEqual(
        blocks.map((block) => block.type),
        ['context'],
      );
    });

    describe('of groups', () => {
      const side = (name: string, ...values: (string | null)[]) => ({
        name,
        points: values.map((value, at) => ({ label: `L${at}`, value })),
      });
      const drawn = (...series: ReturnType<typeof side>[]) => {
        const [block, words] = blocksOf({ kind: 'chart', as: 'bars', title: 'T', unit: '', series, summary: 'Both.' });
        assert.ok(block?.type === 'data_visualization');
        return { chart: block.chart, words: JSON.stringify(words) };
      };

      it('is bars of the first 20 of 21, and says so', () => {
        const values = Array.from({ length: 21 }, (_, at) => String(at));
        const { chart, words } = drawn(side('Legacy', ...values), side('New', ...values));
        const { categories } = chart.axis_config;
        assert.deepEqual([chart.type, categories.length, categories[0], categories.at(-1)], ['bar', 20, 'L0', 'L19']);
        assert.match(words, /Both\. Only the first 20 of 21 groups are drawn\."/);
      });

      it('draws one that only one side has beside nothing, and says on which side there is nothing', () => {
        const { chart, words } = drawn(side('Legacy', '4', null, '6'), side('New', '5', '7', null));
        assert.deepEqual(
          chart.series.map(({ name, data }) => [name, ...data.map(({ label, value }) => `${label} ${value}`)]),
          [
            ['Legacy', 'L0 4', 'L1 0', 'L2 6'],
            ['New', 'L0 5', 'L1 7', 'L2 0'],
          ],
        );
        assert.match(words, /Both\. Nothing in Legacy: L1; nothing in New: L2\."/);
      });

      it('draws both sides where one has hardly any of them', () => {
        const { chart, words } = drawn(side('Legacy', '4', '5', '6'), side('New', null, null, '6'));
        assert.equal(chart.series.length, 2);
        assert.match(words, /Nothing in New: L0, L1\."/);
      });

      it('says nothing of a side with a figure of zero', () =>
        assert.match(drawn(side('Legacy', '4', '5'), side('New', '0', '5')).words, /"Both\."/));

      it('leaves out one that neither side could measure', () => {
        const { chart, words } = drawn(side('Legacy', '4', null, '6'), side('New', '5', null, '7'));
        assert.deepEqual(chart.axis_config.categories, ['L0', 'L2']);
        assert.match(words, /No measurement: L1\."/);
      });
    });

    it('draws the newest 20 of 21 points and says so', () => {
      const points = Array.from({ length: 21 }, (_, day) => ({ label: `Day ${day}`, value: String(day) }));
      const blocks = blocksOf({
        kind: 'chart',
        title: 'T',
        unit: '%',
        series: [{ name: 'A', points }],
        summary: 'Up.',
      });
      const [block] = blocks;
      assert.ok(block?.type === 'data_visualization');
      assert.deepEqual(
        [block.chart.axis_config.categories.length, block.chart.axis_config.categories[0]],
        [20, 'Day 1'],
      );
      assert.match(JSON.stringify(blocks[1]), /Only the newest 20 of 21 points are drawn\./);
    });
  });
});
