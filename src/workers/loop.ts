import type { Log } from '../core/log.ts';

export interface LoopOptions {
  readonly name: string;
  /** One round of work; true when there may be more at once. May throw: it is logged and tried again after a pause. */
  round(): Promise<boolean>;
  /** How many rounds may be in hand at once; 1 to 16. */
  readonly concurrency: number;
  /** How often to look for work when there was none. */
  readonly pollMilliseconds: number;
  readonly log: Log;
}

export interface Loops {
  start(): void;
  /** There may be work: look now instead of at the next poll. */
  nudge(): void;
  /** Starts no further round, and resolves when those in hand are over. */
  stop(): Promise<void>;
}

const longestPauseMilliseconds = 5_000;

/**
 * Rounds of work until stopped. One loop polls; the others sleep long and are woken when there is work, so that an idle
 * process asks its database little.
 */
export function createLoops(options: LoopOptions): Loops {
  const wakeAll = (): void => {
    for (const loop of loops) loop.nudge();
  };
  const round = async (): Promise<boolean> => {
    const more = await options.round();
    if (more) wakeAll();
    return more;
  };
  const loops = Array.from(
    { length: options.concurrency },
    (_, index) =>
      new Loop({
        ...options,
        round,
        pollMilliseconds: index === 0 ? options.pollMilliseconds : longestPauseMilliseconds,
      }),
  );
  return {
    start: () => {
      for (const loop of loops) loop.start();
    },
    nudge: wakeAll,
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

class Loop {
  readonly #options: Omit<LoopOptions, 'concurrency'>;
  #running: Promise<void> | undefined;
  #stopping = false;
  #nudged = false;
  #wake: (() => void) | undefined;

  constructor(options: Omit<LoopOptions, 'concurrency'>) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { round, pollMilliseconds, log, name } = this.#options;
    let failures = 0;
    while (!this.#stopping) {
      this.#nudged = false;
      let pause: number;
      try {
        pause = (await round()) ? 0 : pollMilliseconds;
        failures = 0;
      } catch (error) {
        failures += 1;
        pause = Math.min(longestPauseMilliseconds, pollMilliseconds * 2 ** Math.min(failures, 10));
        log.error({ err: error, loop: name, failures }, 'a round of work failed; trying again');
      }
      if (pause > 0) await this.#rest(pause, failures > 0);
    }
  }

  /** A failing loop is deaf to nudges: its pause is what keeps it from hammering a database that is down. */
  async #rest(milliseconds: number, deaf: boolean): Promise<void> {
    if (this.#stopping || (this.#nudged && !deaf)) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        if (deaf && !this.#stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
