import { afterOutcome, attemptLimit, type Transition } from '../core/messages/after-outcome.ts';
import type { Claim, Content, Message, MessageState } from '../core/messages/message.ts';
import { copiesOf } from '../core/messages/place.ts';
import type { Place } from '../core/request.ts';
import { leaseMilliseconds, type OutboxRow, type OutboxStore } from '../core/store.ts';
import { toJson, toText } from './json.ts';
import { after, iso, isoOrNull, type Query } from './query.ts';

interface Row {
  id: string;
  key: string;
  subject: string;
  lane: string;
  platform: Place['platform'];
  channel: string;
  visibility: Place['visibility'];
  response_url: string | null;
  parent: string | null;
  content: Content;
  version: number;
  delivered_version: number;
  state: MessageState;
  external_id: string | null;
  search: boolean;
  attempts: number;
  reason: string | null;
  created_at: Date;
  sent_at: Date | null;
}

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

/**
 * Takes the lane that this transaction has locked, and its oldest due message. What a holder whose lease ran out left
 * in flight may have arrived: a first post to a channel is looked for before it is made again.
 */
async function claimIn(query: Query, lane: string, now: Date): Promise<Claim | undefined> {
  const left = await query<{ key: string; state: MessageState }>(
    `update outbox set in_flight = false, attempts = attempts + 1,
       state = case when attempts + 1 >= $2 then 'dead' else state end,
       reason = case when attempts + 1 >= $2 then 'every process that took it died' else reason end,
       search = search or (external_id is null and visibility = 'channel')
     where lane = $1 and in_flight returning key, state`,
    [lane, attemptLimit],
  );
  for (const { key, state } of left.rows) if (state === 'dead') await endWithParent(query, key);
  const { rows } = await query<Row & { parent_external_id: string | null }>(
    `select o.*, parent.external_id as parent_external_id from outbox o
     left join outbox parent on parent.key = o.parent
     where o.lane = $1 and o.state = 'pending' and o.next_at <= $2
       and (o.parent is null or parent.external_id is not null)
     order by o.id limit 1`,
    [lane, now],
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  const leased = await query<{ fence: string }>(
    'update outbox_lanes set lease_until = $2, fence = fence + 1 where lane = $1 returning fence',
    [lane, after(now, leaseMilliseconds)],
  );
  await query('update outbox set in_flight = true where id = $1', [row.id]);
  return {
    id: row.id,
    message: toMessage(row),
    version: row.version,
    externalId: row.external_id,
    parentExternalId: row.parent_external_id,
    attempts: row.attempts,
    search: row.search,
    createdAt: iso(row.created_at),
    fence: Number(leased.rows[0]?.fence),
    lane,
  };
}

async function apply(query: Query, row: Row, next: Transition, now: Date): Promise<void> {
  await query(
    `update outbox set state = $2, external_id = $3, delivered_version = $4, attempts = $5, reason = $6, search = $7,
       next_at = $8, in_flight = false, sent_at = case when $2 = 'sent' then $9 else sent_at end
     where id = $1`,
    [
      row.id,
      next.state,
      next.externalId,
      next.deliveredVersion,
      next.attempts,
      next.reason,
      next.search,
      after(now, next.waitMilliseconds),
      now,
    ],
  );
  await query('update outbox_lanes set lease_until = null, next_at = $2 where lane = $1', [
    row.lane,
    after(now, next.laneWaitMilliseconds),
  ]);
  if (next.platformWaitMilliseconds !== undefined) {
    await query('update outbox_platforms set next_at = greatest(next_at, $2) where platform = $1', [
      row.platform,
      after(now, next.platformWaitMilliseconds),
    ]);
  }
  if (next.platformStopped !== undefined) {
    await query(
      'update outbox_platforms set stopped_at = coalesce(stopped_at, $2), stopped_reason = $3 where platform = $1',
      [row.platform, now, next.platformStopped],
    );
  }
  if (next.state !== 'pending' && next.state !== 'sent') await endWithParent(query, row.key);
}

/** A reply whose thread will never be there would wait for ever: it ends as its parent did. */
async function endWithParent(query: Query, parentKey: string): Promise<void> {
  await query(
    `update outbox reply set state = case when parent.state = 'gone' then 'gone' else 'dead' end,
       reason = 'the message whose thread it belongs to is ' || parent.state
     from outbox parent
     where parent.key = $1 and reply.parent = $1 and reply.state = 'pending' and not reply.in_flight
       and (parent.state = 'gone' or (parent.state in ('dead', 'unknown') and parent.external_id is null))`,
    [parentKey],
  );
}

function toMessage(row: Row): Message {
  return {
    key: row.key,
    subject: row.subject,
    place: {
      platform: row.platform,
      channel: row.channel,
      visibility: row.visibility,
      ...(row.response_url === null ? {} : { responseUrl: row.response_url }),
    },
    ...(row.parent === null ? {} : { parent: row.parent }),
    content: row.content,
  };
}

function toOutboxRow(row: Row): OutboxRow {
  return {
    id: row.id,
    message: toMessage(row),
    state: row.state,
    externalId: row.external_id,
    attempts: row.attempts,
    reason: row.reason,
    createdAt: iso(row.created_at),
    sentAt: isoOrNull(row.sent_at),
  };
}
