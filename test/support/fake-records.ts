import type { Checkpoint } from '../../src/core/checkpoints/checkpoint.ts';
import type {
  CheckpointStore,
  DiscrepancyStore,
  FeedbackStore,
  LessonStore,
  RegisterStore,
  SurveyStore,
  WaiverStore,
} from '../../src/core/record-stores.ts';
import { activeStates, type Discrepancy, type DiscrepancyEntry } from '../../src/core/records/discrepancy.ts';
import type { Lesson } from '../../src/core/records/lesson.ts';
import type { Undo } from './undo.ts';

/** Discrepancies, with their history, in plain memory. */
export function discrepancyStore(
  all: Map<string, Discrepancy>,
  entries: Map<string, DiscrepancyEntry>,
  undo: Undo,
): DiscrepancyStore {
  const find = async (number: number): Promise<Discrepancy | undefined> => all.get(String(number));
  return {
    of: async (checks) => [...all.values()].filter(({ measured }) => checks.includes(measured?.check ?? '')),
    active: async () =>
      [...all.values()]
        .filter(({ state }) => activeStates.includes(state))
        .sort((one, other) => one.openedAt.localeCompare(other.openedAt)),
    list: async (limit) => [...all.values()].toReversed().slice(0, limit),
    find,
    lock: find,
    save: async (changed) => {
      let last = all.size;
      const saved = changed.map((one): Discrepancy => ({ ...one, number: one.number ?? (last += 1) }));
      for (const one of saved) undo.set(all, String(one.number), structuredClone(one));
      return saved;
    },
    addEntry: async (entry) => undo.set(entries, String(entries.size), structuredClone(entry)),
    entries: async (number, limit) =>
      [...entries.values()]
        .filter((entry) => entry.number === number)
        .toReversed()
        .slice(0, limit),
  };
}

/** Lessons in plain memory. */
export function lessonStore(all: Map<string, Lesson>, undo: Undo): LessonStore {
  return {
    add: async (lesson) => {
      const kept = structuredClone({ ...lesson, number: all.size + 1, done: null });
      undo.set(all, String(kept.number), kept);
      return kept;
    },
    finish: async (number, done) => {
      const before = all.get(String(number));
      if (before === undefined || before.done !== null) return false;
      undo.set(all, String(number), { ...before, done });
      return true;
    },
    list: async (limit) =>
      [...all.values()]
        .toReversed()
        .sort((one, other) => other.date.localeCompare(one.date))
        .slice(0, limit),
  };
}

/** Checkpoints in plain memory. */
export function checkpointStore(all: Map<string, Checkpoint>, undo: Undo): CheckpointStore {
  return {
    open: async (one) => {
      if (all.has(one.date)) return false;
      undo.set(all, one.date, structuredClone(one));
      return true;
    },
    lock: async (date) => all.get(date),
    save: async ({ date, minutes, missedAt }) => {
      const before = all.get(date);
      if (before !== undefined) undo.set(all, date, { ...before, minutes, missedAt });
    },
    list: async (limit) =>
      [...all.values()].toSorted((one, other) => other.date.localeCompare(one.date)).slice(0, limit),
  };
}

/** What no test of workers or schedules needs: there is none to list, and none can be kept. */
export const notHere = new Proxy({} as SurveyStore & RegisterStore & WaiverStore & FeedbackStore, {
  get: (_target, name) => () =>
    name === 'list'
      ? Promise.resolve([])
      : Promise.reject(new Error('the store of the tests has no surveys and no registers')),
});
