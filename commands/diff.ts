import { rowsCard, rowsProgressCard } from '../src/core/cards/rows-card.ts';
import type { Answer, Call, Command } from '../src/core/command.ts';
import { UsageError } from '../src/core/usage-error.ts';
import { closest, readArguments } from '../src/core/grammar.ts';
import { count } from '../src/core/numbers/format.ts';
import type { Playbook, RowComparison } from '../src/core/playbook/playbook.ts';
import { rowsCsv } from '../src/core/reports/rows-csv.ts';
import { rowsExitCode, rowsJson } from '../src/core/reports/rows-json.ts';
import { actorInAudit } from '../src/core/people.ts';
import type { RowsCompared } from '../src/core/rows/compare-rows.ts';
import { agreementOf } from '../src/core/rows/row-comparison.ts';
import { baselineOf, noiseOf } from '../src/core/rows/noise.ts';
import { hasRole } from '../src/core/roles.ts';
import type { RowComparisonResult, RowDifference, RowEvidence } from '../src/core/rows/result.ts';
import type { Services } from '../src/core/services.ts';

const usage = '<comparison> [--run <run>] [--rows <file>] [--baseline] [--share]';

/** Compares the rows of both systems one by one (the playbook's `comparisons`). */
export const diff: Command = {
  name: 'diff',
  usage,
  summary: 'Compares the rows of both systems one by one',
  examples: [
    'diff people',
    'diff people --share',
    'diff people --run last --rows people.csv',
    'diff people --baseline',
  ],

  async run(call, services) {
    const { request, prefix } = call;
    const hint = `${prefix} diff ${usage}; ${namesInWords(services.playbook)}`;
    const { words, flags, options } = readArguments(call.arguments, {
      flags: ['share', 'baseline'],
      options: ['rows', 'run'],
      words: 1,
      hint,
    });
    const comparison = comparisonOf(words[0], services.playbook, prefix, hint);
    const path = options.get('rows');
    if (path !== undefined) refuseRows(call, services.playbook, comparison);
    const run = options.get('run');
    if (flags.has('baseline') && (run !== undefined || path !== undefined)) {
      throw new UsageError(
        '--baseline is measured now, and keeps no rows.',
        `${prefix} diff ${comparison.name} --baseline`,
      );
    }
    if (flags.has('baseline')) return measureNoise(comparison, call, services, flags.has('share'));
    const found =
      run === undefined ? await compareNow(comparison, call, services) : await stored(comparison, run, call, services);
    if (path !== undefined && found.compared.state === 'compared' && found.kept === undefined) {
      throw new UsageError(
        `The rows of that run are no longer kept: ${count(services.playbook.differingRows.keptDays, 'day')} is how long the playbook keeps them.`,
        `${prefix} diff ${comparison.name} --rows ${path} compares now.`,
      );
    }
    const { compared, at, kept } = found;
    const file = path === undefined || kept === undefined ? undefined : { path, content: rowsCsv(comparison, kept) };
    return {
      card: rowsCard(compared, {
        comparison,
        playbook: services.playbook,
        at,
        ...(file === undefined ? {} : { written: writtenInWords(file.path, compared, kept) }),
      }),
      share: flags.has('share'),
      json: rowsJson(compared),
      exitCode: rowsExitCode(compared),
      ...(file === undefined ? {} : { file }),
      write: async (tx) => {
        await tx.audit.append({
          at: services.clock.now().toISOString(),
          actor: actorInAudit(request.actor),
          action: file === undefined ? 'rows.compared' : 'rows.written',
          subject: `comparison/${comparison.name}`,
          details: detailsOf(compared, kept, { run, playbook: services.playbook, file: file !== undefined }),
        });
        return undefined;
      },
    } satisfies Answer;
  },
};

/** Legacy against its own copy or last load: what differs between them is no error of the new system. */
async function measureNoise(
  comparison: RowComparison,
  { request, prefix, progress, signal }: Call,
  services: Services,
  share: boolean,
): Promise<Answer> {
  const baseline = baselineOf(comparison);
  if (baseline === undefined) {
    throw new UsageError(
      `${comparison.title} has no baseline to be compared with.`,
      `The playbook can name one (docs/playbook.md); ${prefix} diff ${comparison.name} compares both systems.`,
    );
  }
  const at = services.clock.now();
  progress(rowsProgressCard(baseline, 0, null));
  const compared = await services.compareRows({
    comparison: baseline,
    withinLegacy: true,
    progress: (rows, of) => progress(rowsProgressCard(baseline, rows, of)),
    signal,
  });
  const measured = compared.state === 'compared' && compared.result.verdict !== 'error' ? compared.result : undefined;
  const written = 'Columns in which no more rows differ between the two systems are called noisy from now on.';
  return {
    card: rowsCard(compared, {
      comparison: baseline,
      playbook: services.playbook,
      at,
      ...(measured === undefined ? {} : { written }),
    }),
    share,
    json: rowsJson(compared),
    exitCode: measured === undefined ? 2 : 0,
    write: async (tx) => {
      if (measured !== undefined) await tx.rows.saveNoise(comparison.name, noiseOf(measured), at);
      await tx.audit.append({
        at: services.clock.now().toISOString(),
        actor: actorInAudit(request.actor),
        action: 'noise.measured',
        subject: `comparison/${comparison.name}`,
        details: detailsOf(compared, undefined, { run: undefined, playbook: services.playbook, file: false }),
      });
      return undefined;
    },
  };
}

