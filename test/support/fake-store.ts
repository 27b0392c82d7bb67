import { AsyncLocalStorage } from 'node:async_hooks';
import { isDeepStrictEqual } from 'node:util';
import { type AuditRow, auditHash, hashBeforeFirst } from '../../src/core/audit/audit.ts';
import type { Checkpoint } from '../../src/core/checkpoints/checkpoint.ts';
import type { Run } from '../../src/core/checks/run.ts';
import type { ConversationReference } from '../../src/core/messages/conversation-reference.ts';
import type { Baseline, Reading } from '../../src/core/metrics/reading.ts';
import { activeStates, type Discrepancy, type DiscrepancyEntry } from '../../src/core/records/discrepancy.ts';
import type { StartDate } from '../../src/core/phases/start-date.ts';
import type { TaskChange } from '../../src/core/phases/task-change.ts';
import type { Lesson } from '../../src/core/records/lesson.ts';
import type { Request } from '../../src/core/request.ts';
import { causeName } from '../../src/core/rows/explain-check.ts';
import type { Runbook } from '../../src/core/runbooks/runbook.ts';
import type { Incident } from '../../src/core/triggers/incident.ts';
import type { Noise } from '../../src/core/rows/result.ts';
import {
  type AuditStore,
  type InboxStore,
  type KeptRows,
  leaseMilliseconds,
  type OutboxRow,
  type RowStore,
  type RunStore,
  type SlotStore,
  type Store,
  StoreUnavailableError,
  type Transaction,
} from '../../src/core/store.ts';
import type {
  CheckpointStore,
  ConversationReferenceStore,
  DiscrepancyStore,
  FeedbackStore,
  LessonStore,
  MetricStore,
  RegisterStore,
  StartDateStore,
  SurveyStore,
  TaskStore,
  UserGroupStore,
  AccountLink,
  AccountLinkStore,
  LinkOffer,
  WaiverStore,
} from '../../src/core/record-stores.ts';
import { toJson, toText } from '../../src/store/json.ts';
import { codeStore, createDecisionState, decisionStore, type FakeCode } from './fake-decisions.ts';
import { incidentStore } from './fake-incidents.ts';
import { runbookStore } from './fake-runbooks.ts';
import { createOutboxState, outboxStore, toOutboxRow } from './fake-outbox.ts';
import { free, Undo } from './undo.ts';

/*
 * A store in plain memory, for tests of what works over a store: the same leases, fences and all-or-nothing as the real
 * one, which fake-store.test.ts holds side by side, but no SQL and no start-up time.
 */

export interface FakeStore extends Store {
  /** What is stored now, to look at; not to be changed. */
  readonly runs: ReadonlyMap<string, Run>;
  readonly audit: readonly AuditRow[];
  readonly outbox: ReadonlyMap<string, OutboxRow>;
  readonly slots: ReadonlyMap<string, Readonly<SlotRow>>;
  readonly inbox: ReadonlyMap<string, Readonly<InboxRow>>;
  /** Slots that are due and not done. */
  openSlots(): Iterable<Readonly<SlotRow>>;
  /** Says that the database can't be reached, until it is told otherwise. */
  setUnavailable(unavailable: boolean): void;
}

interface Leased {
  nextAt: number;
  leaseUntil: number | null;
  fence: number;
  attempts: number;
}

export interface SlotRow extends Leased {
  readonly name: string;
  readonly at: string;
  state: 'due' | 'done' | 'missed';
  finishedAt: string | null;
}

export interface InboxRow extends Leased {
  readonly request: Request;
  state: 'waiting' | 'done' | 'failed';
  forgotten?: boolean;
}

/** In whose transaction we are. One for all stores: Node carries every one of these along with every promise. */
const inside = new AsyncLocalStorage<object>();

