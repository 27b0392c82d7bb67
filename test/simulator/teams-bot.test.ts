import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { ActivityHandler, CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import { restore, stub } from 'sinon';
import { startTeamsSimulator } from '../../simulator/teams/server.ts';
import type { Activity, TeamsSimulator } from '../../simulator/teams/types.ts';
import {
  activityWith,
  ana,
  ben,
  cardOf,
  type Connector,
  connectorOf,
  logIn,
  posted,
  reconciliation,
  startStubBot,
  steering,
  type StubBot,
  words,
} from './teams-client.ts';

const cardType = 'application/vnd.microsoft.card.adaptive';
const execute = { type: 'Action.Execute', title: 'Go', verb: 'command', data: { action: 'command', command: 'check' } };
const question = cardOf(
  { type: 'Input.Text', id: 'why', label: 'Why' },
  { type: 'ActionSet', actions: [execute, { type: 'Action.Submit', title: 'Old', data: { action: 'cancel' } }] },
);

interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly isSigned: boolean;
}

/** Reads a token with the keys that the simulator publishes. */
async function readToken(token: string, simulator: TeamsSimulator): Promise<Jwt> {
  const json = async (url: string) => (await fetch(url)).json() as Promise<Record<string, unknown>>;
  const { jwks_uri } = await json(simulator.openIdMetadataUrl);
  const { keys } = (await json(String(jwks_uri))) as { keys: (JsonWebKey & { kid: string; endorsements: string[] })[] };
  const [header = '', claims = '', signature = ''] = token.split('.');
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
  const key = keys.find(({ kid }) => kid === read(header)['kid']);
  assert.deepEqual(key?.endorsements, ['msteams']);
  const isSigned = verify(
    'RSA-SHA256',
    Buffer.from(`${header}.${claims}`),
    createPublicKey({ key, format: 'jwk' }),
    Buffer.from(signature, 'base64url'),
  );
  return { header: read(header), claims: read(claims), isSigned };
}

