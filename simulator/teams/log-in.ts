import type { Answer } from '../faulty-answer.ts';
import type { TeamsTokens } from './tokens.ts';

/** The one scope that the Bot Connector takes. */
const scope = 'https://api.botframework.com/.default';

/** Microsoft's log-in at `/<tenant>/oauth2/v2.0/token`: the bot's id and secret for a bearer token. */
export function answerLogIn(
  path: string,
  form: URLSearchParams,
  known: {
    readonly tenantId: string;
    readonly appId: string;
    readonly appPassword: string;
    readonly tokens: TeamsTokens;
  },
): Answer {
  if (path.split('/')[1] !== known.tenantId) {
    return refused(400, 'invalid_request', 'AADSTS90002: the tenant was not found.');
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return refused(400, 'unsupported_grant_type', 'AADSTS70003: the app asked for an unsupported grant.');
  }
  if (form.get('scope') !== scope) return refused(400, 'invalid_scope', 'AADSTS70011: the scope is not valid.');
  if (form.get('client_id') !== known.appId || form.get('client_secret') !== known.appPassword) {
    return refused(401, 'invalid_client', 'AADSTS7000215: the client secret is not valid.');
  }
  return { status: 200, body: { ...known.tokens.issue() } };
}

/** The log-in's errors have another shape than the connector's. */
function refused(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description }, error };
}
