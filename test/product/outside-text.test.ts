import assert from 'node:assert/strict';
import { renderMessage } from '../../src/slack/render.ts';
import { renderCard } from '../../src/terminal/render.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { ask, servicesOver } from '../support/services.ts';

const escape = String.fromCharCode(27);
const long = (unit: string, length = 3_000): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** What somebody types, and what of it a spreadsheet gets. */
const texts: readonly (readonly [what: string, typed: string, cell?: string])[] = [
  ['a call to everybody', '<!channel> <!here|x> <@U0ANA> <#C0RECON>'],
  ['a link', '<https://example.com|here> [here](https://example.com)'],
  ['markup of Slack', '*bold* _it_ ~no~ `code` &lt;b&gt; &amp; :tada:'],
  ['Markdown', '# One **two** | three\n- four\n```five```'],
  ['a formula', '=HYPERLINK("https://example.com","x")', `'=HYPERLINK("https://example.com","x")`],
  ['right-to-left letters', 'שלום العربية'],
  ['emoji of several parts', '🎉 👩‍👩‍👧‍👦 🇫🇷 👍🏽'],
  ['3,000 letters', long('a long lesson ').trim()],
  ['3,000 signs that have to be escaped', long('<&>')],
  ['3,000 characters of emoji', long('🎉')],
];

describe('What people type', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const write = async (learning: string) =>
    (await ask(servicesOver(opened().store), 'lesson', { form: { learning }, id: String(Math.random()) })).answer;
  const exported = async (): Promise<string> =>
    ((await ask(servicesOver(opened().store), 'export lessons')).answer.json as { text: string }).text;

  for (const [what, typed, cell = typed] of texts) {
    describe(`such as ${what}`, () => {
      it('reads in Slack as it was typed, and calls or links nothing', async () => {
        const { blocks, text } = renderMessage((await write(typed)).card);
        const said = blocks.flatMap((block) => (block.type === 'rich_text' ? textsIn(block) : []));
        assert.ok(said.includes(typed), JSON.stringify(blocks).slice(0, 500));
        const active = JSON.stringify(blocks).match(/"type":"(mrkdwn|link|user|usergroup|channel|broadcast|emoji)"/g);
        assert.deepEqual(active, ['"type":"user"'], 'which is who wrote it down');
        assert.doesNotMatch(text, /<[!@#h]/, 'nor in what notifications say');
      });
      it('reads in a terminal as it was typed, and moves nothing', async () => {
        const shown = renderCard((await write(typed)).card, { width: 80, color: false });
        const squeezed = (text: string): string => text.replace(/\s+/g, '');
        assert.ok(squeezed(shown).includes(squeezed(typed)), shown.slice(0, 500));
        assert.ok(!shown.includes(escape));
      });
      it('is a cell of the export, and no formula', async () => {
        await write(typed);
        const plain = /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
        assert.ok((await exported()).includes(`,${plain},`));
      });
    });
  }
  it('turns no direction of what stands around it', async () => {
    const { card } = await write('a \u202etxt.exe\u2066 b');
    assert.doesNotMatch(JSON.stringify(renderMessage(card)), /[\u202a-\u202e\u2066-\u2069]/);
    assert.doesNotMatch(renderCard(card, { width: 80, color: false }), /[\u202a-\u202e\u2066-\u2069]/);
  });
  it('is refused with 3,001 and with 10,000 characters, with how many there may be, and nothing of it is kept', async () => {
    for (const length of [3_001, 10_000]) {
      const answer = await write('x'.repeat(length));
      assert.equal(answer.exitCode, 64);
      assert.match(answer.card.title, /--learning: At most 3000 characters/);
    }
    assert.equal((await opened().store.transaction((tx) => tx.lessons.list(10))).length, 0);
  });
});

/** The plain texts in a block, line breaks and all. */
function textsIn(block: object): string[] {
  const found: string[] = [];
  JSON.stringify(block, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') found.push(value);
    return value;
  });
  return found;
}
