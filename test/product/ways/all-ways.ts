import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { serve } from '../../../src/serve.ts';
import type { Running } from '../../../src/setup.ts';
import { openBrowser } from '../../support/browser.ts';
import type { Side } from '../../support/sides/side.ts';
import { cutover } from './cutover.ts';
import { decisions } from './decisions.ts';
import { dailyReconciliation } from './reconciliation.ts';
import { records } from './records.ts';

interface Driven {
  readonly name: string;
  /** What the page's button says that shows the platform. */
  readonly button: string;
  drive(page: Page): Side;
}

const picturesIn = process.env['PICTURES'];

/** Every way through the product, on one platform: each has a file of its own, so that they run side by side. */
export function allWays({ name, button, drive }: Driven): void {
  describe(`A team on ${name} that starts with nothing configured`, function () {
    this.timeout(180_000);
    let running: Running;
    let browser: Browser;
    let page: Page;
    let side: Side;
    const problems: string[] = [];

    before(async () => {
      [running, browser] = await Promise.all([
        serve({ PORT: '0', SIMULATOR_PORT: '0', LOG_LEVEL: 'error' }),
        openBrowser(),
      ]);
      const url = /http:\S+/.exec(running.greeting)?.[0];
      assert.ok(url !== undefined, 'the greeting names the page');
      page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error') problems.push(message.text());
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(url) && !request.url().startsWith('data:')) {
          problems.push(`asked ${request.url()}`);
        }
      });
      await page.goto(url);
      await page.getByRole('group', { name: 'Workspace' }).getByRole('button', { name: button }).click();
      side = drive(page);
    });
    after(async () => {
      await browser?.close();
      await running?.stop();
    });
    afterEach(async function () {
      const title = this.currentTest?.title.replaceAll(/\W+/g, '-').slice(0, 60);
      if (picturesIn !== undefined) await page.screenshot({ path: `${picturesIn}/${button}-${title}.png` });
    });

    it('is told that it is a simulator', () => page.getByText('nothing here leaves this computer').waitFor());
    describe('in the daily reconciliation', () => dailyReconciliation(() => side));
    describe('with its records', () => records(() => side));
    describe('in its decisions', () => decisions(() => side));
    describe('in the cutover', () => cutover(() => side));
    it('meets no error on the page, which asks nobody but its own server', () => assert.deepEqual(problems, []));
  });
}
