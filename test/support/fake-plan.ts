import type { Baseline, Reading } from '../../src/core/metrics/reading.ts';
import type { StartDate } from '../../src/core/phases/start-date.ts';
import type { TaskChange } from '../../src/core/phases/task-change.ts';
import type { MetricStore, StartDateStore, TaskStore } from '../../src/core/record-stores.ts';
import type { Undo } from './undo.ts';

/** Start dates in plain memory. */
export function startDateStore(all: Map<number, StartDate>, undo: Undo): StartDateStore {
  return {
    newest: async () => all.get(all.size),
    add: async (date) => {
      if (all.has(date.number)) return false;
      undo.set(all, date.number, structuredClone(date));
      return true;
    },
  };
}

/** What was done about tasks, in plain memory. */
export function taskStore(all: Map<string, TaskChange>, undo: Undo): TaskStore {
  const nameOf = (task: string, number: number): string => JSON.stringify([task, number]);
  return {
    history: async (task) => [...all.values()].filter((change) => change.task === task),
    latest: async () => [...all.values()].filter(({ task, number }) => !all.has(nameOf(task, number + 1))),
    add: async (change) => {
      const name = nameOf(change.task, change.number);
      if (all.has(name)) return false;
      undo.set(all, name, structuredClone(change));
      return true;
    },
  };
}

/** Readings and baselines of metrics in plain memory. */
export function metricStore(all: Map<string, Reading>, baselines: Map<string, Baseline>, undo: Undo): MetricStore {
  return {
    add: async (reading) => {
      if (all.has(reading.key)) return false;
      undo.set(all, reading.key, structuredClone(reading));
      return true;
    },
    find: async (key) => all.get(key),
    newest: async (metric, limit) =>
      [...all.values()]
        .filter((reading) => reading.metric === metric)
        .toReversed()
        .sort((one, other) => other.measuredAt.localeCompare(one.measuredAt))
        .slice(0, limit),
    acceptBaseline: async (baseline) => {
      if (baselines.has(baseline.reading.key)) return false;
      undo.set(baselines, baseline.reading.key, structuredClone(baseline));
      return true;
    },
    baseline: async (metric) => [...baselines.values()].filter(({ reading }) => reading.metric === metric).at(-1),
  };
}
