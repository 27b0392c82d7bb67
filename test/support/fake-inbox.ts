import type { Request } from '../../src/core/request.ts';
import { type InboxStore, leaseMilliseconds } from '../../src/core/store.ts';
import { toJson, toText } from '../../src/store/json.ts';
import { type Leased, take } from './fake-leases.ts';
import { free, type Undo } from './undo.ts';

export interface InboxRow extends Leased {
  readonly request: Request;
  state: 'waiting' | 'done' | 'failed';
  forgotten?: boolean;
}

/** Requests in plain memory. */
export function inboxStore(inbox: Map<string, InboxRow>, undo: Undo): InboxStore {
  const held = (id: string, fence: number): InboxRow | undefined => {
    const row = inbox.get(toText(id));
    return row?.fence === fence && row.state === 'waiting' ? undo.change(row) : undefined;
  };
  const waiting = (): InboxRow[] =>
    [...inbox.values()]
      .filter((row) => row.state === 'waiting')
      .sort((one, other) => (one.request.receivedAt < other.request.receivedAt ? -1 : 1));
  return {
    receive: async (request) => {
      if (inbox.has(toText(request.id))) return false;
      const lease = { nextAt: Date.parse(request.receivedAt), leaseUntil: null, fence: 0, attempts: 0 };
      undo.set(inbox, toText(request.id), {
        request: JSON.parse(toJson(request)) as Request,
        state: 'waiting',
        ...lease,
      });
      return true;
    },
    claim: async (now) => {
      for (const row of waiting()) if (row.attempts >= 10 && free(row, now)) undo.change(row).state = 'failed';
      const row = waiting().find((one) => one.nextAt <= now.getTime() && free(one, now));
      if (row === undefined) return undefined;
      take(undo.change(row), now);
      return { request: row.request, fence: row.fence, attempts: row.attempts };
    },
    finish: async (id, fence, _now, { forget } = { forget: false }) => {
      const row = held(id, fence);
      if (row === undefined) return false;
      row.state = 'done';
      row.leaseUntil = null;
      row.forgotten = forget;
      return true;
    },
    release: async (id, fence, nextAt, { counted } = { counted: false }) => {
      const row = held(id, fence);
      if (row === undefined) return;
      row.nextAt = nextAt.getTime();
      row.leaseUntil = null;
      row.attempts -= counted ? 0 : 1;
    },
    extend: async (id, fence, now) => {
      const row = held(id, fence);
      if (row === undefined) return false;
      row.leaseUntil = now.getTime() + leaseMilliseconds;
      return true;
    },
    compare: async (request) => {
      const row = inbox.get(toText(request.id));
      if (row === undefined) return undefined;
      const said = ({ actor, words, form }: Request): string =>
        toJson([actor.user, words, form && Object.entries(form).sort(([one], [other]) => one.localeCompare(other))]);
      if (row.forgotten === true) return 'forgotten';
      return said(row.request) === said(request) ? 'same' : 'other';
    },
    isFinished: async (id) => inbox.get(toText(id))?.state === 'done',
    gauges: async (now) => {
      const all = waiting();
      const [oldest] = all;
      return {
        waiting: all.length,
        oldestSeconds:
          oldest === undefined ? 0 : Math.max(0, (now.getTime() - Date.parse(oldest.request.receivedAt)) / 1000),
        failed: [...inbox.values()].filter(({ state }) => state === 'failed').length,
      };
    },
  };
}
