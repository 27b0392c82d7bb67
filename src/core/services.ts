import type { Run } from './checks/run.ts';
import type { EffectivePlaybook } from './phases/effective-playbook.ts';
import type { Playbook, RowComparison } from './playbook/playbook.ts';
import type { AskedProbe, ProbeFinding } from './probes/probe.ts';
import type { Document, PlaceInPdf } from './reports/document.ts';
import type { Actor } from './request.ts';
import type { Rows, Side } from './sources.ts';
import type { RowsCompared } from './rows/compare-rows.ts';
import type { RowDifference } from './rows/result.ts';
import type { Slot, Store } from './store.ts';
import type { Clock } from './time/clock.ts';

/** What a run is asked for. */
export interface RunRequest {
  /** Names of checks; all when empty. */
  readonly checks: readonly string[];
  readonly requestedBy: Actor;
  /** ISO 8601 UTC of the schedule's due time; null on demand. */
  readonly slot: string | null;
  /** The earlier, held attempt that this one continues: its id and count go on. */
  readonly previous?: Run;
  /** Called with the rows that do not agree, once for each comparison. */
  readonly keepRows?: (comparison: string, differences: readonly RowDifference[]) => void;
  /** Called whenever a check is done on both sides. */
  readonly progress?: (done: number, total: number, what: string) => void;
  readonly signal: AbortSignal;
}

/** Which rows to compare. */
export interface RowsRequest {
  readonly comparison: RowComparison;
  /** True: both queries are of the legacy system. */
  readonly withinLegacy?: boolean;
  /** Called now and then with how many rows were compared so far, and of how many where that is known. */
  readonly progress: (rows: number, of: number | null) => void;
  readonly signal: AbortSignal;
}

/** What commands and schedules work with; app.ts puts it together. */
export interface Services {
  /** With the start date that holds: read it anew for each piece of work, and don't keep it. */
  readonly playbook: Playbook;
  /** Lets `playbook` follow a start date that was set here or in another process: called before each piece of work. */
  refresh: EffectivePlaybook['refresh'];
  /** What day it is: due times and what is shown. The simulator sets it. */
  readonly clock: Clock;
  /** The real time, when messages are asked for: their leases and pauses are about the outside world. */
  readonly deliveryClock: Clock;
  readonly store: Store;
  /**
   * A keyed hash of a text, the same in every process, whose key is not in the store: who gave an anonymous answer.
   * Undefined where there is no secret to make a key of.
   */
  readonly anonymous?: (text: string) => string;
  /**
   * Why somebody may not decide, whatever roles they have: a guest, a bot, somebody from elsewhere, or nobody could say
   * who they are. Undefined for a full member. Asks the platform: never inside a transaction.
   */
  outsider(actor: Actor): Promise<string | undefined>;
  /** When each schedule is due next, the soonest first; empty while nothing is scheduled. */
  nextDue(): readonly Slot[];
  /** Compares rows of a comparison of the playbook; writes nothing. Takes its turn with `measure`. */
  compareRows(request: RowsRequest): Promise<RowsCompared>;
  /** One query of one side, in a snapshot of its own. Throws SourceError. Takes its turn with `measure`. */
  readFrom(side: Side, sql: string, signal: AbortSignal): Promise<Rows>;
  /** A document as PDF; the same document gives the same bytes. */
  pdf(document: Document): Promise<Uint8Array>;
  /**
   * Where a byte, from 0, of a file that `pdf` made stands in it. Of the file only what is before the byte need be as it
   * was made; `document`: what it was made of, where that is known.
   */
  placeInPdf(file: Uint8Array, offset: number, document: Document | undefined): Promise<PlaceInPdf>;
  /** Tries a probe; writes nothing, also where it tries. */
  probe(probe: AskedProbe, signal: AbortSignal): Promise<ProbeFinding>;
  /** Measures; writes nothing. One run at a time in a process: a second waits its turn. */
  measure(request: RunRequest): Promise<Run>;
}
