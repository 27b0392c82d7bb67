import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { readonly type: 'minor' }) => void;

let collect: Collect | undefined;

/**
 * Collects what became garbage lately, a millisecond or so: for objects that hold much memory that the process does not know
 * of, of which it would let hundreds of megabytes gather.
 */
export function collectYoung(): void {
  if (collect === undefined) {
    // Only this context is to have it.
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
    setFlagsFromString('--no-expose-gc');
  }
  collect({ type: 'minor' });
}
