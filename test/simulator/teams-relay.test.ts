import assert from 'node:assert/strict';
import { type SigningRelay, startSigningRelay } from '../../simulator/teams/signing-relay.ts';
import { startTeamsSimulator } from '../../simulator/teams/server.ts';
import type { TeamsSimulator } from '../../simulator/teams/types.ts';
import { startStubBot, type StubBot } from './teams-client.ts';

describe('A client that plays Teams and signs nothing', () => {
  let bot: StubBot;
  let teams: TeamsSimulator;
  let relay: SigningRelay;

  before(async () => {
    [bot, teams] = await Promise.all([startStubBot(), startTeamsSimulator()]);
    relay = await startSigningRelay(teams, bot.endpoint);
  });
  after(async () => {
    await relay?.close();
    await teams?.close();
    bot?.close();
  });

  const activity = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
    type: 'message',
    text: 'help',
    serviceUrl: 'http://localhost:56150/_connector',
    channelData: { tenant: { id: teams.tenantId } },
    ...changes,
  });
  const post = (sent: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(relay.endpoint, { method: 'POST', headers, body: JSON.stringify(sent) });
  const refused = async (answer: Promise<Response>, why: RegExp): Promise<void> => {
    const before = bot.received.length;
    const response = await answer;
    assert.equal(response.status, 403);
    assert.match(await response.text(), why);
    assert.equal(bot.received.length, before);
  };

  it('finds somebody there', async () => {
    assert.equal((await fetch(relay.endpoint, { method: 'HEAD' })).status, 200);
  });
  it('has its activity handed to the bot as it is, signed for its own address', async () => {
    assert.equal((await post(activity())).status, 200);
    const received = bot.received.at(-1);
    assert.deepEqual(received?.activity, activity());
    const [, claims = ''] = received?.authorization?.replace(/^Bearer /, '').split('.') ?? [];
    const { aud, iss, serviceurl } = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as typeof teams &
      Record<string, unknown>;
    assert.deepEqual([aud, iss, serviceurl], [teams.appId, teams.issuer, 'http://localhost:56150/_connector']);
  });
  it('gets what the bot answers', async () => {
    bot.answer = () => Promise.resolve({ status: 201, body: { statusCode: 200, value: 'a card' } });
    const response = await post(activity({ type: 'invoke' }));
    assert.deepEqual([response.status, await response.json()], [201, { statusCode: 200, value: 'a card' }]);
  });
  it('is refused where it is not on this computer', () =>
    refused(post(activity({ serviceUrl: 'https://smba.trafficmanager.net/emea/' })), /on this computer/));
  it('is refused where it plays another tenant than the simulated one', () =>
    refused(post(activity({ channelData: { tenant: { id: 'contoso' } } })), /simulated tenant/));
  it('is refused where it is a page of another site', () =>
    refused(post(activity(), { origin: 'https://example.com' }), /other sites/));
  it('gets nothing signed for a bot elsewhere', () =>
    assert.rejects(startSigningRelay(teams, 'https://bot.example.com/api/messages'), /Only a bot on this computer/));
});
