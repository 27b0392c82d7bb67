/** The one source of "now". Tests and the simulator set it; nothing in the core asks the system for the time. */
export interface Clock {
  now(): Date;
}

/** Resolves after so many milliseconds; rejects when the signal fires. */
export type Wait = (milliseconds: number, signal: AbortSignal) => Promise<void>;
