import { bot, firstChannels } from './people.ts';
import type { SimulatedFile, SimulatedMessage, SimulatedPerson } from './types.ts';

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly topic?: string;
  readonly botIsMember: boolean;
  archived: boolean;
  /** Set for direct messages: whose they are. */
  readonly person?: string;
  readonly messages: SimulatedMessage[];
}

/** A Home tab or an open modal, as the app sent it. */
export interface StoredView {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly person: string;
  hash: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface Upload {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  content?: Buffer;
}

/** Everything that stands in the workspace. It knows nothing of HTTP. */
export interface Workspace {
  readonly people: readonly SimulatedPerson[];
  /** Who is in each user group, by the ids of both. */
  readonly userGroups: Map<string, readonly string[]>;
  readonly channels: Map<string, Channel>;
  readonly privateMessages: Map<string, SimulatedMessage[]>;
  readonly homes: Map<string, StoredView>;
  /** Open modals by person, the topmost last. */
  readonly modals: Map<string, StoredView[]>;
  readonly uploads: Map<string, Upload>;
  now(): Date;
  /** A new id such as "V00000012". */
  nextId(prefix: string): string;
  person(id: string): SimulatedPerson | undefined;
  /** By the channel's id, or a person's id for the direct messages, which are opened when they are not yet. */
  channel(id: string): Channel | undefined;
  /** Adds a message of the bot. */
  /** By the bot, unless somebody else is named. */
  post(channel: Channel, message: MessageContent, user?: string): SimulatedMessage;
  replace(channel: Channel, ts: string, message: MessageContent): SimulatedMessage | undefined;
  /** Undefined where there is no such message; false where it is pinned already. */
  pin(channel: Channel, ts: string): boolean | undefined;
  remove(channel: Channel, ts: string): boolean;
  postPrivately(channel: string, person: string, message: MessageContent, thread?: string): SimulatedMessage;
  /** Puts something in the place of a private message; false when there is none. */
  replacePrivately(person: string, ts: string, message: MessageContent | undefined): boolean;
  changed(): void;
  onChange(listener: () => void): () => void;
}

export interface MessageContent {
  readonly text: string;
  readonly blocks?: readonly unknown[];
  readonly metadata?: unknown;
  readonly files?: readonly SimulatedFile[];
  readonly thread_ts?: string;
}

export function createWorkspace(now: () => Date, people: readonly SimulatedPerson[]): Workspace {
  const channels = new Map<string, Channel>(
    firstChannels.map((channel) => [channel.id, { ...channel, archived: false, messages: [] }]),
  );
  const privateMessages = new Map<string, SimulatedMessage[]>();
  const listeners = new Set<() => void>();
  let ids = 0;
  let lastMicroseconds = 0;

  const nextTs = (): string => {
    lastMicroseconds = Math.max(now().getTime() * 1_000, lastMicroseconds + 1);
    const digits = String(lastMicroseconds).padStart(7, '0');
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  };
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const nextId = (prefix: string): string => {
    ids += 1;
    return `${prefix}${String(ids).padStart(9, '0')}`;
  };
  const person = (id: string): SimulatedPerson | undefined => people.find((one) => one.id === id);

  const workspace: Workspace = {
    people,
    userGroups: new Map(),
    channels,
    privateMessages,
    homes: new Map(),
    modals: new Map(),
    uploads: new Map(),
    now,
    nextId,
    person,
    channel: (id) => {
      const found = channels.get(id) ?? [...channels.values()].find((one) => one.person === id);
      const owner = found === undefined ? person(id) : undefined;
      if (owner === undefined) return found;
      const direct: Channel = {
        id: `D0${id.slice(2)}`,
        name: owner.name,
        botIsMember: true,
        archived: false,
        person: id,
        messages: [],
      };
      channels.set(direct.id, direct);
      return direct;
    },
    post: (channel, content, user = bot.id) => {
      const message = { ts: nextTs(), channel: channel.id, user, ...content };
      channel.messages.push(message);
      changed();
      return message;
    },
    replace: (channel, ts, content) => {
      const index = channel.messages.findIndex((message) => message.ts === ts);
      const before = channel.messages[index];
      if (before === undefined) return undefined;
      // As Slack does: blocks that are not sent again are gone; metadata, files and the thread stay.
      const { blocks: _, ...rest } = before;
      const after = { ...rest, ...content, edited: true };
      channel.messages[index] = after;
      changed();
      return after;
    },
    pin: (channel, ts) => {
      const index = channel.messages.findIndex((message) => message.ts === ts);
      const before = channel.messages[index];
      if (before === undefined) return undefined;
      if (before.pinned === true) return false;
      channel.messages[index] = { ...before, pinned: true };
      changed();
      return true;
    },
    remove: (channel, ts) => {
      const index = channel.messages.findIndex((message) => message.ts === ts);
      if (index < 0) return false;
      channel.messages.splice(index, 1);
      changed();
      return true;
    },
    postPrivately: (channel, to, content, thread) => {
      const message = {
        ts: nextTs(),
        channel,
        user: bot.id,
        ...content,
        ...(thread === undefined ? {} : { thread_ts: thread }),
        ephemeralFor: to,
      };
      privateMessages.set(to, [...(privateMessages.get(to) ?? []), message]);
      changed();
      return message;
    },
    replacePrivately: (to, ts, content) => {
      const messages = privateMessages.get(to) ?? [];
      const before = messages.find((message) => message.ts === ts);
      if (before === undefined) return false;
      const { blocks: _, ...rest } = before;
      privateMessages.set(
        to,
        content === undefined
          ? messages.filter((message) => message !== before)
          : messages.map((message) => (message === before ? { ...rest, ...content } : message)),
      );
      changed();
      return true;
    },
    changed,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return workspace;
}
