import { ApiError, type ApiContext, type ApiMethod } from './api-method.ts';
import { type Arguments, isRecord, unreadable } from './arguments.ts';
import { problemsOfMessage } from './block-rules.ts';
import { limits } from './limits.ts';
import { bot, team } from './people.ts';
import type { SimulatedMessage } from './types.ts';
import type { Channel, MessageContent } from './workspace.ts';

const scope = 'chat:write';

/** Posting, editing and deleting, as the app's bot user. */
export const chatMethods: Readonly<Record<string, ApiMethod>> = {
  'chat.postMessage': {
    token: 'bot',
    scope,
    run: (body, context) => {
      const channel = writableChannel(body, context);
      const content = contentOf(body);
      const thread = body.text('thread_ts');
      // A reply to a message that is not there any more lands in the channel, without an error.
      const parent = thread === undefined ? undefined : parentIn(channel, thread);
      const message = context.workspace.post(channel, {
        ...content,
        ...(parent === undefined ? {} : { thread_ts: parent }),
      });
      return { channel: channel.id, ts: message.ts, message: wireMessage(message) };
    },
  },
  'chat.update': {
    token: 'bot',
    scope,
    run: (body, context) => {
      const channel = writableChannel(body, context);
      const before = messageIn(channel, body);
      if (before.user !== bot.id || before.files !== undefined) throw new ApiError('cant_update_message');
      const after = context.workspace.replace(channel, before.ts, contentOf(body, limits.updateText));
      if (after === undefined) throw new ApiError('message_not_found');
      return { channel: channel.id, ts: after.ts, text: after.text, message: wireMessage(after) };
    },
  },
  'chat.delete': {
    token: 'bot',
    scope,
    run: (body, context) => {
      const channel = writableChannel(body, context);
      const message = messageIn(channel, body);
      if (message.user !== bot.id) throw new ApiError('cant_delete_message');
      context.workspace.remove(channel, message.ts);
      return { channel: channel.id, ts: message.ts };
    },
  },
  'pins.add': {
    token: 'bot',
    scope: 'pins:write',
    run: (body, context) => {
      const channel = writableChannel(body, context);
      const pinned = context.workspace.pin(channel, body.text('timestamp') ?? '');
      if (pinned === undefined) throw new ApiError('message_not_found');
      if (!pinned) throw new ApiError('already_pinned');
      return {};
    },
  },
  'chat.postEphemeral': {
    token: 'bot',
    scope,
    run: (body, context) => {
      const channel = writableChannel(body, context);
      const person = context.workspace.person(body.text('user') ?? '');
      if (person === undefined || person.deleted === true) throw new ApiError('user_not_in_channel');
      const message = context.workspace.postPrivately(channel.id, person.id, contentOf(body), body.text('thread_ts'));
      return { message_ts: message.ts };
    },
  },
  'chat.getPermalink': { token: 'bot', run: permalink },
};

/** https://docs.slack.dev/reference/methods/chat.getPermalink: for any channel that the bot can see. */
function permalink(body: Arguments, { workspace }: ApiContext): Record<string, unknown> {
  const channel = workspace.channel(body.text('channel') ?? '');
  const ts = body.text('message_ts');
  if (channel === undefined) throw new ApiError('channel_not_found');
  if (!channel.messages.some((message) => message.ts === ts)) throw new ApiError('message_not_found');
  const path = `archives/${channel.id}/p${(ts ?? '').replace('.', '')}`;
  return { channel: channel.id, permalink: `https://${team.domain}.slack.com/${path}` };
}

/** The channel that the call names. Throws as Slack does when the bot may not write there. */
export function writableChannel(body: Arguments, { workspace }: ApiContext, name = 'channel'): Channel {
  const channel = workspace.channel(body.text(name) ?? '');
  if (channel === undefined) throw new ApiError('channel_not_found');
  if (channel.archived) throw new ApiError('is_archived');
  if (!channel.botIsMember) throw new ApiError('not_in_channel');
  return channel;
}

/** The thread's first message, also when `thread_ts` names one of its replies; undefined when it was deleted. */
export function parentIn(channel: Channel, thread: string): string | undefined {
  const message = channel.messages.find(({ ts }) => ts === thread);
  return message?.thread_ts ?? message?.ts;
}

/** A message as the Web API shows it. */
export function wireMessage(message: SimulatedMessage, metadata = true): Record<string, unknown> {
  const { channel: _, edited, files, metadata: data, ...rest } = message;
  return {
    type: 'message',
    ...(message.user === bot.id ? { bot_id: bot.botId, app_id: bot.appId } : {}),
    ...rest,
    ...(edited === true ? { edited: { user: bot.id, ts: message.ts } } : {}),
    ...(metadata && data !== undefined ? { metadata: data } : {}),
    ...(files === undefined
      ? {}
      : {
          subtype: 'file_share',
          files: files.map(({ id, name, title, text }) => ({ id, name, title, size: Buffer.byteLength(text) })),
        }),
  };
}

function messageIn(channel: Channel, body: Arguments): SimulatedMessage {
  const message = channel.messages.find(({ ts }) => ts === body.text('ts'));
  if (message === undefined) throw new ApiError('message_not_found');
  return message;
}

function contentOf(body: Arguments, maxText: number = limits.messageText): MessageContent {
  const blocks = body.json('blocks');
  const text = body.text('text') ?? '';
  const problem = problemsOfMessage(text, blocks === unreadable ? null : blocks, maxText);
  if (problem !== undefined) throw new ApiError(problem.error, detailsOf(problem.messages));
  const metadata = body.json('metadata');
  if (metadata !== undefined && !isMetadata(metadata)) throw new ApiError('invalid_metadata_format');
  return {
    text,
    ...(Array.isArray(blocks) && blocks.length > 0 ? { blocks } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function detailsOf(messages: readonly string[]): Record<string, unknown> {
  if (messages.length === 0) return {};
  return { errors: messages, response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } };
}

function isMetadata(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value['event_type'] === 'string' &&
    value['event_type'] !== '' &&
    isRecord(value['event_payload'])
  );
}
