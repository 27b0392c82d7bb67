import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { readConfig } from '../src/config.ts';
import { createLog } from '../src/operate/logger.ts';
import { startTrial } from '../src/trial.ts';
import { openBrowser } from '../test/support/browser.ts';

/*
 * Takes the pictures of the README from the simulator, as people see it: "npm run screenshots". Needs Chromium, and a font
 * with emoji.
 */

const folder = new URL('../docs/images/', import.meta.url);
const environment = { PORT: '0', SIMULATOR_PORT: '0' };
await mkdir(folder, { recursive: true });
const [running, browser] = await Promise.all([
  startTrial({ config: readConfig(environment, 'serve'), environment, log: createLog('silent') }),
  openBrowser(),
]);
const page = await browser.newPage({ viewport: { width: 1100, height: 1_700 }, deviceScaleFactor: 1 });
await page.goto(/http:\S+/.exec(running.greeting)?.[0] ?? '');

const picture = (name: string): string => fileURLToPath(new URL(`${name}.png`, folder));
const message = (text: string | RegExp): Locator => page.locator('main .message', { hasText: text }).last();
const take = async (name: string, what: Locator | Page): Promise<void> => {
  await page.waitForTimeout(500);
  await what.screenshot({ path: picture(name) });
};
const type = async (text: string): Promise<void> => {
  const line = page.getByRole('combobox', { name: /Command in/ });
  await line.fill(text);
  await line.press('Enter');
};

const digest = message('3 of 5 checks failed');
await digest.waitFor();
await page.waitForTimeout(4_000);
await take('digest', digest);

await type('/parallel discrepancy D-1');
await message('D-1 open').waitFor();
await take('discrepancy', message('D-1 open'));

await type('/parallel checkpoint');
await message('Weekly checkpoint').waitFor();
await take('checkpoint', message('Weekly checkpoint'));

await type('/parallel lesson');
const modal = page.getByRole('dialog');
await modal.waitFor();
await modal.getByLabel('What was learned').fill('A raise can be applied twice when a load is repeated');
await modal.getByLabel('What is done about it').fill('Make the load idempotent');
await take('lesson', modal);
await page.keyboard.press('Escape');

await page.setViewportSize({ width: 1_100, height: 720 });
await page.getByText('Home', { exact: true }).first().click();
await page.locator('main').getByText('Waiting for you').waitFor();
await take('home', page.locator('main'));

await browser.close();
await running.stop();
