import type { SlackConnection } from '../../src/config.ts';
import type { TeamsSettings } from '../../src/teams/settings.ts';

/** What a bot's process is started with. */
export interface BotSettings {
  readonly playbookPath: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly databaseUrl: string;
  /** Where it speaks: at least one of the two. */
  readonly slack?: SlackConnection;
  readonly teams?: TeamsSettings;
  /** Where it listens; default: any free port. */
  readonly port?: number;
  /** What the bot takes for now; later changed by messages. */
  readonly day: Day;
  /**
   * The day, leases and pauses run this much faster than the real time, counted from `epoch` (milliseconds, the same for all
   * processes of a test), so that a test need not wait 30 s for a lease.
   */
  readonly deliverySpeed: number;
  readonly epoch: number;
  /** Dies with SIGKILL at the first time that it comes to this point; a message may name another later. */
  readonly crashAt?: CrashPoint;
}

/** What a bot's process says when it has started. */
export interface BotStarted {
  /** Of its HTTP server. */
  readonly port: number;
}

/** A time (ISO 8601) that was set at a real one (milliseconds) and runs on from there: the same for all processes. */
export interface Day {
  readonly now: string;
  readonly setAt: number;
}

/** `commit`: of the transaction that closes a due time or a request; `post`: to its platform; `mark`: of what came of a post. */
export const crashPoints = [
  'before commit',
  'after commit',
  'before post',
  'after post',
  'before mark',
  'after mark',
] as const;
export type CrashPoint = (typeof crashPoints)[number];
