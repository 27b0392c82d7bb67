import type { Acknowledgement, Delivery } from './types.ts';

/** Slack's longest wait for an acknowledgement. */
export const acknowledgeMilliseconds = 3_000;
/** Timers fire a little late. */
const timerSlack = 50;
/** How often something that was not acknowledged is sent again. */
export const maxRetries = 3;

/** The way to the app: Socket Mode or signed HTTP posts. */
export interface Transport {
  /**
   * Resolves when the app acknowledged, or when Slack's wait is over; what was not acknowledged is sent again meanwhile and afterwards.
   * @param retry whether this is a later attempt already, for duplicates.
   */
  deliver(delivery: Delivery, retry?: boolean): Promise<Acknowledgement>;
}

/** An acknowledgement that may come late, or never. */
export class Awaited {
  readonly #began = performance.now();
  readonly #limit: number;
  readonly #listeners = new Set<() => void>();
  #body: unknown;
  #done = false;

  /** @param limit milliseconds within which the acknowledgement must come to count */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get done(): boolean {
    return this.#done;
  }

  acknowledge(body: unknown): void {
    if (this.#done) return;
    this.#done = true;
    this.#body = body;
    for (const listener of this.#listeners) listener();
  }

  /** Resolves when it came, when the time is over, or when `until` settles. */
  async wait(milliseconds: number, until?: Promise<unknown>): Promise<void> {
    if (this.#done) return;
    let stop = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      stop = resolve;
    });
    const timer = setTimeout(stop, milliseconds);
    this.#listeners.add(stop);
    await Promise.race([over, ...(until === undefined ? [] : [until])]);
    clearTimeout(timer);
    this.#listeners.delete(stop);
  }

  result(): Acknowledgement {
    const milliseconds = performance.now() - this.#began;
    const inTime = this.#done && milliseconds <= this.#limit + timerSlack;
    return {
      acknowledged: inTime,
      milliseconds: Math.round(milliseconds),
      ...(inTime && this.#body !== undefined ? { body: this.#body } : {}),
    };
  }
}
