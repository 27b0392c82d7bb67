import { commandHelpCard, helpCard } from '../src/core/cards/help-card.ts';
import type { Command } from '../src/core/command.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { closest, readArguments } from '../src/core/grammar.ts';

/** Help is made from the list of commands, so that it can't leave one out. */
export function createHelp(others: readonly Command[]): Command {
  const help: Command = {
    name: 'help',
    usage: '[command]',
    summary: 'Shows what there is, or examples of one command',
    examples: ['help', 'help check'],

    async run({ prefix, arguments: typed }) {
      const { words } = readArguments(typed, { flags: [], words: 1, hint: `${prefix} help [command]` });
      const listed = [...others, help].filter(({ hidden }) => hidden !== true);
      const json = {
        commands: listed.map(({ name, usage, summary, examples }) => ({ name, usage, summary, examples })),
      };
      const wanted = words[0]?.toLowerCase();
      if (wanted === undefined) return { card: helpCard(listed, prefix), json };
      const command = listed.find(({ name }) => name === wanted);
      if (command !== undefined) return { card: commandHelpCard(command, prefix), json };
      const meant = closest(
        wanted,
        listed.map(({ name }) => name),
      );
      const hint =
        meant === undefined ? `${prefix} help lists what there is.` : `Did you mean ${prefix} help ${meant}?`;
      throw new UsageError(`There is no "${wanted}".`, hint);
    },
  };
  return help;
}
