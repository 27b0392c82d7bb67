import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { serve } from '../../src/serve.ts';
import type { Running } from '../../src/setup.ts';
import { openBrowser } from '../support/browser.ts';
import type { Side } from '../support/sides/side.ts';
import { slackPage } from '../support/sides/slack-page.ts';
import { teamsPage } from '../support/sides/teams-page.ts';
import { cutover } from './ways/cutover.ts';
import { decisions } from './ways/decisions.ts';
import { dailyReconciliation } from './ways/reconciliation.ts';
import { records } from './ways/records.ts';

const platforms = [
  { name: 'Slack', button: 'Slack', drive: slackPage },
  { name: 'Microsoft Teams', button: 'Teams', drive: teamsPage },
] as const;
const picturesIn = process.env['PICTURES'];

for (const { name, button, drive } of platforms) {
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
