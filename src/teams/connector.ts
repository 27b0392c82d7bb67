import { type Activity, CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import { z } from 'zod';
import type { IncomingActivity } from './activity.ts';
import { ConnectorError, OpenAddressError, secondsOf } from './errors.ts';
import { isServiceUrl, publicCloud, type TeamsSettings } from './settings.ts';
import type { Tokens } from './tokens.ts';

type Parameters = ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>;
type CredentialsFactory = NonNullable<Parameters[1]>;
type HttpClient = NonNullable<NonNullable<Parameters[4]>['httpClient']>;

export interface ConnectorOptions {
  readonly settings: TeamsSettings;
  readonly tokens: Tokens;
  /** Ends every call of this adapter. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** botbuilder's adapter, which also lets an activity be looked at without its own HTTP shell. */
export class TeamsAdapter extends CloudAdapter {
  /** Rejects unless the authorization is Microsoft's for this activity and this bot. */
  async receive(
    authorization: string,
    activity: IncomingActivity,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<void> {
    await this.processActivity(authorization, activity as unknown as Activity, logic);
  }
}

/** One for each delivery or activity: they are light, and each has its own end. */
export function createAdapter(options: ConnectorOptions): TeamsAdapter {
  const { settings } = options;
  const { issuer, openIdMetadataUrl, loginUrl } = settings.endpoints ?? publicCloud;
  const authentication = new ConfigurationBotFrameworkAuthentication(
    {
      MicrosoftAppId: settings.appId,
      MicrosoftAppTenantId: settings.tenantId,
      ToChannelFromBotLoginUrl: `${loginUrl}/${settings.tenantId}`,
      ToChannelFromBotOAuthScope: 'https://api.botframework.com',
      ToBotFromChannelTokenIssuer: issuer,
      OAuthUrl: 'https://api.botframework.com',
      ToBotFromChannelOpenIdMetadataUrl: openIdMetadataUrl,
      // Whoever emulates Microsoft signs as Microsoft does: there is no second way in.
      ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadataUrl,
      CallerId: 'urn:botframework:azure',
    },
    credentialsFactory(options),
    {
      requiredEndorsements: [],
      validateClaims: (claims) =>
        claims.some(({ type, value }) => type === 'iss' && value === issuer)
          ? Promise.resolve()
          : Promise.reject(new Error('The token is from another issuer.')),
    },
    undefined,
    { httpClient: httpClient(options) },
  );
  return new TeamsAdapter(authentication);
}

function credentialsFactory({ settings, tokens, signal }: ConnectorOptions): CredentialsFactory {
  return {
    isValidAppId: (appId) => Promise.resolve(appId !== '' && appId === settings.appId),
    isAuthenticationDisabled: () => Promise.resolve(false),
    createCredentials: () =>
      Promise.resolve({
        signRequest: async (request) => {
          request.headers.set('authorization', `Bearer ${await tokens.get(signal)}`);
          return request;
        },
      }),
  };
}

/**
 * botbuilder's own client sends a request again up to three times by itself, also where the first may have arrived, and
 * its switch against that does nothing (4.23.3). It leaves alone what its HTTP client throws; so every answer that is not
 * a success is thrown.
 */
function httpClient({ settings, signal, now }: ConnectorOptions): HttpClient {
  return {
    sendRequest: async (request) => {
      if (!isServiceUrl(request.url, settings)) throw new OpenAddressError();
      const headers = new Headers();
      for (const { name, value } of request.headers.headersArray()) headers.set(name, value);
      const response = await fetch(request.url, {
        method: request.method,
        headers,
        ...(request.body === undefined ? {} : { body: String(request.body) }),
        redirect: 'error',
        signal,
      });
      const bodyAsText = await response.text();
      if (!response.ok) {
        const retryAfter = secondsOf(response.headers.get('retry-after'), now());
        throw new ConnectorError(response.status, codeIn(bodyAsText), retryAfter);
      }
      const answered = request.headers.clone();
      for (const name of answered.headerNames()) answered.remove(name);
      answered.set('content-type', response.headers.get('content-type') ?? 'application/json');
      return { request, status: response.status, headers: answered, bodyAsText };
    },
  };
}

const errorBody = z.object({ error: z.object({ code: z.string().optional(), subCode: z.string().optional() }) });

/**
 * The error's name in `{"error": {"code": …}}`, or the finer one beside it; empty where there is none, as in a page that a
 * gateway put there.
 */
function codeIn(body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return '';
  }
  const { subCode, code = '' } = errorBody.safeParse(parsed).data?.error ?? {};
  const name = subCode ?? code;
  return /^[\w.-]{1,80}$/.test(name) ? name : '';
}
