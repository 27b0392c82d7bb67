import { metricsCard } from '../src/core/cards/metrics-card.ts';
import type { Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { allMetrics, metricJson } from '../src/core/reports/metrics.ts';

/** The success metrics (L136-L140): target, actual, status and date of each. */
export const metrics: Command = {
  name: 'metrics',
  usage: '[--share]',
  summary: 'Shows the success metrics: target, actual, status and date of each',
  examples: ['metrics', 'metrics --share'],

  async run({ prefix, arguments: typed }, services) {
    const { flags } = readArguments(typed, { flags: ['share'], words: 0, hint: `${prefix} metrics [--share]` });
    const states = await services.store.transaction((tx) => allMetrics(tx, services));
    return {
      card: metricsCard(states, services.playbook),
      share: flags.has('share'),
      json: { metrics: states.map(metricJson) },
    };
  },
};
