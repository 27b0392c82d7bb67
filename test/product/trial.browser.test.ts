import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { serve } from '../../src/serve.ts';
import type { Running } from '../../src/setup.ts';
import { openBrowser } from '../support/browser.ts';

describe('Somebody who starts it with nothing configured', function () {
  this.timeout(60_000);
  let running: Running;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  before(async () => {
    [running, browser] = await Promise.all([
      serve({ PORT: '0', SIMULATOR_PORT: '0', LOG_LEVEL: 'error' }),
      openBrowser(),
    ]);
    const url = /http:\S+/.exec(running.greeting)?.[0];
    assert.ok(url !== undefined, 'the greeting names the page');
    page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith('data:')) problems.push(`asked ${request.url()}`);
    });
    await page.goto(url);
  });
  after(async () => {
    await browser?.close();
    await running?.stop();
  });

  const digests = () => page.locator('main .message:not(.private)', { hasText: 'Open discrepancies:' });
  const control = (label: string) =>
    page.getByRole('group', { name: 'Simulation' }).getByRole('button', { name: label, exact: true });
  const type = async (text: string) => {
    const line = page.getByRole('combobox', { name: /Command in/ });
    await line.fill(text);
    await line.press('Enter');
  };

  it('is told that it is a simulator', async () => {
    await page.getByText('nothing here leaves this computer').waitFor();
  });
  it('reads the first digest: three checks failed, with both figures and the verdicts in words', async () => {
    const digest = digests().first();
    await digest.getByText(/3 of 5 checks failed; batch complete 05:41/).waitFor();
    const table = digest.getByRole('table');
    await table.getByText('Level Distribution').waitFor();
    assert.match(await table.innerText(), /fail/);
    assert.match(await table.innerText(), /pass/);
  });
  it('finds the file of all findings in its thread', async () => {
    await digests()
      .first()
      .getByRole('button', { name: /\d+ repl(y|ies)/ })
      .click();
    await page
      .getByText(/All findings of/)
      .first()
      .waitFor();
  });
  it('asks for a check and gets a private answer', async () => {
    await type('/parallel check levels');
    const answer = page.locator('.message.private', { hasText: 'Level Distribution failed' });
    await answer.waitFor();
    await answer.getByText('Only visible to you').waitFor();
  });
  it('is told what was probably meant', async () => {
    await type('/parallel chekc');
    await page.locator('.message.private', { hasText: 'Did you mean /parallel check?' }).waitFor();
  });
  it('fills a register from a file, and sees its gaps', async () => {
    await type('/parallel register reports fill');
    const modal = page.getByRole('dialog');
    const file = {
      name: 'reports.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('name,reproduced\nPayroll,yes\nTaxes,'),
    };
    await modal.getByLabel('Or a CSV file').setInputFiles(file);
    if (process.env['PICTURES'] !== undefined)
      await modal.screenshot({ path: `${process.env['PICTURES']}/upload.png` });
    await modal.getByRole('button', { name: 'Fill in' }).click();
    await modal.waitFor({ state: 'detached' });
    await page.locator('.message.private', { hasText: /Legacy reports: 1 of 2/ }).waitFor();
  });
  it('presses a button of the digest, and only this person sees the answer', async () => {
    await digests().first().getByRole('button', { name: 'History' }).click();
    await page.locator('.message.private', { hasText: 'The last' }).waitFor();
  });
  it('sees the drift in the report of the next morning', async () => {
    await control('Let it drift').click();
    await page.getByText('Three people who left in 2029').waitFor();
    await control('Next morning').click();
    await digests()
      .nth(1)
      .getByText(/4 of 5 checks failed/)
      .waitFor();
    assert.match(await digests().nth(1).getByRole('table').innerText(), /Employee Count[\s\S]*\+3/);
  });
  it('sees a late sync hold the run, and the same report become complete later', async () => {
    await control('Heal').click();
    await control('Next morning, sync late').click();
    await digests().nth(2).getByText('Held: nothing was compared').waitFor();
    await control('15 minutes later').click();
    await digests()
      .nth(2)
      .getByText(/All 5 checks pass/)
      .waitFor();
    assert.equal(await digests().count(), 3);
  });
  it('opens the Home tab and finds the last run, the streak and what comes next', async () => {
    await page.getByRole('button', { name: 'Home', exact: true }).click();
    await page.getByText('1 green day in a row').waitFor();
    await page.getByText('Next: Daily reconciliation').waitFor();
  });
  it('meets no error on the page, which asks nobody but its own server', () => assert.deepEqual(problems, []));
});
