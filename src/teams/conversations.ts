import { type ConversationReference as BotReference, TeamsInfo, type TurnContext } from 'botbuilder';
import type { ConversationReference } from '../core/messages/conversation-reference.ts';
import { createAdapter, type TeamsAdapter } from './connector.ts';
import { ConnectorError } from './errors.ts';
import type { TeamsMessage } from './messages.ts';
import { withoutThread } from './payload.ts';
import type { References } from './references.ts';
import type { TeamsSettings } from './settings.ts';
import type { Tokens } from './tokens.ts';

export interface ConversationsOptions {
  readonly settings: TeamsSettings;
  readonly tokens: Tokens;
  readonly references: References;
  readonly now: () => Date;
}

/** A member of a conversation, as Teams describes them, as far as it matters here. */
export interface Member {
  /** As Teams names them in a card's `refresh`: "29:…". */
  readonly id?: string | undefined;
  readonly aadObjectId?: string | undefined;
  /** The same, by the name that it has on the wire. */
  readonly objectId?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly userPrincipalName?: string | undefined;
  readonly userRole?: string | undefined;
}

/** What the bot does in Teams' conversations of its own accord. Everything rejects with what `failureOf` understands. */
export interface Conversations {
  /**
   * Where messages to a channel or a person go; a person's chat is opened where there is none yet. Undefined while Teams
   * has not said where it takes messages at all.
   */
  of(channel: string, signal: AbortSignal): Promise<ConversationReference | undefined>;
  /** Posts, in the thread of `parent` where that is given, and answers the message's id; empty where Teams gave none. */
  send(at: ConversationReference, message: TeamsMessage, parent: string | null, signal: AbortSignal): Promise<string>;
  edit(
    at: ConversationReference,
    id: string,
    message: TeamsMessage,
    parent: string | null,
    signal: AbortSignal,
  ): Promise<void>;
  member(at: ConversationReference, user: string, signal: AbortSignal): Promise<Member>;
}

const audience = 'https://api.botframework.com';

export function createConversations(options: ConversationsOptions): Conversations {
  const { settings, tokens, references, now } = options;
  const adapterFor = (signal: AbortSignal): TeamsAdapter => createAdapter({ settings, tokens, signal, now });

  /** Lets a token go that Teams does not accept, so that the next call comes with a new one. */
  const watched = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ConnectorError && error.status === 401) tokens.forget();
      throw error;
    }
  };

  const inConversation = (
    at: ConversationReference,
    parent: string | null,
    signal: AbortSignal,
    work: (context: TurnContext) => Promise<void>,
  ): Promise<void> =>
    watched(() =>
      adapterFor(signal).continueConversationAsync(
        settings.appId,
        botReference(at, parent, settings),
        async (context) => {
          // botbuilder makes up an id for the turn, and would send everything as an answer to that.
          delete context.activity.id;
          await work(context);
        },
      ),
    );

  const open = async (
    person: string,
    { serviceUrl, bot }: ConversationReference,
    signal: AbortSignal,
  ): Promise<ConversationReference> => {
    let conversation = '';
    const { tenantId } = settings;
    await watched(() =>
      adapterFor(signal).createConversationAsync(
        settings.appId,
        'msteams',
        serviceUrl,
        audience,
        {
          isGroup: false,
          bot: { id: bot, name: '' },
          members: [{ id: person, name: '' }],
          tenantId,
          channelData: { tenant: { id: tenantId } },
        },
        async ({ activity }) => {
          conversation = activity.conversation.id;
        },
      ),
    );
    const reference = { platform: 'teams', channel: person, conversation, serviceUrl, bot } as const;
    await references.keep(reference);
    return reference;
  };

  return {
    of: async (place, signal) => {
      // People's ids are GUIDs, which a playbook may write in either case.
      const channel = isConversation(place) ? place : place.toLowerCase();
      const known = await references.find(channel);
      if (known !== undefined) return known;
      const other = await references.newest();
      if (other === undefined) return undefined;
      return isConversation(channel)
        ? { ...other, channel, conversation: withoutThread(channel) }
        : open(channel, other, signal);
    },
    send: async (at, message, parent, signal) => {
      let id = '';
      await inConversation(at, parent, signal, async (context) => {
        id = (await context.sendActivity({ ...message }))?.id ?? '';
      });
      return id;
    },
    edit: (at, id, message, parent, signal) =>
      inConversation(at, parent, signal, async (context) => {
        await context.updateActivity({ ...message, id });
      }),
    member: async (at, user, signal) => {
      let member: Member = {};
      await inConversation(at, null, signal, async (context) => {
        member = await TeamsInfo.getMember(context, user);
      });
      return member;
    },
  };
}

/** A channel's or group's own id, such as "19:…@thread.tacv2"; a person is known by a GUID. */
function isConversation(channel: string): boolean {
  return channel.includes(':');
}

function botReference(
  { conversation, serviceUrl, bot }: ConversationReference,
  parent: string | null,
  { tenantId }: TeamsSettings,
): Partial<BotReference> {
  const id = parent === null ? conversation : `${conversation};messageid=${parent}`;
  return {
    channelId: 'msteams',
    serviceUrl,
    bot: { id: bot, name: '' },
    conversation: { id, tenantId } as BotReference['conversation'],
  };
}
