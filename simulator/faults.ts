import type { Fault, FaultRule } from './types.ts';

/** The rules of what goes wrong, in the order in which they were given. */
export interface Faults {
  inject(rule: FaultRule): void;
  clear(): void;
  /** The fault that this call meets, which uses up one of the rule's times. */
  next(method: string): Fault | undefined;
}

export function createFaults(seed: number): Faults {
  const random = createRandom(seed);
  let rules: (FaultRule & { left: number })[] = [];
  return {
    inject: (rule) => {
      rules.push({ ...rule, left: rule.times ?? 1 });
    },
    clear: () => {
      rules = [];
    },
    next: (method) => {
      for (const rule of rules) {
        if (rule.left <= 0 || (rule.method !== '*' && rule.method !== method)) continue;
        if ((rule.probability ?? 1) < 1 && random() >= (rule.probability ?? 1)) continue;
        rule.left -= 1;
        return rule.fault;
      }
      return undefined;
    },
  };
}

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
