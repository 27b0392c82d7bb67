import assert from 'node:assert/strict';
import { people } from '../../simulator/people.ts';
import { startSimulator } from '../../simulator/server.ts';
import { startTeamsSimulator } from '../../simulator/teams/server.ts';
import type { TeamsMessage, TeamsSimulator } from '../../simulator/teams/types.ts';
import type { SimulatedMessage, Simulator } from '../../simulator/types.ts';
import { type App, startApp } from '../../src/app.ts';
import { systemClock } from '../../src/services.ts';
import { createLog } from '../../src/operate/logger.ts';
import { eventually } from '../slack/support.ts';
import { openEmbeddedStore } from '../support/databases.ts';
import { thePlaybook } from '../support/services.ts';

const inSlack = 'C0RECONCILE';
const idOf = (title: string): string => people.find((one) => one.title === title)?.id ?? '';
const [officer, lead, analyst] = ['Security Officer', 'Tech Lead', 'Analyst'].map(idOf) as [string, string, string];

describe('One bot in Slack and in Teams', function () {
  this.timeout(120_000);
  let opened: Awaited<ReturnType<typeof openEmbeddedStore>>;
  let slack: Simulator;
  let teams: TeamsSimulator;
  let app: App;
  let inTeams: string;
  /** Of the decision at hand. */
  let number = 0;

  before(async () => {
    [opened, slack, teams] = await Promise.all([openEmbeddedStore(), startSimulator(), startTeamsSimulator()]);
    const channelOf = (name: string): string => teams.channels.find((one) => one.name === name)?.id ?? '';
    inTeams = channelOf('parallel-run');
    const playbook = thePlaybook({
      START_DATE: '',
      SECURITY_OFFICER: `slack:${officer}`,
      TECH_LEAD: `slack:${lead}`,
      ANALYSTS: `slack:${analyst}`,
      RECONCILIATION_CHANNEL: `${inSlack} ${inTeams}`,
      ALERTS_CHANNEL: `C0ALERTS ${channelOf('parallel-run-alerts')}`,
    });
    const nothing = { open: () => Promise.reject(new Error('nothing is compared')), close: () => Promise.resolve() };
    app = await startApp({
      playbook: {
        ...playbook,
        people: people.map(({ id, aadObjectId = '', name }) => ({
          name,
          accounts: [`slack:${id}`, `teams:${aadObjectId}`],
        })),
      },
      store: opened.store,
      sources: { legacy: nothing, new: nothing },
      clock: systemClock,
      slack: { mode: 'socket', botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
      teams: {
        appId: teams.appId,
        appPassword: teams.appPassword,
        tenantId: teams.tenantId,
        endpoints: { loginUrl: teams.loginUrl, issuer: teams.issuer, openIdMetadataUrl: teams.openIdMetadataUrl },
      },
      host: '127.0.0.1',
      port: 0,
      log: createLog('silent'),
      onListening: async (port) => {
        teams.connect(`http://127.0.0.1:${port}/api/messages`);
        await teams.acts.install();
      },
    });
    await eventually('a connection', () => slack.openSockets > 0);
  });
  after(async () => {
    await app?.stop();
    await Promise.all([slack?.close(), teams?.close()]);
    await opened?.close();
  });

  const slackCard = (): SimulatedMessage | undefined =>
    slack.messages(inSlack).findLast(({ text }) => text.includes('Write access'));
  const teamsCard = (): TeamsMessage | undefined =>
    teams.messages(inTeams).findLast(({ card }) => JSON.stringify(card).includes('Write access'));
  const shownInTeams = (person: string): string => JSON.stringify(teams.cardSeenBy(person, teamsCard()?.id ?? ''));
  const answers = async () =>
    (await opened.store.transaction((tx) => tx.decisions.find(number)))?.answers.map(({ person }) => person) ?? [];
  const state = async () => (await opened.store.transaction((tx) => tx.decisions.find(number)))?.decision.state;

  const ask = async (): Promise<void> => {
    const before = teamsCard()?.id;
    await slack.command(analyst, inSlack, 'decision ask writeAccess --people Fay --until 2099-12-31');
    await eventually('the question in Teams', () => teamsCard() !== undefined && teamsCard()?.id !== before);
    await eventually('the question in Slack', () => /Decide until/.test(slackCard()?.text ?? ''));
    number += 1;
  };
  const pressInSlack = (person: string) => {
    const card = slackCard();
    const blocks = (card?.blocks ?? []) as { elements?: { value?: string; action_id?: string }[] }[];
    const buttons = blocks.flatMap(({ elements = [] }) => elements);
    const action = buttons.find(({ value = '' }) => /^decision \d+ approve/.test(value))?.action_id ?? '';
    return slack.press(person, inSlack, card?.ts ?? '', action);
  };
  const pressInTeams = (person: string) => teams.acts.press(person, teamsCard()?.id ?? '', { title: 'Approve' });

  it('asks in both places, and names each person as they are known there', async () => {
    await ask();
    assert.match(JSON.stringify(slackCard()?.blocks), new RegExp(`"user_id":"${officer}"`));
    assert.match(shownInTeams(analyst), /Eli Sommer/);
  });
  it('shows the buttons in Teams to those who may press them, once their client asks, and to nobody else', async () => {
    const id = teamsCard()?.id ?? '';
    for (const person of [analyst, lead]) await teams.acts.look(person, id);
    assert.doesNotMatch(shownInTeams(analyst), /"title":"Approve"/);
    assert.match(shownInTeams(lead), /"title":"Approve"/);
  });
  it('comes to one outcome when two people approve at once, each on their own platform, and says so in both', async () => {
    await teams.acts.look(lead, teamsCard()?.id ?? '');
    await Promise.all([pressInSlack(officer), pressInTeams(lead)]);
    await eventually('the outcome', async () => (await state()) === 'decided');
    assert.deepEqual((await answers()).toSorted(), [`slack:${officer}`, `slack:${lead}`].toSorted());
    await eventually('the card in Slack', () => /\? Approve/.test(slackCard()?.text ?? ''));
    await eventually('the card in Teams', () => /\? Approve/.test(shownInTeams(analyst)));
    assert.doesNotMatch(JSON.stringify(slackCard()?.blocks), /"type":"button"/);
    for (const person of [analyst, lead, officer]) assert.doesNotMatch(shownInTeams(person), /Action.Execute/);
    assert.equal((await opened.store.transaction((tx) => tx.audit.verify())).ok, true);
  });
  it('counts one person once who approves on both', async () => {
    await ask();
    await teams.acts.look(lead, teamsCard()?.id ?? '');
    await Promise.all([pressInSlack(lead), pressInTeams(lead)]);
    await eventually('the answer', async () => (await answers()).length > 0);
    await eventually('both were taken', async () => {
      const { waiting } = await opened.store.transaction((tx) => tx.inbox.gauges(new Date()));
      return waiting === 0;
    });
    assert.deepEqual([...new Set(await answers())], [`slack:${lead}`]);
    assert.equal(await state(), 'pending');
    await eventually('the answer in Teams', () => /Approve by/.test(shownInTeams(analyst)));
    await eventually('the answer in Slack', () => /Approve by/.test(JSON.stringify(slackCard()?.blocks)));
  });
});
