import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { answerRequest, concludeAnswer, prefixOf } from '../core/answer-request.ts';
import type { Answer, Command, ExitCode } from '../core/command.ts';
import type { Log } from '../core/log.ts';
import type { Actor, Request } from '../core/request.ts';
import type { Services } from '../core/services.ts';
import { UsageError } from '../core/usage-error.ts';
import { renderCard } from './render.ts';

/** Where a command in a shell reads and writes. */
export interface Terminal {
  readonly output: { write(text: string): unknown };
  /** Progress, and what went wrong. */
  readonly errors: { write(text: string): unknown };
  readonly width: number;
  readonly color: boolean;
  /** Progress is drawn over itself; false where nobody watches. */
  readonly interactive: boolean;
  /** Who types, as the system knows them. */
  readonly user: string;
}

export interface TerminalCommand {
  readonly words: readonly string[];
  readonly json: boolean;
  readonly commands: readonly Command[];
  readonly services: Services;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** The commands of chat, in a shell: the same grammar and the same code. Answers the exit code. */
export async function runInTerminal(asked: TerminalCommand): Promise<ExitCode> {
  const { services, terminal } = asked;
  const actor: Actor = { platform: 'terminal', workspace: '', user: terminal.user, name: terminal.user };
  const request: Request = {
    id: `terminal/${randomUUID()}`,
    actor,
    words: asked.words.map(quote).join(' '),
    receivedAt: services.clock.now().toISOString(),
  };
  const drawn = asked.json || !terminal.interactive ? undefined : createProgress(terminal);
  const answer = await answerRequest({
    request,
    commands: asked.commands,
    services,
    progress: (card) => drawn?.show(card.summary),
    readFile: readOf,
    signal: asked.signal,
    failed: (error) => {
      if (asked.signal.aborted) return;
      asked.log.error({ err: error, request: request.id }, 'a command failed');
      terminal.errors.write(`${prefixOf(request)}: ${error instanceof Error ? error.message : String(error)}\n`);
    },
  });
  if (asked.signal.aborted) {
    drawn?.clear();
    terminal.errors.write(`${prefixOf(request)}: interrupted; nothing was stored.\n`);
    return 2;
  }
  const said = await services.store.transaction((tx) => concludeAnswer(tx, answer, request));
  drawn?.clear();
  if (said.file !== undefined) await writeForOwner(said.file);
  show(said, asked);
  return said.exitCode ?? 0;
}

async function readOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: Error) => {
    throw new UsageError(`${path} can't be read: ${error.message}.`, 'Name a file that you may read.');
  });
}

/** Nobody else on the machine may read it. */
async function writeForOwner({ path, content }: NonNullable<Answer['file']>): Promise<void> {
  await writeFile(path, content, { mode: 0o600 }).catch((error: Error) => {
    throw new Error(`${path} can't be written: ${error.message}. Name a file that you may write.`, { cause: error });
  });
}

function show(answer: Answer, { json, terminal }: TerminalCommand): void {
  if (json) {
    terminal.output.write(`${JSON.stringify(answer.json ?? { title: answer.card.title }, null, 2)}\n`);
    return;
  }
  const target = answer.exitCode === 64 ? terminal.errors : terminal.output;
  target.write(renderCard(answer.card, terminal));
}

/** The grammar splits words at blanks: what the shell kept together stays together. */
function quote(word: string): string {
  if (!/\s/.test(word) && word !== '') return word;
  return word.includes('"') ? `'${word}'` : `"${word}"`;
}

function createProgress({ errors }: Terminal): { show(text: string): void; clear(): void } {
  let shown = 0;
  const clear = (): void => {
    if (shown > 0) errors.write(`\r${' '.repeat(shown)}\r`);
    shown = 0;
  };
  return {
    clear,
    show: (text) => {
      clear();
      errors.write(text);
      shown = text.length;
    },
  };
}
