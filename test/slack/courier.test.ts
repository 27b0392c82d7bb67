import assert from 'node:assert/strict';
import { createSlackCourier } from '../../src/slack/courier.ts';
import { fileNameOf } from '../../src/slack/files.ts';
import { withPerson } from '../../src/slack/response-url.ts';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { card, chartElement, claimOf, type ClaimParts, silentLog } from './support.ts';

const channel = 'C0RECONCILE';
const notMine = 'C0GENERAL';
const ana = 'U0ANA00001';
const csv = { kind: 'file', name: 'findings.csv', title: 'All findings', text: 'check,key\nlevels,1\n' } as const;

describe('a courier to Slack', () => {
  let slack: Simulator;

  before(async () => {
    slack = await startSimulator();
  });
  after(() => slack.close());
  afterEach(() => slack.clearFaults());

  const courier = (deliveryMilliseconds = 9_500) =>
    createSlackCourier({
      botToken: slack.botToken,
      apiUrl: slack.apiUrl,
      log: silentLog,
      deliveryMilliseconds,
    });
  const deliver = (parts: ClaimParts) => courier().deliver(claimOf(parts));
  const search = (parts: ClaimParts) => courier().search(claimOf(parts));
  /** Posts something and says where it stands. */
  const posted = async (parts: ClaimParts): Promise<string> => {
    const outcome = await deliver(parts);
    assert.ok(outcome.kind === 'delivered', JSON.stringify(outcome));
    return outcome.externalId;
  };
  const message = (ts: string, where = channel) => slack.messages(where).find((one) => one.ts === ts);
  const sent = (method: string): number => slack.calls.filter((call) => call.method === method).length;

  it('posts a card with the key that finds it again, and no previews of links', async () => {
    const ts = await posted({ key: 'post/1' });
    assert.equal(message(ts)?.text, 'All 5 checks pass on the batch of 2 March.');
    assert.deepEqual(message(ts)?.metadata, {
      event_type: 'parallel_run_message',
      event_payload: { key: 'post/1' },
    });
    const body = slack.calls.findLast((call) => call.method === 'chat.postMessage')?.body;
    assert.equal(String(body?.['unfurl_links']), 'false');
    assert.equal(String(body?.['unfurl_media']), 'false');
  });

  it('edits the message that hangs there, and keeps its key', async () => {
    const ts = await posted({ key: 'edit/1' });
    const later = { kind: 'card', card: card([], { summary: '1 of 5 checks fails.' }) } as const;
    assert.deepEqual(await deliver({ key: 'edit/1', externalId: ts, content: later }), {
      kind: 'delivered',
      externalId: ts,
    });
    assert.equal(message(ts)?.text, '1 of 5 checks fails.');
    assert.equal(message(ts)?.edited, true);
    assert.deepEqual(await search({ key: 'edit/1' }), { kind: 'found', externalId: ts });
  });

  it('answers in a thread', async () => {
    const parent = await posted({ key: 'thread/parent' });
    const reply = await posted({ key: 'thread/reply', parentExternalId: parent });
    assert.equal(message(reply)?.thread_ts, parent);
  });

  it('shares a file that is no text to the byte', async () => {
    const bytes = Buffer.from([0x25, 0x50, 0x44, 0x46, 0xff, 0x00, 0xfe]);
    const pdf = { kind: 'file', name: 'pack.pdf', title: 'Evidence', text: bytes.toString('base64') } as const;
    const id = await posted({ key: 'file/pdf', content: { ...pdf, encoding: 'base64' } });
    const shared = slack
      .messages(channel)
      .flatMap(({ files = [] }) => files)
      .find((one) => one.id === id);
    assert.equal(shared?.base64, bytes.toString('base64'));
  });
  it('shares a file in the thread under a name that finds it again', async () => {
    const parent = await posted({ key: 'file/parent' });
    const file = { key: 'file/1', parentExternalId: parent, content: csv };
    const id = await posted(file);
    const shared = slack.messages(channel).find((one) => one.files?.some((part) => part.id === id));
    assert.equal(shared?.thread_ts, parent);
    assert.deepEqual(
      shared?.files?.map(({ name, title, text }) => ({ name, title, text })),
      [{ name: fileNameOf(csv, 'file/1'), title: csv.title, text: csv.text }],
    );
    assert.deepEqual(await search(file), { kind: 'found', externalId: id });
  });

  describe('when somebody deleted', () => {
    it('the message to edit, says that it is gone', async () => {
      const ts = await posted({ key: 'gone/edit' });
      slack.deleteMessage(channel, ts);
      assert.equal((await deliver({ key: 'gone/edit', externalId: ts })).kind, 'gone');
      assert.equal(message(ts), undefined);
    });

    it('the thread’s parent, takes back the reply that landed in the channel', async () => {
      const parent = await posted({ key: 'gone/parent' });
      slack.deleteMessage(channel, parent);
      const before = slack.messages(channel).length;
      assert.equal((await deliver({ key: 'gone/reply', parentExternalId: parent })).kind, 'gone');
      assert.equal(slack.messages(channel).length, before);
    });

    it('the thread’s parent, shares no file', async () => {
      const parent = await posted({ key: 'gone/file-parent' });
      slack.deleteMessage(channel, parent);
      const before = slack.messages(channel).length;
      assert.equal((await deliver({ key: 'gone/file', parentExternalId: parent, content: csv })).kind, 'gone');
      assert.equal(slack.messages(channel).length, before);
    });
  });

  describe('when Slack refuses', () => {
    it('an archived channel, says that it will never be taken and what to do', async () => {
      const own = await startSimulator();
      try {
        own.archive(channel);
        const outcome = await createSlackCourier({
          botToken: own.botToken,
          apiUrl: own.apiUrl,
          log: silentLog,
        }).deliver(claimOf());
        assert.ok(outcome.kind === 'refused');
        assert.match(outcome.reason, /archived.*playbook/);
      } finally {
        await own.close();
      }
    });

    it('a channel that the bot was not invited to, says how to invite it', async () => {
      const outcome = await deliver({ place: { channel: notMine } });
      assert.ok(outcome.kind === 'refused');
      assert.match(outcome.reason, /\/invite/);
    });

    it('the bot’s token, stops and tells when it is taken again', async () => {
      slack.revokeToken();
      try {
        const outcome = await deliver({ key: 'revoked/1' });
        assert.ok(outcome.kind === 'stopped');
        assert.match(outcome.reason, /SLACK_BOT_TOKEN/);
        assert.ok(!JSON.stringify(outcome).includes(slack.botToken));
        assert.equal(await courier().probe(), false);
      } finally {
        slack.restoreToken();
      }
      assert.equal(await courier().probe(), true);
    });

    it('so many messages, waits as long as Slack asks', async () => {
      slack.inject({ method: 'chat.postMessage', fault: { kind: 'status', status: 429, retryAfterSeconds: 17 } });
      assert.deepEqual(await deliver({ key: 'limited/1' }), { kind: 'rateLimited', retryAfterSeconds: 17 });
      assert.deepEqual(await search({ key: 'limited/1' }), { kind: 'absent' });
    });

    it('so many messages without saying how long, waits half a minute', async () => {
      slack.inject({ method: 'chat.postMessage', fault: { kind: 'error', error: 'ratelimited' } });
      assert.deepEqual(await deliver({ key: 'limited/2' }), { kind: 'rateLimited', retryAfterSeconds: 30 });
    });

    it('the form of a message with a chart, says it without the chart', async () => {
      const withChart = { kind: 'card', card: card([chartElement]) } as const;
      slack.inject({ method: 'chat.postMessage', fault: { kind: 'error', error: 'invalid_blocks' } });
      const outcome = await deliver({ key: 'chart/1', content: withChart });
      assert.ok(outcome.kind === 'delivered');
      assert.equal(outcome.note, 'without its charts');
      const blocks = JSON.stringify(message(outcome.externalId)?.blocks);
      assert.doesNotMatch(blocks, /data_visualization/);
      assert.match(blocks, /rose from 0\.05% to 0\.08%/);
    });

    it('the form of a message without a chart, gives it up at once', async () => {
      const before = sent('chat.postMessage');
      slack.inject({ method: 'chat.postMessage', fault: { kind: 'error', error: 'invalid_blocks' } });
      assert.equal((await deliver({ key: 'chart/2' })).kind, 'refused');
      assert.equal(sent('chat.postMessage'), before + 1);
    });

    it('in a word that nobody knows, passes the word on', async () => {
      slack.inject({ method: 'chat.postMessage', fault: { kind: 'error', error: 'brand_new_error' } });
      const outcome = await deliver({ key: 'new/1' });
      assert.ok(outcome.kind === 'refused');
      assert.match(outcome.reason, /brand_new_error/);
    });
  });

  it('shows the chart where Slack takes it', async () => {
    const ts = await posted({ key: 'chart/3', content: { kind: 'card', card: card([chartElement]) } });
    assert.match(JSON.stringify(message(ts)?.blocks), /data_visualization/);
  });

  it('cuts a message that is longer than Slack takes, says so, and can edit it', async () => {
    const long = { kind: 'text', text: 'A long explanation. '.repeat(2_000) } as const;
    const content = {
      kind: 'card',
      card: card(
        Array.from({ length: 80 }, () => long),
        { summary: 's'.repeat(50_000) },
      ),
    } as const;
    const ts = await posted({ key: 'long/1', content });
    assert.match(JSON.stringify(message(ts)?.blocks), /more parts did not fit here/);
    assert.equal((await deliver({ key: 'long/1', externalId: ts, content })).kind, 'delivered');
  });

  describe('when nobody knows whether a post arrived', () => {
    it('says so, posts nothing twice, and finds it in the channel’s history', async () => {
      const before = sent('chat.postMessage');
      slack.inject({ method: 'chat.postMessage', fault: { kind: 'dropReply' } });
      assert.equal((await deliver({ key: 'lost/1' })).kind, 'unknown');
      assert.equal(sent('chat.postMessage'), before + 1);
      const found = await search({ key: 'lost/1' });
      assert.ok(found.kind === 'found');
      assert.ok(message(found.externalId) !== undefined);
    });

    it('finds it in its thread', async () => {
      const parent = await posted({ key: 'lost/parent' });
      const reply = { key: 'lost/reply', parentExternalId: parent };
      slack.inject({ method: 'chat.postMessage', fault: { kind: 'dropReply' } });
      assert.equal((await deliver(reply)).kind, 'unknown');
      const found = await search(reply);
      assert.ok(found.kind === 'found');
      assert.equal(message(found.externalId)?.thread_ts, parent);
      assert.deepEqual(await search({ ...reply, key: 'lost/other' }), { kind: 'absent' });
    });

    it('finds a file in its thread', async () => {
      const parent = await posted({ key: 'lost/file-parent' });
      const file = { key: 'lost/file', parentExternalId: parent, content: csv };
      slack.inject({ method: 'files.completeUploadExternal', fault: { kind: 'dropReply' } });
      assert.equal((await deliver(file)).kind, 'unknown');
      assert.equal((await search(file)).kind, 'found');
    });

    it('finds nothing where nothing arrived', async () => {
      slack.inject({ method: 'chat.postMessage', fault: { kind: 'dropRequest' } });
      assert.equal((await deliver({ key: 'lost/2' })).kind, 'unknown');
      assert.deepEqual(await search({ key: 'lost/2' }), { kind: 'absent' });
    });

    it('says so after an error of Slack’s own', async () => {
      slack.inject({ method: 'chat.postMessage', fault: { kind: 'status', status: 503 } });
      assert.equal((await deliver({ key: 'lost/3' })).kind, 'unknown');
    });

    it('says so when its time is over, and not later', async () => {
      slack.inject({ method: 'chat.postMessage', fault: { kind: 'hang', milliseconds: 3_000, effect: false } });
      const began = performance.now();
      assert.equal((await courier(300).deliver(claimOf({ key: 'hang/1' }))).kind, 'unknown');
      assert.ok(performance.now() - began < 2_000, `${performance.now() - began} ms`);
    });

    it('looks past the first page of a busy channel', async () => {
      const own = await startSimulator();
      try {
        const mine = createSlackCourier({ botToken: own.botToken, apiUrl: own.apiUrl, log: silentLog });
        const first = await mine.deliver(claimOf({ key: 'page/first' }));
        for (let count = 0; count < 205; count += 1) await mine.deliver(claimOf({ key: `page/${count}` }));
        assert.ok(first.kind === 'delivered');
        assert.deepEqual(await mine.search(claimOf({ key: 'page/first' })), {
          kind: 'found',
          externalId: first.externalId,
        });
      } finally {
        await own.close();
      }
    });

    it('looks no further back than the message can be old, but for ten minutes that the clocks may differ', async () => {
      const ts = Number(await posted({ key: 'old/1' }));
      const created = (seconds: number): string => new Date((ts + seconds) * 1_000).toISOString();
      assert.equal((await search({ key: 'old/1', createdAt: created(599) })).kind, 'found');
      assert.equal((await search({ key: 'old/1', createdAt: created(601) })).kind, 'absent');
    });

    it('cannot tell where it may not read', async () => {
      assert.equal((await search({ place: { channel: notMine } })).kind, 'unreadable');
      slack.inject({ method: 'conversations.history', fault: { kind: 'error', error: 'missing_scope' } });
      assert.equal((await search({})).kind, 'unreadable');
    });

    it('takes a search that broke for no answer', async () => {
      slack.inject({ method: 'conversations.history', fault: { kind: 'dropReply' } });
      assert.equal((await search({})).kind, 'retry');
    });
  });

  it('tries again later where Slack cannot have got the post', async () => {
    const closed = await startSimulator();
    await closed.close();
    const nowhere = createSlackCourier({ botToken: closed.botToken, apiUrl: closed.apiUrl, log: silentLog });
    assert.equal((await nowhere.deliver(claimOf())).kind, 'retry');
  });

  it('publishes the Home tab, and again over an answer that got lost', async () => {
    const home = { place: { channel: ana, visibility: 'home' } } as const;
    slack.inject({ method: 'views.publish', fault: { kind: 'dropReply' } });
    assert.equal((await deliver(home)).kind, 'retry');
    assert.equal((await deliver(home)).kind, 'delivered');
    assert.match(JSON.stringify(slack.home(ana)), /All 5 checks pass/);
  });

  describe('answering one person', () => {
    /** The address that came with a command which nobody took. */
    const addressOfCommand = async (where: string): Promise<string> => {
      void slack.command(ana, where, 'status').catch(() => undefined);
      const url = slack.deliveries.at(-1)?.payload['response_url'];
      assert.ok(typeof url === 'string');
      return withPerson(url, ana);
    };
    const seen = () => slack.privateMessages(ana);
    const answer = (responseUrl: string, summary: string, more: ClaimParts = {}, where = channel) =>
      deliver({
        ...more,
        place: { channel: where, visibility: 'private', responseUrl },
        content: { kind: 'card', card: card([], { summary }) },
      });

    it('posts to the command’s own address, and replaces that answer by a later one', async () => {
      const url = await addressOfCommand(channel);
      const first = await answer(url, 'Checking …');
      assert.ok(first.kind === 'delivered');
      const count = seen().length;
      assert.equal(seen().at(-1)?.text, 'Checking …');
      assert.equal((await answer(url, 'Done.', { externalId: first.externalId })).kind, 'delivered');
      assert.equal(seen().length, count);
      assert.equal(seen().at(-1)?.text, 'Done.');
      assert.ok(!slack.messages(channel).some(({ text }) => text === 'Done.'), 'nobody else sees it');
    });

    it('answers beside the channel when the address has expired', async () => {
      const url = await addressOfCommand(channel);
      slack.inject({ method: 'response_url', fault: { kind: 'error', error: 'expired_url' } });
      assert.equal((await answer(url, 'Late.')).kind, 'delivered');
      assert.equal(seen().at(-1)?.text, 'Late.');
      assert.equal(seen().at(-1)?.ephemeralFor, ana);
      assert.equal(seen().at(-1)?.channel, channel);
    });

    it('answers beside the channel after the five uses that Slack gives', async () => {
      const url = await addressOfCommand(channel);
      for (let use = 1; use <= 6; use += 1) assert.equal((await answer(url, `Answer ${use}.`)).kind, 'delivered');
      assert.equal(seen().at(-1)?.text, 'Answer 6.');
    });

    it('writes a direct message where the bot is not in the channel, and edits it', async () => {
      const url = await addressOfCommand(notMine);
      slack.inject({ method: 'response_url', fault: { kind: 'error', error: 'expired_url' }, times: 2 });
      const first = await answer(url, 'By the way.', {}, notMine);
      assert.ok(first.kind === 'delivered');
      assert.equal(slack.messages(ana).at(-1)?.text, 'By the way.');
      assert.equal((await answer(url, 'Changed.', { externalId: first.externalId }, notMine)).kind, 'delivered');
      assert.equal(slack.messages(ana).at(-1)?.text, 'Changed.');
    });

    it('tries again later when the address does not answer', async () => {
      const url = await addressOfCommand(channel);
      slack.inject({ method: 'response_url', fault: { kind: 'status', status: 503 } });
      assert.equal((await answer(url, 'Again.')).kind, 'retry');
    });

    it('needs no search: an answer may come twice rather than never', async () => {
      assert.deepEqual(await search({ place: { visibility: 'private' } }), { kind: 'absent' });
    });
  });
});
