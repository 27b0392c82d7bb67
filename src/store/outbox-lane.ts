import { attemptLimit, type Transition } from '../core/messages/after-outcome.ts';
import type { Claim, MessageState } from '../core/messages/message.ts';
import { leaseMilliseconds } from '../core/store.ts';
import { type Row, toMessage } from './outbox-row.ts';
import { after, iso, type Query } from './query.ts';

/**
 * Takes the lane that this transaction has locked, and its oldest due message. What a holder whose lease ran out left
 * in flight may have arrived: a first post to a channel is looked for before it is made again.
 */
export async function claimIn(query: Query, lane: string, now: Date): Promise<Claim | undefined> {
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

/** Writes down what follows for a message, its lane and its platform, and frees the lane. */
export async function apply(query: Query, row: Row, next: Transition, now: Date): Promise<void> {
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
export async function endWithParent(query: Query, parentKey: string): Promise<void> {
  await query(
    `update outbox reply set state = case when parent.state = 'gone' then 'gone' else 'dead' end,
       reason = 'the message whose thread it belongs to is ' || parent.state
     from outbox parent
     where parent.key = $1 and reply.parent = $1 and reply.state = 'pending' and not reply.in_flight
       and (parent.state = 'gone' or (parent.state in ('dead', 'unknown') and parent.external_id is null))`,
    [parentKey],
  );
}
