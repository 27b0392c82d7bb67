import { wireMessage } from './api-chat.ts';
import { ApiError, type ApiContext, type ApiMethod } from './api-method.ts';
import type { Arguments } from './arguments.ts';
import { isRecord } from './arguments.ts';
import type { SimulatedMessage } from './types.ts';
import type { Channel } from './workspace.ts';

/** Reading channels: `channels:history` and its kin for private ones are one scope here. */
export const conversationMethods: Readonly<Record<string, ApiMethod>> = {
  'conversations.history': {
    token: 'bot',
    scope: 'channels:history',
    run: (body, context) => {
      const channel = readableChannel(body, context);
      // Replies stand in their threads alone.
      const messages = channel.messages.filter((message) => (message.thread_ts ?? message.ts) === message.ts);
      return pageOf(body, messages.toReversed(), channel, context);
    },
  },
  'conversations.replies': {
    token: 'bot',
    scope: 'channels:history',
    run: (body, context) => {
      const channel = readableChannel(body, context);
      const ts = body.text('ts') ?? '';
      if (!channel.messages.some((message) => message.ts === ts)) throw new ApiError('thread_not_found');
      return pageOf(
        body,
        channel.messages.filter((message) => message.ts === ts || message.thread_ts === ts),
        channel,
        context,
      );
    },
  },
  'conversations.info': {
    token: 'bot',
    scope: 'channels:read',
    run: (body, { workspace }) => {
      const channel = workspace.channels.get(body.text('channel') ?? '');
      if (channel === undefined) throw new ApiError('channel_not_found');
      return { channel: wireChannel(channel) };
    },
  },
  'conversations.list': {
    token: 'bot',
    scope: 'channels:read',
    run: (_, { workspace }) => ({
      channels: [...workspace.channels.values()].filter(({ person }) => person === undefined).map(wireChannel),
      response_metadata: { next_cursor: '' },
    }),
  },
};

function wireChannel(channel: Channel): Record<string, unknown> {
  const { id, name, topic, archived, botIsMember, person } = channel;
  return {
    id,
    ...(person === undefined
      ? { name, is_channel: true, topic: { value: topic ?? '' } }
      : { user: person, is_im: true }),
    is_archived: archived,
    is_member: botIsMember,
    is_private: person !== undefined,
  };
}

function readableChannel(body: Arguments, { workspace }: ApiContext): Channel {
  const channel = workspace.channels.get(body.text('channel') ?? '');
  if (channel === undefined) throw new ApiError('channel_not_found');
  if (!channel.botIsMember) throw new ApiError('not_in_channel');
  return channel;
}

/** Slack's pages: the range by `oldest` and `latest`, exclusive unless `inclusive`, cut at `limit`. */
function pageOf(
  body: Arguments,
  messages: readonly SimulatedMessage[],
  channel: Channel,
  { scopes }: ApiContext,
): Record<string, unknown> {
  const limit = body.number('limit') ?? 100;
  if (!Number.isInteger(limit) || limit < 1 || limit > 999) throw new ApiError('invalid_limit');
  const cursor = body.text('cursor');
  const start = cursor === undefined ? 0 : positionOf(cursor);
  if (start === undefined) throw new ApiError('invalid_cursor');
  const oldest = body.number('oldest') ?? 0;
  const latest = body.number('latest') ?? Number.POSITIVE_INFINITY;
  const inclusive = body.flag('inclusive');
  const inRange = messages.filter(({ ts }) => {
    const at = Number(ts);
    return inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  });
  const page = inRange.slice(start, start + limit);
  const more = inRange.length > start + limit;
  return {
    messages: page.map((message) => ({
      ...wireMessage(
        scopes.includes('files:read') ? message : withoutFiles(message),
        body.flag('include_all_metadata'),
      ),
      ...threadOf(message, channel),
    })),
    has_more: more,
    ...(more ? { response_metadata: { next_cursor: cursorOf(start + limit) } } : {}),
  };
}

function withoutFiles(message: SimulatedMessage): SimulatedMessage {
  const { files: _, ...rest } = message;
  return rest;
}

/** The mark of a message that has replies. */
function threadOf(message: SimulatedMessage, channel: Channel): Record<string, unknown> {
  const replies = channel.messages.filter((other) => other.thread_ts === message.ts && other.ts !== message.ts);
  return replies.length === 0 ? {} : { thread_ts: message.ts, reply_count: replies.length };
}

function cursorOf(position: number): string {
  return Buffer.from(JSON.stringify({ position })).toString('base64');
}

function positionOf(cursor: string): number | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8'));
    const position = isRecord(parsed) ? parsed['position'] : undefined;
    return typeof position === 'number' ? position : undefined;
  } catch {
    return undefined;
  }
}
