import type { WhichRows, Within } from '../core/sources.ts';
import { firstAsked } from './hash-sql.ts';
import type { PostgresqlSession } from './postgresql-session.ts';

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
const firstRowsSettings = [
  ['max_parallel_workers_per_gather', '0'],
  ['synchronize_seqscans', 'off'],
] as const;

/** The planner expects many more rows than there are, for which it would compile the query. */
const someRowsSettings = [['jit', 'off']] as const;

/** For rows that are read in order. */
export function settingsToRead(within: Within | undefined): Settings {
  if (within === undefined) return [];
  return firstAsked(within) === undefined ? someRowsSettings : firstRowsSettings;
}

/** For rows that are hashed. */
export function settingsFor(which: WhichRows): Settings {
  if ('first' in which) return firstRowsSettings;
  return 'ranges' in which && which.ranges.length > 1 ? lookupSettings : tableSettings;
}

/** Answers what sets them back, once what they are for is done; in a session that is closed by then, nothing is. */
export async function setFor(session: PostgresqlSession, settings: Settings): Promise<() => Promise<void>> {
  if (settings.length === 0) return () => Promise.resolve();
  const set = (values: readonly string[]) =>
    session.ask(
      `SELECT ${settings
        .map(([name], index) => `current_setting('${name}'), set_config('${name}', '${values[index] ?? ''}', true)`)
        .join(', ')}`,
    );
  const { rows } = await set(settings.map(([, value]) => value));
  const before = settings.map((_, index) => rows[0]?.[2 * index] ?? '');
  return async () => {
    if (session.isOpen) await set(before);
  };
}
