import { usageCard } from './cards/help-card.ts';
import type { Answer, Call, Command } from './command.ts';
import { UsageError } from './usage-error.ts';
import type { Card } from './cards/card.ts';
import type { Form } from './form.ts';
import { closest, splitWords } from './grammar.ts';
import type { Platform, Request } from './request.ts';
import type { Services } from './services.ts';
import { StoreUnavailableError, type Transaction } from './store.ts';

export interface Asked {
  readonly request: Request;
  readonly commands: readonly Command[];
  readonly services: Services;
  progress(card: Card): void;
  /** Given in a terminal only. */
  readonly readFile?: Call['readFile'];
  readonly signal: AbortSignal;
  /** Called with an error that nobody foresaw, for the log. */
  failed(error: unknown): void;
}

/**
 * What somebody asked for, answered: the one grammar of chat and terminal. Bad words and errors become answers that only
 * the person who asked sees. Throws only StoreUnavailableError: whoever holds the request tries it again later.
 */
export async function answerRequest(asked: Asked): Promise<Answer> {
  const { request, commands, services } = asked;
  const prefix = prefixOf(request);
  try {
    const { command, rest } = commandOf(request, commands);
    await services.refresh();
    return await command.run(
      {
        request,
        prefix,
        arguments: rest,
        progress: asked.progress,
        readFile: asked.readFile,
        signal: asked.signal,
      },
      services,
    );
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    if (error instanceof UsageError) return refusal(error, request);
    asked.failed(error);
    return { card: brokenCard(request), exitCode: 2, json: { error: 'failed', request: request.id } };
  }
}

/**
 * The form that stands in place of an answer, or the refusal to ask; undefined where the words say it all, and where they
 * are no command. Throws what the store throws.
 */
export async function formFor(
  request: Request,
  commands: readonly Command[],
  services: Services,
): Promise<{ readonly form: Form } | { readonly refused: Card } | undefined> {
  try {
    const { command, rest } = commandOf(request, commands);
    if (command.form === undefined) return undefined;
    await services.refresh();
    const form = await command.form({ request, prefix: prefixOf(request), arguments: rest }, services);
    return form === undefined ? undefined : { form };
  } catch (error) {
    if (error instanceof UsageError) return { refused: refusal(error, request).card };
    throw error;
  }
}

/** Does what an answer writes, in the transaction that delivers it, and gives the answer that is to be delivered. */
export async function concludeAnswer(tx: Transaction, answer: Answer, request: Request): Promise<Answer> {
  try {
    return (await answer.write?.(tx)) ?? answer;
  } catch (error) {
    if (error instanceof UsageError) return refusal(error, request);
    throw error;
  }
}

function commandOf(
  request: Request,
  commands: readonly Command[],
): { readonly command: Command; readonly rest: readonly string[] } {
  const [name = 'help', ...rest] = splitWords(request.words);
  const command = commands.find((one) => one.name === name.toLowerCase());
  if (command === undefined) throw unknownCommand(name, commands, prefixOf(request));
  return { command, rest };
}

/** What was filled in is shown again, so that nobody has to think of it twice. */
function refusal({ message, hint }: UsageError, { form = {} }: Request): Answer {
  const card = usageCard(message, hint);
  const typed = Object.entries(form).map(([label, value]) => ({ label, value }));
  return {
    card:
      typed.length === 0
        ? card
        : {
            ...card,
            body: [...card.body, { kind: 'text', text: 'What you filled in:' }, { kind: 'facts', facts: typed }],
          },
    exitCode: 64,
    json: { error: message, hint },
  };
}

const prefixes: Readonly<Record<Platform, string>> = {
  slack: '/parallel',
  teams: '@Parallel Run',
  terminal: 'parallel-run',
  clock: '/parallel',
};

/** What stands before a command where it was typed. */
export function prefixOf(request: Request): string {
  return prefixes[request.actor.platform];
}

function unknownCommand(name: string, commands: readonly Command[], prefix: string): UsageError {
  const meant = closest(
    name,
    commands.filter(({ hidden }) => hidden !== true).map((command) => command.name),
  );
  const hint = meant === undefined ? `${prefix} help lists what there is.` : `Did you mean ${prefix} ${meant}?`;
  return new UsageError(`There is no "${name}".`, hint);
}

function brokenCard(request: Request): Card {
  return {
    title: 'That did not work',
    tone: 'bad',
    summary: 'That did not work; nothing was changed.',
    body: [
      { kind: 'text', text: 'Something went wrong on our side, and nothing was changed. Try it once more.' },
      {
        kind: 'text',
        text:
          request.actor.platform === 'terminal'
            ? 'What it was is said on standard error.'
            : ['If it happens again, ask whoever operates the bot to look in its log for ', { code: request.id }, '.'],
      },
    ],
  };
}
