/** Lets `perMinute` through in a minute, as many at once; then one whenever its share of the minute is over. */
export function createTokenBucket(perMinute: number, now: () => Date) {
  const perToken = 60_000 / perMinute;
  let tokens = perMinute;
  let last = now().getTime();
  return {
    /** 0: go on. Otherwise the whole seconds to wait. */
    take(): number {
      const moment = now().getTime();
      // A clock that was set back gives nothing and takes nothing.
      tokens = Math.min(perMinute, tokens + Math.max(0, moment - last) / perToken);
      last = moment;
      if (tokens < 1) return Math.max(1, Math.ceil(((1 - tokens) * perToken) / 1_000));
      tokens -= 1;
      return 0;
    },
  };
}
