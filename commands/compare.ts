import { compareCard } from '../src/core/cards/compare-card.ts';
import type { Command } from '../src/core/command.ts';
import { readArguments } from '../src/core/grammar.ts';
import { runJson } from '../src/core/reports/run-json.ts';
import { formatDate } from '../src/core/time/format.ts';
import { isDate, localDate } from '../src/core/time/local-time.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { refuseUnknown } from './check.ts';

const usage = '<check> [date] [--share]';
/** So many runs are looked back on for a date. */
const lookedBackOn = 200;

/** Both systems side by side for one check, of any day (L61). */
export const compare: Command = {
  name: 'compare',
  usage,
  summary: 'Shows both systems side by side for one check: values, groups and trend',
  examples: ['compare levels', 'compare compensation 2026-11-20', 'compare levels --share'],

  async run({ request, prefix, arguments: typed }, { playbook, store }) {
    const hint = `${prefix} compare ${usage}; the checks are ${playbook.checks.map(({ name }) => name).join(', ')}.`;
    const { words, flags } = readArguments(typed, { flags: ['share'], words: 2, hint });
    const name = words[0]?.toLowerCase();
    if (name === undefined) throw new UsageError('Which check?', hint);
    refuseUnknown(name, playbook, `${prefix} compare`);
    const date = words[1];
    if (date !== undefined && !isDate(date)) throw new UsageError(`"${date}" is no date such as 2026-11-23.`, hint);

    const runs = (await store.transaction((tx) => tx.runs.history(name, lookedBackOn))).map(({ run }) => run);
    const dateOf = (at: string): string => localDate(new Date(at), playbook.timeZone);
    const from = date === undefined ? 0 : runs.findIndex(({ slot, startedAt }) => dateOf(slot ?? startedAt) === date);
    const run = runs[from];
    const check = run?.checks.find((one) => one.check === name);
    if (run === undefined || check === undefined) {
      const days = [...new Set(runs.map(({ slot, startedAt }) => dateOf(slot ?? startedAt)))].slice(0, 5);
      throw new UsageError(
        date === undefined ? `${name} was not measured yet.` : `${name} was not measured on ${formatDate(date)}.`,
        days.length === 0 ? `${prefix} check ${name} measures it now.` : `It was measured on ${days.join(', ')}.`,
      );
    }
    const chat = request.actor.platform !== 'terminal';
    return {
      card: compareCard({ run, check, earlier: runs.slice(from) }, { playbook, chat }),
      share: flags.has('share'),
      json: runJson({ ...run, checks: [check], comparisons: [] }),
    };
  },
};
