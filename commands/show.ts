import { runCard } from '../src/core/cards/run-card.ts';
import type { Command } from '../src/core/command.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { readArguments } from '../src/core/grammar.ts';
import { exitCodeOf, runJson } from '../src/core/reports/run-json.ts';

/** A stored run, exactly as it was. */
export const show: Command = {
  name: 'show',
  usage: '<run> [--share]',
  summary: 'Shows a stored run exactly as it was',
  examples: ['show 20261123-k3f9a', 'show last'],

  async run({ request, prefix, arguments: typed }, { playbook, store }) {
    const { words, flags } = readArguments(typed, { flags: ['share'], words: 1, hint: `${prefix} show <run>` });
    const id = words[0]?.toLowerCase();
    const { run, newest } = await store.transaction(async (tx) => {
      const listed = await tx.runs.list({ limit: 5 });
      return { newest: listed, run: id === undefined ? undefined : id === 'last' ? listed[0] : await tx.runs.find(id) };
    });
    if (run === undefined) {
      const message = id === undefined ? 'Which run?' : `There is no run "${id}".`;
      const ids = newest.map((one) => one.id).join(', ');
      throw new UsageError(
        message,
        ids === '' ? 'Nothing was compared yet.' : `${prefix} show <run>; the newest are ${ids}.`,
      );
    }
    const chat = request.actor.platform !== 'terminal';
    return {
      card: runCard(run, { playbook, chat, buttons: chat }),
      share: flags.has('share'),
      json: runJson(run),
      exitCode: exitCodeOf(run.state),
    };
  },
};
