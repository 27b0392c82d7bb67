import type { Arguments } from './arguments.ts';

/** https://docs.slack.dev/apis/web-api/rate-limits: posts are about one a second and channel, with short bursts. */
export interface RateLimit {
  /** Seconds until the call would be taken; undefined when it is now. */
  retryAfter(method: string, body: Arguments): number | undefined;
}

const burst = 3;

/** @param clock real milliseconds, of any origin; for tests */
export function createRateLimit(on: boolean, clock: () => number = () => performance.now()): RateLimit {
  const buckets = new Map<string, { left: number; at: number }>();
  return {
    retryAfter: (method, body) => {
      if (!on || method !== 'chat.postMessage') return undefined;
      const channel = body.text('channel') ?? '';
      const now = clock();
      const before = buckets.get(channel) ?? { left: burst, at: now };
      const left = Math.min(burst, before.left + (now - before.at) / 1_000);
      buckets.set(channel, { left: left < 1 ? left : left - 1, at: now });
      return left < 1 ? 1 : undefined;
    },
  };
}
