import { afterOutcome, attemptLimit } from '../../src/core/messages/after-outcome.ts';
import type { Claim, Message, MessageState } from '../../src/core/messages/message.ts';
import { copiesOf } from '../../src/core/messages/place.ts';
import type { Place } from '../../src/core/request.ts';
import { leaseMilliseconds, type OutboxRow, type OutboxStore } from '../../src/core/store.ts';
import { free, type Undo } from './undo.ts';

interface Row {
  readonly id: string;
  message: Message;
  readonly lane: string;
  state: MessageState;
  externalId: string | null;
  version: number;
  deliveredVersion: number;
  attempts: number;
  reason: string | null;
  search: boolean;
  inFlight: boolean;
  nextAt: number;
  readonly createdAt: string;
  sentAt: string | null;
}

interface Lane {
  nextAt: number;
  leaseUntil: number | null;
  fence: number;
}

interface PlatformRow {
  nextAt: number;
  stoppedAt: string | null;
  stoppedReason: string;
}

export interface OutboxState {
  readonly outbox: Map<string, Row>;
  readonly lanes: Map<string, Lane>;
  readonly platforms: Map<string, PlatformRow>;
}

function laneOf({ platform, channel, visibility }: Place): string {
  return `${platform}/${visibility}/${channel}`;
}

/** Cards here are copies that nobody changes. */
const texts = new WeakMap<object, string>();

function textOf(card: object): string {
  const text = texts.get(card) ?? JSON.stringify(card);
  texts.set(card, text);
  return text;
}

export function createOutboxState(): OutboxState {
  return { outbox: new Map(), lanes: new Map(), platforms: new Map() };
}

