import type { Card } from './cards/card.ts';
import type { Request } from './request.ts';
import type { Services } from './services.ts';
import type { Transaction } from './store.ts';

/** 0 all pass, 1 a failure, 2 held or error, 64 bad usage (BSD sysexits EX_USAGE). */
export type ExitCode = 0 | 1 | 2 | 64;

/** What people may ask: one file a subcommand in `commands/`, the same for chat and terminal. */
export interface Command {
  /** The word after `/parallel`. */
  readonly name: string;
  /** One line for `help`. */
  readonly summary: string;
  /** Its arguments, such as "[name…] [--share]". */
  readonly usage: string;
  /** Whole examples without the leading `/parallel`. */
  readonly examples: readonly string[];
  /** Asked by a platform, not typed by people: `help` doesn't list it. */
  readonly hidden?: true;
  run(call: Call, services: Services): Promise<Answer>;
}

export interface Call {
  readonly request: Request;
  /** What stands before a command where this one was asked: "/parallel" or "parallel-run". */
  readonly prefix: string;
  /** The words after the command's own name, as typed; quotes group words. */
  readonly arguments: readonly string[];
  /** Shows how a long run goes, in place of the answer until it is there. Cheap: the latest wins. */
  progress(card: Card): void;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly card: Card;
  /** True: everybody in the channel sees the answer. Default: only the person who asked. */
  readonly share?: boolean;
  /** What `--json` prints in the terminal. */
  readonly json?: unknown;
  readonly exitCode?: ExitCode;
  /** Written where the person asked for it; in a terminal only. */
  readonly file?: { readonly path: string; readonly text: string };
  /**
   * State changes, audit and messages to others, called in the transaction that delivers the answer. It may answer
   * another Answer in place of this one, when only the transaction can tell.
   */
  readonly write?: (tx: Transaction) => Promise<Answer | undefined>;
}

/** Bad words: shown in private (or on standard error with exit code 64), with what to type instead. */
export class UsageError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}
