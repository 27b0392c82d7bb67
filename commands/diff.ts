import { rowsCard, rowsProgressCard } from '../src/core/cards/rows-card.ts';
import { type Command, UsageError } from '../src/core/command.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import type { Playbook, RowComparison } from '../src/core/playbook/playbook.ts';
import { rowsExitCode, rowsJson } from '../src/core/reports/rows-json.ts';
import { actorInAudit } from '../src/core/reports/say-run.ts';

/** Compares the rows of both systems one by one (the playbook's `comparisons`). */
export const diff: Command = {
  name: 'diff',
  usage: '<comparison> [--share]',
  summary: 'Compares the rows of both systems one by one',
  examples: ['diff people', 'diff people --share'],

  async run({ request, prefix, arguments: typed, progress, signal }, services) {
    const { playbook, clock } = services;
    const hint = `${prefix} diff <comparison> [--share]; ${namesInWords(playbook)}`;
    const { words, flags } = readArguments(typed, { flags: ['share'], words: 1, hint });
    const comparison = comparisonOf(words[0], playbook, prefix, hint);
    progress(rowsProgressCard(comparison, 0));
    const began = clock.now();
    const compared = await services.compareRows({
      comparison,
      progress: (keys) => progress(rowsProgressCard(comparison, keys)),
      signal,
    });
    const terminal = request.actor.platform === 'terminal';
    return {
      card: rowsCard(compared, { comparison, playbook, asked: began, rows: terminal }),
      share: flags.has('share'),
      json: rowsJson(compared),
      exitCode: rowsExitCode(compared),
      write: async (tx) => {
        await tx.audit.append({
          at: clock.now().toISOString(),
          actor: actorInAudit(request.actor),
          action: 'rows.compared',
          subject: `comparison/${comparison.name}`,
          details:
            compared.state === 'held'
              ? { state: 'held' }
              : {
                  state: compared.result.verdict,
                  agree: compared.result.agree,
                  differ: compared.result.differ,
                  onlyLegacy: compared.result.only.legacy,
                  onlyNew: compared.result.only.new,
                  playbookVersion: playbook.version,
                },
        });
        return undefined;
      },
    };
  },
};

function namesInWords({ comparisons }: Playbook): string {
  if (comparisons.length === 0) return 'the playbook has no comparisons: docs/playbook.md says how to declare one.';
  return `the comparisons are ${comparisons.map(({ name }) => name).join(', ')}.`;
}

function comparisonOf(word: string | undefined, playbook: Playbook, prefix: string, hint: string): RowComparison {
  const { comparisons } = playbook;
  const name = word?.toLowerCase();
  if (name === undefined) throw new UsageError('Which rows are to be compared?', hint);
  const found = comparisons.find((one) => one.name === name);
  if (found !== undefined) return found;
  const meant = closest(
    name,
    comparisons.map((one) => one.name),
  );
  throw new UsageError(
    `There is no comparison "${name}" in the playbook.`,
    meant === undefined ? hint : `Did you mean ${prefix} diff ${meant}?`,
  );
}
