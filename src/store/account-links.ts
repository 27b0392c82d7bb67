import type { AccountLinkStore } from '../core/record-stores.ts';
import { iso, type Query } from './query.ts';

export function accountLinkStore(query: Query): AccountLinkStore {
  return {
    async all() {
      const { rows } = await query<{ account: string; person: string; name: string }>(
        'select account, person, name from account_links order by linked_at, account',
      );
      return rows;
    },
    async offer({ hash, account, name, expiresAt }) {
      await query('insert into link_codes (hash, account, name, expires_at) values ($1, $2, $3, $4)', [
        hash,
        account,
        name,
        expiresAt,
      ]);
    },
    async offered(hash) {
      const { rows } = await query<{ account: string; name: string; expires_at: Date }>(
        'select account, name, expires_at from link_codes where hash = $1 and used_at is null for update',
        [hash],
      );
      const [row] = rows;
      return row === undefined
        ? undefined
        : { hash, account: row.account, name: row.name, expiresAt: iso(row.expires_at) };
    },
    async link(hash, person, at) {
      await query('update link_codes set used_at = $2 where hash = $1', [hash, at]);
      const { rowCount } = await query(
        `insert into account_links (account, person, name, linked_at)
         select account, $2, name, $3 from link_codes where hash = $1 on conflict (account) do nothing`,
        [hash, person, at],
      );
      return rowCount === 1;
    },
  };
}
