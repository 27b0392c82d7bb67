import { type Failure, failureNamed, failureOf, failureOfStatus } from './errors.ts';
import type { SlackBlock } from './render.ts';

/**
 * Slack gives an address with every command and click to which five answers can be posted within 30 minutes
 * (https://docs.slack.dev/interactivity/handling-user-interaction). The person who asked rides along in its fragment,
 * which never leaves this process, for the time after those 30 minutes.
 */
export function withPerson(responseUrl: string, user: string): string {
  return `${responseUrl}#${encodeURIComponent(user)}`;
}

/** The person who asked, if the address carries one. */
export function personOf(responseUrl: string): string | undefined {
  const fragment = responseUrl.split('#')[1];
  return fragment === undefined || fragment === '' ? undefined : decodeURIComponent(fragment);
}

export interface PrivateAnswer {
  readonly text: string;
  readonly blocks?: readonly SlackBlock[];
  /** In place of the answer before. */
  readonly replace: boolean;
}

export type PrivateOutcome =
  | { readonly kind: 'answered' }
  /** The address was used up or is too old. */
  | { readonly kind: 'expired' }
  | Failure;

/** Answers the person who asked so that nobody else sees it. An answer may arrive twice rather than never. */
export async function answerPrivately(
  responseUrl: string,
  answer: PrivateAnswer,
  signal: AbortSignal,
): Promise<PrivateOutcome> {
  // The address of a click belongs to the message with the button: replacing there would overwrite what all can see.
  const replace = answer.replace && new URL(responseUrl).pathname.includes('/commands/');
  try {
    const response = await fetch(responseUrl.split('#')[0] ?? responseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        response_type: 'ephemeral',
        replace_original: replace,
        text: answer.text,
        ...(answer.blocks === undefined ? {} : { blocks: answer.blocks }),
      }),
      redirect: 'error',
      signal,
    });
    return read(response.status, await response.text(), Number(response.headers.get('retry-after') ?? Number.NaN));
  } catch (error) {
    return failureOf(error, 'repeatable');
  }
}

/** Slack answers "ok", an error's name, or JSON with one, and not always with a status that fits. */
function read(status: number, body: string, retryAfter: number): PrivateOutcome {
  const pause = Number.isFinite(retryAfter) ? retryAfter : undefined;
  const name = errorIn(body);
  if (status === 200 && name === undefined) return { kind: 'answered' };
  if (name === 'expired_url' || name === 'used_url' || status === 404 || status === 410) return { kind: 'expired' };
  const named = status === 429 || name === undefined ? undefined : failureNamed(name, pause);
  const failure = named === undefined || named.kind === 'unknown' ? failureOfStatus(status, pause) : named;
  return failure.kind === 'unknown' ? { ...failure, kind: 'retry' } : failure;
}

function errorIn(body: string): string | undefined {
  const text = body.trim();
  if (text === '' || text === 'ok') return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    return 'error' in parsed && typeof parsed.error === 'string' ? parsed.error : undefined;
  } catch {
    return text;
  }
}
