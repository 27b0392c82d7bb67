import assert from 'node:assert/strict';
import sinon from 'sinon';
import type { Request } from '../../src/core/request.ts';
import { connectTeams, type TeamsConnection, type TeamsOptions } from '../../src/teams/index.ts';
import { createFakeStore, type FakeStore } from '../support/fake-store.ts';
import { silentLog } from '../slack/support.ts';
import {
  activityOf,
  ana,
  type Bot,
  channel,
  type FakeTeams,
  inChannel,
  personal,
  post,
  serve,
  startTeams,
  tenantId,
  type TokenParts,
} from './support.ts';

const other = 'ffffffff-0000-4000-8000-0000000other';

describe('What people do in Teams', () => {
  let teams: FakeTeams;
  let bot: Bot;
  let store: FakeStore;
  let connection: TeamsConnection;
  let requests: Request[];
  let save: TeamsOptions['onRequest'];
  /** Past the log. */
  let printed: string[];

  before(async () => {
    teams = await startTeams();
    store = createFakeStore();
    connection = connectTeams({
      settings: teams.settings,
      store,
      log: silentLog,
      onRequest: (request) => save(request),
      earlierOf: () => Promise.resolve(undefined),
      formFor: () => Promise.resolve(undefined),
      people: () => [],
      cardAt: () => Promise.resolve(undefined),
      savingMilliseconds: 300,
    });
    await connection.start();
    bot = await serve(connection.requestListener);
  });
  after(async () => {
    await bot.close();
    await connection.stop();
    await teams.close();
  });
  beforeEach(() => {
    requests = [];
    save = (request) => {
      requests.push(request);
      return Promise.resolve('taken' as const);
    };
    printed = [];
    const print = (...words: unknown[]): void => void printed.push(words.join(' '));
    for (const method of ['log', 'info', 'warn', 'error'] as const) sinon.stub(console, method).callsFake(print);
  });
  afterEach(() => {
    sinon.restore();
    store.setUnavailable(false);
  });

  const send = (more: Record<string, unknown> = {}, token: TokenParts = {}) =>
    post(bot, activityOf(teams, more), teams.authorize(token));
  const words = async (text: string, more: Record<string, unknown> = {}): Promise<string | undefined> => {
    await send({ text, ...more });
    return requests.at(-1)?.words;
  };
  const said = (): unknown => teams.messages.at(-1)?.activity['text'];

  it('is taken with a token of Microsoft’s, written down, and answered to the person in their own chat', async () => {
    const activity = activityOf(teams, { text: 'check levels' });
    assert.deepEqual(await post(bot, activity, teams.authorize()), { status: 200, body: undefined });
    const [request] = requests;
    assert.deepEqual(request, {
      id: `teams/message/${personal}/${String(activity['id'])}`,
      actor: { platform: 'teams', workspace: tenantId, user: ana, name: 'Ana Ruiz' },
      place: { platform: 'teams', channel: ana, visibility: 'private' },
      words: 'check levels',
      receivedAt: request?.receivedAt,
    });
  });

  it('keeps in mind in which channel it was asked, whatever the thread', async () => {
    await send(inChannel);
    assert.deepEqual(requests[0]?.place, {
      platform: 'teams',
      channel: ana,
      visibility: 'private',
      askedIn: channel,
    });
  });

  it('has the same id when Teams delivers it again', async () => {
    const activity = activityOf(teams);
    await post(bot, activity, teams.authorize());
    await post(bot, activity, teams.authorize());
    assert.equal(requests.length, 2);
    assert.equal(requests[0]?.id, requests[1]?.id);
  });

  describe('has words', () => {
    const mention = (text: string, id: string, more: object = {}) => ({
      type: 'mention',
      text,
      mentioned: { id, name: 'somebody', ...more },
    });

    it('without the bot’s own mention', async () => {
      const entities = [mention('<at>Parallel Run</at>', `28:${teams.settings.appId}`)];
      assert.equal(await words('<at>Parallel Run</at>&nbsp;check levels', { entities }), 'check levels');
    });
    it('with somebody else’s mention as the playbook calls them', async () => {
      const entities = [mention('<at>Ben</at>', '29:ben', { aadObjectId: 'BBBB' })];
      assert.equal(
        await words('discrepancy D-1 assign <at>Ben</at>', { entities }),
        'discrepancy D-1 assign teams:bbbb',
      );
    });
    it('with plain blanks, quotes and dashes', async () => {
      assert.equal(
        await words('<p>lesson\u00a0add “it&#39;s &amp; was”\n —share</p>'),
        'lesson add "it\'s & was" --share',
      );
    });
    it('with what was escaped as text, and not as a tag', async () => {
      assert.equal(await words('feedback a &lt;b&gt; c &amp;lt;'), 'feedback a <b> c &lt;');
    });
    it('none, where only the bot is mentioned', async () => {
      const entities = [mention('<at>Parallel Run</at>', `28:${teams.settings.appId}`)];
      assert.equal(await words('<at>Parallel Run</at>', { entities }), '');
    });
  });

  describe('is refused with 401, reaches nothing and has nothing printed,', () => {
    const refused = async (sending: Promise<{ status: number }>): Promise<void> => {
      assert.equal((await sending).status, 401);
      assert.deepEqual([requests, printed], [[], []]);
    };
    /** As of now, in whichever minute of the suites the test runs. */
    const seconds = (): number => Math.floor(Date.now() / 1000);

    it('without a token', () => refused(post(bot, activityOf(teams), undefined)));
    it('with something that is no token', () => refused(post(bot, activityOf(teams), 'Bearer nonsense')));
    it('with a token for another bot', () => refused(send({}, { claims: { aud: other } })));
    it('with a token of another issuer', () => refused(send({}, { claims: { iss: 'https://sts.windows.net/x/' } })));
    it('with a token of a skill or of the emulator', () =>
      refused(
        send(
          {},
          {
            claims: {
              iss: `https://sts.windows.net/${tenantId}/`,
              ver: '1.0',
              tid: tenantId,
              appid: teams.settings.appId,
            },
          },
        ),
      ));
    it('with a token that ended more than five minutes ago', () =>
      refused(send({}, { claims: { exp: seconds() - 310, nbf: seconds() - 900 } })));
    it('with a token that is not good yet', () => refused(send({}, { claims: { nbf: seconds() + 400 } })));
    it('with a token that nobody signed', () => refused(send({}, { header: { alg: 'none' } })));
    it('with a token that was signed with the public key as a secret', () =>
      refused(send({}, { header: { alg: 'HS256' } })));
    it('with a token that somebody else signed', () => refused(send({}, { forged: true })));
    it('with a token by a key that was never published', () => refused(send({}, { header: { kid: 'key-2' } })));
    it('with a token for another service address', () =>
      refused(send({}, { claims: { serviceurl: 'https://elsewhere.example/' } })));
    it('from another tenant by its channel’s data', () => refused(send({ channelData: { tenant: { id: other } } })));
    it('from another tenant by its conversation', () =>
      refused(send({ conversation: { id: personal, conversationType: 'personal', tenantId: other } })));
    it('from no tenant', () => refused(send({ channelData: {}, conversation: { id: personal } })));
    it('from another channel than Teams', () => refused(send({ channelId: 'webchat' })));
    it('from botbuilder’s back door for Azure Stack', () => refused(send({ channelId: 'AseChannel' })));
    it('with a service address that is not encrypted', () => {
      const serviceUrl = 'http://smba.example/';
      return refused(send({ serviceUrl }, { claims: { serviceurl: serviceUrl } }));
    });
  });

  it('is taken up to five minutes after the end of its token, as clocks differ', async () => {
    const seconds = Math.floor(Date.now() / 1000);
    assert.equal((await send({}, { claims: { exp: seconds - 280, nbf: seconds - 900 } })).status, 200);
    assert.equal(requests.length, 1);
  });

  it('is not read beyond 256 KB, and not at all elsewhere', async () => {
    const sized = (bytes: number) => {
      const bare = JSON.stringify(activityOf(teams, { padding: '' })).length;
      return JSON.stringify(activityOf(teams, { padding: 'x'.repeat(bytes - bare) }));
    };
    assert.equal((await post(bot, sized(256 * 1024), teams.authorize())).status, 200);
    assert.equal((await post(bot, sized(256 * 1024 + 1), teams.authorize())).status, 413);
    assert.equal((await post(bot, '{"type":', teams.authorize())).status, 400);
    assert.equal((await post(bot, { type: 'message' }, teams.authorize())).status, 400);
    assert.equal((await fetch(bot.address)).status, 405);
    assert.equal((await fetch(bot.address.replace('messages', 'other'), { method: 'POST' })).status, 404);
    assert.equal(requests.length, 1);
  });

  it('that could not be saved is said to have come to nothing', async () => {
    save = () => Promise.reject(new Error('the database is down'));
    assert.equal((await send()).status, 200);
    assert.match(String(said()), /could not be saved, so nothing will come of it/);
    assert.equal(teams.messages.at(-1)?.activity['textFormat'], 'plain');
  });
  it('that could not be saved in time is said to be uncertain', async () => {
    save = () => new Promise(() => undefined);
    assert.equal((await send()).status, 200);
    assert.match(String(said()), /could not be saved in time/);
  });
  it('is taken although nobody could write down where to answer', async () => {
    store.setUnavailable(true);
    await send();
    assert.equal(requests.length, 1);
  });

  it('is refused in words where the person has no account in the organisation', async () => {
    await send({ from: { id: '29:guest', name: 'Guest' } });
    assert.deepEqual(requests, []);
    assert.match(String(said()), /only members of the organisation/);
  });
  it('is not answered where a bot speaks, so that no two bots talk for ever', async () => {
    const before = teams.messages.length;
    await send({ from: { id: '28:another-bot', aadObjectId: other } });
    assert.deepEqual([requests.length, teams.messages.length], [0, before]);
  });

  describe('by adding the app', () => {
    const added = () => ({
      type: 'conversationUpdate',
      text: undefined,
      membersAdded: [{ id: `28:${teams.settings.appId}` }],
    });

    it('to their own chat, brings Home there', async () => {
      await send(added());
      await send({ type: 'installationUpdate', action: 'add', text: undefined });
      const [first, second] = requests;
      assert.equal(requests.length, 2);
      for (const request of [first, second]) {
        assert.equal(request?.words, 'home');
        assert.deepEqual(request?.place, { platform: 'teams', channel: ana, visibility: 'home' });
      }
    });
    it('to a channel, says where that is reached, and asks for nothing', async () => {
      await send({ ...added(), ...inChannel });
      assert.deepEqual(requests, []);
      const known = await store.transaction((tx) => tx.conversationReferences.find('teams', channel));
      assert.deepEqual(known, {
        platform: 'teams',
        channel,
        conversation: channel,
        serviceUrl: `${teams.url}/`,
        bot: `28:${teams.settings.appId}`,
      });
    });
    it('and taking it away again, has the way there forgotten', async () => {
      await send();
      const find = () => store.transaction((tx) => tx.conversationReferences.find('teams', ana));
      assert.equal((await find())?.conversation, personal);
      await send({ type: 'installationUpdate', action: 'remove', text: undefined });
      assert.equal(await find(), undefined);
    });
  });
});