export function createFakeStore(): FakeStore {
  const runs = new Map<string, Run>();
  const audit: AuditRow[] = [];
  const messages = createOutboxState();
  const slots: SlotState = { all: new Map(), due: new Map(), last: new Map(), watched: new Map() };
  const inbox = new Map<string, InboxRow>();
  const discrepancies = new Map<string, Discrepancy>();
  const entries = new Map<string, DiscrepancyEntry>();
  const lessons = new Map<string, Lesson>();
  const checkpoints = new Map<string, Checkpoint>();
  const startDates = new Map<number, StartDate>();
  const taskChanges = new Map<string, TaskChange>();
  const readings = new Map<string, Reading>();
  const baselines = new Map<string, Baseline>();
  const decisions = createDecisionState();
  const codes = new Map<string, FakeCode>();
  const incidents = new Map<number, Incident>();
  const runbooks = new Map<number, Runbook>();
  const rows = new Map<string, KeptRows>();
  const noises = new Map<string, Noise>();
  const userGroups = new Map<string, readonly string[]>();
  const offers = new Map<string, LinkOffer>();
  const links = new Map<string, AccountLink>();
  const references = new Map<string, ConversationReference>();
  const me = {};
  let unavailable = false;
  let queue: Promise<unknown> = Promise.resolve();

  const undo = new Undo();
  // Made once: a transaction of the real store costs a round trip, one of this a few functions.
  const tx: Transaction = {
    runs: runStore(runs, undo),
    audit: auditStore(audit, undo),
    outbox: outboxStore(messages, undo),
    inbox: inboxStore(inbox, undo),
    slots: slotStore(slots, undo),
    discrepancies: discrepancyStore(discrepancies, entries, undo),
    decisions: decisionStore(decisions, undo),
    codes: codeStore(codes, undo),
    incidents: incidentStore(incidents, undo),
    runbooks: runbookStore(runbooks, undo),
    rows: rowStore(rows, noises, undo),
    lessons: lessonStore(lessons, undo),
    checkpoints: checkpointStore(checkpoints, undo),
    surveys: notHere,
    registers: notHere,
    feedback: notHere,
    waivers: notHere,
    startDates: startDateStore(startDates, undo),
    tasks: taskStore(taskChanges, undo),
    metrics: metricStore(readings, baselines, undo),
    userGroups: userGroupStore(userGroups, undo),
    accountLinks: accountLinkStore(offers, links, undo),
    conversationReferences: conversationReferenceStore(references, undo),
  };
  const transact = async <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => {
    if (unavailable) throw new StoreUnavailableError('the database does not answer');
    undo.begin();
    try {
      return await inside.run(me, () => work(tx));
    } catch (error) {
      undo.all();
      throw error;
    }
  };

  return {
    runs,
    audit,
    get outbox() {
      return new Map([...messages.outbox].map(([key, row]) => [key, toOutboxRow(row)]));
    },
    slots: slots.all,
    openSlots: () => slots.due.values(),
    inbox,
    setUnavailable: (now) => {
      unavailable = now;
    },
    transaction: (work) => {
      if (inside.getStore() === me) throw new Error('Transactions do not nest: use the transaction at hand.');
      const mine = queue.then(() => transact(work));
      queue = mine.catch(() => undefined);
      return mine;
    },
    close: async () => {
      await queue;
    },
  };
}

function discrepancyStore(
  all: Map<string, Discrepancy>,
  entries: Map<string, DiscrepancyEntry>,
  undo: Undo,
): DiscrepancyStore {
  const find = async (number: number): Promise<Discrepancy | undefined> => all.get(String(number));
  return {
    of: async (checks) => [...all.values()].filter(({ measured }) => checks.includes(measured?.check ?? '')),
    active: async () =>
      [...all.values()]
        .filter(({ state }) => activeStates.includes(state))
        .sort((one, other) => one.openedAt.localeCompare(other.openedAt)),
    list: async (limit) => [...all.values()].toReversed().slice(0, limit),
    find,
    lock: find,
    save: async (changed) => {
      let last = all.size;
      const saved = changed.map((one): Discrepancy => ({ ...one, number: one.number ?? (last += 1) }));
      for (const one of saved) undo.set(all, String(one.number), structuredClone(one));
      return saved;
    },
    addEntry: async (entry) => undo.set(entries, String(entries.size), structuredClone(entry)),
    entries: async (number, limit) =>
      [...entries.values()]
        .filter((entry) => entry.number === number)
        .toReversed()
        .slice(0, limit),
  };
}

