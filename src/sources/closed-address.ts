import type { ClosedProbe, ProbeFinding } from '../core/probes/probe.ts';

const timeoutMilliseconds = 10_000;

/** What a server says to people who may not come in, or while it takes nobody in. */
const turnedAway = new Set([401, 403, 404, 410, 451, 503]);

/**
 * Asks a web address, once and without following it elsewhere. An answer that turns people away passes and a page fails;
 * an address that can't be reached shows nothing: it may as well be misspelt.
 */
export async function probeClosed({ url }: ClosedProbe, signal: AbortSignal): Promise<ProbeFinding> {
  const { address, headers } = withoutCredentials(url);
  try {
    const response = await fetch(address, {
      redirect: 'manual',
      headers,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]),
    });
    await response.body?.cancel();
    const answered = `${address.host} answered with HTTP ${response.status}`;
    if (turnedAway.has(response.status)) return { verdict: 'pass', said: `Nobody gets in: ${answered}` };
    if (response.ok) return { verdict: 'fail', said: `People still get in: ${answered}` };
    return { verdict: 'unknown', said: `Nothing is shown by it: ${answered}` };
  } catch (error) {
    return { verdict: 'unknown', said: `Nothing is shown by it: ${address.host} can't be reached (${codeOf(error)})` };
  }
}

/** `fetch` takes no credentials in an address, and none must get into what is said. */
function withoutCredentials(url: string): { readonly address: URL; readonly headers: Record<string, string> } {
  const address = new URL(url);
  const [user, password] = [address.username, address.password].map(decodeURIComponent);
  address.username = '';
  address.password = '';
  const basic = Buffer.from(`${user}:${password}`).toString('base64');
  return { address, headers: user === '' ? {} : { authorization: `Basic ${basic}` } };
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer in time';
}
