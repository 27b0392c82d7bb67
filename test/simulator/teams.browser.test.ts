import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import { startSimulator } from '../../simulator/server.ts';
import { startTeamsSimulator } from '../../simulator/teams/server.ts';
import type { TeamsSimulator } from '../../simulator/teams/types.ts';
import type { Simulator } from '../../simulator/types.ts';
import { openBrowser } from '../support/browser.ts';
import { channel, clientOf } from './client.ts';
import {
  activityWith,
  cardOf,
  type Connector,
  connectorOf,
  posted,
  reconciliation,
  startStubBot,
  type StubBot,
} from './teams-client.ts';

const cardType = 'application/vnd.microsoft.card.adaptive';
const heading = (text: string) => ({
  type: 'TextBlock',
  text,
  size: 'Large',
  weight: 'Bolder',
  style: 'heading',
  wrap: true,
});
const execute = (
  title: string,
  data: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  type: 'Action.Execute',
  title,
  verb: data['action'],
  data,
  ...more,
  fallback: { type: 'Action.Submit', title, data },
});
const actions = (...all: readonly unknown[]) => ({ type: 'ActionSet', actions: all });
const cell = (text: string, look: Readonly<Record<string, unknown>> = {}) => ({
  type: 'TableCell',
  items: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...look }] }],
});

const digest = cardOf(
  heading('3 of 5 checks failed; batch complete 05:41'),
  {
    type: 'RichTextBlock',
    inlines: ['**Not bold** <b>nor this</b> ', { type: 'TextRun', text: 'but this', weight: 'Bolder' }],
  },
  {
    type: 'Table',
    columns: [{ width: 3 }, { width: 1, horizontalCellContentAlignment: 'Right' }, { width: 1 }],
    rows: [
      { type: 'TableRow', cells: [cell('Check', { weight: 'Bolder' }), cell('Difference'), cell('Verdict')] },
      { type: 'TableRow', cells: [cell('Employee Count'), cell('+3'), cell('fail', { color: 'Attention' })] },
      { type: 'TableRow', cells: [cell('Level Distribution'), cell('0'), cell('pass')] },
    ],
  },
  actions(
    execute('Explain', { action: 'command', command: 'discrepancy D-1 explain' }, { style: 'positive' }),
    execute('As of {{TIME(2026-01-05T10:41:00Z)}}', { action: 'command', command: 'explain' }),
    { type: 'Action.ToggleVisibility', title: 'Roll back', style: 'destructive', targetElements: ['sure'] },
  ),
  {
    type: 'Container',
    id: 'sure',
    isVisible: false,
    style: 'attention',
    items: [
      { type: 'TextBlock', text: 'Really?' },
      actions(execute('Yes, roll back', { action: 'command', command: 'rollback' })),
    ],
  },
);
const form = cardOf(
  heading('Explain D-1'),
  { type: 'Input.Text', id: 'field.cause', label: 'Cause', isRequired: true, errorMessage: 'This is needed.' },
  {
    type: 'Input.ChoiceSet',
    id: 'field.where',
    label: 'Where',
    value: 'new',
    choices: [
      { title: 'In the legacy system', value: 'legacy' },
      { title: 'In the new system', value: 'new' },
    ],
  },
  { type: 'Input.Date', id: 'field.until', label: 'Until', value: '2026-01-09' },
  actions(
    execute('Save', { action: 'form', command: 'discrepancy D-1 explain', form: 'f-1' }, { style: 'positive' }),
    execute('Cancel', { action: 'cancel' }, { associatedInputs: 'none' }),
  ),
);
const explained = cardOf(heading('D-1 explained'), { type: 'TextBlock', text: 'By Ana Ruiz', wrap: true });

