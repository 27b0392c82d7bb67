import type { AuditEntry, AuditRow, AuditVerification } from './audit/audit.ts';
import type { Card } from './cards/card.ts';
import type { Finding, Run } from './checks/run.ts';
import type { Claim, Message, MessageState, Outcome, SearchResult } from './messages/message.ts';
import type { Request } from './request.ts';
import type { Noise, RowCounts, RowDifference } from './rows/result.ts';
import type {
  CheckpointStore,
  CodeStore,
  ConversationReferenceStore,
  DecisionStore,
  IncidentStore,
  DiscrepancyStore,
  FeedbackStore,
  LessonStore,
  MetricStore,
  RegisterStore,
  RunbookStore,
  StartDateStore,
  SurveyStore,
  TaskStore,
  AccountLinkStore,
  UserGroupStore,
  WaiverStore,
} from './record-stores.ts';

/**
 * The bot's own state. Everything is read and written inside a transaction, so that state, audit and what is to be said
 * are one: either all of it is there after a crash or none.
 */
export interface Store {
  /**
   * Runs `work` in one transaction (READ COMMITTED) and retries it, at most 5 times, when the database reports a
   * serialization failure or a deadlock; `work` must therefore do nothing but use `tx`. Transactions don't nest: a
   * second one inside the first throws. Throws StoreUnavailableError when the database can't be reached in time.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface Transaction {
  readonly runs: RunStore;
  readonly audit: AuditStore;
  readonly outbox: OutboxStore;
  readonly inbox: InboxStore;
  readonly slots: SlotStore;
  readonly rows: RowStore;
  readonly discrepancies: DiscrepancyStore;
  readonly decisions: DecisionStore;
  readonly codes: CodeStore;
  readonly incidents: IncidentStore;
  readonly runbooks: RunbookStore;
  readonly lessons: LessonStore;
  readonly feedback: FeedbackStore;
  readonly checkpoints: CheckpointStore;
  readonly surveys: SurveyStore;
  readonly registers: RegisterStore;
  readonly waivers: WaiverStore;
  readonly startDates: StartDateStore;
  readonly tasks: TaskStore;
  readonly metrics: MetricStore;
  readonly userGroups: UserGroupStore;
  readonly accountLinks: AccountLinkStore;
  readonly conversationReferences: ConversationReferenceStore;
}

/** The database can't be reached or didn't answer in time; nothing is known to have been written. */
export class StoreUnavailableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailableError';
  }
}

export interface RunStore {
  /** Writes the run with every finding. A held run is replaced by its next attempt; any other is never changed. */
  save(run: Run): Promise<void>;
  find(id: string): Promise<Run | undefined>;
  /** The run of that due time, if there is one. */
  findBySlot(slot: string): Promise<Run | undefined>;
  /** Newest first by `startedAt`. `scheduled`: only those that the clock asked for. `limit` 1 to 500. */
  list(options: { limit: number; scheduled?: boolean; before?: string }): Promise<Run[]>;
  /** One check's findings over the newest runs that measured it, newest run first. `limit` runs, 1 to 500. */
  history(check: string, limit: number): Promise<{ run: Run; findings: Finding[] }[]>;
  /** How many rows each side had in the newest run that read those of a comparison. */
  rowsOf(comparison: string): Promise<RowCounts | undefined>;
  /** Keys of a check that chat must not break out, because some earlier run had to hide them. */
  suppressedKeys(check: string): Promise<Set<string>>;
  /** Names of causes of a check's variance whose amounts some earlier run had to hide (`causeName`). */
  hiddenCauses(check: string): Promise<Set<string>>;
}

/** Rows that did not agree, kept for a while for those who may see them; and how much of it is noise. */
export interface RowStore {
  /** Writes those of a stored run down, and forgets those whose time is over. */
  keep(rows: KeptRows, now: Date): Promise<void>;
  /** Writes down what was measured of legacy against its own copy, in place of the time before. */
  saveNoise(comparison: string, noise: Noise, now: Date): Promise<void>;
  /** Undefined where it was never measured. */
  noise(comparison: string): Promise<Noise | undefined>;
  /** In the order of their keys; undefined where none were kept, or no longer. */
  find(run: string, comparison: string, now: Date): Promise<readonly RowDifference[] | undefined>;
}

export interface KeptRows {
  readonly run: string;
  readonly comparison: string;
  /** ISO 8601, UTC. */
  readonly until: string;
  readonly differences: readonly RowDifference[];
}

export interface AuditStore {
  /** Appends to the chain and answers the new row. Last in a transaction: it serialises all writers until commit. */
  append(entry: AuditEntry): Promise<AuditRow>;
  head(): Promise<AuditRow | undefined>;
  /** The first entry of an action to a subject. */
  find(action: string, subject: string): Promise<AuditRow | undefined>;
  /** Entries of an action, the newest first, at most `limit`. */
  newest(action: string, limit: number): Promise<AuditRow[]>;
  /** Recomputes the whole chain in batches. `expectedHead`: a hash, or its first 16 digits or more, that a digest carried. */
  verify(expectedHead?: string): Promise<AuditVerification>;
}

/** Slack's pace is about one message a second in a channel. */
export const laneIntervalMilliseconds = 1_000;
/** Longer than any call in flight (10 s), so that a lease that ran out means that its holder is dead or fenced off. */
export const leaseMilliseconds = 30_000;

