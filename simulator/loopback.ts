import type { IncomingHttpHeaders } from 'node:http';

/**
 * Why a request is not taken: it was sent to another name (DNS rebinding), or a browser sent it from another site.
 * Undefined when it is taken.
 */
export function refusalOfBrowser(headers: IncomingHttpHeaders, own: URL): string | undefined {
  const names = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${own.port}`);
  if (!names.includes(headers.host ?? '')) {
    return `This is the simulator at ${own.origin}: open it by that address, not as "${headers.host ?? ''}".`;
  }
  const { origin } = headers;
  if (origin !== undefined && !names.includes(origin.replace(/^http:\/\//, ''))) {
    return 'The simulator takes nothing from pages of other sites.';
  }
  const site = headers['sec-fetch-site'];
  const isNavigation = headers['sec-fetch-mode'] === 'navigate';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isNavigation) {
    return 'The simulator takes nothing from pages of other sites.';
  }
  return undefined;
}
