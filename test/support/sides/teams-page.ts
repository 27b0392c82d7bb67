import type { Locator, Page } from 'playwright-core';
import { controlsOf, createVisitor, fillIn, inChannels, linesOf, patience, showing } from './page.ts';
import type { Channel, Member, Role, Shown, Side, Typed } from './side.ts';

const ids: Readonly<Record<Channel, string>> = {
  'parallel-run': '19:reconciliation@thread.tacv2',
  'parallel-run-alerts': '19:alerts@thread.tacv2',
  rehearsal: '19:rehearsal@thread.tacv2',
};
const chat = 'Parallel Run';

/**
 * The simulator's page where it shows Teams. What only one person sees there is in their own chat with the bot: a channel
 * of Teams knows no private messages, and forms open there.
 */
export function teamsPage(page: Page): Side {
  const visitor = createVisitor(page);
  const side = page.getByRole('region', { name: 'Microsoft Teams, simulated' });
  const messages = side.locator('.teams-message');
  let place: string | undefined;

  const open = async (name: string): Promise<void> => {
    if (place === name) return;
    await side.getByRole('navigation').getByText(name, { exact: true }).click();
    place = name;
  };
  const message = (...shown: readonly Shown[]): Locator => showing(messages, shown).last();

  const fill = async (fields: Readonly<Record<string, Typed>>, send: string): Promise<void> => {
    const sending = page.getByRole('button', { name: send, exact: true });
    const cancel = page.getByRole('button', { name: 'Cancel', exact: true });
    const open = messages.filter({ has: sending }).filter({ has: cancel }).last();
    await open.waitFor(patience);
    for (const [label, typed] of Object.entries(fields)) {
      await fillIn(open, label, linesOf(typed));
    }
    await open.getByRole('button', { name: send, exact: true }).click(patience);
  };

  const as = (role: Role): Member => {
    const at = async (conversation: string): Promise<void> => {
      await visitor.become(role);
      await open(conversation);
    };
    return {
      ...inChannels(page, messages, at),
      asks: async (words, channel = 'parallel-run') => {
        await at(channel);
        const line = side.getByLabel(`Post in ${channel}`, { exact: true });
        await line.fill(words);
        await line.press('Enter');
      },
      seesInThread: async (channel, parent, ...shown) => {
        await at(channel);
        const post = side.getByRole('article').filter({ hasText: parent }).last();
        await post.waitFor(patience);
        const more = post.getByRole('button', { name: /^See \d+ more repl/ });
        if ((await more.count()) > 0) await more.click();
        await showing(post.locator('.teams-replies .teams-message'), shown).first().waitFor(patience);
      },
      seesAlone: async (...shown) => {
        await at(chat);
        await message(...shown).waitFor(patience);
      },
      fillsIn: async (fields, send) => {
        await at(chat);
        await fill(fields, send);
      },
      // There is no page of its own: the same card is in the chat.
      seesAtHome: async (...shown) => {
        await at(chat);
        const line = side.getByLabel(`Message to ${chat}`);
        await line.fill('home');
        await line.press('Enter');
        await message(...shown).waitFor(patience);
      },
    };
  };
  return { name: 'Microsoft Teams', as, idOf: (channel) => ids[channel], ...controlsOf(page) };
}
