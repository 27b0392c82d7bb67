import type { Run } from '../../src/core/checks/run.ts';
import { causeName } from '../../src/core/rows/explain-check.ts';
import type { Noise } from '../../src/core/rows/result.ts';
import type { KeptRows, RowStore, RunStore } from '../../src/core/store.ts';
import type { Undo } from './undo.ts';

/** Runs in plain memory. */
export function runStore(runs: Map<string, Run>, undo: Undo): RunStore {
  const newestFirst = (): Run[] =>
    [...runs.values()].sort(
      (one, other) => other.startedAt.localeCompare(one.startedAt) || other.id.localeCompare(one.id),
    );
  return {
    save: async (run) => {
      const stored = runs.get(run.id)?.state ?? 'held';
      if (stored !== 'held') throw new Error(`run ${run.id} is stored as "${stored}" and never changes`);
      undo.set(runs, run.id, run);
    },
    find: async (id) => runs.get(id),
    findBySlot: async (slot) => [...runs.values()].find((run) => run.slot === slot),
    list: async ({ limit, scheduled, before }) =>
      newestFirst()
        .filter((run) => scheduled === undefined || (run.slot !== null) === scheduled)
        .filter((run) => before === undefined || run.startedAt < before)
        .slice(0, limit),
    history: async (check, limit) =>
      newestFirst()
        .filter((run) => run.checks.some((one) => one.check === check))
        .slice(0, limit)
        .map((run) => ({
          run,
          findings: run.checks.filter((one) => one.check === check).flatMap(({ findings }) => findings),
        })),
    rowsOf: async (comparison) =>
      [...runs.values()]
        .sort((one, other) => other.startedAt.localeCompare(one.startedAt) || other.id.localeCompare(one.id))
        .flatMap(({ comparisons }) => comparisons)
        .find((one) => one.comparison === comparison && one.verdict !== 'error')?.rows,
    hiddenCauses: async (check) =>
      new Set(
        [...runs.values()]
          .flatMap(({ comparisons }) => comparisons.flatMap(({ explanations }) => explanations))
          .filter((one) => one.check === check)
          .flatMap(({ parts }) => parts.filter(({ suppressed }) => suppressed).map(causeName)),
      ),
    suppressedKeys: async (check) =>
      new Set(
        [...runs.values()].flatMap((run) =>
          run.checks
            .filter((one) => one.check === check)
            .flatMap(({ findings }) => findings.filter(({ suppressed }) => suppressed).map(({ key }) => key)),
        ),
      ),
  };
}

/** Rows that did not agree, and noise, in plain memory. */
export function rowStore(all: Map<string, KeptRows>, noises: Map<string, Noise>, undo: Undo): RowStore {
  const nameOf = (run: string, comparison: string): string => JSON.stringify([run, comparison]);
  return {
    keep: async (rows, now) => {
      for (const [name, { until }] of all) if (Date.parse(until) <= now.getTime()) undo.delete(all, name);
      undo.set(all, nameOf(rows.run, rows.comparison), structuredClone(rows));
    },
    saveNoise: async (comparison, noise) => undo.set(noises, comparison, new Map(noise)),
    noise: async (comparison) => noises.get(comparison),
    find: async (run, comparison, now) => {
      const found = all.get(nameOf(run, comparison));
      return found !== undefined && Date.parse(found.until) > now.getTime() ? found.differences : undefined;
    },
  };
}
