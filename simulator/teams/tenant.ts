import { createHash } from 'node:crypto';
import { bot as slackBot } from '../people.ts';
import type { SimulatedPerson } from '../types.ts';
import type { Activity, TeamsConversation, TeamsMessage, TeamsPerson } from './types.ts';

/** The one team, which has the channels of the Slack workspace; its id is that of its first channel. */
export const teamsTeam = { id: '19:general@thread.tacv2', name: 'Parallel Run Trial' } as const;

export const teamsBotName = slackBot.name;

const firstChannels = [
  { id: teamsTeam.id, name: 'General', topic: 'Everybody of the team', botIsMember: true },
  {
    id: '19:reconciliation@thread.tacv2',
    name: 'parallel-run',
    topic: 'Where the daily reconciliation is posted',
    botIsMember: true,
  },
  { id: '19:alerts@thread.tacv2', name: 'parallel-run-alerts', topic: 'Critical findings', botIsMember: true },
  { id: '19:rehearsal@thread.tacv2', name: 'rehearsal', topic: 'Where a cutover is rehearsed', botIsMember: true },
  { id: '19:steering@thread.tacv2', name: 'steering', topic: 'A private channel without the bot', botIsMember: false },
] as const;

export interface MessageContent {
  readonly text: string;
  readonly summary?: string;
  readonly card?: Activity;
}

/** Everything that stands in the tenant. It knows nothing of HTTP. */
export interface Tenant {
  readonly tenantId: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly people: readonly TeamsPerson[];
  readonly conversations: ReadonlyMap<string, TeamsConversation>;
  now(): Date;
  /** By any of their ids. */
  person(id: string): TeamsPerson | undefined;
  /** By the id without its thread. */
  conversation(id: string): TeamsConversation | undefined;
  /** The chat of this person with the bot, opened where there is none yet. */
  chat(person: TeamsPerson): TeamsConversation;
  /** Who is in a conversation, the bot aside. */
  roster(conversation: TeamsConversation): readonly TeamsPerson[];
  post(conversation: TeamsConversation, from: string, content: MessageContent, replyTo?: string): TeamsMessage;
  /** Undefined where there is no such message. */
  replace(conversation: TeamsConversation, id: string, content: MessageContent): TeamsMessage | undefined;
  remove(conversation: TeamsConversation, id: string): boolean;
  /** The message with this id that this person sees. */
  messageSeenBy(person: TeamsPerson, id: string): TeamsMessage | undefined;
  /** The card as this person sees it. */
  cardSeenBy(person: TeamsPerson, message: TeamsMessage): Activity | undefined;
  /** Gives somebody a copy of their own, until the message is changed for all. */
  showTo(person: TeamsPerson, message: TeamsMessage, card: Activity): void;
  changed(): void;
  onChange(listener: () => void): () => void;
}

export function createTenant(options: {
  readonly tenantId: string;
  readonly appId: string;
  readonly people: readonly SimulatedPerson[];
  readonly now: () => Date;
}): Tenant {
  const { tenantId, now } = options;
  const people = options.people.flatMap((person) => teamsPersonOf(person, tenantId));
  const conversations = new Map<string, TeamsConversation>(
    firstChannels.map((channel) => [channel.id, { ...channel, messages: [] }]),
  );
  const copies = new Map<string, { readonly version: number; readonly card: Activity }>();
  const listeners = new Set<() => void>();
  let lastId = 0;
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const sees = (person: TeamsPerson, conversation: TeamsConversation): boolean =>
    conversation.person === undefined || conversation.person === person.aadObjectId;
  const copyKey = (person: TeamsPerson, message: TeamsMessage): string =>
    `${person.aadObjectId}/${message.conversation}/${message.id}`;

  return {
    tenantId,
    bot: { id: `28:${options.appId}`, name: teamsBotName },
    people,
    conversations,
    now,
    person: (id) => people.find((one) => [one.id, one.teamsId].includes(id) || one.aadObjectId === id.toLowerCase()),
    conversation: (id) => conversations.get(id),
    chat: (person) => {
      const known = [...conversations.values()].find((one) => one.person === person.aadObjectId);
      if (known !== undefined) return known;
      const { aadObjectId, name } = person;
      const id = `a:1${shortened(`chat of ${aadObjectId}`)}`;
      const chat: TeamsConversation = { id, name, botIsMember: true, person: aadObjectId, messages: [] };
      conversations.set(chat.id, chat);
      changed();
      return chat;
    },
    roster: (conversation) => people.filter((person) => person.deleted !== true && sees(person, conversation)),
    post: (conversation, from, { text, summary = '', card }, replyTo) => {
      lastId = Math.max(now().getTime(), lastId + 1);
      const message: TeamsMessage = {
        id: String(lastId),
        conversation: conversation.id,
        from,
        text,
        summary,
        version: 0,
        ...(card === undefined ? {} : { card }),
        ...(replyTo === undefined ? {} : { replyTo }),
      };
      conversation.messages.push(message);
      changed();
      return message;
    },
    replace: (conversation, id, content) => {
      const index = conversation.messages.findIndex((message) => message.id === id);
      const before = conversation.messages[index];
      if (before === undefined) return undefined;
      const { card: _, ...rest } = before;
      const after = { ...rest, summary: '', ...content, edited: true, version: before.version + 1 };
      conversation.messages[index] = after;
      changed();
      return after;
    },
    remove: (conversation, id) => {
      const index = conversation.messages.findIndex((message) => message.id === id);
      if (index < 0) return false;
      conversation.messages.splice(index, 1);
      changed();
      return true;
    },
    messageSeenBy: (person, id) =>
      [...conversations.values()]
        .filter((conversation) => sees(person, conversation))
        .flatMap(({ messages }) => messages)
        .find((message) => message.id === id),
    cardSeenBy: (person, message) => {
      const copy = copies.get(copyKey(person, message));
      return copy?.version === message.version ? copy.card : message.card;
    },
    showTo: (person, message, card) => {
      copies.set(copyKey(person, message), { version: message.version, card });
      changed();
    },
    changed,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Teams' ids for people are opaque, and others for every bot: nothing can be read out of them here either. */
function teamsPersonOf(person: SimulatedPerson, tenantId: string): TeamsPerson[] {
  const { aadObjectId, name, guest } = person;
  if (aadObjectId === undefined) return [];
  const account = name.toLowerCase().replaceAll(' ', '.');
  const userPrincipalName =
    guest === true ? `${account}_vendor.example#EXT#@trial.onmicrosoft.com` : `${account}@trial.onmicrosoft.com`;
  return [{ ...person, aadObjectId, teamsId: `29:1${shortened(`${tenantId} ${aadObjectId}`)}`, userPrincipalName }];
}

function shortened(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 32);
}