describe('A connection to Teams', () => {
  const connect = (teams: FakeTeams, settings: Partial<TeamsOptions['settings']> = {}) =>
    connectTeams({
      settings: { ...teams.settings, ...settings },
      store: createFakeStore(),
      log: silentLog,
      onRequest: () => Promise.resolve('taken'),
      earlierOf: () => Promise.resolve(undefined),
      formFor: () => Promise.resolve(undefined),
      people: () => [],
      cardAt: () => Promise.resolve(undefined),
    });
  let teams: FakeTeams;
  beforeEach(async () => {
    teams = await startTeams();
  });
  afterEach(() => teams.close());

  it('is not made without an app id, which would switch every proof off', () => {
    assert.throws(() => connect(teams, { appId: ' ' }), /without appId/);
  });

  it('does not start where Microsoft does not know the bot, and says which settings to look at', async () => {
    teams.login = { status: 401, body: { error: 'invalid_client', error_description: 'secret' } };
    await assert.rejects(connect(teams).start(), (error: Error) => {
      assert.match(error.message, /invalid_client.*MICROSOFT_APP_PASSWORD/);
      return error.name === 'TokenError';
    });
  });

  it('starts where Microsoft’s login is away, and says so until it is back', async () => {
    teams.login = { status: 503, body: {} };
    const connection = connect(teams);
    await connection.start();
    assert.match(connection.problem() ?? '', /no token.*HTTP 503/);
    teams.login = { status: 200, body: { access_token: 'token', expires_in: 3600 } };
    assert.equal(await connection.courier.probe(), true);
    assert.equal(connection.problem(), undefined);
  });

  it('takes nothing before it has started and after it has stopped', async () => {
    const connection = connect(teams);
    const bot = await serve(connection.requestListener);
    try {
      const send = () => post(bot, activityOf(teams), teams.authorize());
      assert.equal((await send()).status, 503);
      await connection.start();
      assert.equal((await send()).status, 200);
      await connection.stop();
      assert.equal((await send()).status, 503);
    } finally {
      await bot.close();
    }
  });

  it('says so, and takes nothing, while the keys can not be had', async () => {
    teams.keys = false;
    const connection = connect(teams);
    await connection.start();
    const bot = await serve(connection.requestListener);
    try {
      assert.equal((await post(bot, activityOf(teams), teams.authorize())).status, 503);
      assert.match(connection.problem() ?? '', /keys of Microsoft/);
      teams.keys = true;
      assert.equal((await post(bot, activityOf(teams), teams.authorize())).status, 200);
      assert.equal(connection.problem(), undefined);
    } finally {
      await bot.close();
    }
  });
});
