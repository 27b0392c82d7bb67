import { discrepanciesCard } from '../src/core/cards/discrepancy-card.ts';
import type { Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { nameOf } from '../src/core/records/discrepancy.ts';

const usage = '[--all] [--share]';
const shown = 50;
const most = 10_000;

/** What is on record. */
export const discrepancies: Command = {
  name: 'discrepancies',
  usage,
  summary: 'Lists what is open, or all that was ever on record',
  examples: ['discrepancies', 'discrepancies --all'],

  async run({ request, prefix, arguments: typed }, { playbook, store, clock }) {
    const hint = `${prefix} discrepancies ${usage}`;
    const { flags } = readArguments(typed, { flags: ['all', 'share'], words: 0, hint });
    const found = await store.transaction((tx) =>
      flags.has('all') ? tx.discrepancies.list(most) : tx.discrepancies.active(),
    );
    const chat = request.actor.platform !== 'terminal';
    return {
      card: discrepanciesCard(
        found.slice(0, shown),
        { playbook, chat, now: clock.now() },
        Math.max(0, found.length - shown),
      ),
      share: flags.has('share'),
      json: { discrepancies: found.map((one) => ({ ...one, name: nameOf(one) })) },
    };
  },
};
