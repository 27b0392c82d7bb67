import { schedule } from 'node-cron';
import type { Log } from '../core/log.ts';
import type { Clock } from '../core/time/clock.ts';

export interface Ticker {
  /** Ticks at once, and then every 15 s. */
  start(): void;
  /** Ticks no more. What the last tick started is for whoever does the work to stop. */
  stop(): Promise<void>;
  readonly lastTick: Date | undefined;
}

export interface TickerOptions {
  /** What every tick starts; may throw: it is logged. A tick that is still at work when the next comes is not doubled. */
  work(): Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const every15Seconds = '*/15 * * * * *';

/** node-cron only ticks; what is due is decided by `dueSlots`, so that a tick that is lost or late loses nothing. */
export function createTicker({ work, clock, log }: TickerOptions): Ticker {
  let lastTick: Date | undefined;
  let inHand: Promise<void> | undefined;
  const tick = async (): Promise<void> => {
    lastTick = clock.now();
    inHand ??= Promise.resolve()
      .then(work)
      .catch((error: unknown) => log.error({ err: error }, 'a tick of the clock failed; the next one tries again'))
      .finally(() => {
        inHand = undefined;
      });
    await inHand;
  };
  let task: ReturnType<typeof schedule> | undefined;
  return {
    start: () => {
      task ??= schedule(every15Seconds, () => void tick(), { name: 'tick', timezone: 'UTC' });
      void tick();
    },
    stop: async () => {
      await task?.destroy();
      task = undefined;
    },
    get lastTick() {
      return lastTick;
    },
  };
}
