import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { Card } from '../../src/core/cards/card.ts';
import type { Form } from '../../src/core/form.ts';
import { renderForm } from '../../src/teams/form.ts';
import { readAction } from '../../src/teams/actions.ts';
import { renderCard } from '../../src/teams/render.ts';
import { everywhere, overlongCards, scripts, tallCards, typed } from '../contracts/extreme-cards.ts';
import { productCards } from '../contracts/product-cards.ts';
import { openBrowser } from '../support/browser.ts';
import { aCard } from '../support/fixtures.ts';
import { type CardPage, openCardPage } from './card-page.ts';
import { everyPart, wordsOf } from './teams-rules.ts';

/** A channel on a desktop, and a telephone. */
const widths = [700, 300] as const;
const squeezed = (text: string): string => text.replace(/\s+/g, '');

describe('Adaptive Cards in the official renderer', function () {
  this.timeout(300_000);
  let browser: Browser;
  let shown: CardPage;
  let cards: ReadonlyMap<string, Card> = new Map();
  before(async () => {
    [browser, cards] = await Promise.all([openBrowser(), productCards()]);
    shown = await openCardPage(browser);
  });
  after(() => browser?.close());

  /** The card is shown without objection, and all of its words that are not hidden can be read. */
  const assertShown = async (card: Card, name: string): Promise<string> => {
    const rendered = renderCard(card);
    let text = '';
    for (const width of widths) {
      const seen = await shown.show(rendered, width);
      assert.deepEqual(seen.problems, [], name);
      assert.deepEqual(seen.cutOff, [], `${name}, at ${width} pixels`);
      text = squeezed(seen.text);
      const lines = wordsOf(rendered.body.filter((part) => !('isVisible' in part))).split('\n');
      const missing = lines.filter((line) => !line.includes('{{') && !text.includes(squeezed(line)));
      assert.deepEqual(missing, [], `${name}, at ${width} pixels`);
    }
    return text;
  };

  it('show all that the product says, on a desktop and on a telephone', async () => {
    for (const [name, card] of cards) await assertShown(card, name);
  });
  it('show the longest cards, and what was left out of them', async () => {
    for (const [name, card] of Object.entries({ ...tallCards, ...overlongCards })) await assertShown(card, name);
  });
  it('show what was typed as it was typed: nothing becomes a link, markup or a time', async () => {
    for (const text of [...typed, ...scripts]) {
      const all = await assertShown(aCard({ title: text, summary: text, body: everywhere(text) }), text);
      assert.ok(all.includes(squeezed(text)));
      assert.equal(await shown.page.locator('#card a, #card img, #card script').count(), 0);
    }
  });
  it('show times in the zone of whoever reads', async () => {
    const time = { time: '2026-03-02T12:34:00.000Z', style: 'dateTime' as const, fallback: 'in New York' };
    const { text } = await shown.show(renderCard(aCard({ body: [{ kind: 'text', text: ['Due ', time, '.'] }] })), 700);
    assert.match(text, /Due Mon, 2 Mar 2026, 12:34\./);
  });
  it('tell screen readers what the heading is', async () => {
    await shown.show(renderCard(aCard()), 700);
    assert.equal(await shown.page.getByRole('heading', { name: /All checks pass/ }).count(), 1);
  });

  describe('with a button that asks first', () => {
    const confirm = { title: 'Go live?', text: 'Everybody works in it.', confirm: 'Yes, go live', deny: 'Not yet' };
    const button = { label: 'Go', command: 'decision 1 approve', style: 'danger', confirm } as const;
    const press = (name: string) => shown.page.getByRole('button', { name, exact: true }).click();
    const question = () => shown.page.getByText('Everybody works in it.').isVisible();
    beforeEach(async () => {
      await shown.show(renderCard(aCard({ body: [{ kind: 'buttons', buttons: [button] }] })), 300);
    });
    it('ask when it is pressed, and not before', async () => {
      assert.equal(await question(), false);
      await press('Go');
      assert.equal(await question(), true);
      assert.deepEqual(
        (await shown.executed()).map((one) => readAction({ action: one })),
        [undefined],
      );
    });
    it('put the question away again', async () => {
      await press('Go');
      await press('Not yet');
      assert.equal(await question(), false);
    });
    it('send the command once it is confirmed', async () => {
      await press('Go');
      await press('Yes, go live');
      const [, sent] = await shown.executed();
      assert.deepEqual(readAction({ action: sent }), { action: 'command', command: 'decision 1 approve' });
    });
  });

  describe('with a form', () => {
    const form: Form = {
      title: 'Write down a lesson',
      submit: 'Write down',
      intro: 'What the parallel run has taught us.',
      fields: [
        { name: 'action', label: 'What is done', kind: 'text', lines: 'many', maxLength: 50, required: true },
        { name: 'day', label: 'Day', kind: 'date', required: false, latest: '2026-11-23', initial: '2026-11-20' },
        {
          name: 'owner',
          label: 'Owner',
          kind: 'choice',
          required: false,
          options: ['Ana', 'Ben'].map((label) => ({ value: label.toLowerCase(), label })),
        },
      ],
    };
    const asked = { words: 'lesson', id: 'ask-1' };
    const send = () => shown.page.getByRole('button', { name: 'Write down' }).click();
    it('show its labels, hints and problems', async () => {
      const card = renderForm(form, { ...asked, problems: { day: 'Not after today.' } });
      const { text, problems, cutOff } = await shown.show(card, 300);
      assert.deepEqual([problems, cutOff], [[], []]);
      for (const words of ['taught us', 'What is done', 'Up to Mon 23 Nov 2026.', '⚠️ Not after today.', 'Ben']) {
        assert.ok(text.includes(words), words);
      }
      assert.equal(everyPart(card.body).filter(({ type }) => String(type).startsWith('Input.')).length, 3);
    });
    it('send what was filled in, apart from what the form carries', async () => {
      await shown.show(renderForm(form, asked), 700);
      await shown.page.getByLabel('What is done').fill('Make loads idempotent');
      await shown.page.getByLabel('Ben').check();
      await send();
      const [sent] = await shown.executed();
      assert.deepEqual(readAction({ action: sent }), {
        action: 'form',
        command: 'lesson',
        form: 'ask-1',
        values: { action: 'Make loads idempotent', day: '2026-11-20', owner: 'ben' },
      });
    });
    it('send nothing while something is missing, and say so; but can be put away', async () => {
      await shown.show(renderForm(form, asked), 700);
      await send();
      assert.deepEqual(await shown.executed(), []);
      assert.equal(await shown.page.getByText('This is needed.').isVisible(), true);
      await shown.page.getByRole('button', { name: 'Cancel' }).click();
      assert.deepEqual(
        (await shown.executed()).map((one) => readAction({ action: one })),
        [{ action: 'cancel' }],
      );
    });
  });
});
