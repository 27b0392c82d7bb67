import { discrepanciesCard } from '../src/core/cards/discrepancy-card.ts';
import type { Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { nameOf } from '../src/core/records/discrepancy.ts';
import { discrepanciesCsv } from '../src/core/reports/discrepancies-csv.ts';

const usage = '[--all] [--export <file>] [--share]';
const shown = 50;
const exported = 10_000;

/** What is on record. */
export const discrepancies: Command = {
  name: 'discrepancies',
  usage,
  summary: 'Lists what is open, or all that was ever on record, also as CSV',
  examples: ['discrepancies', 'discrepancies --all', 'discrepancies --all --export discrepancies.csv'],

  async run({ request, prefix, arguments: typed }, { playbook, store, clock }) {
    const hint = `${prefix} discrepancies ${usage}`;
    const { flags, options } = readArguments(typed, { flags: ['all', 'share'], options: ['export'], words: 0, hint });
    const found = await store.transaction((tx) =>
      flags.has('all') ? tx.discrepancies.list(exported) : tx.discrepancies.active(),
    );
    const chat = request.actor.platform !== 'terminal';
    const path = options.get('export');
    return {
      card: discrepanciesCard(
        found.slice(0, shown),
        { playbook, chat, now: clock.now() },
        Math.max(0, found.length - shown),
      ),
      share: flags.has('share'),
      json: { discrepancies: found.map((one) => ({ ...one, name: nameOf(one) })) },
      ...(path === undefined ? {} : { file: { path, text: discrepanciesCsv(found) } }),
    };
  },
};
