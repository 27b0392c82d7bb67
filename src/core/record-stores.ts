import type { Checkpoint } from './checkpoints/checkpoint.ts';
import type { Decision, DecisionAnswer, DecisionRecord, Delegation, Evidence } from './decisions/decision.ts';
import type { Waiver } from './gates/waiver.ts';
import type { ConversationReference } from './messages/conversation-reference.ts';
import type { Baseline, Reading } from './metrics/reading.ts';
import type { StartDate } from './phases/start-date.ts';
import type { TaskChange } from './phases/task-change.ts';
import type { Discrepancy, DiscrepancyEntry, NewDiscrepancy } from './records/discrepancy.ts';
import type { Feedback } from './records/feedback.ts';
import type { Lesson, LessonDone, NewLesson } from './records/lesson.ts';
import type { RegisterItem } from './registers/register.ts';
import type { Runbook } from './runbooks/runbook.ts';
import type { Incident, NewIncident } from './triggers/incident.ts';
import type { NewSurvey, Survey, SurveyAnswer } from './surveys/survey.ts';

/* The ports of what the team writes down; like every store, each belongs to a transaction (store.ts). */

/** What is wrong, on record: failures, one a check and key, and what people reported. Nothing is ever deleted. */
export interface DiscrepancyStore {
  /** Those of these checks, in every state, locked until the transaction ends. */
  of(checks: readonly string[]): Promise<Discrepancy[]>;
  /** Every one that is open, investigated or explained, the longest open first. */
  active(): Promise<Discrepancy[]>;
  /** The newest by number first; `limit` 1 to 10,000. */
  list(limit: number): Promise<Discrepancy[]>;
  find(number: number): Promise<Discrepancy | undefined>;
  /** The same, locked until the transaction ends. */
  lock(number: number): Promise<Discrepancy | undefined>;
  /** Changes known ones by number and writes new ones down; answers all with their numbers, in the same order. */
  save(discrepancies: readonly (Discrepancy | NewDiscrepancy)[]): Promise<Discrepancy[]>;
  addEntry(entry: DiscrepancyEntry): Promise<void>;
  /** Its history, the newest first; `limit` 1 to 1,000. */
  entries(number: number, limit: number): Promise<DiscrepancyEntry[]>;
}

/** Questions, and what people answered. A decision's state changes once; nothing else of it is ever changed. */
export interface DecisionStore {
  /** Answers its number; undefined while one of that kind about the same is pending. */
  open(decision: Omit<Decision, 'number'>): Promise<number | undefined>;
  /** Changes its state, the version of its evidence, and what came of it. */
  save(decision: Decision): Promise<void>;
  /** Puts evidence on the table; a version is written once. */
  addEvidence(evidence: Evidence): Promise<void>;
  /** Every evidence that was on the table, the oldest first. */
  evidence(decision: number): Promise<Evidence[]>;
  addAnswer(answer: DecisionAnswer): Promise<void>;
  addDelegation(delegation: Delegation): Promise<void>;
  find(number: number): Promise<DecisionRecord | undefined>;
  /** The same, locked until the transaction ends. */
  lock(number: number): Promise<DecisionRecord | undefined>;
  /** The newest of a kind about something first; `limit` 1 to 1,000. */
  about(kind: Decision['kind'], about: string, limit: number): Promise<Decision[]>;
  /** The newest by number first; `limit` 1 to 1,000. */
  list(limit: number): Promise<Decision[]>;
  /** All that are pending, the oldest first. */
  pending(): Promise<Decision[]>;
}

/** Occasions on which a trigger fired. */
export interface IncidentStore {
  /** The newest of a trigger, locked until the transaction ends. */
  lockNewest(trigger: string): Promise<Incident | undefined>;
  find(number: number): Promise<Incident | undefined>;
  /** The same, locked until the transaction ends. */
  lock(number: number): Promise<Incident | undefined>;
  /** Changes a known one by number, or writes a new one down; undefined while another one of its trigger is open. */
  save(incident: Incident | NewIncident): Promise<Incident | undefined>;
  /** Every one that has not cleared, the oldest first. */
  open(): Promise<Incident[]>;
  /** The newest by number first; `limit` 1 to 1,000. */
  list(limit: number): Promise<Incident[]>;
}

/** Runbooks that are carried out. What has ended is never changed. */
export interface RunbookStore {
  /** Answers it with its number; undefined while one of that name goes on already, in earnest or as a rehearsal. */
  start(runbook: Omit<Runbook, 'number'>): Promise<Runbook | undefined>;
  save(runbook: Runbook): Promise<void>;
  find(number: number): Promise<Runbook | undefined>;
  /** The same, locked until the transaction ends. */
  lock(number: number): Promise<Runbook | undefined>;
  /** Those that have not ended, the oldest first. */
  open(): Promise<Runbook[]>;
  /** The newest by number first; `limit` 1 to 1,000. */
  list(limit: number): Promise<Runbook[]>;
}

/** One-time codes, by which somebody decides from a terminal when chat is down. */
export interface CodeStore {
  /** Hands out new ones, by their hashes; those of that person before are void. */
  issue(person: string, hashes: readonly string[], at: string): Promise<void>;
  /** Whose it is, locked until the transaction ends; undefined for one that is unknown, void or used. */
  whose(hash: string): Promise<string | undefined>;
  /** Uses one up. */
  use(hash: string, at: string): Promise<void>;
}

/** A code that somebody was given with one account, to be typed with another. */
export interface LinkOffer {
  readonly hash: string;
  /** Whose it is: "slack:U012ABC". */
  readonly account: string;
  /** What people call them there. */
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
}

