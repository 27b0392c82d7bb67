import { planCard } from '../src/core/cards/plan-card.ts';
import type { Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { momentOf, planDates, timelineOf } from '../src/core/phases/calendar.ts';
import { readOverview } from '../src/core/reports/overview.ts';
import { taskJson } from '../src/core/reports/task-json.ts';

/** Where the team is: what is late, due and next, the dates, and how far each phase is. */
export const plan: Command = {
  name: 'plan',
  usage: '[--share]',
  summary: 'Shows the phase, which tasks are due or late, and the dates',
  examples: ['plan', 'plan --share'],

  async run({ prefix, arguments: typed }, services) {
    const { flags } = readArguments(typed, { flags: ['share'], words: 0, hint: `${prefix} plan [--share]` });
    const { playbook } = services;
    const timeline = timelineOf(playbook);
    const { today, tasks } = await services.store.transaction((tx) => readOverview(tx, services));
    return {
      card: planCard({ playbook, today, plan: tasks, prefix }),
      share: flags.has('share'),
      json: {
        today,
        startDate: playbook.startDate,
        moment: momentOf(playbook, today),
        dates: timeline === undefined ? null : planDates(timeline),
        tasks: tasks.map(taskJson),
      },
    };
  },
};
