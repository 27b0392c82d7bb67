import assert from 'node:assert/strict';
import { request } from 'node:http';
import { maxActivityBytes } from '../../simulator/teams/connector.ts';
import { startTeamsSimulator } from '../../simulator/teams/server.ts';
import type { TeamsSimulator } from '../../simulator/teams/types.ts';
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
  steering,
  words,
} from './teams-client.ts';

const now = new Date('2026-01-05T12:00:00Z');

describe('The simulated Bot Connector', () => {
  let simulator: TeamsSimulator;
  let connector: Connector;
  beforeEach(async () => {
    simulator = await startTeamsSimulator({ clock: { now: () => now } });
    connector = await connectorOf(simulator);
  });
  afterEach(() => simulator.close());

  const account = (id: string) => {
    const found = simulator.people.find((person) => person.id === id);
    assert.ok(found !== undefined);
    return found;
  };
  const open = (member: string, more: Readonly<Record<string, unknown>> = {}) =>
    connector.call('POST', ['conversations'], {
      members: [{ id: member }],
      tenantId: simulator.tenantId,
      isGroup: false,
      ...more,
    });
  const codeOf = ({ status, body }: Awaited<ReturnType<Connector['call']>>) => [status, body.error?.code];

  it('gives the bot a token, and nobody else', async () => {
    const { status, body } = await logIn(simulator);
    assert.equal(status, 200);
    assert.equal(body['token_type'], 'Bearer');
    assert.equal(body['expires_in'], 3_600);
    const refused = async (changes: Record<string, string>, tenant?: string) => {
      const answer = await logIn(simulator, changes, tenant);
      return [answer.status, answer.body.error];
    };
    assert.deepEqual(await refused({ client_secret: 'guessed' }), [401, 'invalid_client']);
    assert.deepEqual(await refused({ client_id: 'another' }), [401, 'invalid_client']);
    assert.deepEqual(await refused({ scope: 'openid' }), [400, 'invalid_scope']);
    assert.deepEqual(await refused({ grant_type: 'password' }), [400, 'unsupported_grant_type']);
    assert.deepEqual(await refused({}, 'another-tenant'), [400, 'invalid_request']);
  });
  it('does nothing without that token', async () => {
    const path = ['conversations', reconciliation, 'activities'];
    const stranger = await connector.call('POST', path, words('Hello'), 'made-up');
    assert.deepEqual(codeOf(stranger), [401, 'Unauthorized']);
    simulator.expireTokens();
    assert.deepEqual(codeOf(await connector.post(reconciliation, words('Hello'))), [401, 'Unauthorized']);
    assert.deepEqual(simulator.messages(reconciliation), []);
  });
  it('keeps no secret among the calls that it remembers', async () => {
    await logIn(simulator);
    assert.ok(!JSON.stringify(simulator.calls).includes(simulator.appPassword));
  });

  it('posts, at the simulated time, and never under one id twice', async () => {
    const first = await posted(connector, reconciliation, words('One'));
    const second = await posted(connector, reconciliation, words('Two'));
    assert.equal(first, String(now.getTime()));
    assert.equal(second, String(now.getTime() + 1));
    const texts = simulator.messages(reconciliation).map(({ text, from }) => [text, from]);
    assert.deepEqual(texts, [
      ['One', `28:${simulator.appId}`],
      ['Two', `28:${simulator.appId}`],
    ]);
  });
  it('puts answers into the thread of the first message, by either way of naming it', async () => {
    const root = await posted(connector, reconciliation, words('One'));
    const reply = await connector.reply(reconciliation, root, words('Two'));
    await posted(connector, `${reconciliation};messageid=${root}`, words('Three'));
    await connector.reply(reconciliation, String(reply.body['id']), words('Four'));
    assert.deepEqual(
      simulator.messages(reconciliation).map(({ replyTo }) => replyTo),
      [undefined, root, root, root],
    );
  });
  it('answers in no thread whose first message is gone', async () => {
    const root = await posted(connector, reconciliation, words('One'));
    simulator.deleteMessage(reconciliation, root);
    const late = await connector.post(`${reconciliation};messageid=${root}`, words('Two'));
    assert.deepEqual(codeOf(late), [404, 'ConversationNotFound']);
  });
  it('begins a thread of a channel with its first message', async () => {
    const { status, body } = await connector.call('POST', ['conversations'], {
      isGroup: true,
      channelData: { channel: { id: reconciliation }, tenant: { id: simulator.tenantId } },
      activity: words('One'),
    });
    assert.equal(status, 201);
    assert.equal(body['id'], `${reconciliation};messageid=${String(body['activityId'])}`);
    assert.equal(simulator.messages(reconciliation)[0]?.id, body['activityId']);
  });
  it('edits and deletes what the bot posted, and nothing of other people', async () => {
    const id = await posted(connector, reconciliation, words('Before'));
    assert.equal((await connector.edit(reconciliation, id, words('After'))).status, 200);
    assert.equal(simulator.messages(reconciliation)[0]?.text, 'After');
    assert.equal(simulator.messages(reconciliation)[0]?.edited, true);
    assert.equal((await connector.remove(reconciliation, id)).status, 200);
    assert.deepEqual(simulator.messages(reconciliation), []);
    const gone = [404, 'ActivityNotFoundInConversation'];
    assert.deepEqual(codeOf(await connector.edit(reconciliation, id, words('Late'))), gone);
    assert.deepEqual(codeOf(await connector.remove(reconciliation, id)), gone);
    await simulator.acts.say(ana, reconciliation, 'Mine');
    const hers = simulator.messages(reconciliation)[0]?.id ?? '';
    assert.deepEqual(codeOf(await connector.edit(reconciliation, hers, words('Yours'))), [403, 'Forbidden']);
  });

  it("opens one chat a person, by the directory's id or by Teams' own", async () => {
    const { aadObjectId, teamsId } = account(ana);
    const first = await open(aadObjectId);
    const again = await open(teamsId);
    const other = await open(account(ben).teamsId);
    assert.equal(first.status, 201);
    assert.equal(first.body['id'], again.body['id']);
    assert.notEqual(first.body['id'], other.body['id']);
    await posted(connector, String(first.body['id']), words('Just us'));
    assert.equal(simulator.messages(ana)[0]?.text, 'Just us');
    assert.deepEqual(simulator.messages(ben), []);
  });
  it('opens no chat with strangers, with who left, with several people, or in another tenant', async () => {
    assert.deepEqual(codeOf(await open('29:nobody')), [400, 'BadArgument']);
    assert.deepEqual(codeOf(await open(account('U0HANA0008').teamsId)), [400, 'BadArgument']);
    const two = { members: [{ id: account(ana).teamsId }, { id: account(ben).teamsId }] };
    assert.deepEqual(codeOf(await open('', two)), [400, 'BadSyntax']);
    assert.deepEqual(codeOf(await open(account(ana).teamsId, { tenantId: 'another' })), [403, 'Forbidden']);
    assert.deepEqual(codeOf(await open(account(ana).teamsId, { tenantId: undefined })), [400, 'BadSyntax']);
  });

  it('names the members of a channel, guests as such, without who left', async () => {
    const { body } = await connector.call('GET', ['conversations', reconciliation, 'members']);
    const members = body as unknown as { name: string; userRole: string; userPrincipalName: string }[];
    assert.equal(members.length, 7);
    assert.ok(!members.some(({ name }) => name === 'Hana Sato'));
    const guests = members.filter(({ userRole }) => userRole === 'guest');
    assert.deepEqual(
      guests.map(({ userPrincipalName }) => userPrincipalName),
      ['gus.hale_vendor.example#EXT#@trial.onmicrosoft.com'],
    );
  });
  it('names the members in pages', async () => {
    const address = `${simulator.url}v3/conversations/${encodeURIComponent(reconciliation)}/pagedmembers`;
    const authorization = `Bearer ${String((await logIn(simulator)).body['access_token'])}`;
    const page = async (query: string) => {
      const answer = await fetch(`${address}?${query}`, { headers: { authorization } });
      return (await answer.json()) as { members: unknown[]; continuationToken?: string };
    };
    const first = await page('pageSize=4');
    assert.equal(first.members.length, 4);
    const second = await page(`pageSize=4&continuationToken=${first.continuationToken ?? ''}`);
    assert.equal(second.members.length, 3);
    assert.equal(second.continuationToken, undefined);
  });
  it('says who a member is, and that the others are none', async () => {
    const { aadObjectId, teamsId } = account(ana);
    const member = (conversation: string, id: string) =>
      connector.call('GET', ['conversations', conversation, 'members', id]);
    const { body } = await member(reconciliation, aadObjectId);
    assert.deepEqual(
      [body['id'], body['aadObjectId'], body['name'], body['tenantId'], body['userRole']],
      [teamsId, aadObjectId, 'Ana Ruiz', simulator.tenantId, 'user'],
    );
    const chat = String((await open(account(ben).teamsId)).body['id']);
    assert.deepEqual(codeOf(await member(chat, teamsId)), [404, 'MemberNotFoundInConversation']);
  });
  it('names the channels of the team, the first one without its name', async () => {
    const { body } = await connector.call('GET', ['teams', '19:general@thread.tacv2', 'conversations']);
    const [first, second] = body['conversations'] as unknown[];
    assert.deepEqual(first, { id: '19:general@thread.tacv2' });
    assert.deepEqual(second, { id: reconciliation, name: 'parallel-run' });
  });

  it('knows no conversation but its own, and lets the bot into none that it was not added to', async () => {
    assert.deepEqual(codeOf(await connector.post('19:none@thread.tacv2', words('x'))), [404, 'ConversationNotFound']);
    assert.deepEqual(codeOf(await connector.post(steering, words('x'))), [403, 'BotNotInConversationRoster']);
    assert.deepEqual(codeOf(await connector.call('GET', ['conversations'])), [404, 'NotFound']);
  });
  it('takes 28 KB and not a byte more', async () => {
    const padded = (bytes: number) => words('x'.repeat(bytes - Buffer.byteLength(JSON.stringify(words('')))));
    assert.equal((await connector.post(reconciliation, padded(maxActivityBytes))).status, 201);
    const over = await connector.post(reconciliation, padded(maxActivityBytes + 1));
    assert.deepEqual(codeOf(over), [413, 'MessageSizeTooBig']);
  });
  it('posts no message without words or a card', async () => {
    assert.deepEqual(codeOf(await connector.post(reconciliation, { type: 'message' })), [400, 'BadSyntax']);
    assert.deepEqual(codeOf(await connector.post(reconciliation, { type: 'event' })), [400, 'BadSyntax']);
  });
  it('takes that the bot is typing, and shows nothing of it', async () => {
    assert.equal((await connector.post(reconciliation, { type: 'typing' })).status, 201);
    assert.deepEqual(simulator.messages(reconciliation), []);
  });
  it('shows cards, and refuses those that Teams would not show', async () => {
    const card = cardOf({ type: 'TextBlock', text: 'Hello', wrap: true });
    await posted(connector, reconciliation, activityWith(card));
    assert.deepEqual(simulator.messages(reconciliation)[0]?.card, card);
    const { status, body } = await connector.post(reconciliation, activityWith(cardOf({ type: 'Carousel' })));
    assert.equal(status, 400);
    assert.match(body.error?.message ?? '', /unsupported type: Carousel \[json-pointer:\/content\/body\/0\/type\]/);
  });

  it('can be made to answer with every status that is to be repeated, without an effect', async () => {
    for (const [status, code] of [
      [412, 'PreconditionFailed'],
      [429, 'TooManyRequests'],
      [502, 'BadGateway'],
      [504, 'GatewayTimeout'],
    ] as const) {
      simulator.inject({ operation: 'post', fault: { kind: 'status', status, retryAfterSeconds: 7 } });
      const answer = await connector.post(reconciliation, words('x'));
      assert.deepEqual(codeOf(answer), [status, code]);
      assert.equal(answer.headers.get('retry-after'), '7');
    }
    assert.deepEqual(simulator.messages(reconciliation), []);
    assert.equal((await connector.post(reconciliation, words('x'))).status, 201);
  });
  it('can be made to refuse by name, for one kind of call alone', async () => {
    simulator.inject({ operation: 'edit', fault: { kind: 'error', error: 'BotDisabledByAdmin' } });
    const id = await posted(connector, reconciliation, words('Before'));
    assert.deepEqual(codeOf(await connector.edit(reconciliation, id, words('x'))), [403, 'BotDisabledByAdmin']);
    assert.equal(simulator.messages(reconciliation)[0]?.text, 'Before');
  });
  it('can be made to lose the answer after the effect, or the request before it', async () => {
    simulator.inject({ operation: 'post', fault: { kind: 'dropReply' } });
    await assert.rejects(connector.post(reconciliation, words('Arrived')));
    simulator.inject({ operation: 'post', fault: { kind: 'dropRequest' } });
    await assert.rejects(connector.post(reconciliation, words('Lost')));
    assert.deepEqual(
      simulator.messages(reconciliation).map(({ text }) => text),
      ['Arrived'],
    );
  });
  it('can be made slow, or never to answer', async () => {
    simulator.inject({ operation: 'post', fault: { kind: 'hang', milliseconds: 30, effect: true } });
    const began = performance.now();
    assert.equal((await connector.post(reconciliation, words('Slow'))).status, 201);
    assert.ok(performance.now() - began >= 29);
    simulator.inject({ operation: 'post', fault: { kind: 'hang', milliseconds: 10, effect: false } });
    await assert.rejects(connector.post(reconciliation, words('Never')));
    assert.equal(simulator.messages(reconciliation).length, 1);
  });
  it('remembers every call, with what came of it', async () => {
    await connector.post(steering, words('x'));
    const { operation, status, error, path } = simulator.calls.at(-1) ?? {};
    assert.deepEqual(
      [operation, status, error, path],
      ['post', 403, 'BotNotInConversationRoster', `conversations/${steering}/activities`],
    );
  });

  it('is reached only by the names of this computer, and not by pages of other sites', async () => {
    const { port } = new URL(simulator.url);
    const status = (headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        request(simulator.openIdMetadataUrl, { headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        })
          .on('error', reject)
          .end();
      });
    assert.equal(await status({ host: `127.0.0.1:${port}` }), 200);
    assert.equal(await status({ host: 'evil.example' }), 403);
    assert.equal(await status({ host: `127.0.0.1:${port}`, origin: 'https://evil.example' }), 403);
  });
});
