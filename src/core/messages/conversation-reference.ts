import type { Place } from '../request.ts';

/**
 * Where a platform that has no addresses of its own for channels and people takes messages for one of them (Teams). It is
 * learned from what arrived from there, once its sender was proven, and never made up.
 */
export interface ConversationReference {
  readonly platform: Place['platform'];
  /** What it is found by, as in a Place: the channel's id, or a person's for their one-to-one chat with the bot. */
  readonly channel: string;
  /** The platform's own id of the conversation. */
  readonly conversation: string;
  /** The address that messages to it are posted below. */
  readonly serviceUrl: string;
  /** The bot's own id in it. */
  readonly bot: string;
}
