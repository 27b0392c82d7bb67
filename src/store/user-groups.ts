import type { UserGroupStore } from '../core/record-stores.ts';
import type { Query } from './query.ts';

export function userGroupStore(query: Query): UserGroupStore {
  return {
    async all() {
      const { rows } = await query<{ name: string; members: string[] }>(
        'select name, members from user_groups order by name',
      );
      return Object.fromEntries(rows.map(({ name, members }) => [name, members]));
    },
    async save(name, members, at) {
      const { rowCount } = await query(
        `insert into user_groups (name, members, read_at) values ($1, $2, $3)
         on conflict (name) do update set members = excluded.members, read_at = excluded.read_at
         where user_groups.members <> excluded.members`,
        [name, members, at],
      );
      return rowCount === 1;
    },
  };
}
