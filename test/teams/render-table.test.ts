import assert from 'node:assert/strict';
import type { CardTable } from '../../src/core/cards/card.ts';
import { renderTable } from '../../src/teams/render-table.ts';
import { wordsOf } from './teams-rules.ts';

type Align = 'left' | 'right';
const table = (heads: readonly (readonly [string, Align])[], ...rows: string[][]): CardTable => ({
  kind: 'table',
  columns: heads.map(([label, align]) => ({ label, align })),
  rows,
});

describe('A table in Teams', () => {
  describe('that a phone has room for', () => {
    const small = table(
      [
        ['Check', 'left'],
        ['New', 'right'],
      ],
      ['Levels', '1,204'],
      ['Growth', ''],
    );
    it('is a table, figures to the right, with its headings and with marks for what is empty', () => {
      const [shown, ...others] = renderTable(small, 100);
      assert.deepEqual(others, []);
      assert.ok(shown?.type === 'Table');
      assert.deepEqual(
        shown.columns.map(({ horizontalCellContentAlignment: side }) => side),
        ['Left', 'Right'],
      );
      assert.deepEqual(wordsOf(shown.rows).split('\n'), ['Check', 'New', 'Levels', '1,204', 'Growth', '–']);
      const [cell] = shown.rows[1]?.cells[1]?.items ?? [];
      assert.ok(cell?.type === 'RichTextBlock' && cell.horizontalAlignment === 'Right');
    });
    it('has 40 characters with what is around them, and not one more', () => {
      const of = (characters: number) =>
        renderTable(
          table(
            [
              ['a', 'right'],
              ['b', 'right'],
            ],
            ['x'.repeat(characters), 'y'.repeat(18)],
          ),
          9,
        );
      assert.equal(of(18)[0]?.type, 'Table');
      assert.equal(of(19)[0]?.type, 'Container');
    });
    it('gives its figures the width that they need, and words the rest', () => {
      const [shown] = renderTable(
        table(
          [
            ['What', 'left'],
            ['Sum', 'right'],
          ],
          ['quite a few words in a cell', '84,200,000.50'],
        ),
        9,
      );
      assert.ok(shown?.type === 'Table');
      const [words = 0, figures = 0] = shown.columns.map(({ width }) => width);
      assert.equal(figures, 15);
      assert.equal(words, 25);
    });
  });

  describe('that a phone has no room for', () => {
    const wide = table(
      [
        ['Check', 'left'],
        ['Legacy', 'right'],
        ['New', 'right'],
        ['Difference', 'right'],
        ['Verdict', 'left'],
      ],
      ['Total Compensation', '84,200,000.00', '84,300,000.00', '+100,000.00', '✗ fail'],
      ['Employee Count', '1,250', '1,250', '0', '✓ pass'],
    );
    it('is an entry a row: what it is and how it stands, then the figures with their headings', () => {
      assert.deepEqual(wordsOf(renderTable(wide, 100)).split('\n'), [
        'Total Compensation · ✗ fail',
        'Legacy\u00a084,200,000.00 · New\u00a084,300,000.00 · Difference\u00a0+100,000.00',
        'Employee Count · ✓ pass',
        'Legacy\u00a01,250 · New\u00a01,250 · Difference\u00a00',
      ]);
    });
    it('puts a line between entries, and none before the first', () => {
      assert.deepEqual(
        renderTable(wide, 100).map((entry) => entry.separator ?? false),
        [false, true],
      );
    });
    it('says beside a number what it is the number of', () => {
      const numbered = table(
        [
          ['No.', 'left'],
          ['What', 'left'],
          ['Severity', 'right'],
          ['Days', 'right'],
        ],
        [
          'D-17',
          'Level Distribution, all of the levels of all of the employees',
          'high and higher',
          '12 days and more',
        ],
      );
      assert.match(wordsOf(renderTable(numbered, 9)), /^D-17 Level Distribution, all .*\nSeverity\u00a0high/);
    });
  });

  it('says how many rows it leaves out, and what was left out before it came here', () => {
    const rows = Array.from({ length: 4 }, (_, at) => [String(at)]);
    const all = { ...table([['n', 'left']], ...rows), omitted: '38 groups, all pass' };
    assert.match(wordsOf(renderTable(all, 3)), /and 1 more; 38 groups, all pass$/);
    assert.match(wordsOf(renderTable(all, 4)), /\n38 groups, all pass$/);
  });
  it('is nothing but what was left out where it has no rows', () => {
    assert.deepEqual(renderTable(table([['n', 'left']]), 9), []);
  });
});
