import { verify } from 'node:crypto';
import { z } from 'zod';
import type { IncomingActivity } from './activity.ts';
import type { Keys } from './keys.ts';
import { tenantsOf } from './payload.ts';
import { isServiceUrl, publicCloud, type TeamsSettings } from './settings.ts';

const header = z.object({ alg: z.enum(['RS256', 'RS384', 'RS512']), kid: z.string().min(1) });
const claims = z.object({ iss: z.string(), aud: z.string(), exp: z.number(), nbf: z.number().optional() });

interface Token {
  readonly header: z.infer<typeof header>;
  readonly claims: z.infer<typeof claims>;
  readonly signed: string;
  readonly signature: string;
}

/** A token of the form of those that Microsoft signs for bots; undefined for any other. Nothing of it is proven. */
function tokenIn(authorization: string): Token | undefined {
  const [, first = '', second = '', signature = ''] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization) ?? [];
  const head = header.safeParse(read(first)).data;
  const body = claims.safeParse(read(second)).data;
  if (head === undefined || body === undefined) return undefined;
  return { header: head, claims: body, signed: `${first}.${second}`, signature };
}

/**
 * Whether the token of a request can be Microsoft's for bots at all; botbuilder then proves it. Looked at first because
 * botbuilder lets other tokens in by other doors (its emulator, skills), and learns issuers from tokens that nobody proved.
 */
export function isFromIssuer(authorization: string, settings: TeamsSettings): boolean {
  return tokenIn(authorization)?.claims.iss === (settings.endpoints ?? publicCloud).issuer;
}

/** Clocks differ by so much, as Microsoft allows. */
const skewSeconds = 300;
const hashes = { RS256: 'RSA-SHA256', RS384: 'RSA-SHA384', RS512: 'RSA-SHA512' } as const;

/**
 * Why a token is not good, for the log; undefined when it is Microsoft's for this bot and this moment. botbuilder proves it
 * once more, and more of it; but what it refuses there, it says on standard error, past the log. Rejects where the keys
 * can't be had.
 */
export async function refusalOfToken(
  authorization: string,
  keys: Keys,
  { appId, endpoints }: TeamsSettings,
  now: Date,
): Promise<string | undefined> {
  const token = tokenIn(authorization);
  const { issuer } = endpoints ?? publicCloud;
  if (token?.claims.iss !== issuer) return 'its token is of another issuer';
  const { aud, exp, nbf = 0 } = token.claims;
  const seconds = now.getTime() / 1_000;
  if (aud !== appId) return 'its token is for another bot';
  if (seconds >= exp + skewSeconds) return 'its token has ended';
  if (seconds < nbf - skewSeconds) return 'its token is not good yet';
  const key = await keys.find(token.header.kid);
  if (key === undefined) return 'its token is signed by a key that Microsoft does not publish';
  const signature = Buffer.from(token.signature, 'base64url');
  const proven = verify(hashes[token.header.alg], Buffer.from(token.signed), key, signature);
  return proven ? undefined : 'its token is not signed by Microsoft';
}

/** Why an activity is not for us, whoever signed it, for the log; undefined when it is. */
export function strangeness(activity: IncomingActivity, settings: TeamsSettings): string | undefined {
  if (activity.channelId !== 'msteams') return 'it does not come from Teams';
  const tenants = tenantsOf(activity);
  if (tenants.length === 0) return 'it names no tenant';
  if (tenants.some((tenant) => tenant !== settings.tenantId.toLowerCase())) return 'it comes from another tenant';
  return isServiceUrl(activity.serviceUrl, settings) ? undefined : 'its service address is no https address';
}

/** What botbuilder throws where a token is not proven; anything else means that it could not be looked at. */
export function isUnproven(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('statusCode' in error) return error.statusCode === 401;
  return /^(JsonWebTokenError|NotBeforeError|TokenExpiredError)$/.test(error.name);
}

function read(part: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
