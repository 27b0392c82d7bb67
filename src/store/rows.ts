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

    async find(run, comparison, now) {
      const { rows } = await query<{ differences: readonly RowDifference[] }>(
        'select differences from differing_rows where run_id = $1 and comparison = $2 and until > $3',
        [run, comparison, now],
      );
      return rows[0]?.differences;
    },
  };
}