describe("Teams on the simulator's page", function () {
  this.timeout(60_000);
  let bot: StubBot;
  let teams: TeamsSimulator;
  let simulator: Simulator;
  let connector: Connector;
  let browser: Browser;
  let page: Page;
  let drifted = 0;
  const problems: string[] = [];
  const values: Record<string, unknown>[] = [];

  before(async () => {
    const clock = { now: () => new Date('2026-01-05T12:00:00Z') };
    [bot, browser] = await Promise.all([startStubBot(), openBrowser()]);
    teams = await startTeamsSimulator({ botEndpoint: bot.endpoint, clock });
    simulator = await startSimulator({
      page: true,
      teams: teams.page,
      now: () => clock.now(),
      timeZone: 'America/New_York',
      suggestions: [{ name: 'check', usage: 'check [name…]', summary: 'Compares now' }],
      controls: [
        {
          name: 'drift',
          label: 'Let it drift',
          description: 'One more fault',
          run: () => {
            drifted += 1;
            return Promise.resolve('Drifted.');
          },
        },
      ],
    });
    connector = await connectorOf(teams);
    const card = (value: unknown) => ({ status: 200, body: { statusCode: 200, type: cardType, value } });
    bot.answer = ({ activity }) => {
      if (activity['type'] !== 'invoke') return Promise.resolve({ status: 200 });
      const { data } = (activity['value'] as { action: { data: Record<string, unknown> } }).action;
      values.push(data);
      if (data['command'] === 'rollback') {
        const type = 'application/vnd.microsoft.activity.message';
        return Promise.resolve({
          status: 200,
          body: { statusCode: 200, type, value: 'Only the Product Owner may do that.' },
        });
      }
      return Promise.resolve(card(data['action'] === 'form' ? explained : form));
    };
    await teams.acts.install();
    await clientOf(simulator).chat.postMessage({ channel, text: 'The same report, in Slack' });
    page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(simulator.pageUrl)) problems.push(`asked ${request.url()}`);
    });
    await page.goto(simulator.pageUrl);
  });
  after(async () => {
    await browser?.close();
    await simulator?.close();
    await teams?.close();
    bot?.close();
  });

  const side = (): Locator => page.getByRole('region', { name: 'Microsoft Teams, simulated' });
  const post = (text: string): Locator => side().getByRole('article').filter({ hasText: text });
  const picture = async (name: string): Promise<void> => {
    const folder = process.env['PICTURES'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const be = (name: string) => page.getByLabel('You are').selectOption({ label: name });

  it('stands beside Slack where there is room, and shows a card as its own renderer draws it', async () => {
    await page.getByText('The same report, in Slack').waitFor();
    await posted(connector, reconciliation, activityWith(digest));
    const report = post('3 of 5 checks failed');
    await report.getByText('Employee Count').waitFor();
    await report.getByRole('heading', { name: /3 of 5 checks failed/ }).waitFor();
    await report.getByText('**Not bold** <b>nor this</b>').waitFor();
    await picture('teams-both');
  });
  it('opens a form in the place of the card, for whoever pressed the button alone', async () => {
    await post('3 of 5').getByRole('button', { name: 'Explain' }).click();
    await post('Explain D-1').getByText('Only you see the card like this').waitFor();
    assert.deepEqual(values.at(-1), { action: 'command', command: 'discrepancy D-1 explain' });
    await picture('teams-form');
    await be('Ben Okafor – Product Owner');
    await post('3 of 5 checks failed').waitFor();
    await be('Ana Ruiz – Data Owner');
  });
  it('sends no form in which something is missing', async () => {
    await post('Explain D-1').getByRole('button', { name: 'Save' }).click();
    await post('Explain D-1').getByText('This is needed.').waitFor();
    assert.equal(values.length, 1);
  });
  it('keeps what is being typed while something else happens, and sends it', async () => {
    const cause = post('Explain D-1').getByLabel('Cause');
    await cause.fill('Leavers were loaded twice');
    const id = await posted(connector, reconciliation, { type: 'message', text: 'Something else' });
    await post('Something else').waitFor();
    await connector.remove(reconciliation, id);
    await post('Something else').waitFor({ state: 'detached' });
    assert.equal(await cause.inputValue(), 'Leavers were loaded twice');
    await post('Explain D-1').getByRole('button', { name: 'Save' }).click();
    await post('D-1 explained').waitFor();
    assert.deepEqual(values.at(-1), {
      action: 'form',
      command: 'discrepancy D-1 explain',
      form: 'f-1',
      'field.cause': 'Leavers were loaded twice',
      'field.where': 'new',
      'field.until': '2026-01-09',
    });
  });
  it('asks back before a button that can do harm, and shows what the app said', async () => {
    await be('Ben Okafor – Product Owner');
    const report = post('3 of 5 checks failed');
    await report.getByRole('button', { name: 'Roll back' }).click();
    await report.getByRole('button', { name: 'Yes, roll back' }).click();
    await report.getByText('Only the Product Owner may do that.').waitFor();
    await picture('teams-note');
  });
  it('writes to the app with its mention, by the keyboard alone', async () => {
    await side().getByLabel('Post in parallel-run').focus();
    await page.keyboard.type('check levels');
    await page.keyboard.press('Enter');
    await post('check levels').waitFor();
    const { text, from } = bot.received.at(-1)?.activity ?? {};
    assert.equal(text, '<at>Parallel Run</at> check levels');
    assert.equal((from as { name: string }).name, 'Ben Okafor');
  });
  it('answers in a thread, and sees the answer there', async () => {
    await post('check levels').getByRole('button', { name: 'Reply' }).click();
    await page.keyboard.type('and history');
    await page.keyboard.press('Enter');
    await post('check levels').getByText('and history').waitFor();
    const root = teams.messages(reconciliation).find(({ text }) => text.includes('check levels'))?.id ?? '';
    const { conversation } = bot.received.at(-1)?.activity ?? {};
    assert.equal((conversation as { id: string }).id, `${reconciliation};messageid=${root}`);
    await connector.reply(reconciliation, root, { type: 'message', text: 'Here it is' });
    await post('check levels').getByText('Here it is').waitFor();
  });
  it('has a chat with the app, which nobody else sees', async () => {
    await side().getByRole('button', { name: 'Parallel Run', exact: true }).click();
    await side().getByLabel('Message to Parallel Run').fill('help');
    await page.keyboard.press('Enter');
    await post('help').waitFor();
    assert.equal(bot.received.at(-1)?.activity['text'], 'help');
    await picture('teams-chat');
    await be('Ana Ruiz – Data Owner');
    await side().getByText('Nothing has been said here yet.').waitFor();
    // What Ben wrote and got in the channel while she looked elsewhere.
    await side()
      .getByRole('button', { name: /^parallel-run\s*3 unread$/ })
      .click();
  });
  it("has times in the people's own zone, in buttons that work all the same", async () => {
    const before = values.length;
    await be('Ben Okafor – Product Owner');
    await post('3 of 5 checks failed')
      .getByRole('button', { name: /^As of 5:41/ })
      .click();
    await post('Explain D-1').waitFor();
    assert.deepEqual(values.slice(before), [{ action: 'command', command: 'explain' }]);
    await be('Ana Ruiz – Data Owner');
  });
  it('gives way to Slack on a narrow page, and comes back by a switch, with the same controls', async () => {
    await page.setViewportSize({ width: 1200, height: 900 });
    await side().waitFor({ state: 'detached' });
    await page.getByRole('group', { name: 'Workspace' }).getByRole('button', { name: 'Teams' }).click();
    await side().getByRole('button', { name: 'parallel-run', exact: true }).click();
    await post('D-1 explained').waitFor();
    assert.equal(await page.getByRole('main').count(), 0);
    await page.getByRole('button', { name: 'Let it drift' }).click();
    await page.getByText('Drifted.').waitFor();
    assert.equal(drifted, 1);
    await picture('teams-alone');
    await page.setViewportSize({ width: 400, height: 800 });
    await post('D-1 explained').waitFor();
    await picture('teams-phone');
  });
  it('meets no error on the page, which asks nobody but its own server', () => assert.deepEqual(problems, []));
});
