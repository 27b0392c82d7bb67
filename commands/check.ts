import type { Card } from '../src/core/cards/card.ts';
import { runCard } from '../src/core/cards/run-card.ts';
import type { Command } from '../src/core/command.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import { exitCodeOf, runJson } from '../src/core/reports/run-json.ts';
import { recordRun, type RunWithRows } from '../src/core/reports/say-run.ts';

/** Compares now (L27): every check of the playbook, or those named. */
export const check: Command = {
  name: 'check',
  usage: '[name…] [--share]',
  summary: 'Compares both systems now: every check, or those named',
  examples: ['check', 'check levels', 'check employees compensation --share'],

  async run({ request, prefix, arguments: typed, progress, signal }, services) {
    const { playbook } = services;
    const hint = `${prefix} check [name…] [--share]; the checks are ${namesOf(playbook).join(', ')}.`;
    const { words, flags } = readArguments(typed, { flags: ['share'], words: playbook.checks.length, hint });
    const names = [...new Set(words.map((word) => word.toLowerCase()))];
    for (const name of names) refuseUnknown(name, playbook, `${prefix} check`);

    progress(
      progressCard(0, names.length === 0 ? playbook.checks.length : names.length, 'Asking whether the batch is ready'),
    );
    const rows: RunWithRows['rows'][number][] = [];
    const run = await services.measure({
      keepRows: (comparison, differences) => rows.push({ comparison, differences }),
      checks: names,
      requestedBy: request.actor,
      slot: null,
      progress: (done, total, what) => progress(progressCard(done, total, what)),
      signal,
    });
    const chat = request.actor.platform !== 'terminal';
    return {
      card: runCard(run, { playbook, chat, buttons: chat }),
      share: flags.has('share'),
      json: runJson(run),
      exitCode: exitCodeOf(run.state),
      write: async (tx) => {
        await recordRun(tx, { run, rows }, services);
        return undefined;
      },
    };
  },
};

const namesOf = ({ checks }: Playbook): string[] => checks.map(({ name }) => name);

/** Throws UsageError for a name that is no check of the playbook, with the one that was probably meant. */
export function refuseUnknown(name: string, playbook: Playbook, command: string): void {
  const names = namesOf(playbook);
  if (names.includes(name)) return;
  const meant = closest(name, names);
  const hint = meant === undefined ? `The checks are ${names.join(', ')}.` : `Did you mean ${command} ${meant}?`;
  throw new UsageError(`There is no check "${name}" in the playbook.`, hint);
}

function progressCard(done: number, total: number, what: string): Card {
  const label = done === 0 ? what : `${what} is compared`;
  return {
    title: 'Comparing the two systems',
    tone: 'neutral',
    summary: `Comparing: ${done} of ${total} checks done.`,
    body: [{ kind: 'progress', done, total, label }],
  };
}
