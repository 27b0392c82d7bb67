import type { Command, FormCall } from '../src/core/command.ts';
import { runbook } from './runbook.ts';

const named = <Asked extends FormCall>(call: Asked): Asked => ({ ...call, arguments: ['cutover', ...call.arguments] });

/** The runbook of the day on which people name it without naming the runbook (L159). */
export const cutover: Command = {
  name: 'cutover',
  usage: '[start | done | what-if | …]',
  summary: 'The same for the day of the cutover',
  examples: ['cutover', 'cutover start --day 2027-01-30', 'cutover what-if final-sync +40m'],
  form: async (call, services) => runbook.form?.(named(call), services),
  run: (call, services) => runbook.run(named(call), services),
};