describe('What people do in the simulated Teams', () => {
  let bot: StubBot;
  let simulator: TeamsSimulator;
  let connector: Connector;
  beforeEach(async () => {
    bot = await startStubBot();
    simulator = await startTeamsSimulator({ botEndpoint: bot.endpoint, patience: 200 });
    connector = await connectorOf(simulator);
  });
  afterEach(async () => {
    await simulator.close();
    bot.close();
  });
  const last = (): Activity => bot.received.at(-1)?.activity ?? {};
  const pressGo =
    (inputs = {}) =>
    async (id: string) =>
      simulator.acts.press(ana, id, { title: 'Go' }, inputs);

  it('reaches the bot with a token that its published keys prove', async () => {
    await simulator.acts.ask(ana, reconciliation, 'check levels');
    const [scheme, token = ''] = bot.received[0]?.authorization?.split(' ') ?? [];
    assert.equal(scheme, 'Bearer');
    const { header, claims, isSigned } = await readToken(token, simulator);
    assert.equal(isSigned, true);
    assert.equal(header['alg'], 'RS256');
    assert.equal(claims['iss'], 'https://api.botframework.com');
    assert.equal(claims['aud'], simulator.appId);
    assert.equal(claims['serviceurl'], simulator.url);
    const now = Date.now() / 1_000;
    assert.ok(Number(claims['nbf']) < now && Number(claims['exp']) > now);
  });
  it('is told in a channel with the mention, the thread and who it was', async () => {
    await simulator.acts.ask(ana, reconciliation, 'check <levels>');
    const message = simulator.messages(reconciliation)[0];
    const { type, text, entities, conversation, from, recipient, channelData, serviceUrl, id } = last();
    const me = { id: `28:${simulator.appId}`, name: 'Parallel Run' };
    assert.equal(type, 'message');
    assert.equal(text, '<at>Parallel Run</at> check &lt;levels&gt;');
    assert.deepEqual((entities as unknown[])[0], {
      type: 'mention',
      mentioned: me,
      text: '<at>Parallel Run</at>',
    });
    assert.equal(id, message?.id);
    assert.deepEqual(conversation, {
      id: `${reconciliation};messageid=${message?.id ?? ''}`,
      tenantId: simulator.tenantId,
      conversationType: 'channel',
      isGroup: true,
      name: 'parallel-run',
    });
    const { teamsId, name, aadObjectId } = simulator.people[0] ?? {};
    assert.deepEqual(from, { id: teamsId, name, aadObjectId });
    assert.deepEqual(recipient, me);
    assert.deepEqual((channelData as Record<string, unknown>)['tenant'], { id: simulator.tenantId });
    assert.equal(serviceUrl, simulator.url);
  });
  it('is told in the chat without a mention, and answered there', async () => {
    await simulator.acts.ask(ana, ana, 'check');
    const { text, conversation } = last();
    assert.equal(text, 'check');
    const { id, conversationType } = conversation as Record<string, string>;
    assert.equal(conversationType, 'personal');
    await posted(connector, id ?? '', words('Done'));
    assert.equal(simulator.messages(ana).at(-1)?.text, 'Done');
  });
  it('is told of an answer by the thread that it stands in', async () => {
    const root = await posted(connector, reconciliation, words('Report'));
    await simulator.acts.ask(ana, reconciliation, 'explain', root);
    assert.equal((last()['conversation'] as { id: string }).id, `${reconciliation};messageid=${root}`);
    assert.equal(simulator.messages(reconciliation).at(-1)?.replyTo, root);
  });
  it('is not told what is said in a channel without a mention, or where it is not', async () => {
    assert.equal(await simulator.acts.say(ana, reconciliation, 'Morning all'), undefined);
    assert.equal(await simulator.acts.say(ana, steering, '@Parallel Run check'), undefined);
    assert.equal(bot.received.length, 0);
    await simulator.acts.say(ana, reconciliation, 'could you @parallel run check?');
    assert.equal(last()['text'], 'could you <at>Parallel Run</at> check?');
    assert.equal(simulator.messages(reconciliation).length, 2);
  });

  it('is told of every conversation that it is added to, and of the team that it leaves', async () => {
    const answers = await simulator.acts.install();
    // The team, and the chats of the seven who did not leave, each told in two ways.
    assert.equal(answers.length, 16);
    const activity: Activity = bot.received[0]?.activity ?? {};
    assert.equal(activity['type'], 'conversationUpdate');
    assert.deepEqual(activity['membersAdded'], [{ id: `28:${simulator.appId}` }]);
    assert.equal((activity['conversation'] as { id: string }).id, '19:general@thread.tacv2');
    assert.deepEqual(
      bot.received.slice(1, 4).map((one) => [one.activity['type'], one.activity['action']]),
      [
        ['installationUpdate', 'add'],
        ['conversationUpdate', undefined],
        ['installationUpdate', 'add'],
      ],
    );
    await simulator.acts.uninstall();
    assert.equal(last()['action'], 'remove');
    const { status } = await connector.post(reconciliation, words('Still here'));
    assert.equal(status, 403);
  });

  it('is told of a pressed button with its data and what was typed', async () => {
    const id = await posted(connector, reconciliation, activityWith(question));
    assert.deepEqual(await pressGo({ why: 'It is time' })(id), { kind: 'nothing' });
    const { type, name, value, replyToId } = last();
    assert.equal(type, 'invoke');
    assert.equal(name, 'adaptiveCard/action');
    assert.equal(replyToId, id);
    const data = { action: 'command', command: 'check', why: 'It is time' };
    assert.deepEqual(value, { action: { type: 'Action.Execute', verb: 'command', data }, trigger: 'manual' });
  });
  it('is told of a button without the inputs that it leaves alone', async () => {
    const card = cardOf({ type: 'ActionSet', actions: [{ ...execute, associatedInputs: 'none' }] });
    const id = await posted(connector, reconciliation, activityWith(card));
    await pressGo({ why: 'Typed' })(id);
    assert.deepEqual((last()['value'] as { action: { data: unknown } }).action.data, execute.data);
  });
  it('is told of an older button by a message that holds its value', async () => {
    const id = await posted(connector, reconciliation, activityWith(question));
    await simulator.acts.press(ana, id, { title: 'Old' }, { why: 'x' });
    const { type, text, value, replyToId } = last();
    assert.deepEqual([type, text, value, replyToId], ['message', undefined, { action: 'cancel', why: 'x' }, id]);
  });
  it('can press no button that is not there, and none of a chat of somebody else', async () => {
    const id = await posted(connector, reconciliation, activityWith(question));
    await assert.rejects(simulator.acts.press(ana, id, { title: 'Stop' }), /no such button/);
    await simulator.acts.ask(ben, ben, 'x');
    const chat = (last()['conversation'] as { id: string }).id;
    const own = await posted(connector, chat, activityWith(question));
    await assert.rejects(simulator.acts.press(ana, own, { title: 'Go' }), /Ana Ruiz sees no message/);
    await assert.rejects(simulator.acts.ask('U0HANA0008', reconciliation, 'x'), /Hana Sato is deactivated/);
  });

  it('gets a card of their own as an answer, until the bot changes it for all', async () => {
    const id = await posted(connector, reconciliation, activityWith(question));
    const done = cardOf({ type: 'TextBlock', text: 'You approved' });
    bot.answer = () => Promise.resolve({ status: 200, body: { statusCode: 200, type: cardType, value: done } });
    assert.deepEqual(await pressGo()(id), { kind: 'card' });
    assert.deepEqual(simulator.cardSeenBy(ana, id), done);
    assert.deepEqual(simulator.cardSeenBy(ben, id), question);
    await assert.rejects(pressGo()(id), /no such button/, 'the button is gone from her card');
    const decided = cardOf({ type: 'TextBlock', text: 'Approved by both' });
    await connector.edit(reconciliation, id, activityWith(decided));
    assert.deepEqual(simulator.cardSeenBy(ana, id), decided);
  });
  it('gets a note, or is told what went wrong', async () => {
    const id = await posted(connector, reconciliation, activityWith(question));
    const answered = async (status: number, body?: unknown) => {
      bot.answer = () => Promise.resolve({ status, body });
      return pressGo()(id);
    };
    const note = { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: 'Taken' };
    assert.deepEqual(await answered(200, note), { kind: 'note', text: 'Taken' });
    const value = { code: 'BadRequest', message: 'No such step' };
    const error = { statusCode: 400, type: 'application/vnd.microsoft.error', value };
    assert.deepEqual(await answered(200, error), { kind: 'error', text: 'No such step' });
    assert.deepEqual(await answered(500), {
      kind: 'error',
      text: 'Something went wrong: the app answered with HTTP 500.',
    });
    const broken = { statusCode: 200, type: cardType, value: cardOf({ type: 'Modal' }) };
    const refused = await answered(200, broken);
    assert.match(refused.kind === 'error' ? refused.text : '', /can't be shown: unsupported type: Modal/);
    assert.deepEqual(simulator.cardSeenBy(ana, id), question);
  });
  it('is told that the app did not answer in time', async () => {
    const id = await posted(connector, reconciliation, activityWith(question));
    bot.answer = () => new Promise(() => undefined);
    assert.deepEqual(await pressGo()(id), {
      kind: 'error',
      text: 'Unable to reach the app: it did not answer in time.',
    });
    assert.equal((await simulator.acts.ask(ana, ana, 'check')).acknowledged, false);
  });

  it('looks for news by itself for those whom the card names, once', async () => {
    const { teamsId } = simulator.people[0] ?? {};
    const refresh = {
      action: { type: 'Action.Execute', verb: 'refresh', data: { action: 'refresh' } },
      userIds: [teamsId],
    };
    const id = await posted(connector, reconciliation, activityWith({ ...question, refresh }));
    const own = cardOf({ type: 'TextBlock', text: 'For you' });
    bot.answer = () => Promise.resolve({ status: 200, body: { statusCode: 200, type: cardType, value: own } });
    assert.equal(await simulator.acts.look(ben, id), undefined);
    assert.deepEqual(await simulator.acts.look(ana, id), { kind: 'card' });
    assert.equal((last()['value'] as { trigger: string }).trigger, 'automatic');
    assert.deepEqual(simulator.cardSeenBy(ana, id), own);
    assert.equal(await simulator.acts.look(ana, id), undefined);
  });
});

describe("The simulated Teams, with a bot on Microsoft's own SDK", () => {
  let bot: StubBot;
  let simulator: TeamsSimulator;
  let adapter: CloudAdapter;
  beforeEach(async () => {
    bot = await startStubBot();
    simulator = await startTeamsSimulator({ botEndpoint: bot.endpoint });
    const { appId, tenantId, issuer, openIdMetadataUrl, loginUrl } = simulator;
    adapter = new CloudAdapter(
      new ConfigurationBotFrameworkAuthentication(
        {
          MicrosoftAppId: appId,
          MicrosoftAppTenantId: tenantId,
          ToChannelFromBotLoginUrl: loginUrl,
          ToChannelFromBotOAuthScope: 'https://api.botframework.com',
          ToBotFromChannelTokenIssuer: issuer,
          ToBotFromChannelOpenIdMetadataUrl: openIdMetadataUrl,
          ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadataUrl,
          OAuthUrl: 'https://api.botframework.com',
          CallerId: 'urn:botframework:azure',
        },
        {
          isValidAppId: (id) => Promise.resolve(id === appId),
          isAuthenticationDisabled: () => Promise.resolve(false),
          createCredentials: () =>
            Promise.resolve({
              signRequest: async (request) => {
                request.headers.set('authorization', `Bearer ${String((await logIn(simulator)).body['access_token'])}`);
                return request;
              },
            }),
        },
      ),
    );
    const handler = new ActivityHandler();
    handler.onMessage(async (context) => {
      await context.sendActivity(`You said ${textOf(context)}.`);
    });
    bot.answer = async ({ authorization = '', activity }) => {
      try {
        const logic = (context: TurnContext) => handler.run(context);
        await adapter.processActivityDirect(authorization, activity as never, logic);
        return { status: 200 };
      } catch {
        return { status: 401 };
      }
    };
  });
  afterEach(async () => {
    restore();
    await simulator.close();
    bot.close();
  });

  it('is believed by it, and shows what it answers in the thread', async () => {
    assert.equal((await simulator.acts.ask(ana, reconciliation, 'hello')).status, 200);
    const [asked, answered] = simulator.messages(reconciliation);
    assert.equal(answered?.text, 'You said hello.');
    assert.equal(answered?.replyTo, asked?.id);
  });
  it('helps to forge what it refuses: another audience, an old token, another service, no signature, nothing', async () => {
    // It tells the console of every token that it refuses.
    stub(console, 'error');
    await simulator.acts.ask(ana, reconciliation, 'hello');
    const activity = simulator.deliveries.at(-1) ?? {};
    const status = async (authorization: string | null) => (await simulator.deliver(activity, authorization)).status;
    const signed = (claims: Readonly<Record<string, unknown>>) => `Bearer ${simulator.signToken(claims)}`;
    assert.equal(await status(signed({})), 200);
    assert.equal(await status(signed({ aud: 'another' })), 401);
    assert.equal(await status(signed({ iss: 'https://evil.example' })), 401);
    assert.equal(await status(signed({ exp: Math.floor(Date.now() / 1_000) - 3_600 })), 401);
    assert.equal(await status(signed({ serviceurl: 'https://evil.example/' })), 401);
    assert.equal(await status(signed({}).replace(/\.[^.]+$/, '.')), 401);
    assert.equal(await status(null), 401);
  });
});

const textOf = ({ activity }: TurnContext): string => activity.text.replace(/<at>.*<\/at>/, '').trim();
