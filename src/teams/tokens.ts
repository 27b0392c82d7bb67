import { checkPassword, failureOf, secondsOf, TokenError } from './errors.ts';
import { publicCloud, type TeamsSettings } from './settings.ts';

/** The bot's own tokens, by which Teams knows it. */
export interface Tokens {
  /** One that is good for a while yet. Rejects with TokenError. */
  get(signal: AbortSignal): Promise<string>;
  /** The next one is asked for anew: Teams does not accept the last one. */
  forget(): void;
  /** Why there was none the last time, in words; undefined while there is one. */
  problem(): string | undefined;
}

/** For whom the tokens are: Teams' connector. */
const scope = 'https://api.botframework.com/.default';
/** A token this close to its end is not used: it could end on its way. */
const marginMilliseconds = 5 * 60_000;

/**
 * OAuth 2.0 client credentials at Microsoft's login (RFC 6749, 4.4). Not botbuilder's own credentials: those neither end
 * in time nor speak to a login on this machine.
 */
export function createTokens(settings: TeamsSettings, now: () => Date): Tokens {
  const { loginUrl } = settings.endpoints ?? publicCloud;
  const address = `${loginUrl}/${encodeURIComponent(settings.tenantId)}/oauth2/v2.0/token`;
  let held: { readonly token: string; readonly until: number } | undefined;
  let problem: string | undefined;

  const ask = async (signal: AbortSignal): Promise<string> => {
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(address, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: settings.appId,
          client_secret: settings.appPassword,
          scope,
        }),
        redirect: 'error',
        signal,
      });
      body = await response.json().catch(() => undefined);
    } catch (error) {
      const { reason } = { reason: '', ...failureOf(error, 'repeatable') };
      throw new TokenError({ kind: 'retry', reason: `no token could be had: ${reason.replace('Teams', 'the login')}` });
    }
    if (response.ok && isToken(body)) {
      held = { token: body.access_token, until: now().getTime() + body.expires_in * 1_000 - marginMilliseconds };
      return held.token;
    }
    throw refusalOf(response, body, now());
  };

  return {
    get: async (signal) => {
      if (held !== undefined && held.until > now().getTime()) return held.token;
      try {
        const token = await ask(signal);
        problem = undefined;
        return token;
      } catch (error) {
        problem = error instanceof Error ? `The bot has no token for Teams: ${error.message}.` : undefined;
        throw error;
      }
    },
    forget: () => {
      held = undefined;
    },
    problem: () => problem,
  };
}

function refusalOf(response: Response, body: unknown, now: Date): TokenError {
  const retryAfter = secondsOf(response.headers.get('retry-after'), now);
  if (response.status === 429) return new TokenError({ kind: 'rateLimited', retryAfterSeconds: retryAfter ?? 10 });
  // Its description may repeat what was sent: only the name of the error is said.
  const name = typeof body === 'object' && body !== null && 'error' in body ? String(body.error).slice(0, 80) : '';
  const what = `Microsoft's login answered with HTTP ${response.status}${/^\w+$/.test(name) ? ` (${name})` : ''}`;
  return response.status >= 400 && response.status < 500 && response.status !== 408
    ? new TokenError({ kind: 'stopped', reason: `${what}: ${checkPassword}` })
    : new TokenError({ kind: 'retry', reason: what });
}

function isToken(body: unknown): body is { readonly access_token: string; readonly expires_in: number } {
  return (
    typeof body === 'object' &&
    body !== null &&
    'access_token' in body &&
    typeof body.access_token === 'string' &&
    'expires_in' in body &&
    typeof body.expires_in === 'number'
  );
}
