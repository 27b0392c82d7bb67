import type { RowDifference } from '../core/rows/result.ts';
import type { RowStore } from '../core/store.ts';
import { toJson } from './json.ts';
import type { Query } from './query.ts';

export function rowStore(query: Query): RowStore {
  return {
    async keep({ run, comparison, until, differences }, now) {
      await query('delete from differing_rows where until <= $1', [now]);
      await query(
        `insert into differing_rows (run_id, comparison, until, differences) values ($1, $2, $3, $4)
         on conflict (run_id, comparison) do update set until = excluded.until, differences = excluded.differences`,
        [run, comparison, until, toJson(differences)],
      );
    },

    async saveNoise(comparison, noise, now) {
      await query(
        `insert into noise_baselines (comparison, measured_at, columns) values ($1, $2, $3)
         on conflict (comparison) do update set measured_at = excluded.measured_at, columns = excluded.columns`,
        [comparison, now, toJson(Object.fromEntries(noise))],
      );
    },

    async noise(comparison) {
      const { rows } = await query<{ columns: Record<string, number> }>(
        'select columns from noise_baselines where comparison = $1',
        [comparison],
      );
      return rows[0] === undefined ? undefined : new Map(Object.entries(rows[0].columns));
    },

    async find(run, comparison, now) {
      const { rows } = await query<{ differences: readonly RowDifference[] }>(
        'select differences from differing_rows where run_id = $1 and comparison = $2 and until > $3',
        [run, comparison, now],
      );
      return rows[0]?.differences;
    },
  };
}
