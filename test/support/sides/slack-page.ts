import type { Locator, Page } from 'playwright-core';
import { firstChannels } from '../../../simulator/people.ts';
import { controlsOf, createVisitor, fillIn, inChannels, patience, showing } from './page.ts';
import type { Channel, Member, Role, Shown, Side } from './side.ts';

/** The simulator's page where it shows Slack. */
export function slackPage(page: Page): Side {
  const visitor = createVisitor(page);
  const idOf = (channel: Channel): string => firstChannels.find(({ name }) => name === channel)?.id ?? channel;
  const messages = page.locator('main .message:not(.private)');
  const modal = page.getByRole('dialog');
  let place: string | undefined;

  const open = async (name: string): Promise<void> => {
    if (place === name) return;
    await page.getByRole('navigation').getByText(name, { exact: true }).click();
    place = name;
  };
  const message = (...shown: readonly Shown[]): Locator => showing(messages, shown).last();

  const as = (role: Role): Member => {
    const at = async (channel: string): Promise<void> => {
      await visitor.become(role);
      await open(channel);
    };
    return {
      ...inChannels(page, messages, at),
      asks: async (words, channel = 'parallel-run') => {
        await at(channel);
        const line = page.getByRole('combobox', { name: /Command in/ });
        await line.fill(`/parallel ${words}`);
        await line.press('Enter');
      },
      seesInThread: async (channel, parent, ...shown) => {
        await at(channel);
        await message(parent)
          .getByRole('button', { name: /\d+ repl(y|ies)/ })
          .click();
        const thread = page.getByRole('complementary', { name: 'Thread' });
        await showing(thread.locator('.message'), shown).first().waitFor(patience);
        await thread.getByRole('button', { name: 'Close the thread' }).click();
      },
      // Where it was asked: nobody else sees these words in the channel.
      seesAlone: async (...shown) => {
        await visitor.become(role);
        const answer = showing(page.locator('main .message.private'), ['Only visible to you', ...shown]).last();
        await answer.waitFor(patience);
      },
      fillsIn: async (fields, send) => {
        await modal.getByRole('button', { name: send, exact: true }).waitFor(patience);
        for (const [label, typed] of Object.entries(fields)) {
          if (typeof typed === 'string') {
            await fillIn(modal, label, typed);
          } else {
            const file = { name: 'lines.csv', mimeType: 'text/csv', buffer: Buffer.from(typed.csv) };
            await modal.getByLabel('Or a CSV file').setInputFiles(file);
          }
        }
        await modal.getByRole('button', { name: send, exact: true }).click();
        await modal.waitFor({ state: 'detached', ...patience });
      },
      seesAtHome: async (...shown) => {
        await at('Home');
        await showing(page.locator('main .home'), shown).waitFor(patience);
      },
    };
  };
  return { name: 'Slack', as, idOf, ...controlsOf(page) };
}