function userGroupStore(all: Map<string, readonly string[]>, undo: Undo): UserGroupStore {
  return {
    all: async () => Object.fromEntries([...all].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    save: async (group, members) => {
      if (all.get(group)?.join(' ') === members.join(' ')) return false;
      undo.set(all, group, [...members]);
      return true;
    },
  };
}

function accountLinkStore(
  offers: Map<string, LinkOffer>,
  links: Map<string, AccountLink>,
  undo: Undo,
): AccountLinkStore {
  return {
    all: async () => [...links.values()],
    offer: async (offer) => undo.set(offers, offer.hash, offer),
    offered: async (hash) => offers.get(hash),
    link: async (hash, person) => {
      const offer = offers.get(hash);
      undo.delete(offers, hash);
      if (offer === undefined || links.has(offer.account)) return false;
      undo.set(links, offer.account, { account: offer.account, person, name: offer.name });
      return true;
    },
  };
}

/** The newest is the one that was set last: a map keeps that order when a changed one is taken out first. */
function conversationReferenceStore(all: Map<string, ConversationReference>, undo: Undo): ConversationReferenceStore {
  const nameOf = (platform: string, channel: string): string => JSON.stringify([platform, channel]);
  return {
    save: async (reference) => {
      const name = nameOf(reference.platform, reference.channel);
      if (isDeepStrictEqual(all.get(name), reference)) return false;
      undo.delete(all, name);
      undo.set(all, name, { ...reference });
      return true;
    },
    find: async (platform, channel) => all.get(nameOf(platform, channel)),
    newest: async (platform) => [...all.values()].findLast((one) => one.platform === platform),
    remove: async (platform, channel) => {
      const name = nameOf(platform, channel);
      const known = all.has(name);
      undo.delete(all, name);
      return known;
    },
  };
}

function rowStore(all: Map<string, KeptRows>, noises: Map<string, Noise>, undo: Undo): RowStore {
  const nameOf = (run: string, comparison: string): string => JSON.stringify([run, comparison]);
  return {
    keep: async (rows, now) => {
      for (const [name, { until }] of all) if (Date.parse(until) <= now.getTime()) undo.delete(all, name);
      undo.set(all, nameOf(rows.run, rows.comparison), structuredClone(rows));
    },
    saveNoise: async (comparison, noise) => undo.set(noises, comparison, new Map(noise)),
    noise: async (comparison) => noises.get(comparison),
    find: async (run, comparison, now) => {
      const found = all.get(nameOf(run, comparison));
      return found !== undefined && Date.parse(found.until) > now.getTime() ? found.differences : undefined;
    },
  };
}

/** What no test of workers or schedules needs: there is none to list, and none can be kept. */
const notHere = new Proxy({} as SurveyStore & RegisterStore & WaiverStore & FeedbackStore, {
  get: (_target, name) => () =>
    name === 'list'
      ? Promise.resolve([])
      : Promise.reject(new Error('the store of the tests has no surveys and no registers')),
});

function checkpointStore(all: Map<string, Checkpoint>, undo: Undo): CheckpointStore {
  return {
    open: async (one) => {
      if (all.has(one.date)) return false;
      undo.set(all, one.date, structuredClone(one));
      return true;
    },
    lock: async (date) => all.get(date),
    save: async ({ date, minutes, missedAt }) => {
      const before = all.get(date);
      if (before !== undefined) undo.set(all, date, { ...before, minutes, missedAt });
    },
    list: async (limit) =>
      [...all.values()].toSorted((one, other) => other.date.localeCompare(one.date)).slice(0, limit),
  };
}

function lessonStore(all: Map<string, Lesson>, undo: Undo): LessonStore {
  return {
    add: async (lesson) => {
      const kept = structuredClone({ ...lesson, number: all.size + 1, done: null });
      undo.set(all, String(kept.number), kept);
      return kept;
    },
    finish: async (number, done) => {
      const before = all.get(String(number));
      if (before === undefined || before.done !== null) return false;
      undo.set(all, String(number), { ...before, done });
      return true;
    },
    list: async (limit) =>
      [...all.values()]
        .toReversed()
        .sort((one, other) => other.date.localeCompare(one.date))
        .slice(0, limit),
  };
}

function startDateStore(all: Map<number, StartDate>, undo: Undo): StartDateStore {
  return {
    newest: async () => all.get(all.size),
    add: async (date) => {
      if (all.has(date.number)) return false;
      undo.set(all, date.number, structuredClone(date));
      return true;
    },
  };
}

function taskStore(all: Map<string, TaskChange>, undo: Undo): TaskStore {
  const nameOf = (task: string, number: number): string => JSON.stringify([task, number]);
  return {
    history: async (task) => [...all.values()].filter((change) => change.task === task),
    latest: async () => [...all.values()].filter(({ task, number }) => !all.has(nameOf(task, number + 1))),
    add: async (change) => {
      const name = nameOf(change.task, change.number);
      if (all.has(name)) return false;
      undo.set(all, name, structuredClone(change));
      return true;
    },
  };
}

function metricStore(all: Map<string, Reading>, baselines: Map<string, Baseline>, undo: Undo): MetricStore {
  return {
    add: async (reading) => {
      if (all.has(reading.key)) return false;
      undo.set(all, reading.key, structuredClone(reading));
      return true;
    },
    find: async (key) => all.get(key),
    newest: async (metric, limit) =>
      [...all.values()]
        .filter((reading) => reading.metric === metric)
        .toReversed()
        .sort((one, other) => other.measuredAt.localeCompare(one.measuredAt))
        .slice(0, limit),
    acceptBaseline: async (baseline) => {
      if (baselines.has(baseline.reading.key)) return false;
      undo.set(baselines, baseline.reading.key, structuredClone(baseline));
      return true;
    },
    baseline: async (metric) => [...baselines.values()].filter(({ reading }) => reading.metric === metric).at(-1),
  };
}

/** `due` and `last` are there to be quick over years of slots. */
interface SlotState {
  readonly all: Map<string, SlotRow>;
  readonly due: Map<string, SlotRow>;
  readonly last: Map<string, string>;
  readonly watched: Map<string, string>;
}

function slotStore({ all, due, last, watched }: SlotState, undo: Undo): SlotStore {
  const held = (slot: { name: string; at: string }, fence: number): SlotRow | undefined => {
    const row = due.get(`${slot.name} ${slot.at}`);
    return row?.fence === fence ? undo.change(row) : undefined;
  };
  return {
    last: async (name) => last.get(name),
    watchedSince: async (name, now) => {
      const since = watched.get(name);
      if (since === undefined) undo.set(watched, name, now.toISOString());
      return since;
    },
    plan: async (planned) => {
      for (const { name, at, missed } of planned) {
        const key = `${name} ${at}`;
        if (all.has(key)) continue;
        const lease = { nextAt: Date.parse(at), leaseUntil: null, fence: 0, attempts: 0 };
        const row: SlotRow = { name, at, state: missed ? 'missed' : 'due', finishedAt: null, ...lease };
        undo.set(all, key, row);
        if (!missed) undo.set(due, key, row);
        if (at > (last.get(name) ?? '')) undo.set(last, name, at);
      }
    },
    claim: async (names, now) => {
      let row: SlotRow | undefined;
      for (const one of due.values()) {
        if (!names.includes(one.name) || one.nextAt > now.getTime() || !free(one, now)) continue;
        if (row === undefined || one.at < row.at || (one.at === row.at && one.name < row.name)) row = one;
      }
      if (row === undefined) return undefined;
      take(undo.change(row), now);
      return { slot: { name: row.name, at: row.at }, fence: row.fence, attempts: row.attempts };
    },
    finish: async (slot, fence, now) => {
      const row = held(slot, fence);
      if (row === undefined) return false;
      row.state = 'done';
      row.finishedAt = now.toISOString();
      row.leaseUntil = null;
      undo.delete(due, `${slot.name} ${slot.at}`);
      return true;
    },
    again: async (slot, fence, nextAt, attempts) => {
      const row = held(slot, fence);
      if (row === undefined) return false;
      row.attempts = attempts ?? row.attempts;
      row.nextAt = nextAt.getTime();
      row.leaseUntil = null;
      return true;
    },
    extend: async (slot, fence, now) => {
      const row = held(slot, fence);
      if (row === undefined) return false;
      row.leaseUntil = now.getTime() + leaseMilliseconds;
      return true;
    },
    list: async (name, since) =>
      [...all.values()]
        .filter((row) => row.name === name && Date.parse(row.at) >= since.getTime())
        .sort((one, other) => (one.at < other.at ? -1 : 1))
        .map(({ at, state, finishedAt }) => ({ slot: { name, at }, state, finishedAt })),
  };
}

function take(row: Leased, now: Date): void {
  row.leaseUntil = now.getTime() + leaseMilliseconds;
  row.fence += 1;
  row.attempts += 1;
}

function inboxStore(inbox: Map<string, InboxRow>, undo: Undo): InboxStore {
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

function runStore(runs: Map<string, Run>, undo: Undo): RunStore {
  const newestFirst = (): Run[] =>
    [...runs.values()].sort(
      (one, other) => other.startedAt.localeCompare(one.startedAt) || other.id.localeCompare(one.id),
    );
  return {
    save: async (run) => {
      const stored = runs.get(run.id)?.state ?? 'held';
      if (stored !== 'held') throw new Error(`run ${run.id} is stored as "${stored}" and never changes`);
      undo.set(runs, run.id, run);
    },
    find: async (id) => runs.get(id),
    findBySlot: async (slot) => [...runs.values()].find((run) => run.slot === slot),
    list: async ({ limit, scheduled, before }) =>
      newestFirst()
        .filter((run) => scheduled === undefined || (run.slot !== null) === scheduled)
        .filter((run) => before === undefined || run.startedAt < before)
        .slice(0, limit),
    history: async (check, limit) =>
      newestFirst()
        .filter((run) => run.checks.some((one) => one.check === check))
        .slice(0, limit)
        .map((run) => ({
          run,
          findings: run.checks.filter((one) => one.check === check).flatMap(({ findings }) => findings),
        })),
    rowsOf: async (comparison) =>
      [...runs.values()]
        .sort((one, other) => other.startedAt.localeCompare(one.startedAt) || other.id.localeCompare(one.id))
        .flatMap(({ comparisons }) => comparisons)
        .find((one) => one.comparison === comparison && one.verdict !== 'error')?.rows,
    hiddenCauses: async (check) =>
      new Set(
        [...runs.values()]
          .flatMap(({ comparisons }) => comparisons.flatMap(({ explanations }) => explanations))
          .filter((one) => one.check === check)
          .flatMap(({ parts }) => parts.filter(({ suppressed }) => suppressed).map(causeName)),
      ),
    suppressedKeys: async (check) =>
      new Set(
        [...runs.values()].flatMap((run) =>
          run.checks
            .filter((one) => one.check === check)
            .flatMap(({ findings }) => findings.filter(({ suppressed }) => suppressed).map(({ key }) => key)),
        ),
      ),
  };
}

function auditStore(audit: AuditRow[], undo: Undo): AuditStore {
  return {
    append: async (entry) => {
      const sequence = audit.length + 1;
      const previousHash = audit.at(-1)?.hash ?? hashBeforeFirst;
      const row = { ...entry, sequence, previousHash, hash: auditHash(sequence, previousHash, entry) };
      undo.push(audit, row);
      return row;
    },
    head: async () => audit.at(-1),
    find: async (action, subject) => audit.find((row) => row.action === action && row.subject === subject),
    newest: async (action, limit) =>
      audit
        .filter((row) => row.action === action)
        .toReversed()
        .slice(0, limit),
    verify: async () => ({ ok: true, entries: audit.length, head: audit.at(-1)?.hash ?? null }),
  };
}
