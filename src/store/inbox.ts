import { type InboxStore, leaseMilliseconds } from '../core/store.ts';
import type { Request } from '../core/request.ts';
import { toJson, toText } from './json.ts';
import { after, type Query } from './query.ts';

/** A request whose process died this often is given up: it is what kills them. */
const attemptLimit = 10;

export function inboxStore(query: Query): InboxStore {
  const changed = async (sql: string, values: readonly unknown[]): Promise<boolean> =>
    (await query(sql, values)).rowCount === 1;

  return {
    receive: (request) =>
      changed(
        `insert into inbox (id, request, received_at, next_at) values ($1, $2, $3, $3) on conflict (id) do nothing`,
        [toText(request.id), toJson(request), request.receivedAt],
      ),

    async compare(request) {
      const { rows } = await query<{ forgotten: boolean; same: boolean }>(
        `select request = '{}'::jsonb as forgotten,
                request->'form' is not distinct from $2::jsonb->'form'
                and request->'words' is not distinct from $2::jsonb->'words'
                and request->'actor'->'user' is not distinct from $2::jsonb->'actor'->'user' as same
         from inbox where id = $1`,
        [toText(request.id), toJson(request)],
      );
      const [earlier] = rows;
      if (earlier === undefined) return undefined;
      if (earlier.forgotten) return 'forgotten';
      return earlier.same ? 'same' : 'other';
    },

    async claim(now) {
      await query(
        `update inbox set state = 'failed', finished_at = $1
         where state = 'waiting' and attempts >= $2 and (lease_until is null or lease_until <= $1)`,
        [now, attemptLimit],
      );
      const { rows } = await query<{ request: Request; fence: string; attempts: number }>(
        `update inbox set lease_until = $2, fence = fence + 1, attempts = attempts + 1
         where id = (
           select id from inbox
           where state = 'waiting' and next_at <= $1 and (lease_until is null or lease_until <= $1)
           order by received_at, id limit 1 for update skip locked)
         returning request, fence, attempts`,
        [now, after(now, leaseMilliseconds)],
      );
      const row = rows[0];
      return row === undefined ? undefined : { ...row, fence: Number(row.fence) };
    },

    finish: (id, fence, now, { forget } = { forget: false }) =>
      changed(
        `update inbox set state = 'done', finished_at = $3, lease_until = null,
           request = case when $4 then '{}'::jsonb else request end
         where id = $1 and fence = $2 and state = 'waiting'`,
        [id, fence, now, forget],
      ),
    async release(id, fence, nextAt, { counted } = { counted: false }) {
      await query(
        `update inbox set next_at = $3, lease_until = null, attempts = attempts - $4
         where id = $1 and fence = $2 and state = 'waiting'`,
        [id, fence, nextAt, counted ? 0 : 1],
      );
    },
    extend: (id, fence, now) =>
      changed(`update inbox set lease_until = $3 where id = $1 and fence = $2 and state = 'waiting'`, [
        id,
        fence,
        after(now, leaseMilliseconds),
      ]),

    isFinished: (id) => changed(`select from inbox where id = $1 and state = 'done'`, [id]),

    async gauges(now) {
      const { rows } = await query<{ waiting: number; oldest: Date | null; failed: number }>(
        `select count(*) filter (where state = 'waiting')::int as waiting,
                min(received_at) filter (where state = 'waiting') as oldest,
                count(*) filter (where state = 'failed')::int as failed
         from inbox where state <> 'done'`,
      );
      const { waiting = 0, oldest = null, failed = 0 } = rows[0] ?? {};
      const oldestSeconds = oldest === null ? 0 : Math.max(0, (now.getTime() - oldest.getTime()) / 1000);
      return { waiting, oldestSeconds, failed };
    },
  };
}