interface Found {
  readonly compared: RowsCompared;
  readonly at: Date;
  /** Undefined where nothing was compared. */
  readonly kept: readonly RowDifference[] | undefined;
}

async function compareNow(comparison: RowComparison, call: Call, services: Services): Promise<Found> {
  const at = services.clock.now();
  const { progress, signal } = call;
  progress(rowsProgressCard(comparison, 0, null));
  const compared = await services.compareRows({
    comparison,
    progress: (rows, of) => progress(rowsProgressCard(comparison, rows, of)),
    signal,
  });
  return { compared, at, kept: compared.state === 'compared' ? compared.differences : undefined };
}

function disagreeing(result: RowComparisonResult): number {
  const { agree, all } = agreementOf(result);
  return all - agree;
}

function writtenInWords(path: string, compared: RowsCompared, kept: Found['kept']): string {
  const rows = kept?.length ?? 0;
  const all = compared.state === 'held' ? 0 : disagreeing(compared.result);
  const which = all > rows ? `The first ${count(rows, 'row')} of ${count(all, 'row')}` : count(rows, 'row');
  return `${which} that ${rows === 1 && all === 1 ? 'does' : 'do'} not agree: written to ${path}, for your eyes only.`;
}

/** What a run found, exactly as it was. Throws UsageError where it compared no such rows, or they are no longer kept. */
async function stored(
  { name, title }: RowComparison,
  id: string,
  { prefix }: Call,
  { store, clock }: Services,
): Promise<Found> {
  const now = clock.now();
  const { run, kept } = await store.transaction(async (tx) => {
    const found =
      id === 'last'
        ? (await tx.runs.list({ limit: 50 })).find(({ comparisons }) => comparisons.length > 0)
        : await tx.runs.find(id);
    return { run: found, kept: found === undefined ? undefined : await tx.rows.find(found.id, name, now) };
  });
  const hint = `${prefix} history lists the runs; ${prefix} diff ${name} compares now.`;
  const result = run?.comparisons.find(({ comparison }) => comparison === name);
  if (run === undefined)
    throw new UsageError(id === 'last' ? 'No run compared any rows yet.' : `There is no run "${id}".`, hint);
  if (result === undefined) throw new UsageError(`The run ${run.id} did not compare the rows of ${title}.`, hint);
  const compared = { state: 'compared' as const, batch: run.batch, result, differences: kept ?? [] };
  return { compared, at: new Date(run.startedAt), kept };
}

/** Throws UsageError unless whoever asks may have rows, here. */
function refuseRows({ request, prefix }: Call, playbook: Playbook, { name }: RowComparison): void {
  if (request.actor.platform !== 'terminal') {
    throw new UsageError(
      'Rows never go to chat: they hold what people are paid.',
      `In a shell of the server: parallel-run diff ${name} --rows ${name}.csv.`,
    );
  }
  const { differingRows, roles } = playbook;
  if (hasRole(request.actor, differingRows.roles, playbook)) return;
  const titles = differingRows.roles.map((role) => roles[role]?.title ?? role).join(', ');
  throw new UsageError(
    `The rows themselves are for ${titles === '' ? 'nobody yet' : titles}.`,
    `Whoever keeps the playbook can add "terminal:${request.actor.user}" to ${titles === '' ? 'a role, and that role to differingRows.roles' : 'one of these roles'}; ${prefix} diff ${name} shows how many differ, and why.`,
  );
}

function detailsOf(
  compared: RowsCompared,
  kept: Found['kept'],
  { run, playbook, file }: { run: string | undefined; playbook: Playbook; file: boolean },
): Record<string, string | number> {
  if (compared.state === 'held') return { state: 'held' };
  const { verdict, agree, differ, only } = compared.result;
  return {
    state: verdict,
    agree,
    differ,
    onlyLegacy: only.legacy,
    onlyNew: only.new,
    playbookVersion: playbook.version,
    ...evidenceInAudit(compared.result.evidence),
    ...(run === undefined ? {} : { run }),
    ...(file ? { rowsWritten: count(kept?.length ?? 0, 'row') } : {}),
  };
}

/** By what the comparison can be judged later; the queries and rules are those of the playbook's version. */
function evidenceInAudit({
  snapshots,
  way,
  checksums,
  readAsTheyAre = [],
  changedAt = {},
}: RowEvidence): Record<string, string> {
  return {
    legacySnapshot: snapshots.legacy,
    newSnapshot: snapshots.new,
    way: way ?? 'all rows were read',
    ...('legacy' in changedAt ? { legacyChangedAt: changedAt.legacy ?? 'not known' } : {}),
    ...('new' in changedAt ? { newChangedAt: changedAt.new ?? 'not known' } : {}),
    ...(checksums === null ? {} : { legacyChecksum: checksums.legacy, newChecksum: checksums.new }),
    ...(readAsTheyAre.length === 0 ? {} : { readAsTheyAre: readAsTheyAre.join(', ') }),
  };
}

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
