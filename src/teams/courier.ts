import type { Log } from '../core/log.ts';
import type { ConversationReference } from '../core/messages/conversation-reference.ts';
import type { Claim, Courier, Outcome } from '../core/messages/message.ts';
import type { Conversations } from './conversations.ts';
import { ConnectorError, failureOf, isGone, isStale } from './errors.ts';
import type { TeamsMessage } from './messages.ts';
import type { References } from './references.ts';
import type { Tokens } from './tokens.ts';
import type { ViewOf } from './views.ts';

export interface TeamsCourierOptions {
  readonly conversations: Conversations;
  readonly references: References;
  readonly tokens: Tokens;
  readonly viewOf: ViewOf;
  readonly log: Log;
  /** Longest time one delivery may take; default: 9.5 s, so that the answer is there within 10. */
  readonly deliveryMilliseconds?: number;
  /** Uniform over [0, 1); default: Math.random. */
  readonly random?: () => number;
}

/** A pause that Teams asks for becomes longer by up to so much, so that not everything comes back at one moment. */
const jitter = 0.2;

const notFoundAgain =
  'Teams keeps no key by which a post could be found again: look in the channel, and ask again if it is not there';
const nowhereYet =
  'Teams has not told the bot yet where to post: add the app to a team or a chat, and write to it once there';

/**
 * Brings messages to Teams. A post goes out once, and when nobody knows whether it arrived, the outcome says `unknown`;
 * Teams can't be searched for it, so a person is told. Edits may be sent twice rather than never.
 */
export function createTeamsCourier(options: TeamsCourierOptions): Courier {
  const { conversations, references, log } = options;
  const spread = (outcome: Outcome): Outcome =>
    outcome.kind === 'rateLimited'
      ? { ...outcome, retryAfterSeconds: outcome.retryAfterSeconds * (1 + jitter * (options.random ?? Math.random)()) }
      : outcome;
  const limit = (): AbortSignal => AbortSignal.timeout(options.deliveryMilliseconds ?? 9_500);

  const forget = async ({ channel }: ConversationReference): Promise<void> => {
    log.warn({ channel }, 'a conversation in Teams leads nowhere any more: it is forgotten');
    await references
      .forget(channel)
      .catch((error: unknown) => log.warn({ err: error }, 'a conversation could not be forgotten'));
  };

  const post = async (
    at: ConversationReference,
    claim: Claim,
    message: TeamsMessage,
    signal: AbortSignal,
  ): Promise<Outcome> => {
    try {
      const id = await conversations.send(at, message, claim.parentExternalId, signal);
      if (id !== '') return { kind: 'delivered', externalId: id };
      return { kind: 'unknown', reason: "Teams' answer does not say where the message is" };
    } catch (error) {
      if (claim.parentExternalId !== null && error instanceof ConnectorError && error.status === 404) {
        return { kind: 'gone', reason: 'the message whose thread this belongs to was deleted in Teams' };
      }
      if (isStale(error)) await forget(at);
      return failureOf(error, 'once');
    }
  };

  const edit = async (
    at: ConversationReference,
    claim: Claim,
    externalId: string,
    message: TeamsMessage,
    signal: AbortSignal,
  ): Promise<Outcome> => {
    try {
      await conversations.edit(at, externalId, message, claim.parentExternalId, signal);
      return { kind: 'delivered', externalId };
    } catch (error) {
      if (isGone(error)) {
        // Who deletes Home in their chat with the bot wants it again when they ask for it.
        if (claim.message.place.visibility === 'home') return post(at, claim, message, signal);
        return { kind: 'gone', reason: 'the message was deleted in Teams' };
      }
      if (isStale(error)) await forget(at);
      return failureOf(error, 'repeatable');
    }
  };

  const deliver = async (claim: Claim): Promise<Outcome> => {
    const { content, place } = claim.message;
    if (content.kind === 'pin') {
      // Not its parent's id: what hangs under that is the parent's card.
      return { kind: 'delivered', externalId: 'no pin', note: 'Teams lets no bot pin' };
    }
    const signal = limit();
    let at: ConversationReference | undefined;
    try {
      at = await conversations.of(place.channel, signal);
    } catch (error) {
      return failureOf(error, 'repeatable');
    }
    if (at === undefined) return { kind: 'retry', reason: nowhereYet };
    const message = await options.viewOf(claim, at, signal);
    return claim.externalId === null
      ? post(at, claim, message, signal)
      : edit(at, claim, claim.externalId, message, signal);
  };

  return {
    platform: 'teams',
    deliver: async (claim) => spread(await deliver(claim)),
    search: ({ message: { place, content } }) =>
      Promise.resolve(
        place.visibility !== 'channel' || content.kind === 'pin'
          ? { kind: 'absent' }
          : { kind: 'unreadable', reason: notFoundAgain },
      ),
    probe: async () => {
      options.tokens.forget();
      try {
        await options.tokens.get(limit());
        return true;
      } catch (error) {
        log.debug({ reason: failureOf(error, 'repeatable').kind }, 'Teams does not take messages yet');
        return false;
      }
    },
  };
}
