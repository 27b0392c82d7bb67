import { leaseMilliseconds, type SlotStore } from '../core/store.ts';
import { after, iso, isoOrNull, type Query } from './query.ts';

export function slotStore(query: Query): SlotStore {
  const changed = async (sql: string, values: readonly unknown[]): Promise<boolean> =>
    (await query(sql, values)).rowCount === 1;

  return {
    async last(name) {
      const { rows } = await query<{ at: Date | null }>('select max(at) as at from schedule_slots where name = $1', [
        name,
      ]);
      return isoOrNull(rows[0]?.at ?? null) ?? undefined;
    },

    async watchedSince(name, now) {
      const { rows } = await query<{ since: Date }>('select since from schedule_watches where name = $1', [name]);
      if (rows[0] !== undefined) return iso(rows[0].since);
      await query('insert into schedule_watches (name, since) values ($1, $2) on conflict (name) do nothing', [
        name,
        now,
      ]);
      return undefined;
    },

    async plan(slots, now) {
      for (const { name, at, missed } of slots) {
        await query(
          `insert into schedule_slots (name, at, state, next_at, planned_at) values ($1, $2, $3, $2, $4)
           on conflict (name, at) do nothing`,
          [name, at, missed ? 'missed' : 'due', now],
        );
      }
    },

    async claim(names, now) {
      const { rows } = await query<{ name: string; at: Date; fence: string; attempts: number }>(
        `update schedule_slots set lease_until = $3, fence = fence + 1, attempts = attempts + 1
         where (name, at) = (
           select name, at from schedule_slots
           where name = any($1) and state = 'due' and next_at <= $2 and (lease_until is null or lease_until <= $2)
           order by at, name limit 1 for update skip locked)
         returning name, at, fence, attempts`,
        [names, now, after(now, leaseMilliseconds)],
      );
      const row = rows[0];
      if (row === undefined) return undefined;
      return { slot: { name: row.name, at: iso(row.at) }, fence: Number(row.fence), attempts: row.attempts };
    },

    finish: ({ name, at }, fence, now) =>
      changed(
        `update schedule_slots set state = 'done', finished_at = $4, lease_until = null
         where name = $1 and at = $2 and fence = $3 and state = 'due'`,
        [name, at, fence, now],
      ),
    again: ({ name, at }, fence, nextAt, attempts) =>
      changed(
        `update schedule_slots set next_at = $4, lease_until = null, attempts = coalesce($5, attempts)
         where name = $1 and at = $2 and fence = $3 and state = 'due'`,
        [name, at, fence, nextAt, attempts ?? null],
      ),
    extend: ({ name, at }, fence, now) =>
      changed(
        `update schedule_slots set lease_until = $4 where name = $1 and at = $2 and fence = $3 and state = 'due'`,
        [name, at, fence, after(now, leaseMilliseconds)],
      ),

    async list(name, since) {
      const { rows } = await query<{ at: Date; state: 'due' | 'done' | 'missed'; finished_at: Date | null }>(
        'select at, state, finished_at from schedule_slots where name = $1 and at >= $2 order by at',
        [name, since],
      );
      return rows.map(({ at, state, finished_at: finishedAt }) => ({
        slot: { name, at: iso(at) },
        state,
        finishedAt: isoOrNull(finishedAt),
      }));
    },
  };
}
