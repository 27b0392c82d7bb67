import { explanationCard, whyUnexplained } from '../src/core/cards/explanation-card.ts';
import type { Command } from '../src/core/command.ts';
import type { Run } from '../src/core/checks/run.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { readArguments } from '../src/core/grammar.ts';
import type { Playbook } from '../src/core/playbook/playbook.ts';
import { refuseUnknown } from './check.ts';

const usage = '[check] [--run <run>] [--share]';

/** What explains the variance of the failed checks of a run, and why rows do not agree. */
export const explain: Command = {
  name: 'explain',
  usage,
  summary: 'Shows what explains the variance: which rows differ, how, and how much each cause carries',
  examples: ['explain', 'explain compensation', 'explain compensation --run 20261123-k3f9a'],

  async run({ request, prefix, arguments: typed }, { playbook, store }) {
    const hint = `${prefix} explain ${usage}`;
    const { words, flags, options } = readArguments(typed, { flags: ['share'], options: ['run'], words: 1, hint });
    const check = words[0]?.toLowerCase();
    if (check !== undefined) refuseUnknown(check, playbook, `${prefix} explain`);
    const id = options.get('run') ?? 'last';
    const run = await store.transaction(async (tx) =>
      id === 'last'
        ? (await tx.runs.list({ limit: 50 })).find(({ comparisons }) => comparisons.length > 0)
        : tx.runs.find(id),
    );
    if (run === undefined) {
      const message = id === 'last' ? 'No run compared any rows yet.' : `There is no run "${id}".`;
      throw new UsageError(message, `${prefix} check compares now; ${prefix} history lists the runs.`);
    }
    const chat = request.actor.platform !== 'terminal';
    const card = explanationCard(run, { playbook, chat, ...(check === undefined ? {} : { check }) });
    if (card === undefined) throw nothingToExplain(run, check, playbook, prefix);
    return {
      card,
      share: flags.has('share'),
      json: {
        run: run.id,
        explanations: run.comparisons
          .flatMap(({ explanations }) => explanations)
          .filter((one) => check === undefined || one.check === check),
        causes: run.comparisons.map(({ comparison, causes }) => ({ comparison, causes })),
      },
    };
  },
};

function nothingToExplain(run: Run, name: string | undefined, playbook: Playbook, prefix: string): UsageError {
  const show = `${prefix} show ${run.id}`;
  const check = playbook.checks.find((one) => one.name === name);
  if (check === undefined) {
    return new UsageError(`All rows agreed in the run ${run.id}: there is nothing to explain.`, show);
  }
  const verdict = run.checks.find((one) => one.check === check.name)?.verdict;
  const why = verdict === 'fail' ? whyUnexplained(run, check.name, playbook) : undefined;
  if (why !== undefined) {
    const hint = check.explainedBy === undefined ? 'docs/playbook.md shows how explainedBy names them.' : show;
    return new UsageError(`${check.title} failed in the run ${run.id}. ${why}`, hint);
  }
  return new UsageError(`${check.title} did not fail in the run ${run.id}: there is nothing to explain.`, show);
}
