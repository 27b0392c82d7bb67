import type { Card } from '../core/cards/card.ts';
import type { Log } from '../core/log.ts';
import type { ConversationReference } from '../core/messages/conversation-reference.ts';
import type { Claim, Content } from '../core/messages/message.ts';
import type { Conversations } from './conversations.ts';
import { ConnectorError, failureOf } from './errors.ts';
import { limits } from './limits.ts';
import { messageOf, type TeamsMessage } from './messages.ts';
import { cardFor, ownersOfButtons } from './own-view.ts';
import type { NameOf } from './text.ts';

export interface ViewsOptions {
  readonly conversations: Pick<Conversations, 'member'>;
  /** What the playbook calls people, by their accounts. */
  readonly nameOf: NameOf;
  readonly log: Log;
}

/** Turns what is to be delivered into what its place should see. Never rejects. */
export type ViewOf = (claim: Claim, at: ConversationReference, signal: AbortSignal) => Promise<TeamsMessage>;

/**
 * In a channel everybody sees the card without the buttons that are for some people alone; their clients ask for their own
 * view (`refresh.userIds`), which has them. Where it can't be told who they are, or where they are more than Teams lets a
 * card name, everybody sees all buttons: what somebody may do is the core's to say, never the card's.
 */
export function createViews({ conversations, nameOf, log }: ViewsOptions): ViewOf {
  /** Teams' ids of people who were in a conversation once; they never change. */
  const known = new Map<string, string>();

  const idOf = async (person: string, at: ConversationReference, signal: AbortSignal): Promise<string[]> => {
    const key = `${at.conversation} ${person}`;
    const found = known.get(key);
    if (found !== undefined) return [found];
    try {
      const { id } = await conversations.member(at, person, signal);
      if (id === undefined) return [];
      known.set(key, id);
      return [id];
    } catch (error) {
      // Who is not in the channel has no view of the card.
      if (error instanceof ConnectorError && error.status === 404) return [];
      throw error;
    }
  };

  const inChannel = async (card: Card, at: ConversationReference, signal: AbortSignal) => {
    const owners = ownersOfButtons(card);
    const base = cardFor(card, undefined);
    if (owners.length === 0 || owners.length > limits.refreshUsers) return { card: owners.length === 0 ? base : card };
    try {
      const userIds = (await Promise.all(owners.map((person) => idOf(person, at, signal)))).flat();
      return userIds.length === 0 ? { card: base } : { card: base, refresh: { userIds } };
    } catch (error) {
      log.info({ reason: failureOf(error, 'repeatable').kind }, 'Teams can not say who sees which button: all see all');
      return { card };
    }
  };

  return async ({ message, externalId }, at, signal) => {
    const content = message.content as Exclude<Content, { kind: 'pin' }>;
    const { place } = message;
    if (content.kind !== 'card') return messageOf(content);
    if (place.visibility !== 'channel') {
      return messageOf({ kind: 'card', card: cardFor(content.card, place.channel) }, { nameOf });
    }
    const { card, refresh } = await inChannel(content.card, at, signal);
    const mention = externalId === null;
    return messageOf({ kind: 'card', card }, { nameOf, mention, ...(refresh === undefined ? {} : { refresh }) });
  };
}
