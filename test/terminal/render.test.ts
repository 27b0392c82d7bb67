import assert from 'node:assert/strict';
import { renderCard } from '../../src/terminal/render.ts';
import { widthOf } from '../../src/terminal/text.ts';
import { aCard } from '../support/fixtures.ts';
import type { CardElement } from '../../src/core/cards/card.ts';

const plain = { width: 80, color: false };
const shown = (...body: CardElement[]): string => renderCard(aCard({ body }), plain);
const escape = String.fromCharCode(27);

describe('A card in a terminal', () => {
  it('begins with its title and ends with a line break', () =>
    assert.equal(shown({ kind: 'text', text: 'Nothing to do.' }), 'All checks pass\n\nNothing to do.\n'));
  it('is colored only where colors are wanted', () => {
    assert.ok(!renderCard(aCard(), plain).includes(escape));
    assert.ok(renderCard(aCard(), { ...plain, color: true }).startsWith(`${escape}[1;32m`));
  });
  it('lines up the columns of a table, figures to the right', () =>
    assert.equal(
      shown({
        kind: 'table',
        columns: [
          { label: 'Check', align: 'left' },
          { label: 'New', align: 'right' },
        ],
        rows: [
          ['Employees', '1,250'],
          ['Level', '7'],
        ],
      }),
      'All checks pass\n\nCheck        New\n---------  -----\nEmployees  1,250\nLevel          7\n',
    ));
  it('puts a dash before each line of a list, and wraps under it', () =>
    assert.equal(
      renderCard(aCard({ body: [{ kind: 'list', items: ['one', 'two '.repeat(12).trim()] }] }), {
        width: 40,
        color: false,
      }),
      `All checks pass\n\n- one\n- ${'two '.repeat(9).trim()}\n  ${'two '.repeat(3).trim()}\n`,
    ));
  it('counts wide characters as two columns', () => {
    assert.equal(widthOf('人事部'), 6);
    assert.equal(widthOf('Zoë'), 3);
  });
  it('measures a long text as its parts, wherever what takes one place lies', () => {
    for (const one of ['😀', '👩‍👩‍👧‍👦', '🇩🇪', 'e\u0301', '人', '\r\n']) {
      for (const before of [0, 1, 2]) {
        const text = `${'x'.repeat(before)}${one.repeat(1_500)}é`;
        assert.equal(widthOf(text), before + 1_500 * widthOf(one) + 1, JSON.stringify(one));
      }
    }
  });
  it('says that a table is empty, and what was left out of it', () => {
    const columns = [{ label: 'Run', align: 'left' as const }];
    assert.match(shown({ kind: 'table', columns, rows: [] }), /\(none\)/);
    assert.match(
      shown({ kind: 'table', columns, rows: [['a']], omitted: '38 more, all pass' }),
      /\(38 more, all pass\)/,
    );
  });
  it('lets data neither move the cursor nor turn the direction of the text', () => {
    const text = shown({ kind: 'text', text: `a${escape}[2Jb\u202ec\rd` });
    assert.ok(!text.includes(escape) && !text.includes('\u202e') && !text.includes('\r'));
    assert.match(text, /a\[2Jb/);
  });
  it('breaks long text at its width', () => {
    const text = shown({ kind: 'text', text: 'word '.repeat(60).trim() });
    assert.ok(text.split('\n').every((line) => line.length <= 80));
  });
  it('draws a trend as bars, with a dot where nothing was measured', () => {
    const points = [
      { label: '1', value: '0' },
      { label: '2', value: null },
      { label: '3', value: '2' },
    ];
    assert.match(
      shown({ kind: 'chart', title: 'Variance', unit: '%', series: [{ name: 'Levels', points }], summary: 'Up.' }),
      /Levels {2}▁·█ {2}2 %/,
    );
  });
  it('draws groups as a bar of each series, from zero on, with its figure', () => {
    const side = (name: string, ...values: (string | null)[]) => ({
      name,
      points: values.map((value, at) => ({ label: `L${at + 1}`, value })),
    });
    const text = shown({
      kind: 'chart',
      as: 'bars',
      title: 'Levels',
      unit: '',
      series: [side('Legacy', '10', '0', '-20'), side('New', '5', null, '20')],
      summary: 'Both.',
    });
    const bars = text
      .split('\n')
      .filter((line) => /Legacy|New/.test(line))
      .map((line) => [line.match(/█/g)?.length ?? 0, line.trim().split(/ +/).at(-1)]);
    assert.match(text, /L1 {2}Legacy {2}█+ 10\n {4}New {5}█+ 5\n/);
    assert.deepEqual(bars, [
      [20, '10'],
      [10, '5'],
      [0, '0'],
      [0, 'none'],
      [40, '-20'],
      [40, '20'],
    ]);
  });
  it('leaves buttons to chat', () =>
    assert.ok(
      !shown({ kind: 'buttons', buttons: [{ label: 'Run again', command: 'check', style: 'default' }] }).includes(
        'Run again',
      ),
    ));
});
