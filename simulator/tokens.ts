import { randomBytes } from 'node:crypto';
import type { ApiMethod } from './api-method.ts';

/** The two tokens of the installed app, and what they may do. */
export interface Tokens {
  readonly bot: string;
  readonly app: string;
  revoke(): void;
  restore(): void;
  /** Why this token may not call the method; undefined when it may. */
  refusalOf(
    token: string | undefined,
    method: Pick<ApiMethod, 'token' | 'scope'>,
  ): { readonly error: string; readonly details?: Readonly<Record<string, unknown>> } | undefined;
}

/** The app-level token's scope, which opens Socket Mode connections. */
const appScopes: readonly string[] = ['connections:write'];

export function createTokens(botScopes: readonly string[]): Tokens {
  // Slack's own tokens begin so; these can't be mistaken for real ones, which hold numbers here.
  const secret = randomBytes(12).toString('hex');
  const bot = `xoxb-simulated-${secret}`;
  const app = `xapp-simulated-${secret}`;
  let revoked = false;
  return {
    bot,
    app,
    revoke: () => {
      revoked = true;
    },
    restore: () => {
      revoked = false;
    },
    refusalOf: (token, method) => {
      if (token === undefined || token === '') return { error: 'not_authed' };
      if (token !== bot && token !== app) return { error: 'invalid_auth' };
      if (token === bot && revoked) return { error: 'token_revoked' };
      if ((token === bot) !== (method.token === 'bot')) return { error: 'not_allowed_token_type' };
      const scopes = token === bot ? botScopes : appScopes;
      if (method.scope === undefined || scopes.includes(method.scope)) return undefined;
      return { error: 'missing_scope', details: { needed: method.scope, provided: scopes.join(',') } };
    },
  };
}
