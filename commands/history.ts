import { checkHistoryCard, historyCard } from '../src/core/cards/history-card.ts';
import type { Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { runsLookedBackOn } from '../src/core/reports/overview.ts';
import { runJson } from '../src/core/reports/run-json.ts';
import { refuseUnknown } from './check.ts';

/** The newest runs, or one check over them. */
export const history: Command = {
  name: 'history',
  usage: '[check] [--share]',
  summary: 'Shows the newest runs, or one check over time',
  examples: ['history', 'history compensation'],

  async run({ prefix, arguments: typed }, { playbook, store }) {
    const { words, flags } = readArguments(typed, { flags: ['share'], words: 1, hint: `${prefix} history [check]` });
    const name = words[0]?.toLowerCase();
    if (name !== undefined) refuseUnknown(name, playbook, prefix);
    const check = playbook.checks.find((one) => one.name === name);
    const limit = runsLookedBackOn;
    if (check === undefined) {
      const runs = await store.transaction((tx) => tx.runs.list({ limit }));
      return { card: historyCard(runs, playbook), share: flags.has('share'), json: { runs: runs.map(runJson) } };
    }
    const found = await store.transaction((tx) => tx.runs.history(check.name, limit));
    return {
      card: checkHistoryCard(check, found, playbook),
      share: flags.has('share'),
      json: { check: check.name, runs: found.map(({ run }) => runJson(run)) },
    };
  },
};
