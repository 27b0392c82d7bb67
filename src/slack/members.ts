import type { Log } from '../core/log.ts';
import type { Actor } from '../core/request.ts';
import { createClient } from './client.ts';
import { failureOf } from './errors.ts';
import type { IdentityQuestion } from './identity.ts';

/**
 * Why somebody may not decide, by what Slack says of them (users.info): full members of the bot's own workspace may.
 * Undefined where nothing is in the way. Asked anew each time, since who left today was a member yesterday.
 */
export function createMembers(options: {
  readonly botToken: string;
  readonly apiUrl: string | undefined;
  readonly identity: IdentityQuestion;
  readonly log: Log;
}): (actor: Actor) => Promise<string | undefined> {
  const client = createClient({ token: options.botToken, apiUrl: options.apiUrl, log: options.log });
  return async ({ user, workspace }) => {
    try {
      const { teamId } = await options.identity.ask();
      const { user: known } = await client.users.info({ user });
      if (known === undefined) return 'Slack does not know who you are.';
      if (workspace !== teamId || known.team_id !== teamId || known.is_stranger === true) {
        return 'Only people of this workspace decide: you are from another one.';
      }
      if (known.deleted === true) return 'This account was deactivated.';
      if (known.is_bot === true) return 'Bots decide nothing.';
      if (known.is_restricted === true || known.is_ultra_restricted === true) return 'Guests decide nothing.';
      return undefined;
    } catch (error) {
      const failure = failureOf(error, 'repeatable');
      options.log.warn({ reason: failure.kind }, 'Slack could not say who somebody is: they can not decide');
      return 'Slack could not say just now who you are, and nobody decides without that.';
    }
  };
}
