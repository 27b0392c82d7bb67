import type { Log } from '../core/log.ts';
import type { Actor } from '../core/request.ts';
import type { Conversations, Member } from './conversations.ts';
import { failureOf } from './errors.ts';

/** Somebody waits for the answer. */
const askMilliseconds = 5_000;

/**
 * Why somebody may not decide, by what Teams says of them: full members of the bot's own organisation may. Undefined where
 * nothing is in the way. Asked anew each time, since who left today was a member yesterday.
 */
export function createMembers(options: {
  readonly conversations: Conversations;
  readonly tenantId: string;
  readonly log: Log;
}): (actor: Actor) => Promise<string | undefined> {
  const { conversations, tenantId, log } = options;
  return async ({ user, workspace }) => {
    if (workspace.toLowerCase() !== tenantId.toLowerCase()) return fromElsewhere;
    try {
      const signal = AbortSignal.timeout(askMilliseconds);
      const chat = await conversations.of(user, signal);
      if (chat === undefined) return unknownNow;
      return outsiderBy(await conversations.member(chat, user, signal), user, tenantId);
    } catch (error) {
      log.warn(
        { reason: failureOf(error, 'repeatable').kind },
        'Teams could not say who somebody is: they can not decide',
      );
      return unknownNow;
    }
  };
}

const fromElsewhere = 'Only people of this organisation decide: you are from another one.';
const unknownNow = 'Teams could not say just now who you are, and nobody decides without that.';

function outsiderBy(member: Member, user: string, tenantId: string): string | undefined {
  const known = member.aadObjectId ?? member.objectId;
  if (known?.toLowerCase() !== user.toLowerCase()) return 'Teams does not know who you are.';
  if (member.tenantId !== undefined && member.tenantId.toLowerCase() !== tenantId.toLowerCase()) return fromElsewhere;
  const principal = member.userPrincipalName ?? '';
  if (principal === '') return 'Only people with an account of their own decide.';
  // A guest's name in the directory, such as "ana_example.org#EXT#@contoso.onmicrosoft.com".
  if (principal.toUpperCase().includes('#EXT#')) return 'Guests decide nothing.';
  return member.userRole === undefined || member.userRole === 'user' ? undefined : 'Guests decide nothing.';
}
