import assert from 'node:assert/strict';
import type { Content, Courier, Outcome } from '../../src/core/messages/message.ts';
import type { Place } from '../../src/core/request.ts';
import { leaseMilliseconds } from '../../src/core/store.ts';
import { connectTeams, type TeamsOptions } from '../../src/teams/index.ts';
import { card, type ClaimParts, claimOf, silentLog } from '../slack/support.ts';
import { createFakeStore, type FakeStore } from '../support/fake-store.ts';
import { aMessage, later, someMoment } from '../support/fixtures.ts';
import { ana, channel, closedPort, type FakeTeams, type Fault, personal, startTeams } from './support.ts';

const inChannel: Place = { platform: 'teams', channel, visibility: 'channel' };
const toAna: Place = { platform: 'teams', channel: ana, visibility: 'private' };
const home: Place = { ...toAna, visibility: 'home' };
const cardContent = (summary: string): Content => ({ kind: 'card', card: card([], { summary }) });

describe('A courier to Teams', () => {
  let teams: FakeTeams;
  let store: FakeStore;

  beforeEach(async () => {
    teams = await startTeams();
    store = createFakeStore();
    await learn(channel, channel);
  });
  afterEach(() => teams.close());

  /** As if something had arrived from there. */
  const learn = (place: string, conversation: string, serviceUrl = `${teams.url}/`) =>
    store.transaction((tx) =>
      tx.conversationReferences.save(
        { platform: 'teams', channel: place, conversation, serviceUrl, bot: `28:${teams.settings.appId}` },
        someMoment,
      ),
    );
  const known = (place: string) => store.transaction((tx) => tx.conversationReferences.find('teams', place));
  const courier = (more: Partial<TeamsOptions> = {}): Courier =>
    connectTeams({
      settings: teams.settings,
      store,
      log: silentLog,
      onRequest: () => Promise.resolve('taken'),
      earlierOf: () => Promise.resolve(undefined),
      formFor: () => Promise.resolve(undefined),
      people: () => [],
      cardAt: () => Promise.resolve(undefined),
      random: () => 0,
      ...more,
    }).courier;
  const deliver = (parts: ClaimParts = {}, more: Partial<TeamsOptions> = {}): Promise<Outcome> =>
    courier(more).deliver(claimOf({ ...parts, place: parts.place ?? inChannel }));
  const posted = async (parts: ClaimParts = {}): Promise<string> => {
    const outcome = await deliver(parts);
    assert.ok(outcome.kind === 'delivered', JSON.stringify(outcome));
    return outcome.externalId;
  };
  const faulty = (fault: Fault, parts: ClaimParts = {}): Promise<Outcome> => {
    teams.faults.push(fault);
    return deliver(parts);
  };
  const message = (id: string) => teams.messages.find((one) => one.id === id);

  describe('posts', () => {
    it('a card to a channel, with the news for notifications, by a token of the bot’s own', async () => {
      const id = await posted();
      const { conversation, activity = {} } = message(id) ?? {};
      assert.equal(conversation, channel);
      assert.equal(activity['summary'], 'All 5 checks pass on the batch of 2 March.');
      const [attachment] = activity['attachments'] as { contentType: string; content: { type: string } }[];
      assert.equal(attachment?.contentType, 'application/vnd.microsoft.card.adaptive');
      assert.equal(attachment?.content.type, 'AdaptiveCard');
      assert.equal(activity['replyToId'], undefined);
      assert.equal(teams.calls.at(-1)?.authorization, 'Bearer token-1');
    });
    it('an answer into the thread of its parent', async () => {
      const id = await posted({ parentExternalId: '1699' });
      assert.equal(message(id)?.conversation, `${channel};messageid=1699`);
    });
    it('to a channel from which nothing has come yet, once Teams has spoken from anywhere', async () => {
      const other = '19:alerts@thread.tacv2';
      const id = await posted({ place: { ...inChannel, channel: other } });
      assert.equal(message(id)?.conversation, other);
    });
    it('to a person’s own chat, which it opens first where there is none, and only once', async () => {
      const first = await posted({ place: toAna });
      const second = await posted({ place: toAna });
      for (const id of [first, second]) assert.equal(message(id)?.conversation, personal);
      const opened = teams.calls.filter(({ path }) => path === '/v3/conversations');
      assert.equal(opened.length, 1);
      assert.deepEqual(opened[0]?.body['members'], [{ id: ana, name: '' }]);
      assert.equal(opened[0]?.body['tenantId'], teams.settings.tenantId);
    });
    it('to a person whose id the playbook writes in capitals', async () => {
      await learn(ana, personal);
      await posted({ place: { ...toAna, channel: ana.toUpperCase() } });
      assert.equal(teams.messages.at(-1)?.conversation, personal);
      assert.equal(teams.calls.length, 1);
    });
    it('with one token for all, until that ends', async () => {
      let now = Date.parse(someMoment);
      const one = courier({ now: () => new Date(now) });
      const say = () => one.deliver(claimOf({ place: inChannel }));
      await say();
      now += (3_600 - 300) * 1_000 - 1;
      await say();
      assert.equal(teams.logins, 1);
      now += 1;
      await say();
      assert.equal(teams.logins, 2);
    });
    it('nothing, and tries again later, while Teams has not said where', async () => {
      await store.transaction((tx) => tx.conversationReferences.remove('teams', channel));
      const outcome = await deliver();
      assert.ok(outcome.kind === 'retry');
      assert.match(outcome.reason, /add the app to a team/);
      assert.equal(teams.calls.length, 0);
    });
    it('the beginning of a file, and says where the whole is to be had', async () => {
      const text = Array.from({ length: 400 }, (_, row) => `row ${row},${'x'.repeat(20)}`).join('\n');
      const id = await posted({
        content: { kind: 'file', name: 'findings.csv', title: 'All findings', text, inShell: 'show last --json' },
      });
      const said = JSON.stringify(message(id)?.activity);
      assert.match(said, /findings\.csv/);
      assert.match(said, /row 0,/);
      assert.doesNotMatch(said, /row 399,/);
      assert.match(
        said,
        /\d+ more lines are not shown here\. Teams takes no files from bots: .+parallel-run show last --json/,
      );
    });
    it('no byte of a file that is no text, and says where it is to be had', async () => {
      const text = Buffer.from('%PDF-1.3').toString('base64');
      const content: Content = { kind: 'file', name: 'pack.pdf', title: 'Evidence', text, encoding: 'base64' };
      const said = JSON.stringify(message(await posted({ content })));
      assert.match(said, /pack\.pdf/);
      assert.match(said, /parallel-run help.+ in a shell of the server gives all of it/);
      assert.doesNotMatch(said, new RegExp(text));
    });
    it('a short file whole', async () => {
      const content: Content = { kind: 'file', name: 'a.csv', title: 'All', text: 'check,key\nlevels,1\n' };
      const said = JSON.stringify(message(await posted({ content }))?.activity);
      assert.match(said, /levels,1/);
      assert.doesNotMatch(said, /not shown here/);
    });
    it('no pin, since Teams has none for bots, and says that it did not', async () => {
      const outcome = await deliver({ content: { kind: 'pin' }, parentExternalId: '1699' });
      assert.deepEqual(outcome, { kind: 'delivered', externalId: 'no pin', note: 'Teams lets no bot pin' });
      assert.equal(teams.calls.length, 0);
    });
  });

  describe('edits', () => {
    it('the message that hangs there', async () => {
      const id = await posted();
      const outcome = await deliver({ externalId: id, content: cardContent('1 of 5 checks fails.') });
      assert.deepEqual(outcome, { kind: 'delivered', externalId: id });
      assert.equal(message(id)?.activity['summary'], '1 of 5 checks fails.');
      assert.equal(teams.messages.length, 1);
    });
    it('nothing where somebody deleted it', async () => {
      const id = await posted();
      teams.delete(id);
      assert.equal((await deliver({ externalId: id })).kind, 'gone');
      assert.equal(teams.messages.length, 0);
    });
    it('Home in a person’s own chat, and hangs it up anew where they deleted it', async () => {
      const id = await posted({ place: home });
      assert.equal(await posted({ place: home, externalId: id }), id);
      teams.delete(id);
      const anew = await posted({ place: home, externalId: id });
      assert.notEqual(anew, id);
      assert.equal(message(anew)?.conversation, personal);
    });
  });

  describe('when Teams', () => {
    const pause: Fault = { status: 429, headers: { 'retry-after': '17' } };
    it('is too busy, waits as long as it asks', async () => {
      assert.deepEqual(await faulty(pause), { kind: 'rateLimited', retryAfterSeconds: 17 });
      assert.equal(teams.calls.length, 1);
    });
    it('is too busy, waits up to a fifth longer, so that not everything comes back at once', async () => {
      teams.faults.push(pause);
      const outcome = await deliver({}, { random: () => 0.5 });
      assert.ok(outcome.kind === 'rateLimited');
      assert.equal(outcome.retryAfterSeconds.toFixed(3), '18.700');
    });
    it('is too busy and does not say for how long, waits some seconds', async () => {
      assert.deepEqual(await faulty({ status: 429 }), { kind: 'rateLimited', retryAfterSeconds: 10 });
    });
    for (const status of [412, 502, 504]) {
      it(`answers ${status}, says that it is to be sent again, and does not do so by itself`, async () => {
        assert.equal((await faulty({ status })).kind, 'retry');
        assert.equal(teams.calls.length, 1);
      });
    }
    for (const status of [500, 503]) {
      it(`answers ${status} to a post, says that nobody knows, and does not send it again`, async () => {
        assert.equal((await faulty({ status })).kind, 'unknown');
        assert.equal(teams.calls.length, 1);
      });
      it(`answers ${status} to an edit, says that it is to be made again`, async () => {
        assert.equal((await faulty({ status, method: 'PUT' }, { externalId: '1699' })).kind, 'retry');
      });
    }
    it('took a post and its answer is lost, says that nobody knows, and leaves it at one', async () => {
      assert.equal((await faulty({ drop: true })).kind, 'unknown');
      assert.equal(teams.messages.length, 1);
    });
    it('took a post and never answers, says within its time that nobody knows', async () => {
      teams.faults.push({ hang: true });
      const outcome = await deliver({}, { deliveryMilliseconds: 300 });
      assert.deepEqual(outcome, { kind: 'unknown', reason: 'Teams did not answer in time' });
      assert.equal(teams.messages.length, 1);
    });
    it('lost the answer to the opening of a chat, tries that again: nothing was posted', async () => {
      assert.equal((await faulty({ drop: true }, { place: toAna })).kind, 'retry');
      assert.equal(teams.messages.length, 0);
    });
    it('can not be reached, tries again: nothing was sent', async () => {
      await learn(channel, channel, `http://127.0.0.1:${await closedPort()}/`);
      const outcome = await deliver();
      assert.ok(outcome.kind === 'retry', JSON.stringify(outcome));
      assert.match(outcome.reason, /ECONNREFUSED/);
    });
    it('does not accept the token, stops everything and asks for a new one the next time', async () => {
      const one = courier();
      teams.faults.push({ status: 401 });
      const outcome = await one.deliver(claimOf({ place: inChannel }));
      assert.ok(outcome.kind === 'stopped');
      assert.match(outcome.reason, /MICROSOFT_APP_PASSWORD/);
      await one.deliver(claimOf({ place: inChannel }));
      assert.equal(teams.logins, 2);
    });
    it('refuses what it does not like, says its name for it', async () => {
      assert.deepEqual(await faulty({ status: 400, code: 'BadSyntax' }), {
        kind: 'refused',
        reason: 'Teams refused it (HTTP 400, BadSyntax)',
      });
    });
    it('finds a message too long, says so', async () => {
      for (const fault of [{ status: 413 }, { status: 400, code: 'MessageSizeTooBig' }]) {
        assert.deepEqual(await faulty(fault), { kind: 'refused', reason: 'the message is too long for Teams' });
      }
    });
    it('blocks the bot for a person, says so and keeps the way to them', async () => {
      await learn(ana, personal);
      const outcome = await faulty({ status: 403, code: 'MessageWritesBlocked' }, { place: toAna });
      assert.equal(outcome.kind, 'refused');
      assert.notEqual(await known(ana), undefined);
    });
    for (const fault of [
      { status: 403, code: 'BotNotInConversationRoster' },
      { status: 404, code: 'ConversationNotFound' },
      { status: 404 },
    ]) {
      it(`knows the conversation no more (${fault.code ?? fault.status}), says so and forgets it`, async () => {
        const outcome = await faulty(fault);
        assert.ok(outcome.kind === 'refused');
        assert.match(outcome.reason, /add the app to the team again/);
        assert.equal(await known(channel), undefined);
      });
    }
  });

  it('says no more in a thread whose first message was deleted, and keeps the way to its channel', async () => {
    const outcome = await faulty({ status: 404, code: 'ConversationNotFound' }, { parentExternalId: '1699' });
    assert.equal(outcome.kind, 'gone');
    assert.notEqual(await known(channel), undefined);
  });

  describe('when Microsoft’s login', () => {
    it('does not know the bot any more, stops everything, and says when it takes messages again', async () => {
      const good = teams.login;
      teams.login = { status: 401, body: { error: 'invalid_client' } };
      const one = courier();
      const outcome = await one.deliver(claimOf({ place: inChannel }));
      assert.ok(outcome.kind === 'stopped');
      assert.match(outcome.reason, /invalid_client/);
      assert.equal(await one.probe(), false);
      teams.login = good;
      assert.equal(await one.probe(), true);
    });
    it('has an error of its own, tries again: nothing was sent', async () => {
      teams.login = { status: 503, body: {} };
      assert.equal((await deliver()).kind, 'retry');
      assert.equal(teams.calls.length, 0);
    });
    it('is too busy, waits', async () => {
      teams.login = { status: 429, body: {} };
      assert.deepEqual(await deliver(), { kind: 'rateLimited', retryAfterSeconds: 10 });
    });
  });

  it('never sends its token over a connection that is not encrypted', async () => {
    await learn(channel, channel, 'http://smba.example/');
    const outcome = await deliver();
    assert.ok(outcome.kind === 'refused');
    assert.match(outcome.reason, /no https address/);
    assert.equal(teams.calls.length, 0);
  });

  it('can not look for a post of a channel again, and says so; what one person sees is said anew', async () => {
    const search = (place: Place, content?: Content) =>
      courier().search(claimOf({ place, ...(content === undefined ? {} : { content }) }));
    assert.equal((await search(inChannel)).kind, 'unreadable');
    assert.equal((await search(toAna)).kind, 'absent');
    assert.equal((await search(home)).kind, 'absent');
    assert.equal((await search(inChannel, { kind: 'pin' })).kind, 'absent');
  });

  describe('in two processes on one outbox', () => {
    const post = (key: string, place = inChannel) =>
      store.transaction((tx) => tx.outbox.post(aMessage({ key, subject: key, place }), later(0)));
    /** Delivers what is due until nothing is. */
    const work = async (one: Courier, now: Date): Promise<void> => {
      for (;;) {
        const claim = await store.transaction((tx) => tx.outbox.claim('teams', now));
        if (claim === undefined) return;
        const outcome = claim.search ? await one.search(claim) : await one.deliver(claim);
        await store.transaction((tx) => tx.outbox.settle(claim, outcome, now));
      }
    };

    it('posts each message once', async () => {
      const places = Array.from({ length: 20 }, (_, index) => ({ ...inChannel, channel: `19:${index}@thread.tacv2` }));
      for (const place of places) await post(place.channel, place);
      const [one, other] = [courier(), courier()];
      await Promise.all([work(one, later(0)), work(other, later(0)), work(one, later(0)), work(other, later(0))]);
      assert.deepEqual(
        teams.messages.map(({ conversation }) => conversation).toSorted(),
        places.map((place) => place.channel).toSorted(),
      );
    });

    it('flags a post whose answer was lost, and never repeats it', async () => {
      await post('digest');
      teams.faults.push({ drop: true });
      await work(courier(), later(0));
      assert.equal(store.outbox.get('digest')?.state, 'pending');
      await work(courier(), later(leaseMilliseconds));
      assert.equal(store.outbox.get('digest')?.state, 'unknown');
      assert.match(store.outbox.get('digest')?.reason ?? '', /look in the channel/);
      await work(courier(), later(10 * leaseMilliseconds));
      assert.equal(teams.messages.length, 1);
    });

    it('flags a post of a process that died with it in its hands', async () => {
      await post('digest');
      const claim = await store.transaction((tx) => tx.outbox.claim('teams', later(0)));
      assert.ok(claim !== undefined);
      await courier().deliver(claim);
      await work(courier(), later(leaseMilliseconds));
      assert.equal(store.outbox.get('digest')?.state, 'unknown');
      assert.equal(teams.messages.length, 1);
    });
  });
});
