import assert from 'node:assert/strict';
import type { SimulatorState } from '../../simulator/page/state.ts';
import { startSimulator } from '../../simulator/server.ts';
import { startTeamsSimulator } from '../../simulator/teams/server.ts';
import type { TeamsSimulator } from '../../simulator/teams/types.ts';
import type { Simulator } from '../../simulator/types.ts';
import {
  activityWith,
  ana,
  ben,
  cardOf,
  type Connector,
  connectorOf,
  posted,
  reconciliation,
  startStubBot,
  type StubBot,
} from './teams-client.ts';

const execute = { type: 'Action.Execute', title: 'Go', verb: 'go' };

describe("Teams for the simulator's page", () => {
  let bot: StubBot;
  let teams: TeamsSimulator;
  let simulator: Simulator;
  let connector: Connector;
  beforeEach(async () => {
    bot = await startStubBot();
    teams = await startTeamsSimulator({ botEndpoint: bot.endpoint });
    simulator = await startSimulator({ teams: teams.page });
    connector = await connectorOf(teams);
  });
  afterEach(async () => {
    await simulator.close();
    await teams.close();
    bot.close();
  });

  const state = async () => {
    const { teams: shown } = (await (await fetch(`${simulator.pageUrl}simulator/state`)).json()) as SimulatorState;
    assert.ok(shown !== undefined);
    return shown;
  };
  const messages = async () => (await state()).conversations.find(({ id }) => id === reconciliation)?.messages ?? [];
  const act = async (name: string, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${simulator.pageUrl}simulator/teams/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  it('is absent where Slack is alone', async () => {
    const alone = await startSimulator();
    const shown = (await (await fetch(`${alone.pageUrl}simulator/state`)).json()) as SimulatorState;
    assert.equal(shown.teams, undefined);
    await alone.close();
  });
  it('has its conversations, among the same people as in Slack', async () => {
    await teams.acts.say(ana, reconciliation, 'Morning');
    const { accounts, conversations } = await state();
    const [message] = await messages();
    assert.equal(accounts[ana]?.teamsId, message?.from);
    assert.equal(message?.text, 'Morning');
    assert.equal(conversations[0]?.name, 'General');
  });
  it('says whose chat is whose, and who sees a card of their own', async () => {
    const id = await posted(connector, reconciliation, activityWith(cardOf({ type: 'ActionSet', actions: [execute] })));
    const value = cardOf({ type: 'TextBlock', text: 'Yours' });
    const type = 'application/vnd.microsoft.card.adaptive';
    bot.answer = () => Promise.resolve({ status: 200, body: { statusCode: 200, type, value } });
    const pressed = await act('press', { person: ben, message: id, action: { title: 'Go' }, inputs: {} });
    assert.deepEqual(pressed, { status: 200, body: { kind: 'card' } });
    assert.deepEqual((await messages())[0]?.ownCards, { [ben]: value });
    await teams.acts.say(ben, ben, 'help');
    const chats = (await state()).conversations.filter(({ person }) => person !== undefined);
    assert.deepEqual(
      chats.map(({ person }) => person),
      [ben],
    );
  });
  it('says whom a card asks to look for news', async () => {
    const userIds = [teams.people[0]?.teamsId];
    const refresh = { action: { type: 'Action.Execute', verb: 'refresh' }, userIds };
    const card = { ...cardOf({ type: 'TextBlock', text: 'For all' }), refresh };
    const id = await posted(connector, reconciliation, activityWith(card));
    assert.deepEqual((await messages())[0]?.looks, [ana]);
    assert.deepEqual(await act('look', { person: ana, message: id }), { status: 200, body: { kind: 'nothing' } });
    assert.deepEqual(await act('look', { person: ben, message: id }), { status: 200, body: {} });
    assert.equal(bot.received.length, 1);
  });
  it('tells of its changes', async () => {
    const events = await fetch(new URL('/simulator/events', simulator.pageUrl));
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    const next = reader?.read();
    await teams.acts.say(ana, reconciliation, 'News');
    assert.match((await next)?.value ?? '', /event: changed/);
    await reader?.cancel();
  });
  it('says whether the bot was told, and whether it took it', async () => {
    const say = (text: string) => act('say', { person: ana, conversation: reconciliation, text });
    assert.deepEqual((await say('Morning')).body, { told: false, acknowledged: false });
    assert.deepEqual((await say('@Parallel Run help')).body, { told: true, acknowledged: true });
    bot.answer = () => Promise.resolve({ status: 503 });
    assert.deepEqual((await say('@Parallel Run help')).body, { told: true, acknowledged: false });
  });
  it('refuses in words what is asked wrongly, and anything from another site', async () => {
    assert.deepEqual(await act('say', { person: ana }), {
      status: 400,
      body: { error: 'The body has no text "conversation".' },
    });
    const stranger = await act('say', { person: 'U0NOBODY', conversation: reconciliation, text: 'x' });
    assert.match(String(stranger.body['error']), /nobody with the id "U0NOBODY"/);
    assert.equal((await act('constructor', {})).status, 404);
    assert.equal((await act('say', {}, { origin: 'https://evil.example' })).status, 403);
  });
});
