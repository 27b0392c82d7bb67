import type { Suggestion } from '../state.ts';

/**
 * What to suggest for what stands in the composer: every command while only (a part of) the slash command is typed, then
 * those whose name begins with the word typed, and nothing once that word is finished.
 */
export function suggest(typed: string, slash: string, suggestions: readonly Suggestion[]): readonly Suggestion[] {
  if (!typed.startsWith('/')) return [];
  if (slash.startsWith(typed)) return suggestions;
  if (!typed.startsWith(`${slash} `)) return [];
  const words = typed.slice(slash.length).trimStart();
  return words.includes(' ') ? [] : suggestions.filter(({ name }) => name.startsWith(words.toLowerCase()));
}

/** The suggestion whose name is the finished first word: its usage is shown while the arguments are typed. */
export function usageOf(typed: string, slash: string, suggestions: readonly Suggestion[]): Suggestion | undefined {
  if (!typed.startsWith(`${slash} `)) return undefined;
  const word = /^(\S+)\s/.exec(typed.slice(slash.length).trimStart())?.[1];
  return suggestions.find(({ name }) => name === word);
}

/** What stands after the slash command, or undefined when it is not that command. */
export function commandText(typed: string, slash: string): string | undefined {
  const text = typed.trim();
  if (text === slash) return '';
  return text.startsWith(`${slash} `) ? text.slice(slash.length).trim() : undefined;
}
