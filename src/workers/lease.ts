import type { Log } from '../core/log.ts';
import { leaseMilliseconds } from '../core/store.ts';

/** Another process took over what this one had in hand; what it did in its transaction is rolled back. */
export class LeaseLostError extends Error {
  constructor(what: string) {
    super(`${what} was taken over by another process`);
    this.name = 'LeaseLostError';
  }
}

/**
 * Extends a lease while the work goes on. `lost` fires when it is known to be somebody else's; a database that does not
 * answer only means to try again, since the fence protects what is written.
 */
export function keepLease(
  what: string,
  extend: () => Promise<boolean>,
  log: Log,
): { readonly lost: AbortSignal; end(): void } {
  const lost = new AbortController();
  const timer = setInterval(() => {
    extend().then(
      (held) => {
        if (!held) lost.abort(new LeaseLostError(what));
      },
      (error: unknown) => log.warn({ err: error, lease: what }, 'could not extend a lease; trying again'),
    );
  }, leaseMilliseconds / 3);
  return { lost: lost.signal, end: () => clearInterval(timer) };
}
