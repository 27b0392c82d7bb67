import { usageCard } from './cards/help-card.ts';
import { type Answer, type Command, UsageError } from './command.ts';
import type { Card } from './cards/card.ts';
import { closest, splitWords } from './grammar.ts';
import type { Request } from './request.ts';
import type { Services } from './services.ts';
import { StoreUnavailableError } from './store.ts';

export interface Asked {
  readonly request: Request;
  readonly commands: readonly Command[];
  readonly services: Services;
  progress(card: Card): void;
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
    const [name = 'help', ...rest] = splitWords(request.words);
    const command = commands.find((one) => one.name === name.toLowerCase());
    if (command === undefined) throw unknownCommand(name, commands, prefix);
    await services.refresh();
    return await command.run(
      { request, prefix, arguments: rest, progress: asked.progress, signal: asked.signal },
      services,
    );
  } catch (error) {
    if (error instanceof StoreUnavailableError) throw error;
    if (error instanceof UsageError) {
      const json = { error: error.message, hint: error.hint };
      return { card: usageCard(error.message, error.hint), exitCode: 64, json };
    }
    asked.failed(error);
    return { card: brokenCard(request), exitCode: 2, json: { error: 'failed', request: request.id } };
  }
}

/** What stands before a command where it was typed. */
export function prefixOf(request: Request): string {
  return request.actor.platform === 'terminal' ? 'parallel-run' : '/parallel';
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