/** An account that somebody confirmed to be one of theirs, beside `person`, which they confirmed it with. */
export interface AccountLink {
  readonly account: string;
  readonly person: string;
  readonly name: string;
}

/** Accounts of one person on several platforms. */
export interface AccountLinkStore {
  /** The oldest first. */
  all(): Promise<readonly AccountLink[]>;
  offer(offer: LinkOffer): Promise<void>;
  /** Locked until the transaction ends; undefined for a code that is unknown or used. */
  offered(hash: string): Promise<LinkOffer | undefined>;
  /** Uses the code up, for good. False where its account is linked already: nothing else is changed then. */
  link(hash: string, person: string, at: string): Promise<boolean>;
}

/** Who is in the chat's user groups that have a role. */
export interface UserGroupStore {
  /** The members of each group, by its name, in the order of the groups' names. */
  all(): Promise<Record<string, readonly string[]>>;
  /** False when it says the same as before: nothing is written then. */
  save(group: string, members: readonly string[], at: string): Promise<boolean>;
}

/** Where the channels and people of a platform are reached, the newest that is known of each. */
export interface ConversationReferenceStore {
  /** In place of the one before. False when it says the same: nothing is written then. */
  save(reference: ConversationReference, at: string): Promise<boolean>;
  find(platform: ConversationReference['platform'], channel: string): Promise<ConversationReference | undefined>;
  /** The one that was written last, whosever it is: it says where the platform takes messages at all. */
  newest(platform: ConversationReference['platform']): Promise<ConversationReference | undefined>;
  /** Forgets one that leads nowhere any more. False when there is none. */
  remove(platform: ConversationReference['platform'], channel: string): Promise<boolean>;
}

/** What the team learned, and what was done about it; nothing of it is ever changed. */
export interface LessonStore {
  /** Answers it with its number. */
  add(lesson: NewLesson): Promise<Lesson>;
  /** Writes down what was done about its action. False when that stands already. */
  finish(lesson: number, done: LessonDone): Promise<boolean>;
  /** The newest by date first; `limit` 1 to 1,000. */
  list(limit: number): Promise<Lesson[]>;
}

/** What people said; nothing of it is ever changed. */
export interface FeedbackStore {
  add(feedback: Omit<Feedback, 'number'>): Promise<Feedback>;
  /** The newest first; `limit` 1 to 1,000. */
  list(limit: number): Promise<Feedback[]>;
}

/** Who answers for what is not green; nothing of them is ever changed. */
export interface WaiverStore {
  add(waiver: Waiver): Promise<void>;
  /** The newest first, at most 1,000. */
  list(): Promise<Waiver[]>;
}

/** The lists that the team fills. */
export interface RegisterStore {
  /** In the order in which they came. */
  items(register: string): Promise<RegisterItem[]>;
  /** Writes one down, or fills cells of a known one in; cells that are not given stay. */
  save(item: RegisterItem): Promise<void>;
  /** False when there is no such item. */
  remove(register: string, item: string): Promise<boolean>;
}

/** Questions to people. */
export interface SurveyStore {
  /** Answers its number; undefined while another one of that name is open. */
  open(survey: NewSurvey): Promise<number | undefined>;
  /** The newest first; `limit` 1 to 1,000. */
  list(limit: number): Promise<Survey[]>;
  /** Locked until the transaction ends. */
  lock(survey: number): Promise<Survey | undefined>;
  /** In place of the respondent's answer before, if there was one. */
  answer(survey: number, answer: SurveyAnswer): Promise<void>;
  /** In an order that tells nothing about when they were given. */
  answers(survey: number): Promise<SurveyAnswer[]>;
  /** Once; the respondents of an anonymous one are then nobody any more. */
  close(survey: number, at: string): Promise<void>;
}

/** The weekly checkpoints, one a local day. */
export interface CheckpointStore {
  /** Writes one down with its agenda, which never changes after that. False when there is one of that day already. */
  open(checkpoint: Checkpoint): Promise<boolean>;
  /** Locked until the transaction ends. */
  lock(date: string): Promise<Checkpoint | undefined>;
  /** Changes what came of one. */
  save(checkpoint: Pick<Checkpoint, 'date' | 'minutes' | 'missedAt'>): Promise<void>;
  /** The newest first; `limit` 1 to 1,000. */
  list(limit: number): Promise<Checkpoint[]>;
}

/** When the parallel run begins (L12); a date that was set is never changed, only followed by another. */
export interface StartDateStore {
  newest(): Promise<StartDate | undefined>;
  /** False when that number is taken, because somebody else was quicker: nothing is written, and `newest` is theirs. */
  add(date: StartDate): Promise<boolean>;
}

/** What became of the tasks of the plan; no change is ever changed. */
export interface TaskStore {
  /** All changes of a task, oldest first. */
  history(task: string): Promise<TaskChange[]>;
  /** The newest change of each task that has one, in no order. */
  latest(): Promise<TaskChange[]>;
  /** False when that task's number is taken, because somebody else was quicker: nothing is written. */
  add(change: TaskChange): Promise<boolean>;
}

/** Figures of metrics; nothing of them is ever changed. */
export interface MetricStore {
  /** False when a reading of that key is there already: nothing is written then. */
  add(reading: Reading): Promise<boolean>;
  find(key: string): Promise<Reading | undefined>;
  /** The newest by when they were measured first; of one moment, the one written down last. `limit` 1 to 500. */
  newest(metric: string, limit: number): Promise<Reading[]>;
  /** Takes a stored reading as its metric's baseline, in place of the one before. False when it was taken already. */
  acceptBaseline(baseline: Baseline): Promise<boolean>;
  baseline(metric: string): Promise<Baseline | undefined>;
}
