import type { Outcome } from '../core/messages/message.ts';
import { StoreUnavailableError } from '../core/store.ts';
import { neverSent } from '../core/messages/never-sent.ts';

/** What came of a call that Teams did not simply accept. */
export type Failure = Exclude<Outcome, { kind: 'delivered' }>;

/**
 * `once`: a post, which would stand there twice if it were sent again. `repeatable`: an edit, a question or the opening of
 * a chat, which may be sent again when nobody knows whether it arrived.
 */
export type Effect = 'once' | 'repeatable';

/** Teams' connector answered, and not with what was asked for. */
export class ConnectorError extends Error {
  readonly status: number;
  /** Teams' own name of the error, such as "BotNotInConversationRoster"; empty where it gave none. */
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;
  constructor(status: number, code: string, retryAfterSeconds: number | undefined) {
    super(`Teams answered with HTTP ${status}${code === '' ? '' : ` (${code})`}`);
    this.name = 'ConnectorError';
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The bot has no token, so nothing was sent to Teams. */
export class TokenError extends Error {
  readonly failure: Extract<Failure, { kind: 'retry' | 'rateLimited' | 'stopped' }>;
  constructor(failure: TokenError['failure']) {
    super(failure.kind === 'rateLimited' ? 'Microsoft asks for a pause' : failure.reason);
    this.name = 'TokenError';
    this.failure = failure;
  }
}

/** An address that nothing is sent to: it would carry the bot's token in the open. */
export class OpenAddressError extends Error {
  constructor() {
    super(
      'the address of Teams that the bot knows is no https address: write to the bot there once, so that it learns it',
    );
    this.name = 'OpenAddressError';
  }
}

type Meaning = {
  readonly kind: 'stopped' | 'refused' | 'gone' | 'retry';
  readonly reason: string;
  readonly stale?: true;
};

const addApp = 'add the app to the team again, or name another channel in the playbook';

/**
 * Names of errors in the connector's answers and what they mean for a delivery. From "Status codes from bot
 * conversational APIs" at learn.microsoft.com. `stale`: where it was sent to leads nowhere any more.
 */
export const meanings: Readonly<Record<string, Meaning>> = {
  BotNotInConversationRoster: {
    kind: 'refused',
    reason: `the bot is not in that conversation: ${addApp}`,
    stale: true,
  },
  ConversationNotFound: { kind: 'refused', reason: `Teams knows no such conversation: ${addApp}`, stale: true },
  BotDisabledByAdmin: { kind: 'refused', reason: 'an administrator of Teams blocked the bot: ask them', stale: true },
  ConversationBlockedByUser: { kind: 'refused', reason: 'the person blocked the bot in Teams' },
  MessageWritesBlocked: { kind: 'refused', reason: 'the person blocked the bot, or does not have the app any more' },
  InvalidBotApiHost: { kind: 'refused', reason: 'the address of Teams that the bot knows is out of date', stale: true },
  NotEnoughPermissions: { kind: 'refused', reason: 'the bot lacks a permission there: install its package again' },
  MessageSizeTooBig: { kind: 'refused', reason: 'the message is too long for Teams' },
  ActivityNotFoundInConversation: { kind: 'gone', reason: 'the message was deleted in Teams' },
  MessageNotFound: { kind: 'gone', reason: 'the message was deleted in Teams' },
};

/** For a 429 that names no pause. */
const pauseSeconds = 10;
/** No pause is believed to be longer: one wrong header must not silence the bot for a day. */
const longestPauseSeconds = 900;

/** Statuses after which Microsoft's guide on rate limits has the same request sent again. */
const toBeSentAgain = new Set([412, 502, 504]);

/** Translates what a call to Teams threw. The one place that knows the vendor's errors. */
export function failureOf(error: unknown, effect: Effect): Failure {
  const failure = translate(error);
  return failure.kind === 'unknown' && effect === 'repeatable' ? { ...failure, kind: 'retry' } : failure;
}

/** Whether the conversation that was written to leads nowhere any more, so that it is to be forgotten. */
export function isStale(error: unknown): boolean {
  if (!(error instanceof ConnectorError)) return false;
  const meaning = meaningOf(error.code);
  return meaning === undefined ? error.status === 404 : meaning.stale === true;
}

/** Whether what was to be edited was deleted. A 404 without a name may mean the message as well as its conversation. */
export function isGone(error: unknown): boolean {
  if (!(error instanceof ConnectorError)) return false;
  const meaning = meaningOf(error.code);
  return meaning === undefined ? error.status === 404 : meaning.kind === 'gone';
}

/** What `Retry-After` asks for: seconds, or a moment. Undefined where it says neither. */
export function secondsOf(retryAfter: string | null, now: Date): number | undefined {
  if (retryAfter === null || retryAfter.trim() === '') return undefined;
  const seconds = /^\d+$/.test(retryAfter.trim())
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - now.getTime()) / 1_000);
  return Number.isFinite(seconds) ? Math.min(longestPauseSeconds, Math.max(1, seconds)) : undefined;
}

function translate(error: unknown): Failure {
  if (error instanceof TokenError) return error.failure;
  if (error instanceof ConnectorError) return failureOfAnswer(error);
  if (error instanceof OpenAddressError) return { kind: 'refused', reason: error.message };
  if (error instanceof StoreUnavailableError) return { kind: 'retry', reason: error.message };
  return failureOfConnection(error);
}

function failureOfAnswer({ status, code, message, retryAfterSeconds }: ConnectorError): Failure {
  if (status === 429) return { kind: 'rateLimited', retryAfterSeconds: retryAfterSeconds ?? pauseSeconds };
  if (toBeSentAgain.has(status)) return { kind: 'retry', reason: message };
  if (status >= 500 || status === 408) return { kind: 'unknown', reason: message };
  if (status === 401) return { kind: 'stopped', reason: `Teams does not accept the bot's token: ${checkPassword}` };
  const meaning = meaningOf(code);
  if (meaning !== undefined) return { kind: meaning.kind, reason: meaning.reason };
  if (status === 413) return { kind: 'refused', reason: 'the message is too long for Teams' };
  if (status === 404) return { kind: 'refused', reason: `Teams knows no such conversation or message: ${addApp}` };
  return { kind: 'refused', reason: `Teams refused it (HTTP ${status}${code === '' ? '' : `, ${code}`})` };
}

export const checkPassword = 'check MICROSOFT_APP_ID, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID';

function failureOfConnection(error: unknown): Failure {
  const code = codeOf(error);
  if (code !== undefined && neverSent.has(code)) {
    return { kind: 'retry', reason: `Teams could not be reached (${code})` };
  }
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')) {
    return { kind: 'unknown', reason: 'Teams did not answer in time' };
  }
  const what = code ?? (error instanceof Error ? error.name : 'no error');
  return { kind: 'unknown', reason: `the connection to Teams broke before the answer (${what})` };
}

function meaningOf(code: string): Meaning | undefined {
  return Object.hasOwn(meanings, code) ? meanings[code] : undefined;
}

/** fetch wraps the reason of a failed connection in one or more causes. */
function codeOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return undefined;
}
