import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/operate/logger.ts';
import type { Running } from '../../src/setup.ts';
import { startTrial } from '../../src/trial.ts';
import { openBrowser } from '../support/browser.ts';

const picturesIn = process.env['PICTURES'];

describe('A team that decides in the simulator', function () {
  this.timeout(120_000);
  let running: Running;
  let browser: Browser;
  let page: Page;

  before(async () => {
    const environment = { PORT: '0', SIMULATOR_PORT: '0' };
    const config = readConfig(environment, 'serve');
    [running, browser] = await Promise.all([
      startTrial({ config, environment, log: createLog('silent') }),
      openBrowser(),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
    await page.goto(/http:\S+/.exec(running.greeting)?.[0] ?? '');
    await page
      .getByText(/3 of 5 checks failed/)
      .first()
      .waitFor();
  });
  after(async () => {
    await browser?.close();
    await running?.stop();
  });

  const control = async (label: string): Promise<void> => {
    const button = page.getByRole('group', { name: 'Simulation' }).getByRole('button', { name: label, exact: true });
    await button.click();
    await page.locator(`.controls button[aria-busy="true"]`).waitFor({ state: 'detached', timeout: 30_000 });
  };
  const become = (name: string) => page.getByLabel('You are').selectOption({ label: name });
  const open = (channel: string) => page.getByRole('navigation').getByText(channel, { exact: true }).click();
  const message = (text: string | RegExp): Locator => page.locator('main .message', { hasText: text }).last();
  const fill = async (fields: Readonly<Record<string, string>>, send: string): Promise<void> => {
    const modal = page.getByRole('dialog');
    await modal.waitFor();
    for (const [label, value] of Object.entries(fields)) await modal.getByLabel(label).fill(value);
    await modal.getByRole('button', { name: send, exact: true }).click();
    await modal.waitFor({ state: 'detached' });
  };
  const picture = async (name: string, what: Locator): Promise<void> => {
    if (picturesIn !== undefined) await what.screenshot({ path: `${picturesIn}/${name}.png` });
  };
  const people = async (): Promise<string[]> => page.getByLabel('You are').locator('option').allInnerTexts();
  let names: string[] = [];
  const who = (first: string): string => names.find((name) => name.startsWith(first)) ?? first;

  it('sees a drift become an alert with its figures and who decides', async () => {
    names = await people();
    for (const _ of ['terminated', 'level 6', 'late hires']) await control('Let it drift');
    await control('Next morning');
    await open('parallel-run-alerts');
    const alert = message('Data corruption fires');
    await alert.getByText(/rows lost since the last run, 40 in the new system/).waitFor();
    await picture('alert', alert);
  });
  it('proposes a rollback, and two people approve it by typing what they do', async () => {
    await become(who('Ana'));
    await message('Data corruption fires').getByRole('button', { name: 'Propose rollback' }).click();
    await fill({ Why: 'Forty people are missing' }, 'Propose a rollback');
    const question = message(/Roll back PlanWise Navigator\?/);
    await picture('question', question);
    for (const name of ['Chen', 'Ben']) {
      await become(who(name));
      await message(/Roll back PlanWise Navigator\?/)
        .getByRole('button', { name: 'Roll back', exact: true })
        .click();
      await fill({ 'Type "roll back"': 'roll back', Why: 'People would be paid nothing' }, 'Roll back');
    }
    await message(/\? Roll back/)
      .getByText(/Decided on/)
      .waitFor();
    assert.equal(
      await message(/\? Roll back/)
        .getByRole('button', { name: 'Roll back', exact: true })
        .count(),
      0,
    );
  });
  it('goes through the steps of the rollback on one card', async () => {
    await message('Rollback: 0 of 8 steps done').waitFor();
    await picture('rollback', message('Rollback: 0 of 8 steps done'));
    await become(who('Chen'));
    await message('Rollback: 0 of 8')
      .getByRole('button', { name: 'Done: Disable access to PlanWise Navigator' })
      .click();
    await fill({ Evidence: 'Nobody can sign in' }, 'The step is done');
    await message('Rollback: 1 of 8 steps done').getByText('✓ done').first().waitFor();
  });
  it('rehearses the cutover sixty times as fast, with its approve buttons, in a channel of its own', async () => {
    await become(who('Chen'));
    await open('parallel-run');
    const line = page.getByRole('combobox', { name: /Command in/ });
    const day = await page.locator('time.clock').getAttribute('datetime');
    await line.fill(`/parallel cutover start --day ${day?.slice(0, 10)} --speed 60 --channel C0REHEARSE`);
    await line.press('Enter');
    await open('rehearsal');
    await message('REHEARSAL: Cutover: 0 of 9 steps done').waitFor();
    await control('Heal');
    await control('15 minutes later');
    for (const [step, count] of [
      ['Back legacy up', 1],
      ['Stop the legacy batch jobs', 2],
      ['Final data sync', 3],
    ] as const) {
      const card = message(/REHEARSAL: Cutover: \d of 9/);
      await card.getByRole('button', { name: `Done: ${step}` }).click();
      await fill({ Evidence: 'seen' }, 'The step is done');
      await message(`REHEARSAL: Cutover: ${count} of 9`).waitFor();
    }
    await control('15 minutes later');
    await message('REHEARSAL: Cutover: 5 of 9').waitFor({ timeout: 60_000 });
    await picture('rehearsal', message(/REHEARSAL: Cutover: 5 of 9/));
    for (const name of ['Chen', 'Ben']) {
      await become(who(name));
      await message(/REHEARSAL: Switch DNS and routing\?/)
        .getByRole('button', { name: 'Approve', exact: true })
        .click();
      await fill({ 'Type "switch"': 'switch' }, 'Approve');
    }
    await message('REHEARSAL: Cutover: 6 of 9').waitFor();
  });
});
