import { z } from 'zod';
import type { IncomingActivity } from './activity.ts';
import { tenantsOf } from './payload.ts';
import { isServiceUrl, publicCloud, type TeamsSettings } from './settings.ts';

const header = z.object({ alg: z.enum(['RS256', 'RS384', 'RS512']), kid: z.string().min(1) });
const claims = z.object({ iss: z.string() });

/**
 * Whether the token of a request can be Microsoft's for bots at all; botbuilder then proves it. Looked at first because
 * botbuilder lets other tokens in by other doors (its emulator, skills), and learns issuers from tokens that nobody proved.
 */
export function isFromIssuer(authorization: string, settings: TeamsSettings): boolean {
  const [, ...parts] = /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(authorization) ?? [];
  const { issuer } = settings.endpoints ?? publicCloud;
  return header.safeParse(read(parts[0])).success && claims.safeParse(read(parts[1])).data?.iss === issuer;
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
