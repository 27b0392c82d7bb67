import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuditRow } from '../../src/core/audit/audit.ts';
import type { Checkpoint } from '../../src/core/checkpoints/checkpoint.ts';
import type { Run } from '../../src/core/checks/run.ts';
import type { ConversationReference } from '../../src/core/messages/conversation-reference.ts';
import type { Baseline, Reading } from '../../src/core/metrics/reading.ts';
import type { Discrepancy, DiscrepancyEntry } from '../../src/core/records/discrepancy.ts';
import type { StartDate } from '../../src/core/phases/start-date.ts';
import type { TaskChange } from '../../src/core/phases/task-change.ts';
import type { Lesson } from '../../src/core/records/lesson.ts';
import type { Runbook } from '../../src/core/runbooks/runbook.ts';
import type { Incident } from '../../src/core/triggers/incident.ts';
import type { Noise } from '../../src/core/rows/result.ts';
import {
  type KeptRows,
  type OutboxRow,
  type Store,
  StoreUnavailableError,
  type Transaction,
} from '../../src/core/store.ts';
import type { AccountLink, LinkOffer } from '../../src/core/record-stores.ts';
import { auditStore } from './fake-audit.ts';
import { codeStore, createDecisionState, decisionStore, type FakeCode } from './fake-decisions.ts';
import { type InboxRow, inboxStore } from './fake-inbox.ts';
import { incidentStore } from './fake-incidents.ts';
import { createOutboxState, outboxStore, toOutboxRow } from './fake-outbox.ts';
import { accountLinkStore, conversationReferenceStore, userGroupStore } from './fake-people.ts';
import { metricStore, startDateStore, taskStore } from './fake-plan.ts';
import { checkpointStore, discrepancyStore, lessonStore, notHere } from './fake-records.ts';
import { runbookStore } from './fake-runbooks.ts';
import { rowStore, runStore } from './fake-runs.ts';
import { type SlotRow, type SlotState, slotStore } from './fake-slots.ts';
import { Undo } from './undo.ts';

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
