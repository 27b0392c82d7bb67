import type { RegisterItem } from '../core/registers/register.ts';
import type { RegisterStore } from '../core/record-stores.ts';
import { toJson, toText } from './json.ts';
import type { Query } from './query.ts';

export function registerStore(query: Query): RegisterStore {
  return {
    async items(register) {
      const { rows } = await query<{ register: string; item: string; cells: RegisterItem['cells'] }>(
        'select register, item, cells from register_items where register = $1 and not removed order by number',
        [register],
      );
      return rows;
    },

    async save({ register, item, cells }) {
      await query(
        `insert into register_items (register, item, cells) values ($1, $2, $3)
         on conflict (register, lower(item)) do update set removed = false,
           cells = case when register_items.removed then excluded.cells else register_items.cells || excluded.cells end`,
        [toText(register), toText(item), toJson(cells)],
      );
    },

    async remove(register, item) {
      const { rowCount } = await query(
        'update register_items set removed = true where register = $1 and lower(item) = lower($2) and not removed',
        [register, toText(item)],
      );
      return rowCount === 1;
    },
  };
}
