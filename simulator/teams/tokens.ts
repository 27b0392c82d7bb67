import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What Microsoft's log-in and the Bot Connector prove themselves by. All times are real ones. */
export interface TeamsTokens {
  /** The document behind `openIdMetadataUrl`. */
  metadata(jwksUrl: string): Readonly<Record<string, unknown>>;
  /** The keys that it names. */
  readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] };
  /** A token of the Connector for the bot; `claims` replace its own ones, and undefined takes one out. */
  signed(claims: Readonly<Record<string, unknown>>): string;
  /** A new token of the bot. */
  issue(): { readonly token_type: 'Bearer'; readonly expires_in: number; readonly access_token: string };
  /** Whether this is a token of the bot that is still good. */
  accepts(token: string | undefined): boolean;
  expireAll(): void;
}

const hour = 3_600;
/** Microsoft's clocks differ a little from others: its tokens begin before they were made. */
const skewSeconds = 300;

interface Key {
  readonly privateKey: KeyObject;
  readonly kid: string;
  readonly n: string | undefined;
  readonly e: string | undefined;
}

let key: Key | undefined;

/** One a process, made when it is first needed: making one takes up to a second. It is never written anywhere. */
function keyOfProcess(): Key {
  if (key === undefined) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const { n, e } = publicKey.export({ format: 'jwk' });
    key = { privateKey, kid: randomBytes(12).toString('base64url'), n, e };
  }
  return key;
}

export function createTeamsTokens(options: {
  readonly issuer: string;
  readonly appId: string;
  readonly serviceUrl: () => string;
}): TeamsTokens {
  const { privateKey, kid, n, e } = keyOfProcess();
  const good = new Map<string, number>();
  return {
    metadata: (jwksUrl) => ({
      issuer: options.issuer,
      authorization_endpoint: 'https://invalid.botframework.com',
      jwks_uri: jwksUrl,
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    }),
    jwks: { keys: [{ kty: 'RSA', use: 'sig', kid, x5t: kid, n, e, endorsements: ['msteams'] }] },
    signed: (claims) => {
      const now = Math.floor(Date.now() / 1_000);
      const payload = {
        iss: options.issuer,
        aud: options.appId,
        nbf: now - skewSeconds,
        exp: now + hour,
        serviceurl: options.serviceUrl(),
        ...claims,
      };
      const text = [{ alg: 'RS256', kid, typ: 'JWT' }, payload]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
        .join('.');
      return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
    },
    issue: () => {
      const token = `simulated-${randomBytes(24).toString('base64url')}`;
      good.set(token, Date.now() + hour * 1_000);
      return { token_type: 'Bearer', expires_in: hour, access_token: token };
    },
    accepts: (token) => (good.get(token ?? '') ?? 0) > Date.now(),
    expireAll: () => good.clear(),
  };
}
