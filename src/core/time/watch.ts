import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';

/**
 * Looks at every tick (15 s) whether what is stored calls for something by now: an acceptance that has expired, a
 * reminder. What is due follows from the state alone, so it is gone when the state is. Every process looks: what it does
 * must hold when two do it at once, by a message's key or a lock.
 */
export interface Watch {
  readonly name: string;
  /** In a transaction of its own. True: something was written. */
  look(tx: Transaction, services: Services): Promise<boolean>;
}
