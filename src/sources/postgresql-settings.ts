import type { WhichRows } from '../core/sources.ts';

/** How the planner is to plan some statements. */
export type Settings = readonly (readonly [name: string, value: string])[];

/**
 * For what groups rows of a whole table. The planner takes an expression of a key for as many groups as there are rows, and
 * would sort them all on disk; what it takes a group's way between processes to cost is for many.
 */
export const tableSettings = [
  ['enable_sort', 'off'],
  ['jit', 'off'],
  ['work_mem', '64MB'],
  ['parallel_setup_cost', '0'],
] as const;

/** The planner takes a range of which it does not know the ends for a ninth of all rows, and might go through all for each. */
const lookupSettings = [...tableSettings, ['enable_seqscan', 'off'], ['enable_material', 'off']] as const;

/** The same rows come first of tables that were filled alike. */
export const firstRowsSettings = [
  ['max_parallel_workers_per_gather', '0'],
  ['synchronize_seqscans', 'off'],
] as const;

export function settingsFor(which: WhichRows): Settings {
  if ('first' in which) return firstRowsSettings;
  return 'ranges' in which && which.ranges.length > 1 ? lookupSettings : tableSettings;
}
