import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/operate/logger.ts';
import type { Running } from '../../src/setup.ts';
import { startTrial } from '../../src/trial.ts';
import { openBrowser } from '../support/browser.ts';

describe('Somebody who wants to see a week in a minute', function () {
  this.timeout(120_000);
  let running: Running;
  let browser: Browser;
  let page: Page;

  before(async () => {
    const environment = { PORT: '0', SIMULATOR_PORT: '0' };
    const config = readConfig(environment, 'serve');
    [running, browser] = await Promise.all([
      startTrial({ config, environment, log: createLog('silent'), tourPauseMilliseconds: 700 }),
      openBrowser(),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    await page.goto(/http:\S+/.exec(running.greeting)?.[0] ?? '');
    await page
      .getByText(/3 of 5 checks failed/)
      .first()
      .waitFor();
    const line = page.getByRole('combobox', { name: /Command in/ });
    await line.fill('/parallel demo');
    await line.press('Enter');
  });
  after(async () => {
    await browser?.close();
    await running?.stop();
  });
  const sees = (text: RegExp): Promise<void> =>
    page.locator('main').getByText(text).first().waitFor({ timeout: 60_000 });

  it('is shown how a cause is found and accepted', async () => {
    await sees(/What explains/);
    await sees(/Day 2: we know the cause/);
    await sees(/L-1: Data Quality/);
  });
  it('reads how much of the variance is explained, and what is left over', () =>
    sees(/explained .* \(D-1\), left over 0/));
  it('sees the checkpoint of the week with its minutes', async () => {
    await sees(/Weekly checkpoint, .*: held/);
    await sees(/mended before the next payroll/);
  });
  it('sees a late sync hold the report, and the report after it', () =>
    sees(/After 2 attempts|Asked 2 times|batch complete 07:15/));
  it('sees everything mended, and the record resolved', async () => {
    await sees(/Day 5: everything is mended/);
    await page.getByText('parallel-run-alerts').first().click();
    await sees(/D-1 resolved: Total Compensation/);
    assert.equal(await page.getByText('the tour broke off').count(), 0);
  });
});
