import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isServiceUrl, publicCloud, type TeamsSettings } from './settings.ts';

/** The keys by which Microsoft's Bot Connector signs, as it publishes them. */
export interface Keys {
  /** Undefined where no key of that name is published. Rejects where the keys can't be had. */
  find(kid: string): Promise<KeyObject | undefined>;
}

const openIdMetadata = z.looseObject({ jwks_uri: z.string() });
/** Keys of other kinds have other parts. */
const none = { kty: '', n: '', e: '' };
const keySet = z.looseObject({
  keys: z.array(
    z.looseObject({ kty: z.string(), kid: z.string().optional(), n: z.string(), e: z.string() }).catch(none),
  ),
});

const askMilliseconds = 5_000;
const keptMilliseconds = 24 * 3_600_000;
/** A name that nobody published costs no more than one question in so long, whoever sends it. */
const askedAgainMilliseconds = 3_600_000;

/** Asks for the keys when the first is needed, once a day from then on, and for new ones where a token names one. */
export function createKeys(settings: TeamsSettings, now: () => Date): Keys {
  const { openIdMetadataUrl } = settings.endpoints ?? publicCloud;
  let known = new Map<string, KeyObject>();
  let askedAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;

  const ask = async (): Promise<void> => {
    const { jwks_uri: address } = openIdMetadata.parse(await read(openIdMetadataUrl));
    if (!isServiceUrl(address, settings)) throw new Error('The address of the keys is no https address.');
    const { keys } = keySet.parse(await read(address));
    known = new Map(
      keys.flatMap(({ kty, kid, n, e }) =>
        kty === 'RSA' && kid !== undefined ? [[kid, createPublicKey({ key: { kty, n, e }, format: 'jwk' })]] : [],
      ),
    );
    askedAt = now().getTime();
  };
  const refresh = (): Promise<void> => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    find: async (kid) => {
      const age = now().getTime() - askedAt;
      if (age > keptMilliseconds || (!known.has(kid) && age > askedAgainMilliseconds)) await refresh();
      return known.get(kid);
    },
  };
}

async function read(address: string): Promise<unknown> {
  const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(askMilliseconds) });
  if (!response.ok) throw new Error(`${new URL(address).host} answered with HTTP ${response.status}.`);
  return response.json();
}
