import { leaseMilliseconds, type SlotStore } from '../../src/core/store.ts';
import { type Leased, take } from './fake-leases.ts';
import { free, type Undo } from './undo.ts';

export interface SlotRow extends Leased {
  readonly name: string;
  readonly at: string;
  state: 'due' | 'done' | 'missed';
  finishedAt: string | null;
}

/** `due` and `last` are there to be quick over years of slots. */
export interface SlotState {
  readonly all: Map<string, SlotRow>;
  readonly due: Map<string, SlotRow>;
  readonly last: Map<string, string>;
  readonly watched: Map<string, string>;
}

/** Due times in plain memory. */
export function slotStore({ all, due, last, watched }: SlotState, undo: Undo): SlotStore {
  const held = (slot: { name: string; at: string }, fence: number): SlotRow | undefined => {
    const row = due.get(`${slot.name} ${slot.at}`);
    return row?.fence === fence ? undo.change(row) : undefined;
  };
  return {
    last: async (name) => last.get(name),
    watchedSince: async (name, now) => {
      const since = watched.get(name);
      if (since === undefined) undo.set(watched, name, now.toISOString());
      return since;
    },
    plan: async (planned) => {
      for (const { name, at, missed } of planned) {
        const key = `${name} ${at}`;
        if (all.has(key)) continue;
        const lease = { nextAt: Date.parse(at), leaseUntil: null, fence: 0, attempts: 0 };
        const row: SlotRow = { name, at, state: missed ? 'missed' : 'due', finishedAt: null, ...lease };
        undo.set(all, key, row);
        if (!missed) undo.set(due, key, row);
        if (at > (last.get(name) ?? '')) undo.set(last, name, at);
      }
    },
    claim: async (names, now) => {
      let row: SlotRow | undefined;
      for (const one of due.values()) {
        if (!names.includes(one.name) || one.nextAt > now.getTime() || !free(one, now)) continue;
        if (row === undefined || one.at < row.at || (one.at === row.at && one.name < row.name)) row = one;
      }
      if (row === undefined) return undefined;
      take(undo.change(row), now);
      return { slot: { name: row.name, at: row.at }, fence: row.fence, attempts: row.attempts };
    },
    finish: async (slot, fence, now) => {
      const row = held(slot, fence);
      if (row === undefined) return false;
      row.state = 'done';
      row.finishedAt = now.toISOString();
      row.leaseUntil = null;
      undo.delete(due, `${slot.name} ${slot.at}`);
      return true;
    },
    again: async (slot, fence, nextAt, attempts) => {
      const row = held(slot, fence);
      if (row === undefined) return false;
      row.attempts = attempts ?? row.attempts;
      row.nextAt = nextAt.getTime();
      row.leaseUntil = null;
      return true;
    },
    extend: async (slot, fence, now) => {
      const row = held(slot, fence);
      if (row === undefined) return false;
      row.leaseUntil = now.getTime() + leaseMilliseconds;
      return true;
    },
    list: async (name, since) =>
      [...all.values()]
        .filter((row) => row.name === name && Date.parse(row.at) >= since.getTime())
        .sort((one, other) => (one.at < other.at ? -1 : 1))
        .map(({ at, state, finishedAt }) => ({ slot: { name, at }, state, finishedAt })),
  };
}
