import assert from 'node:assert/strict';
import type { Button } from '../../src/core/cards/card.ts';
import { renderButtons } from '../../src/teams/render-buttons.ts';
import { wordsOf } from './teams-rules.ts';

const button = (more: Partial<Button> = {}): Button => ({
  label: 'Check again',
  command: 'check levels',
  style: 'default',
  ...more,
});
/** How many stand in each row. */
const rows = (count: number, label = 'Check'): number[] =>
  renderButtons(
    Array.from({ length: count }, () => button({ label })),
    0,
  ).map((row) => (row.type === 'ActionSet' ? row.actions.length : 0));
const confirm = { title: 'Go live?', text: 'Everybody works in it.', confirm: 'Go live', deny: 'Not yet' };

describe('The buttons of a card in Teams', () => {
  it('carry the command as it would be typed, in both shapes that clients know', () => {
    const data = { action: 'command', command: 'check levels' };
    assert.deepEqual(renderButtons([button({ style: 'primary' })], 0), [
      {
        type: 'ActionSet',
        actions: [
          {
            type: 'Action.Execute',
            title: 'Check again',
            verb: 'command',
            data,
            style: 'positive',
            fallback: { type: 'Action.Submit', title: 'Check again', data, style: 'positive' },
          },
        ],
      },
    ]);
  });
  it('stand five in a row, as the renderer drops what comes after', () => {
    assert.deepEqual(rows(5), [5]);
    assert.deepEqual(rows(6), [5, 1]);
  });
  it('take 70 characters in a row, as the renderer makes more of them too narrow to be read', () => {
    assert.deepEqual(rows(4, 'x'.repeat(35)), [2, 2]);
    assert.deepEqual(rows(4, 'x'.repeat(36)), [1, 1, 1, 1]);
    assert.deepEqual(rows(1, 'x'.repeat(75)), [1]);
  });
  it('are left out, and named, when their command is too long to carry: a cut one would be another command', () => {
    assert.equal(renderButtons([button({ command: 'x'.repeat(2_000) })], 0)[0]?.type, 'ActionSet');
    for (const command of ['x'.repeat(2_001), '', 'check \u202elevels']) {
      assert.equal(wordsOf(renderButtons([button({ command })], 0)), 'Too long to be a button: Check again');
    }
  });

  describe('that ask first', () => {
    const [row, question, ...others] = renderButtons([button(), button({ label: 'Go', style: 'danger', confirm })], 7);
    it('show the question in the card, and carry no command themselves', () => {
      assert.ok(row?.type === 'ActionSet');
      assert.deepEqual(row.actions[1], {
        type: 'Action.ToggleVisibility',
        title: 'Go',
        style: 'destructive',
        targetElements: [{ elementId: 'confirm-8', isVisible: true }],
      });
    });
    it('carry it in the answer, and hide the question again with the other', () => {
      assert.ok(question?.type === 'Container' && question.id === 'confirm-8' && question.isVisible === false);
      assert.deepEqual(wordsOf(question.items).split('\n').slice(0, 4), [
        'Go live?',
        'Everybody works in it.',
        'Go live',
        'Not yet',
      ]);
      const answers = question.items.at(-1);
      assert.ok(answers?.type === 'ActionSet');
      const [yes, no] = answers.actions;
      assert.ok(yes?.type === 'Action.Execute' && yes.style === 'destructive');
      assert.deepEqual(yes.data, { action: 'command', command: 'check levels' });
      assert.ok(no?.type === 'Action.ToggleVisibility');
      assert.deepEqual(no.targetElements, [{ elementId: 'confirm-8', isVisible: false }]);
      assert.deepEqual(others, []);
    });
  });
});
