import type { Locator, Page } from 'playwright-core';
import { people } from '../../../simulator/people.ts';
import type { Control, Member, Role, Shown, Side, Typed } from './side.ts';

/** Long enough for a run on a machine that is busy with something else. */
export const patience = { timeout: 60_000 };

/** The visitor of the simulator's page, who is one person at a time. */
export interface Visitor {
  readonly page: Page;
  /** Becomes somebody, unless it is so already. */
  become(role: Role): Promise<void>;
}

export function createVisitor(page: Page): Visitor {
  let now: Role | undefined;
  return {
    page,
    become: async (role) => {
      if (now === role) return;
      const person = people.find(({ title }) => title === role);
      if (person === undefined) throw new Error(`Nobody of the simulated team is ${role}.`);
      await page.getByLabel('You are').selectOption(person.id);
      now = role;
    },
  };
}

/** The buttons above both sides. */
export function controlsOf(page: Page): Pick<Side, 'lets' | 'today'> {
  const controls = page.getByRole('group', { name: 'Simulation' });
  return {
    lets: async (control: Control) => {
      await controls.getByRole('button', { name: control, exact: true }).click();
      await controls.locator('[aria-busy="true"]').waitFor({ state: 'detached', ...patience });
    },
    today: async () => {
      const shown = (await page.locator('time.clock').getAttribute('datetime')) ?? '';
      return new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(new Date(shown));
    },
  };
}

/** Of these, those that show all of it. */
export function showing(messages: Locator, shown: readonly Shown[]): Locator {
  return shown.reduce((found, hasText) => found.filter({ hasText }), messages);
}

/** What people see and press in the messages of a channel, once they are at it. */
export function inChannels(
  page: Page,
  messages: Locator,
  at: (channel: string) => Promise<void>,
): Pick<Member, 'sees' | 'seesNoButton' | 'presses' | 'finds' | 'counts'> {
  const newest = (...shown: readonly Shown[]): Locator => showing(messages, shown).last();
  return {
    sees: async (channel, ...shown) => {
      await at(channel);
      await newest(...shown).waitFor(patience);
    },
    seesNoButton: async (button, channel, shown) => {
      await at(channel);
      await newest(shown)
        .filter({ hasNot: page.getByRole('button', { name: button, exact: true }) })
        .waitFor(patience);
    },
    presses: async (button, channel, shown) => {
      await at(channel);
      await newest(shown).getByRole('button', { name: button, exact: true }).click(patience);
    },
    finds: async (channel, shown, pattern) => {
      await at(channel);
      return found(await newest(shown).innerText(patience), pattern);
    },
    counts: async (channel, shown) => {
      await at(channel);
      return showing(messages, [shown]).count();
    },
  };
}

/** Fills in one field, whatever kind of control it is. */
export async function fillIn(form: Locator, label: string, value: string): Promise<void> {
  const field = form.getByLabel(label).first();
  const kind = await field.evaluate((element) => element.tagName, undefined, patience);
  if (kind === 'SELECT') await field.selectOption({ label: value }, patience);
  else if (kind === 'INPUT' || kind === 'TEXTAREA') await field.fill(value, patience);
  else await field.getByLabel(value).check(patience);
}

export const linesOf = (typed: Typed): string => (typeof typed === 'string' ? typed : typed.csv);

/** What of a message fits the pattern. */
function found(text: string, pattern: RegExp): string {
  const [first] = pattern.exec(text) ?? [];
  if (first === undefined) throw new Error(`Nothing fits ${String(pattern)} in: ${text}`);
  return first;
}
