import type { Locator, Page } from 'playwright-core';
import { people } from '../../../simulator/people.ts';
import type { Control, Role, Shown, Side, Typed } from './side.ts';

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

/** Fills in one field, whatever kind of control it is. */
export async function fillIn(form: Locator, label: string, value: string, within = patience): Promise<void> {
  const field = form.getByLabel(label).first();
  const kind = await field.evaluate((element) => element.tagName, undefined, within);
  if (kind === 'SELECT') await field.selectOption({ label: value }, within);
  else if (kind === 'INPUT' || kind === 'TEXTAREA') await field.fill(value, within);
  else await field.getByLabel(value).check(within);
}

export const linesOf = (typed: Typed): string => (typeof typed === 'string' ? typed : typed.csv);

/** What of a message fits the pattern. */
export function found(text: string, pattern: RegExp): string {
  const [first] = pattern.exec(text) ?? [];
  if (first === undefined) throw new Error(`Nothing fits ${String(pattern)} in: ${text}`);
  return first;
}
