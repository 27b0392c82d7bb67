import type { Card } from './cards/card.ts';
import type { Form } from './form.ts';
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
  /**
   * The form that asks for what the words leave out; undefined where they say it all. A platform with forms shows it in
   * place of the answer, and what is filled in comes back with the same words. Throws UsageError for words that can't be
   * asked about, so that nobody fills in a form for nothing.
   */
  form?(call: FormCall, services: Services): Promise<Form | undefined>;
  run(call: Call, services: Services): Promise<Answer>;
}

/** A command as it was asked for, before anything is answered. */
export type FormCall = Pick<Call, 'request' | 'prefix' | 'arguments'>;

export interface Call {
  readonly request: Request;
  /** What stands before a command where this one was asked: "/parallel" or "parallel-run". */
  readonly prefix: string;
  /** The words after the command's own name, as typed; quotes group words. */
  readonly arguments: readonly string[];
  /** Shows how a long run goes, in place of the answer until it is there. Cheap: the latest wins. */
  progress(card: Card): void;
  /**
   * Reads a file of the person who typed, in a terminal only: undefined in chat, whose people have no files here. Throws
   * UsageError for one that can't be read.
   */
  readonly readFile: ((path: string) => Promise<Uint8Array>) | undefined;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly card: Card;
  /** True: everybody in the channel sees the answer. Default: only the person who asked. */
  readonly share?: boolean;
  /** What `--json` prints in the terminal. */
  readonly json?: unknown;
  readonly exitCode?: ExitCode;
  /** What was asked is kept no longer than it takes: no record of the words, nor of who said them. */
  readonly forget?: true;
  /** Written where the person asked for it; in a terminal only. */
  readonly file?: { readonly path: string; readonly content: string | Uint8Array };
  /**
   * State changes, audit and messages to others, called in the transaction that delivers the answer. It may answer
   * another Answer in place of this one, or throw UsageError before it has written anything, when only the transaction
   * can tell.
   */
  readonly write?: (tx: Transaction) => Promise<Answer | undefined>;
}

/** An answer that only the transaction can give; `write` does what is asked for, and answers. */
export function answeredBy(write: (tx: Transaction) => Promise<Answer>, share = false): Answer {
  return { card: { title: 'Written down', tone: 'good', summary: 'Written down.', body: [] }, share, write };
}
