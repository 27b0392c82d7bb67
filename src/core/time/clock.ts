/** The one source of "now". Tests and the simulator set it; nothing in the core asks the system for the time. */
export interface Clock {
  now(): Date;
}