export function outboxStore({ outbox, lanes, platforms }: OutboxState, undo: Undo): OutboxStore {
  const endWithParent = (key: string): void => {
    const parent = outbox.get(key);
    const ended = parent?.state === 'dead' || parent?.state === 'unknown';
    if (parent === undefined || !(parent.state === 'gone' || (ended && parent.externalId === null))) return;
    for (const row of outbox.values()) {
      if (row.message.parent !== key || row.state !== 'pending' || row.inFlight) continue;
      undo.change(row).state = parent.state === 'gone' ? 'gone' : 'dead';
      row.reason = `the message whose thread it belongs to is ${parent.state}`;
    }
  };
  const parentHangs = ({ message }: Row): boolean =>
    message.parent === undefined || (outbox.get(message.parent)?.externalId ?? null) !== null;

  const insert = (message: Message, now: Date): boolean => {
    const { also: _also, ...place } = message.place;
    const lane = laneOf(place);
    if (!platforms.has(place.platform)) {
      undo.set(platforms, place.platform, { nextAt: -Infinity, stoppedAt: null, stoppedReason: '' });
    }
    if (!lanes.has(lane)) undo.set(lanes, lane, { nextAt: -Infinity, leaseUntil: null, fence: 0 });
    if (outbox.has(message.key)) return false;
    if (message.parent !== undefined && !outbox.has(message.parent)) {
      throw Object.assign(new Error(`there is no message ${message.parent}`), { code: '23503' });
    }
    undo.set(outbox, message.key, {
      id: String(outbox.size + 1),
      message: structuredClone({ ...message, place }),
      lane,
      state: 'pending',
      externalId: null,
      version: 1,
      deliveredVersion: 0,
      attempts: 0,
      reason: null,
      search: false,
      inFlight: false,
      nextAt: now.getTime(),
      createdAt: now.toISOString(),
      sentAt: null,
    });
    if (message.parent !== undefined) endWithParent(message.parent);
    return true;
  };

  return {
    post: async (message, now) => {
      if (!insert(message, now)) return false;
      for (const copy of copiesOf(message)) {
        if (copy.parent === undefined || outbox.has(copy.parent)) insert(copy, now);
      }
      return true;
    },
    change: async (subject, card, now) => {
      const text = JSON.stringify(card);
      for (const row of outbox.values()) {
        if (row.message.subject !== subject || row.message.content.kind !== 'card') continue;
        const living = row.state === 'pending' || row.state === 'sent';
        if (!living && row.message.place.visibility !== 'home') continue;
        if (living && textOf(row.message.content.card) === text) continue;
        undo.change(row).message = { ...row.message, content: structuredClone({ kind: 'card', card }) };
        row.version += 1;
        if (row.state !== 'pending') {
          row.attempts = 0;
          row.nextAt = now.getTime();
        }
        row.state = 'pending';
      }
    },
    homes: async () =>
      [...outbox.values()].flatMap(({ message: { subject, place } }) =>
        place.visibility === 'home' ? [{ subject, person: `${place.platform}:${place.channel}` }] : [],
      ),
    claim: async (platform, now) => {
      const due = (row: Row): boolean =>
        row.state === 'pending' && row.nextAt <= now.getTime() && parentHangs(row) && platformTakes(platform);
      const platformTakes = (name: string): boolean => {
        const stored = platforms.get(name);
        return stored !== undefined && stored.stoppedAt === null && stored.nextAt <= now.getTime();
      };
      const first = [...outbox.values()].find((row) => {
        const lane = lanes.get(row.lane);
        return (
          lane !== undefined &&
          row.message.place.platform === platform &&
          due(row) &&
          lane.nextAt <= now.getTime() &&
          free(lane, now)
        );
      });
      if (first === undefined) return undefined;
      const inLane = [...outbox.values()].filter((row) => row.lane === first.lane);
      for (const row of inLane) {
        if (!row.inFlight) continue;
        undo.change(row).inFlight = false;
        row.attempts += 1;
        row.search ||= row.externalId === null && row.message.place.visibility === 'channel';
        if (row.attempts >= attemptLimit) {
          row.state = 'dead';
          row.reason = 'every process that took it died';
          endWithParent(row.message.key);
        }
      }
      const row = inLane.find(due);
      const lane = lanes.get(first.lane);
      if (row === undefined || lane === undefined) return undefined;
      undo.change(lane).leaseUntil = now.getTime() + leaseMilliseconds;
      lane.fence += 1;
      undo.change(row).inFlight = true;
      const parent = row.message.parent === undefined ? undefined : outbox.get(row.message.parent);
      return {
        id: row.id,
        message: row.message,
        version: row.version,
        externalId: row.externalId,
        parentExternalId: parent?.externalId ?? null,
        attempts: row.attempts,
        search: row.search,
        createdAt: row.createdAt,
        fence: lane.fence,
        lane: row.lane,
      } satisfies Claim;
    },
    settle: async (claim, outcome, now) => {
      const lane = lanes.get(claim.lane);
      const row = [...outbox.values()].find(({ id }) => id === claim.id);
      if (lane?.fence !== claim.fence || lane.leaseUntil === null || row === undefined) return undefined;
      const next = afterOutcome(
        {
          visibility: row.message.place.visibility,
          externalId: row.externalId,
          version: claim.version,
          wantedVersion: row.version,
          deliveredVersion: row.deliveredVersion,
          attempts: row.attempts,
          search: claim.search,
        },
        outcome,
        0.5,
      );
      undo.change(row);
      row.state = next.state;
      row.externalId = next.externalId;
      row.deliveredVersion = next.deliveredVersion;
      row.attempts = next.attempts;
      row.reason = next.reason;
      row.search = next.search;
      row.nextAt = now.getTime() + next.waitMilliseconds;
      row.inFlight = false;
      if (next.state === 'sent') row.sentAt = now.toISOString();
      undo.change(lane).leaseUntil = null;
      lane.nextAt = now.getTime() + next.laneWaitMilliseconds;
      const platform = platforms.get(row.message.place.platform);
      if (platform !== undefined) {
        undo.change(platform);
        if (next.platformWaitMilliseconds !== undefined) {
          platform.nextAt = Math.max(platform.nextAt, now.getTime() + next.platformWaitMilliseconds);
        }
        if (next.platformStopped !== undefined) {
          platform.stoppedAt ??= now.toISOString();
          platform.stoppedReason = next.platformStopped;
        }
      }
      endWithParent(row.message.key);
      return next.state;
    },
    resume: async (platform, now) => {
      const row = platforms.get(platform);
      if (row === undefined) return;
      undo.change(row).stoppedAt = null;
      row.nextAt = now.getTime();
    },
    find: async (key) => {
      const row = outbox.get(key);
      return row === undefined ? undefined : toOutboxRow(row);
    },
    hangingAt: async (channel, externalId) => {
      const row = [...outbox.values()].find(
        (one) => one.message.place.channel === channel && one.externalId === externalId,
      );
      return row === undefined ? undefined : toOutboxRow(row);
    },
    list: async (state, limit) =>
      [...outbox.values()]
        .filter((row) => row.state === state)
        .slice(0, limit)
        .map(toOutboxRow),
    unposted: async (channels, before) =>
      [...outbox.values()]
        .filter(
          ({ state, externalId, message: { parent, place }, createdAt }) =>
            state === 'pending' &&
            externalId === null &&
            parent === undefined &&
            place.visibility === 'channel' &&
            channels.includes(place.channel) &&
            Date.parse(createdAt) <= before.getTime(),
        )
        .toReversed()
        .slice(0, 100)
        .map(toOutboxRow),
    undelivered: async (channels, now) =>
      [...outbox.values()].filter(
        ({ state, message: { place }, createdAt }) =>
          (state === 'dead' || state === 'unknown') &&
          place.visibility === 'channel' &&
          channels.includes(place.channel) &&
          Date.parse(createdAt) > now.getTime() - 7 * 86_400_000,
      ).length,
    gauges: async (now) => {
      const rows = [...outbox.values()];
      const count = (state: MessageState): number => rows.filter((row) => row.state === state).length;
      const week = 7 * 86_400_000;
      const lately = (state: MessageState): number =>
        rows.filter(
          (row) =>
            row.state === state &&
            row.message.place.visibility === 'channel' &&
            Date.parse(row.createdAt) > now.getTime() - week,
        ).length;
      const oldest = Math.min(...rows.filter(({ state }) => state === 'pending').map(({ nextAt }) => nextAt));
      return {
        pending: count('pending'),
        dead: lately('dead'),
        unknown: lately('unknown'),
        oldestDueSeconds: Number.isFinite(oldest) ? Math.max(0, (now.getTime() - oldest) / 1000) : 0,
        stopped: [...platforms].flatMap(([platform, { stoppedAt, stoppedReason }]) =>
          stoppedAt === null ? [] : [{ platform, reason: stoppedReason, since: stoppedAt }],
        ),
      };
    },
  };
}

export function toOutboxRow(row: Row): OutboxRow {
  const { id, message, state, externalId, attempts, reason, createdAt, sentAt } = row;
  return { id, message, state, externalId, attempts, reason, createdAt, sentAt };
}
