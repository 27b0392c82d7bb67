import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { ana, channel, clientOf, refusalOf } from './client.ts';

const errorOf = async (call: Promise<unknown>): Promise<string> => (await refusalOf(call)).error;

describe('The simulated Web API, called by the real client', () => {
  let simulator: Simulator;
  let client: ReturnType<typeof clientOf>;
  beforeEach(async () => {
    simulator = await startSimulator();
    client = clientOf(simulator);
  });
  afterEach(() => simulator.close());

  const post = async (text: string, more: { thread_ts?: string; channel?: string } = {}): Promise<string> =>
    (await client.chat.postMessage({ channel, text, ...more })).ts ?? '';
  const texts = (): string[] => simulator.messages(channel).map(({ text }) => text);

  describe('knows its tokens', () => {
    it('says who the bot is', async () => {
      const { team_id, user_id } = await client.auth.test();
      assert.equal(team_id, simulator.team.id);
      assert.match(user_id ?? '', /^U/);
    });
    it('refuses nobody, a stranger, and the token of the other kind', async () => {
      assert.equal(await errorOf(clientOf(simulator, '').auth.test()), 'not_authed');
      assert.equal(await errorOf(clientOf(simulator, 'xoxb-other').auth.test()), 'invalid_auth');
      assert.equal(await errorOf(clientOf(simulator, simulator.appToken).auth.test()), 'not_allowed_token_type');
      assert.equal(await errorOf(client.apps.connections.open()), 'not_allowed_token_type');
    });
    it('refuses a revoked token until it is restored', async () => {
      simulator.revokeToken();
      assert.equal(await errorOf(client.auth.test()), 'token_revoked');
      simulator.restoreToken();
      assert.equal(await errorOf(client.auth.test()), 'none');
    });
    it('names the scope that is missing, and those that are there', async () => {
      const narrow = await startSimulator({ scopes: ['commands', 'chat:write'] });
      try {
        const call = clientOf(narrow).conversations.history({ channel });
        await assert.rejects(call, (error: { data: Record<string, unknown> }) => {
          assert.equal(error.data['error'], 'missing_scope');
          assert.equal(error.data['needed'], 'channels:history');
          assert.equal(error.data['provided'], 'commands,chat:write');
          return true;
        });
        assert.equal(await errorOf(clientOf(narrow).chat.postMessage({ channel, text: 'x' })), 'none');
      } finally {
        await narrow.close();
      }
    });
    it('refuses a method that it does not know', async () => {
      assert.equal(await errorOf(client.apiCall('poems.write')), 'unknown_method');
    });
  });

  describe('keeps messages', () => {
    it('with their text, blocks and metadata', async () => {
      const blocks = [{ type: 'divider' as const }];
      const metadata = { event_type: 'made', event_payload: { key: 'one' } };
      const { ts } = await client.chat.postMessage({ channel, text: 'Hello', blocks, metadata });
      assert.deepEqual(simulator.messages(channel), [
        { ts, channel, user: 'U0BOT00001', text: 'Hello', blocks, metadata },
      ]);
    });
    it('and refuses blocks with the place of what is wrong', async () => {
      const blocks = [{ type: 'header' as const, text: { type: 'plain_text' as const, text: 'x'.repeat(151) } }];
      assert.deepEqual(await refusalOf(client.chat.postMessage({ channel, text: 'Hello', blocks })), {
        error: 'invalid_blocks',
        messages: ['[ERROR] must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
      });
      assert.deepEqual(texts(), []);
    });
    it('and refuses metadata of another form', async () => {
      const metadata = JSON.stringify({ event_type: 'made', event_payload: 'one' });
      assert.equal(
        await errorOf(client.apiCall('chat.postMessage', { channel, text: 'x', metadata })),
        'invalid_metadata_format',
      );
    });
    it('changes them, and marks them as edited', async () => {
      const ts = await post('before');
      await client.chat.update({ channel, ts, text: 'after' });
      const [message] = simulator.messages(channel);
      assert.equal(message?.text, 'after');
      assert.equal(message.edited, true);
    });
    it('takes 4,000 characters in a change, and not one more', async () => {
      const ts = await post('before');
      assert.equal(await errorOf(client.chat.update({ channel, ts, text: 'x'.repeat(4_000) })), 'none');
      assert.equal(await errorOf(client.chat.update({ channel, ts, text: 'x'.repeat(4_001) })), 'msg_too_long');
    });
    it('changes and deletes nothing that is not there', async () => {
      const ts = await post('gone');
      await client.chat.delete({ channel, ts });
      assert.deepEqual(texts(), []);
      assert.equal(await errorOf(client.chat.update({ channel, ts, text: 'x' })), 'message_not_found');
      assert.equal(await errorOf(client.chat.delete({ channel, ts })), 'message_not_found');
    });
    it('puts a reply into its thread, and into the channel when its parent was deleted', async () => {
      const parent = await post('parent');
      const reply = await client.chat.postMessage({ channel, text: 'reply', thread_ts: parent });
      assert.equal(reply.message?.thread_ts, parent);
      simulator.deleteMessage(channel, parent);
      const stray = await client.chat.postMessage({ channel, text: 'stray', thread_ts: parent });
      assert.equal(stray.message?.thread_ts, undefined);
    });
    it('shows an ephemeral message to one person alone', async () => {
      await client.chat.postEphemeral({ channel, user: ana, text: 'for Ana' });
      assert.deepEqual(texts(), []);
      assert.deepEqual(
        simulator.privateMessages(ana).map(({ text }) => text),
        ['for Ana'],
      );
    });
    it('opens the direct messages of a person', async () => {
      const { channel: direct } = await client.chat.postMessage({ channel: ana, text: 'Hello Ana' });
      assert.match(direct ?? '', /^D/);
      assert.deepEqual(simulator.messages(direct ?? ''), simulator.messages(ana));
    });
    it('takes the time of the simulated clock, and never the same twice', async () => {
      const slow = await startSimulator({ now: () => new Date('2026-01-05T12:00:00Z') });
      try {
        for (const text of ['one', 'two']) await clientOf(slow).chat.postMessage({ channel, text });
        assert.deepEqual(
          slow.messages(channel).map(({ ts }) => ts),
          ['1767614400.000000', '1767614400.000001'],
        );
      } finally {
        await slow.close();
      }
    });
  });

  describe('knows where the bot may write', () => {
    it('not in a channel that it was not invited to', async () => {
      assert.equal(await errorOf(post('x', { channel: 'C0GENERAL' })), 'not_in_channel');
      assert.equal(await errorOf(client.conversations.history({ channel: 'C0GENERAL' })), 'not_in_channel');
    });
    it('not in a channel that is archived, and lets it be read still', async () => {
      await post('before');
      simulator.archive(channel);
      assert.equal(await errorOf(post('after')), 'is_archived');
      assert.equal((await client.conversations.history({ channel })).messages?.length, 1);
      assert.equal(simulator.channels.find(({ id }) => id === channel)?.archived, true);
    });
    it('not in one that does not exist', async () => {
      assert.equal(await errorOf(post('x', { channel: 'C0NOWHERE' })), 'channel_not_found');
    });
  });

  describe('lets a channel be read', () => {
    it('newest first, page by page to its end, without replies', async () => {
      const first = await post('1');
      for (const text of ['2', '3']) await post(text);
      await post('reply', { thread_ts: first });
      const pages: string[][] = [];
      for await (const page of client.paginate('conversations.history', { channel, limit: 2 })) {
        pages.push((page as unknown as { messages: { text: string }[] }).messages.map(({ text }) => text));
      }
      assert.deepEqual(pages, [['3', '2'], ['1']]);
    });
    it('from a moment on, which is not in it', async () => {
      const first = await post('1');
      await post('2');
      const { messages } = await client.conversations.history({ channel, oldest: first });
      assert.deepEqual(
        messages?.map(({ text }) => text),
        ['2'],
      );
    });
    it('with metadata only when asked', async () => {
      const metadata = { event_type: 'made', event_payload: { key: 'one' } };
      await client.chat.postMessage({ channel, text: 'x', metadata });
      const without = await client.conversations.history({ channel });
      const withAll = await client.conversations.history({ channel, include_all_metadata: true });
      assert.equal(without.messages?.[0]?.metadata, undefined);
      assert.deepEqual(withAll.messages?.[0]?.metadata, metadata);
    });
    it('thread by thread, and not when the parent was deleted', async () => {
      const parent = await post('parent');
      await post('reply', { thread_ts: parent });
      await post('other');
      const { messages } = await client.conversations.replies({ channel, ts: parent });
      assert.deepEqual(
        messages?.map(({ text }) => text),
        ['parent', 'reply'],
      );
      simulator.deleteMessage(channel, parent);
      assert.equal(await errorOf(client.conversations.replies({ channel, ts: parent })), 'thread_not_found');
    });
    it('refuses a page of none or of a thousand', async () => {
      assert.equal(await errorOf(client.conversations.history({ channel, limit: 999 })), 'none');
      assert.equal(await errorOf(client.conversations.history({ channel, limit: 1_000 })), 'invalid_limit');
    });
    it('tells people and channels apart', async () => {
      assert.equal((await client.users.info({ user: ana })).user?.real_name, 'Ana Ruiz');
      assert.equal(await errorOf(client.users.info({ user: 'U0NOBODY' })), 'user_not_found');
      assert.equal((await client.conversations.info({ channel })).channel?.name, 'parallel-run');
      assert.equal((await client.conversations.list()).channels?.length, 4);
    });
  });

  describe('shares files', () => {
    const uploaded = async (text: string, length = Buffer.byteLength(text)) => {
      const { upload_url, file_id } = await client.files.getUploadURLExternal({ filename: 'a.csv', length });
      const response = await fetch(upload_url ?? '', { method: 'POST', body: text });
      return { id: file_id ?? '', status: response.status };
    };
    it('in a thread, with what was uploaded', async () => {
      const parent = await post('parent');
      const { id } = await uploaded('a,b\n1,é\n');
      await client.files.completeUploadExternal({
        files: [{ id, title: 'Findings' }],
        channel_id: channel,
        thread_ts: parent,
      });
      const message = simulator.messages(channel).at(-1);
      assert.equal(message?.thread_ts, parent);
      assert.deepEqual(message.files, [{ id, name: 'a.csv', title: 'Findings', text: 'a,b\n1,é\n' }]);
      const { messages } = await client.conversations.replies({ channel, ts: parent });
      assert.equal(messages?.at(-1)?.files?.[0]?.name, 'a.csv');
    });
    it('whose names are hidden from a bot without files:read', async () => {
      const narrow = await startSimulator({ scopes: ['files:write', 'channels:history'] });
      try {
        const bot = clientOf(narrow);
        const { upload_url, file_id } = await bot.files.getUploadURLExternal({ filename: 'a.csv', length: 1 });
        await fetch(upload_url ?? '', { method: 'POST', body: 'x' });
        await bot.files.completeUploadExternal({ files: [{ id: file_id ?? '' }], channel_id: channel });
        assert.equal((await bot.conversations.history({ channel })).messages?.[0]?.files, undefined);
        assert.equal(narrow.messages(channel)[0]?.files?.[0]?.name, 'a.csv');
      } finally {
        await narrow.close();
      }
    });
    it('only when all of it was uploaded, and once', async () => {
      const { id, status } = await uploaded('short', 6);
      assert.equal(status, 400);
      const share = (file: string) =>
        client.files.completeUploadExternal({ files: [{ id: file }], channel_id: channel });
      assert.equal(await errorOf(share(id)), 'file_not_found');
      const whole = await uploaded('whole');
      assert.equal(await errorOf(share(whole.id)), 'none');
      assert.equal(await errorOf(share(whole.id)), 'file_not_found');
      assert.equal(simulator.messages(channel).length, 1);
    });
    it('only in channels of the bot', async () => {
      const { id } = await uploaded('x');
      const share = client.files.completeUploadExternal({ files: [{ id }], channel_id: 'C0GENERAL' });
      assert.equal(await errorOf(share), 'not_in_channel');
    });
  });

  describe('publishes the Home tab', () => {
    it('for one person', async () => {
      const view = { type: 'home' as const, blocks: [{ type: 'divider' as const }] };
      await client.views.publish({ user_id: ana, view });
      assert.deepEqual(simulator.home(ana), view);
      assert.equal(simulator.home('U0BEN00002'), undefined);
    });
    it('and refuses one that Slack cannot show', async () => {
      const view = {
        type: 'home' as const,
        blocks: [{ type: 'table' as const, rows: [[{ type: 'raw_text' as const, text: 'x' }]] }],
      };
      assert.deepEqual(await refusalOf(client.views.publish({ user_id: ana, view })), {
        error: 'invalid_arguments',
        messages: ['[ERROR] unsupported type: table [json-pointer:/view/blocks/0/type]'],
      });
    });
  });

  it('records every call with what was asked, but no token', async () => {
    await post('x');
    await refusalOf(post('y', { channel: 'C0NOWHERE' }));
    assert.deepEqual(
      simulator.calls.map(({ method, ok, error, body }) => ({ method, ok, error, channel: body['channel'] })),
      [
        { method: 'chat.postMessage', ok: true, error: undefined, channel },
        { method: 'chat.postMessage', ok: false, error: 'channel_not_found', channel: 'C0NOWHERE' },
      ],
    );
    assert.ok(!JSON.stringify(simulator.calls).includes(simulator.botToken));
  });
});
