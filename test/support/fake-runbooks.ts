import type { RunbookStore } from '../../src/core/record-stores.ts';
import { isOpen, type Runbook } from '../../src/core/runbooks/runbook.ts';
import type { Undo } from './undo.ts';

/** Runbooks in plain memory. */
export function runbookStore(all: Map<number, Runbook>, undo: Undo): RunbookStore {
  const find = async (number: number): Promise<Runbook | undefined> => all.get(number);
  return {
    find,
    lock: find,
    open: async () => [...all.values()].filter(isOpen),
    list: async (limit) => [...all.values()].toReversed().slice(0, limit),
    start: async (one) => {
      const same = (other: Runbook): boolean =>
        other.name === one.name && (other.rehearsal === null) === (one.rehearsal === null);
      if ([...all.values()].some((other) => isOpen(other) && same(other))) return undefined;
      const started = structuredClone({ ...one, number: all.size + 1 });
      undo.set(all, started.number, started);
      return started;
    },
    save: async (one) => {
      const before = all.get(one.number);
      if (before === undefined || !isOpen(before)) throw new Error(`runbook ${one.number} has ended`);
      undo.set(all, one.number, structuredClone(one));
    },
  };
}
