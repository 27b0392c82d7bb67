import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import type { Outcome } from '../core/messages/message.ts';
import { neverSent } from '../core/messages/never-sent.ts';

/** What came of a call that Slack did not simply accept. */
export type Failure = Exclude<Outcome, { kind: 'delivered' }>;

/**
 * `once`: a post, which would stand there twice if it were sent again. `repeatable`: an edit, a reading or a private
 * word, which may be sent again when nobody knows whether it arrived.
 */
export type Effect = 'once' | 'repeatable';

type Meaning = { readonly kind: 'stopped' | 'refused' | 'gone' | 'retry' | 'unknown'; readonly reason: string };

const inviteBot = 'invite the bot with /invite, or name another channel in the playbook';
const newToken = 'install the app again and set SLACK_BOT_TOKEN to its new token';
const missing = 'the message was deleted in Slack';

/**
 * Slack's error names and what they mean for a delivery. From the "Errors" of chat.postMessage, chat.update,
 * files.completeUploadExternal and conversations.history at docs.slack.dev. A name that is not here is refused by name.
 */
export const meanings: Readonly<Record<string, Meaning>> = {
  // The whole app is refused: no message would fare better.
  token_revoked: { kind: 'stopped', reason: `the bot's token was revoked: ${newToken}` },
  token_expired: { kind: 'stopped', reason: `the bot's token expired: ${newToken}` },
  account_inactive: { kind: 'stopped', reason: `the app was removed from the workspace: ${newToken}` },
  invalid_auth: { kind: 'stopped', reason: "Slack does not know the bot's token: check SLACK_BOT_TOKEN" },
  not_authed: { kind: 'stopped', reason: "Slack saw no bot's token: check SLACK_BOT_TOKEN" },
  access_denied: { kind: 'stopped', reason: 'the workspace denies the app access: ask its administrator' },
  ekm_access_denied: { kind: 'stopped', reason: 'the administrators suspended the posting of messages' },
  team_access_not_granted: { kind: 'stopped', reason: `the app has no access to the workspace: ${newToken}` },
  two_factor_setup_required: { kind: 'stopped', reason: 'the workspace asks for two-factor set-up first' },

  // This message or its channel is refused, today and tomorrow.
  is_archived: { kind: 'refused', reason: 'the channel is archived: unarchive it, or name another in the playbook' },
  channel_not_found: { kind: 'refused', reason: `Slack knows no such channel, or it is private: ${inviteBot}` },
  not_in_channel: { kind: 'refused', reason: `the bot is not in the channel: ${inviteBot}` },
  restricted_action: {
    kind: 'refused',
    reason: 'the workspace lets the bot post nothing there: ask its administrator',
  },
  missing_scope: {
    kind: 'refused',
    reason: 'the app lacks a permission: update it from manifest.yml and install it again',
  },
  no_permission: {
    kind: 'refused',
    reason: 'the app lacks a permission: update it from manifest.yml and install it again',
  },
  msg_too_long: { kind: 'refused', reason: 'the message is too long for Slack' },
  msg_blocks_too_long: { kind: 'refused', reason: 'the message is too long for Slack' },
  invalid_blocks: { kind: 'refused', reason: 'Slack does not take the form of the message (invalid_blocks)' },
  invalid_blocks_format: {
    kind: 'refused',
    reason: 'Slack does not take the form of the message (invalid_blocks_format)',
  },
  only_one_table_allowed: { kind: 'refused', reason: 'Slack takes one table a message only' },
  edit_window_closed: { kind: 'refused', reason: 'the workspace does not allow messages of that age to be edited' },
  messages_tab_disabled: { kind: 'refused', reason: 'direct messages of the app are switched off: see manifest.yml' },
  user_not_found: { kind: 'refused', reason: 'Slack knows no such person' },

  // Somebody deleted it: it is not said again.
  message_not_found: { kind: 'gone', reason: missing },
  cant_update_message: { kind: 'gone', reason: 'the message there is not one that the bot may edit' },
  thread_not_found: { kind: 'gone', reason: 'the message whose thread this belongs to was deleted in Slack' },

  // Slack says that it did nothing.
  request_timeout: { kind: 'retry', reason: 'Slack did not get the whole request' },
  accesslimited: { kind: 'retry', reason: 'Slack limits the access for now' },
  org_login_required: { kind: 'retry', reason: 'the workspace is being moved to an organisation' },
  team_added_to_org: { kind: 'retry', reason: 'the workspace is being moved to an organisation' },

  // Slack's documentation: "some aspect of the operation may have succeeded".
  internal_error: { kind: 'unknown', reason: 'Slack had an error of its own (internal_error)' },
  fatal_error: { kind: 'unknown', reason: 'Slack had an error of its own (fatal_error)' },
  service_unavailable: { kind: 'unknown', reason: 'Slack is not available (service_unavailable)' },
};

/** Names by which Slack says "too fast"; the pause stands beside them. */
const tooFast = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
/** Slack's own advice where it names no pause. */
const pauseSeconds = 30;

/** Translates what a call to Slack threw. The one place that knows the vendor's errors. */
export function failureOf(error: unknown, effect: Effect): Failure {
  const failure = translate(error);
  return failure.kind === 'unknown' && effect === 'repeatable' ? { ...failure, kind: 'retry' } : failure;
}

/** Slack's own name of an error such as "invalid_blocks"; undefined where Slack gave none. */
export function errorNameOf(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

/** What one of Slack's error names means, wherever it was said. */
export function failureNamed(name: string, retryAfterSeconds?: number): Failure {
  if (tooFast.has(name)) return { kind: 'rateLimited', retryAfterSeconds: retryAfterSeconds ?? pauseSeconds };
  const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
  if (meaning !== undefined) return meaning;
  // A name is one word; anything else is a page that somebody between us and Slack put in place of its answer.
  return /^[\w.-]{1,80}$/.test(name)
    ? { kind: 'refused', reason: `Slack refused it (${name})` }
    : { kind: 'unknown', reason: 'the answer was not one of Slack' };
}

/** What an HTTP status means where the body says nothing. */
export function failureOfStatus(status: number, retryAfterSeconds?: number): Failure {
  if (status === 429) return { kind: 'rateLimited', retryAfterSeconds: retryAfterSeconds ?? pauseSeconds };
  const reason = `Slack answered with HTTP ${status}`;
  return status >= 500 || status === 408 ? { kind: 'unknown', reason } : { kind: 'retry', reason };
}

function translate(error: unknown): Failure {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'rateLimited', retryAfterSeconds: error.retryAfter };
  if (error instanceof WebAPIPlatformError) {
    return failureNamed(error.data.error, error.data.response_metadata?.retryAfter);
  }
  if (error instanceof WebAPIHTTPError) return failureOfStatus(error.statusCode);
  return failureOfConnection(error instanceof WebAPIRequestError ? error.original : error);
}

function failureOfConnection(error: unknown): Failure {
  const code = codeOf(error);
  if (code !== undefined && neverSent.has(code))
    return { kind: 'retry', reason: `Slack could not be reached (${code})` };
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return { kind: 'unknown', reason: 'Slack did not answer in time' };
  }
  const what = code ?? (error instanceof Error ? error.name : 'no error');
  return { kind: 'unknown', reason: `the connection to Slack broke before the answer (${what})` };
}

/** fetch wraps the reason of a failed connection in one or more causes. */
function codeOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return undefined;
}
