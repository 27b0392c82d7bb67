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
  /**
   * What every tick starts, each beside the others; may throw: it is logged. One that is still at work when the next tick
   * comes is not doubled, and keeps none of the others waiting.
   */
  readonly works: readonly (() => Promise<void>)[];
  readonly clock: Clock;
  readonly log: Log;
}

const every15Seconds = '*/15 * * * * *';

/** node-cron only ticks; what is due is decided by `dueSlots`, so that a tick that is lost or late loses nothing. */
export function createTicker({ works, clock, log }: TickerOptions): Ticker {
  let lastTick: Date | undefined;
  const inHand = new Set<() => Promise<void>>();
  const start = async (work: () => Promise<void>): Promise<void> => {
    if (inHand.has(work)) return;
    inHand.add(work);
    try {
      await work();
    } catch (error) {
      log.error({ err: error }, 'a tick of the clock failed; the next one tries again');
    } finally {
      inHand.delete(work);
    }
  };
  const tick = (): void => {
    lastTick = clock.now();
    for (const work of works) void start(work);
  };
  let task: ReturnType<typeof schedule> | undefined;
  return {
    start: () => {
      task ??= schedule(every15Seconds, tick, { name: 'tick', timezone: 'UTC' });
      tick();
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
