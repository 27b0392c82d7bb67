import type { IncidentStore } from '../../src/core/record-stores.ts';
import type { Incident } from '../../src/core/triggers/incident.ts';
import type { Undo } from './undo.ts';

/** Incidents in plain memory. */
export function incidentStore(all: Map<number, Incident>, undo: Undo): IncidentStore {
  const find = async (number: number): Promise<Incident | undefined> => all.get(number);
  const newest = (): Incident[] => [...all.values()].toReversed();
  const isOpen = ({ state }: Pick<Incident, 'state'>): boolean => state !== 'cleared';
  return {
    find,
    lock: find,
    lockNewest: async (trigger) => newest().find((one) => one.trigger === trigger),
    open: async () => [...all.values()].filter(isOpen),
    list: async (limit) => newest().slice(0, limit),
    save: async (incident) => {
      const number = 'number' in incident ? incident.number : all.size + 1;
      const taken = [...all.values()].some(
        (other) => other.number !== number && other.trigger === incident.trigger && isOpen(other) && isOpen(incident),
      );
      if (taken) return undefined;
      const saved = structuredClone({ ...incident, number });
      undo.set(all, number, saved);
      return saved;
    },
  };
}
