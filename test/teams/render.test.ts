import assert from 'node:assert/strict';
import type { CardElement } from '../../src/core/cards/card.ts';
import type { Element } from '../../src/teams/adaptive-card.ts';
import { fallbackText, renderCard } from '../../src/teams/render.ts';
import { aCard } from '../support/fixtures.ts';
import { assertTeamsTakes, wordsOf } from './teams-rules.ts';

const bodyOf = (...body: CardElement[]): readonly Element[] => renderCard(aCard({ body })).body.slice(1);
const titleOf = (title: string, tone: 'good' | 'bad' | 'warning' | 'neutral' = 'neutral') =>
  renderCard(aCard({ title, tone })).body[0];

describe('A card as an Adaptive Card', () => {
  it('says its summary where the card can’t be shown, and in notifications', () => {
    const card = aCard({ summary: 'Two of\nfive failed.' });
    assert.equal(fallbackText(card), 'Two of five failed.');
    assert.equal(renderCard(card).fallbackText, 'Two of five failed.');
    assert.equal(fallbackText(aCard({ summary: ' ', title: 'The title' })), 'The title');
    assert.equal(fallbackText(aCard({ summary: 'x'.repeat(1_000) })).length, 1_000);
    assert.match(fallbackText(aCard({ summary: 'x'.repeat(1_001) })), /^x{999}…$/);
  });

  describe('begins with the title', () => {
    it('that is a heading, in the colour of its tone and with the sign of it', () => {
      assert.deepEqual(titleOf('2 of 5 checks failed', 'bad'), {
        type: 'Container',
        style: 'attention',
        bleed: true,
        items: [
          {
            type: 'TextBlock',
            text: '❌ 2 of 5 checks failed',
            size: 'Large',
            weight: 'Bolder',
            wrap: true,
            style: 'heading',
          },
        ],
      });
      assert.match(wordsOf(titleOf('Held', 'warning')), /^⚠️ Held$/);
      assert.match(wordsOf(titleOf('All pass', 'good')), /^✅ All pass$/);
    });
    for (const title of ['1. one', '- one', 'a*b*', '[a](http://x)', 'see evil.example', '<at>a</at>', '{{DATE(x)}}']) {
      it(`that is no heading where it would be read as Markdown: ${title}`, () => {
        const title1 = titleOf(title);
        assert.ok(title1?.type === 'Container' && title1.items[0]?.type === 'RichTextBlock');
        assert.equal(wordsOf(title1), title);
      });
    }
  });

  describe('shows a text', () => {
    it('with what is bold, what is code, and who is meant', () => {
      const text = ['Ask ', { person: 'teams:1', name: 'U1' }, { bold: ' today' }, ' by ', { code: 'D-1' }];
      const { body } = renderCard(aCard({ body: [{ kind: 'text', text }] }), {
        nameOf: (person) => (person === 'teams:1' ? 'Ana Alba' : undefined),
      });
      assert.deepEqual(body[1], {
        type: 'RichTextBlock',
        inlines: [
          'Ask ',
          'Ana Alba',
          { type: 'TextRun', text: ' today', weight: 'Bolder' },
          ' by ',
          { type: 'TextRun', text: 'D-1', fontType: 'Monospace' },
        ],
      });
    });
    it('with the name that it has for somebody who is not known here', () => {
      const text = [{ person: 'slack:U0BEN', name: 'Ben' }];
      assert.deepEqual(bodyOf({ kind: 'text', text }), [{ type: 'RichTextBlock', inlines: ['Ben'] }]);
    });
    it('with a block for each of its lines, as clients differ in what they make of breaks', () => {
      assert.deepEqual(bodyOf({ kind: 'text', text: ['one\r\n\r\n', { bold: 'two\nthree' }] }), [
        { type: 'RichTextBlock', inlines: ['one'] },
        { type: 'RichTextBlock', spacing: 'None', inlines: [{ type: 'TextRun', text: 'two', weight: 'Bolder' }] },
        { type: 'RichTextBlock', spacing: 'None', inlines: [{ type: 'TextRun', text: 'three', weight: 'Bolder' }] },
      ]);
    });
    it('with times in the reader’s own zone, in whole seconds', () => {
      const time = (style: 'time' | 'date' | 'dateTime') => ({
        time: '2026-03-02T12:00:00.250Z',
        style,
        fallback: 'Mon 2 Mar 2026, 07:00',
      });
      const inlines = ['time', 'date', 'dateTime'].map((style) => {
        const [block] = bodyOf({ kind: 'text', text: [time(style as 'time')] });
        return block?.type === 'RichTextBlock' ? block.inlines[0] : undefined;
      });
      assert.deepEqual(inlines, [
        '{{TIME(2026-03-02T12:00:00Z)}}',
        '{{DATE(2026-03-02T12:00:00Z, SHORT)}}',
        '{{DATE(2026-03-02T12:00:00Z, SHORT)}}, {{TIME(2026-03-02T12:00:00Z)}}',
      ]);
    });
    it('with the words for a time that is none', () => {
      const text = [{ time: 'soon', style: 'time' as const, fallback: 'in the morning' }];
      assert.deepEqual(bodyOf({ kind: 'text', text }), [{ type: 'RichTextBlock', inlines: ['in the morning'] }]);
    });
    it('that only looks like a time as it was typed', () => {
      const [block] = bodyOf({ kind: 'text', text: '{{DATE(2026-03-02T12:00:00Z)}}' });
      assert.deepEqual(block, { type: 'RichTextBlock', inlines: ['{', '{DATE(2026-03-02T12:00:00Z)}}'] });
    });
    it('with the bot’s name where Slack takes a command', () => {
      assert.equal(wordsOf(bodyOf({ kind: 'text', text: [{ code: '/parallel check' }] })), '@Parallel Run check');
    });
    it('not at all where there is none', () => {
      assert.deepEqual(
        bodyOf({ kind: 'text', text: ' ' }, { kind: 'note', text: [''] }, { kind: 'list', items: [] }),
        [],
      );
    });
    it('up to 4,000 characters, and says so', () => {
      assert.equal(wordsOf(bodyOf({ kind: 'text', text: 'x'.repeat(4_000) })).length, 4_000);
      assert.match(wordsOf(bodyOf({ kind: 'text', text: 'x'.repeat(4_001) })), /^x{3999}…$/);
    });
  });

  describe('shows facts', () => {
    const widths = (...labels: string[]) =>
      bodyOf({ kind: 'facts', facts: labels.map((label) => ({ label, value: 'x' })) }).map((set) =>
        set.type === 'ColumnSet' ? set.columns.map(({ width }) => width) : [],
      );
    it('as labels beside their values, with a mark for a value that is empty', () => {
      assert.deepEqual(bodyOf({ kind: 'facts', facts: [{ label: 'Batch', value: '' }] }), [
        {
          type: 'ColumnSet',
          columns: [
            {
              type: 'Column',
              width: 10,
              items: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'Batch', weight: 'Bolder' }] }],
            },
            { type: 'Column', width: 30, items: [{ type: 'RichTextBlock', inlines: ['–'] }] },
          ],
        },
      ]);
    });
    it('in columns of one width, in which a telephone breaks no word of a label', () => {
      assert.deepEqual(widths('State', 'Reconciliation of the day'), [
        [18, 22],
        [18, 22],
      ]);
    });
    it('with half of the card for their values, however long a label is', () => {
      assert.deepEqual(widths('x'.repeat(16)), [[20, 20]]);
      assert.deepEqual(widths('x'.repeat(60)), [[20, 20]]);
    });
  });
  it('shows a divider as a line over what follows, and none where nothing does', () => {
    const text: CardElement = { kind: 'text', text: 'x' };
    const [, second, ...others] = bodyOf(text, { kind: 'divider' }, text, { kind: 'divider' });
    assert.deepEqual(second, { type: 'RichTextBlock', inlines: ['x'], separator: true, spacing: 'Medium' });
    assert.deepEqual(others, []);
  });
  it('shows progress in words and not only as a bar', () => {
    assert.equal(
      wordsOf(bodyOf({ kind: 'progress', done: 2, total: 5, label: 'Levels' })),
      '▰▰▰▰▱▱▱▱▱▱ 2 of 5: Levels',
    );
  });

  describe('shows a chart', () => {
    const chart = (values: readonly (string | null)[]): CardElement => ({
      kind: 'chart',
      title: 'Variance',
      unit: '%',
      series: [{ name: 'Growth', points: values.map((value, at) => ({ label: `${at + 1} Mar`, value })) }],
      summary: 'It rose.',
    });
    it('as bars from zero on with its first and last figure, and its meaning in words', () => {
      assert.deepEqual(wordsOf(bodyOf(chart(['0.2', '0.4', '0.8']))).split('\n'), [
        'Variance (1 Mar to 3 Mar)',
        'Growth ▃▅█ 0.2 to 0.8\u00a0%',
        'It rose.',
      ]);
    });
    it('with a dot for what was not measured, never a bar of nothing', () => {
      assert.match(wordsOf(bodyOf(chart(['1', null, 'no number', '1']))), /█··█/);
      assert.match(wordsOf(bodyOf(chart([null, null]))), /Growth: not measured/);
    });
    it('with one figure where it begins and ends with the same', () => {
      assert.match(wordsOf(bodyOf(chart(['2', '3', '2']))), /▆█▆ 2\u00a0%/);
    });
    it('with figures below zero under those above', () => {
      assert.match(wordsOf(bodyOf(chart(['-1', '0', '1']))), /▁▅█ -1 to 1/);
    });
    it('of groups as a bar of each series, from zero on, with its figure', () => {
      const side = (name: string, ...values: (string | null)[]) => ({
        name,
        points: values.map((value, at) => ({ label: `L${at + 1}`, value })),
      });
      const groups = (series: ReturnType<typeof side>[]): string =>
        wordsOf(bodyOf({ kind: 'chart', as: 'bars', title: 'Levels', unit: '%', series, summary: 'Both.' }));
      const lines = groups([side('Legacy', '10', '20'), side('New', '5', null)]).split('\n');
      assert.deepEqual(
        lines.map((line) => line.replaceAll('\u00a0', ' ')),
        [
          'Levels',
          'L1 Legacy ██████ 10 %',
          '   New    ███ 5 %',
          'L2 Legacy ████████████ 20 %',
          '   New    · none',
          'Both.',
        ],
      );
      const values = Array.from({ length: 21 }, (_, at) => String(at));
      assert.match(groups([side('Legacy', ...values)]), /L20[^]*Both\. Not drawn: 1 more\./);
      assert.doesNotMatch(groups([side('Legacy', ...values)]), /L21/);
    });
    it('of six series, and names the others', () => {
      const series = (name: string) => ({ name, points: [{ label: '1', value: '1' }] });
      const many = Array.from({ length: 7 }, (_, at) => series(`S${at}`));
      const text = wordsOf(bodyOf({ kind: 'chart', title: 't', unit: '', series: many, summary: 'Seven.' }));
      assert.match(text, /S5 █ 1\n/);
      assert.match(text, /Seven\. Not drawn: S6\./);
    });
  });

  describe('asks to be brought up to date', () => {
    const refresh = (people: number) =>
      renderCard(aCard(), {
        refresh: { userIds: Array.from({ length: people }, (_, at) => `29:${at}`) },
      });
    it('for those that it names, with the words to ask with', () => {
      const card = refresh(2);
      assert.deepEqual(card.refresh, {
        action: { type: 'Action.Execute', verb: 'refresh', data: { action: 'refresh' } },
        userIds: ['29:0', '29:1'],
      });
      assertTeamsTakes(card);
    });
    it('for 60 of them at most', () => {
      assert.equal(refresh(60).refresh?.userIds.length, 60);
      assert.equal(refresh(61).refresh?.userIds.length, 60);
    });
  });

  it('has a title where it is given none', () => {
    assert.equal(wordsOf(titleOf(' \n', 'good')), '✅ Parallel Run');
  });
});
