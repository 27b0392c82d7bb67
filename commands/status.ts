import { statusCard } from '../src/core/cards/overview-card.ts';
import type { Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { readOverview } from '../src/core/reports/overview.ts';
import { taskJson } from '../src/core/reports/task-json.ts';
import { runJson } from '../src/core/reports/run-json.ts';

/** Where we are: the last daily run, the streak, what comes next, what is wrong. */
export const status: Command = {
  name: 'status',
  usage: '[--share]',
  summary: 'Shows the last daily run, the phase and what comes next',
  examples: ['status'],

  async run({ prefix, arguments: typed }, services) {
    const { flags } = readArguments(typed, { flags: ['share'], words: 0, hint: `${prefix} status [--share]` });
    const overview = await services.store.transaction((tx) => readOverview(tx, services));
    const [last] = overview.scheduled;
    return {
      card: statusCard(overview),
      share: flags.has('share'),
      json: {
        today: overview.today,
        startDate: services.playbook.startDate,
        lastRun: last === undefined ? null : runJson(last),
        tasks: overview.tasks.map(taskJson),
        nextDue: overview.nextDue,
        problems: overview.problems,
      },
    };
  },
};
