import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach } from 'mocha';
import type { Slot, Store, Transaction } from '../../src/core/store.ts';

/** Lets everything go on that waits for nothing but its turn: the fake store answers without timers. */
export const settle = (): Promise<void> => setImmediate();

/** One process's way to the database, which can be held up as if the process had stopped, for a while or for ever. */
export interface Connection extends Store {
  hold(): void;
  letGo(): void;
}

export function connect(store: Store): Connection {
  let gate: Promise<void> | undefined;
  let open = (): void => undefined;
  return {
    hold: () => {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    letGo: () => {
      gate = undefined;
      open();
    },
    transaction: async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
      if (gate !== undefined) await gate;
      return store.transaction(work);
    },
    close: () => Promise.resolve(),
  };
}

/** What extends leases, called by hand: the test decides which process still lives when ten seconds have passed. */
export function leaseTimersByHand(): { tenSecondsPass(): Promise<void> } {
  const timers = new Map<object, () => void>();
  const real = { setInterval: globalThis.setInterval, clearInterval: globalThis.clearInterval };
  beforeEach(() => {
    timers.clear();
    globalThis.setInterval = ((work: () => void) => {
      const timer = {};
      timers.set(timer, work);
      return timer;
    }) as unknown as typeof setInterval;
    globalThis.clearInterval = ((timer: object) => timers.delete(timer)) as unknown as typeof clearInterval;
  });
  afterEach(() => Object.assign(globalThis, real));
  return {
    tenSecondsPass: async () => {
      for (const work of timers.values()) work();
      await settle();
    },
  };
}

/** Work that goes on until the test says how it ends, or until it is told to stop. */
export class Work<Result> {
  readonly done: Promise<Result>;
  readonly slot: Slot;
  readonly signal: AbortSignal;
  finish: (result: Result) => void = () => undefined;
  fail: (error: Error) => void = () => undefined;

  constructor(slot: Slot, signal: AbortSignal) {
    this.slot = slot;
    this.signal = signal;
    this.done = new Promise<Result>((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
      signal.addEventListener('abort', () => reject(new Error('told to stop')));
    });
  }
}
