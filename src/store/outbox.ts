import { afterOutcome } from '../core/messages/after-outcome.ts';
import type { Message } from '../core/messages/message.ts';
import { copiesOf } from '../core/messages/place.ts';
import type { Place } from '../core/request.ts';
import type { OutboxStore } from '../core/store.ts';
import { toJson, toText } from './json.ts';
import { apply, claimIn, endWithParent } from './outbox-lane.ts';
import { type Row, toOutboxRow } from './outbox-row.ts';
import { iso, type Query } from './query.ts';

/** One message in flight a lane: a channel, or one person's private replies and Home. */
function laneOf({ platform, channel, visibility }: Place): string {
  return visibility === 'home' ? `${platform}/home/${channel}` : `${platform}/${visibility}/${channel}`;
}

/** False where its key was taken already. */
async function insert(query: Query, message: Message, now: Date): Promise<boolean> {
  const lane = laneOf(message.place);
  const { platform, channel, visibility, responseUrl } = message.place;
  const parent = message.parent === undefined ? null : toText(message.parent);
  await query('insert into outbox_platforms (platform) values ($1) on conflict do nothing', [platform]);
  await query('insert into outbox_lanes (lane, platform) values ($1, $2) on conflict do nothing', [lane, platform]);
  const { rowCount } = await query(
    `insert into outbox (key, subject, lane, platform, channel, visibility, response_url, parent, content, next_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) on conflict (key) do nothing`,
    [
      toText(message.key),
      toText(message.subject),
      lane,
      platform,
      channel,
      visibility,
      responseUrl ?? null,
      parent,
      toJson(message.content),
      now,
    ],
  );
  if (rowCount === 1 && parent !== null) await endWithParent(query, parent);
  return rowCount === 1;
}

export function outboxStore(query: Query): OutboxStore {
  return {
    async post(message, now) {
      if (!(await insert(query, message, now))) return false;
      for (const copy of copiesOf(message)) {
        // A channel that the playbook named only after the parent was posted has no thread to stand in.
        const known =
          copy.parent === undefined ? undefined : await query('select from outbox where key = $1', [copy.parent]);
        if (known?.rowCount !== 0) await insert(query, copy, now);
      }
      return true;
    },

    async change(subject, card, now) {
      await query(
        `update outbox set content = $2, version = version + 1, state = 'pending',
           attempts = case when state = 'pending' then attempts else 0 end,
           next_at = case when state = 'pending' then next_at else $3 end
         where subject = $1 and content->>'kind' = 'card'
           and ((state in ('pending', 'sent') and content is distinct from $2::jsonb)
             or (visibility = 'home' and state not in ('pending', 'sent')))`,
        [toText(subject), toJson({ kind: 'card', card }), now],
      );
    },

    async homes() {
      const { rows } = await query<{ subject: string; platform: string; channel: string }>(
        `select subject, platform, channel from outbox where visibility = 'home' order by id`,
      );
      return rows.map(({ subject, platform, channel }) => ({ subject, person: `${platform}:${channel}` }));
    },

    // "No key" locks, here and below, since a post to the lane holds a key lock on it until it commits.
    async claim(platform, now) {
      const candidate = await query<{ lane: string }>(
        `select l.lane from outbox o
         join outbox_lanes l on l.lane = o.lane
         join outbox_platforms p on p.platform = o.platform
         left join outbox parent on parent.key = o.parent
         where o.platform = $1 and o.state = 'pending' and o.next_at <= $2
           and p.stopped_at is null and p.next_at <= $2
           and l.next_at <= $2 and (l.lease_until is null or l.lease_until <= $2)
           and (o.parent is null or parent.external_id is not null)
         order by o.visibility = 'home', o.id limit 1 for no key update of l skip locked`,
        [platform, now],
      );
      const lane = candidate.rows[0]?.lane;
      return lane === undefined ? undefined : claimIn(query, lane, now);
    },

    async settle(claim, outcome, now) {
      const held = await query(
        'select from outbox_lanes where lane = $1 and fence = $2 and lease_until is not null for no key update',
        [claim.lane, claim.fence],
      );
      if (held.rowCount === 0) return undefined;
      // A reply's reference holds a key lock on its parent until commit, and this one waits for it: whichever of the two
      // comes second sees the other, so that no reply waits for a parent that has ended.
      const { rows } = await query<Row>('select * from outbox where id = $1 for update', [claim.id]);
      const row = rows[0];
      if (row === undefined) return undefined;
      const next = afterOutcome(
        {
          visibility: row.visibility,
          externalId: row.external_id,
          version: claim.version,
          wantedVersion: row.version,
          deliveredVersion: row.delivered_version,
          attempts: row.attempts,
          search: claim.search,
        },
        outcome,
        Math.random(),
      );
      await apply(query, row, next, now);
      return next.state;
    },

    async resume(platform, now) {
      await query(
        'update outbox_platforms set stopped_at = null, stopped_reason = null, next_at = $2 where platform = $1',
        [platform, now],
      );
    },

    async find(key) {
      const { rows } = await query<Row>('select * from outbox where key = $1', [toText(key)]);
      return rows[0] === undefined ? undefined : toOutboxRow(rows[0]);
    },

    async hangingAt(channel, externalId) {
      const { rows } = await query<Row>('select * from outbox where channel = $1 and external_id = $2 limit 1', [
        channel,
        externalId,
      ]);
      return rows[0] === undefined ? undefined : toOutboxRow(rows[0]);
    },

    async list(state, limit) {
      const { rows } = await query<Row>('select * from outbox where state = $1 order by id limit $2', [state, limit]);
      return rows.map(toOutboxRow);
    },

    async unposted(channels, before) {
      const { rows } = await query<Row>(
        `select * from outbox
         where state = 'pending' and external_id is null and parent is null and visibility = 'channel'
           and channel = any($1) and created_at <= $2
         order by id desc limit 100`,
        [channels.map(toText), before],
      );
      return rows.map(toOutboxRow);
    },

    async gauges(now) {
      const { rows } = await query<{ pending: number; dead: number; unknown: number; oldest: Date | null }>(
        `select count(*) filter (where state = 'pending')::int as pending,
                count(*) filter (where state = 'dead' and recent)::int as dead,
                count(*) filter (where state = 'unknown' and recent)::int as unknown,
                min(next_at) filter (where state = 'pending') as oldest
         from (select *, visibility = 'channel' and created_at > $1::timestamptz - interval '7 days' as recent
               from outbox where state in ('pending', 'dead', 'unknown')) as counted`,
        [now],
      );
      const stops = await query<{ platform: string; stopped_reason: string; stopped_at: Date }>(
        'select platform, stopped_reason, stopped_at from outbox_platforms where stopped_at is not null order by platform',
      );
      const { pending = 0, dead = 0, unknown = 0, oldest = null } = rows[0] ?? {};
      return {
        pending,
        dead,
        unknown,
        oldestDueSeconds: oldest === null ? 0 : Math.max(0, (now.getTime() - oldest.getTime()) / 1000),
        stopped: stops.rows.map(({ platform, stopped_reason: reason, stopped_at: since }) => ({
          platform,
          reason,
          since: iso(since),
        })),
      };
    },

    async undelivered(channels, now) {
      const { rows } = await query<{ count: number }>(
        `select count(*)::int as count from outbox
         where state in ('dead', 'unknown') and visibility = 'channel' and channel = any($1)
           and created_at > $2::timestamptz - interval '7 days'`,
        [channels.map(toText), now],
      );
      return rows[0]?.count ?? 0;
    },
  };
}