export interface OutboxStore {
  /**
   * Writes a message down to be said, and its copies for the channels beside its place. False when its key is already
   * there: nothing is changed. A copy whose parent has none there is left out.
   */
  post(message: Message, now: Date): Promise<boolean>;
  /**
   * Gives every card about the subject its new content; copies that are already waiting are changed in place, and those
   * that say the same already are left alone. A Home tab that was given up is tried again: its person may be back.
   */
  change(subject: string, card: Card, now: Date): Promise<void>;
  /** Every Home tab that was ever shown: its subject, and whose it is, as the playbook names people. */
  homes(): Promise<{ readonly subject: string; readonly person: string }[]>;
  /**
   * Takes the next due message of a free lane under a lease, oldest first; at most one in flight a lane. Skips lanes
   * that wait, platforms that are stopped, and replies whose parent isn't delivered yet. A claim whose lease ran out
   * during a first post comes back with `search: true`.
   */
  claim(platform: string, now: Date): Promise<Claim | undefined>;
  /**
   * Marks what came of a claim, frees its lane and answers the row's new state. Undefined when the lease was lost to
   * somebody else meanwhile: nothing is changed then. The new state follows from `afterOutcome` in core/messages.
   */
  settle(claim: Claim, outcome: Outcome | SearchResult, now: Date): Promise<MessageState | undefined>;
  /** Lets a stopped platform go on. */
  resume(platform: string, now: Date): Promise<void>;
  find(key: string): Promise<OutboxRow | undefined>;
  /** What hangs in a channel (of a Place) under the platform's id of a message. */
  hangingAt(channel: string, externalId: string): Promise<OutboxRow | undefined>;
  /** Rows in this state, oldest first, at most `limit`. */
  list(state: MessageState, limit: number): Promise<OutboxRow[]>;
  /**
   * What these channels were to get before that moment and have not got, still tried: first posts that are no replies. At
   * most 100, the newest first.
   */
  unposted(channels: readonly string[], before: Date): Promise<OutboxRow[]>;
  gauges(now: Date): Promise<OutboxGauges>;
  /** How many messages of the last seven days a channel did not get, or perhaps not. */
  undelivered(channels: readonly string[], now: Date): Promise<number>;
}

export interface OutboxRow {
  readonly id: string;
  readonly message: Message;
  readonly state: MessageState;
  readonly externalId: string | null;
  readonly attempts: number;
  readonly reason: string | null;
  readonly createdAt: string;
  readonly sentAt: string | null;
}

export interface OutboxGauges {
  readonly pending: number;
  /** Of the last seven days, to channels: an answer or a Home tab that somebody did not get is no lasting fault. */
  readonly dead: number;
  readonly unknown: number;
  /** Age in seconds of the oldest message that is due and not delivered; 0 when there is none. */
  readonly oldestDueSeconds: number;
  readonly stopped: readonly { platform: string; reason: string; since: string }[];
}

/** What people asked, written down before it is acknowledged. */
export interface InboxStore {
  /** False when that id was written down before. */
  receive(request: Request): Promise<boolean>;
  /**
   * Whether the request that was written down under that id is the same, by the same person; `forgotten` where nothing
   * but its id is kept. Undefined where there is none.
   */
  compare(request: Request): Promise<'same' | 'other' | 'forgotten' | undefined>;
  /** Takes the oldest request that nobody has in hand, under a lease; one whose lease ran out is taken over. */
  claim(now: Date): Promise<{ request: Request; fence: number; attempts: number } | undefined>;
  /**
   * False when the lease was lost: the caller's transaction must then roll back. `forget`: only its id is kept, so that
   * it still takes effect once.
   */
  finish(id: string, fence: number, now: Date, options?: { readonly forget: boolean }): Promise<boolean>;
  /** Hands it back, to be taken again from `nextAt`. `counted`: the attempt was a failure; default false. */
  release(id: string, fence: number, nextAt: Date, options?: { readonly counted: boolean }): Promise<void>;
  /** Keeps a lease alive while a long run works. False when it was lost. */
  extend(id: string, fence: number, now: Date): Promise<boolean>;
  /** Whether a request was written down and has taken effect. */
  isFinished(id: string): Promise<boolean>;
  /** `failed`: given up after 10 attempts, because whoever took them died every time. */
  gauges(now: Date): Promise<{ waiting: number; oldestSeconds: number; failed: number }>;
}

/** A schedule's due time. `name` and `at` (ISO 8601, UTC) together make it happen once. */
export interface Slot {
  readonly name: string;
  readonly at: string;
}

export interface SlotStore {
  /** The latest slot of that name that was ever written down. */
  last(name: string): Promise<string | undefined>;
  /** Since when that schedule is watched; undefined, and from now on, when it is asked for the first time. */
  watchedSince(name: string, now: Date): Promise<string | undefined>;
  /** Writes slots down as due; those already there are left alone. `missed`: older than the policy catches up with. */
  plan(slots: readonly (Slot & { readonly missed: boolean })[], now: Date): Promise<void>;
  /** Takes the oldest due slot of any of these schedules under a lease; one whose holder died is taken over. */
  claim(names: readonly string[], now: Date): Promise<{ slot: Slot; fence: number; attempts: number } | undefined>;
  finish(slot: Slot, fence: number, now: Date): Promise<boolean>;
  /**
   * Tries the slot again from `nextAt`. False when the lease was lost. `attempts`: from what the count of attempts goes
   * on, where this one was no failure; unchanged when it isn't given.
   */
  again(slot: Slot, fence: number, nextAt: Date, attempts?: number): Promise<boolean>;
  extend(slot: Slot, fence: number, now: Date): Promise<boolean>;
  /** Slots of a schedule from `since` on, oldest first, with what came of them. */
  list(
    name: string,
    since: Date,
  ): Promise<{ slot: Slot; state: 'due' | 'done' | 'missed'; finishedAt: string | null }[]>;
}
