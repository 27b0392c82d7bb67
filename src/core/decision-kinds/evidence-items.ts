import { gateFigureInWords, gateInWords } from '../cards/gate-card.ts';
import { figureInWords, statusWord, targetInWords } from '../cards/metric-words.ts';
import { resultInWords } from '../cards/run-words.ts';
import type { Run } from '../checks/run.ts';
import type { EvidenceItem } from '../decisions/decision.ts';
import type { GateResult } from '../gates/gate.ts';
import { count } from '../numbers/format.ts';
import { nameOf } from '../records/discrepancy.ts';
import { completenessOf } from '../registers/register.ts';
import { completenessInWords } from '../cards/register-card.ts';
import type { Runbook } from '../runbooks/runbook.ts';
import { allMetrics } from '../reports/metrics.ts';
import { readGates } from '../reports/read-gates.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { formatDate, formatDateTime } from '../time/format.ts';
import { isDate } from '../time/local-time.ts';

/*
 * What may lie on the table. An item's figure is for people; its material part changes only when the facts that a
 * decision rests on do: a run that says the same as the one before asks nobody to confirm again, a check that fails does.
 */

type Context = Pick<Services, 'playbook' | 'clock'>;

/** What is asked for in detail, by the labels of its fields. */
export function proposalItems(
  proposal: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): EvidenceItem[] {
  return Object.entries(labels).flatMap(([name, title]) => {
    const given = proposal[name] ?? '';
    const figure = isDate(given) ? formatDate(given) : given;
    return given === '' ? [] : [{ title, figure, material: given, command: null }];
  });
}

/** The newest run of all checks that was not held: which checks do not pass, and by how much. */
export async function newestRunItem(tx: Transaction, context: Context): Promise<EvidenceItem[]> {
  return runItem(await tx.runs.list({ limit: 50, scheduled: true }), context);
}

/** The run that a runbook's check came to last; the newest daily one where it has measured nothing. */
export async function checksItem(tx: Transaction, runbook: Runbook, context: Context): Promise<EvidenceItem[]> {
  const checks = runbook.definition.steps.filter(({ kind }) => kind === 'check').map(({ name }) => name);
  const measured = runbook.steps.findLast(({ name, evidence }) => checks.includes(name) && evidence !== '');
  const run = measured === undefined ? undefined : await tx.runs.find(measured.evidence);
  return run === undefined ? newestRunItem(tx, context) : runItem([run], context);
}

function runItem(runs: readonly Run[], { playbook }: Context): EvidenceItem[] {
  const run = runs.find(({ state }) => state !== 'held');
  if (run === undefined) {
    return [{ title: 'Reconciliation', figure: 'No run yet: no data', material: 'none', command: null }];
  }
  const when = formatDateTime(new Date(run.startedAt), playbook.timeZone);
  const figure = `${resultInWords(run)}, ${when}`;
  return [{ title: 'Reconciliation', figure, material: materialOf(run), command: `show ${run.id}` }];
}

/** What a run says that a decision may rest on: its state, and each finding that does not pass. */
export function materialOf(run: Run): string {
  const findings = run.checks.flatMap(({ check, verdict, findings: all }) => [
    [check, verdict],
    ...all.filter((one) => one.verdict !== 'pass').map((one) => [check, one.key, one.verdict, one.variance]),
  ]);
  return JSON.stringify([run.state, ...findings]);
}

/** The success criteria of phases; each gate that the playbook has. */
export async function gateItems(tx: Transaction, phases: readonly number[], context: Context): Promise<EvidenceItem[]> {
  const gates = await readGates(tx, context);
  return gates.filter(({ gate }) => phases.includes(gate.phase)).map(gateItem);
}

function gateItem(result: GateResult): EvidenceItem {
  const { criteria, gate } = result;
  const red = criteria.filter(({ state, waiver }) => state !== 'pass' && waiver === null);
  const words = red.map(({ criterion, figure }) => `${criterion.title}: ${gateFigureInWords(figure)}`);
  const material = criteria.map(({ criterion, state, waiver, figure }) => [
    criterion.name,
    state,
    waiver === null ? null : [waiver.by, waiver.until],
    state === 'pass' ? null : gateFigureInWords(figure),
  ]);
  return {
    title: `Gate of phase ${gate.phase}`,
    figure: [gateInWords(result), ...words].join('. '),
    material: JSON.stringify(material),
    command: `gates ${gate.phase}`,
  };
}

/** Every metric with its target. */
export async function metricItems(tx: Transaction, context: Context): Promise<EvidenceItem[]> {
  return (await allMetrics(tx, context)).map(({ metric, status, readings: [newest] }) => {
    const actual = newest === undefined ? 'TBD' : figureInWords(newest.value, metric);
    return {
      title: metric.title,
      figure: `${actual}, target ${targetInWords(metric)}: ${statusWord(status)}`,
      material: JSON.stringify([status, status === 'pass' ? null : (newest?.value ?? null)]),
      command: `metric ${metric.name}`,
    };
  });
}

/** What is wrong and not dealt with. */
export async function discrepancyItem(tx: Transaction): Promise<EvidenceItem[]> {
  const active = await tx.discrepancies.active();
  const severe = active.filter(({ severity }) => severity === 1).length;
  const figure =
    active.length === 0 ? 'None' : `${count(active.length, 'discrepancy', 'discrepancies')}, ${severe} of severity 1`;
  const material = JSON.stringify(active.map((one) => [nameOf(one), one.state, one.severity]));
  return [{ title: 'Open discrepancies', figure, material, command: 'discrepancies' }];
}

/** How far a list of the team is filled. */
export async function registerItem(tx: Transaction, name: string, { playbook }: Context): Promise<EvidenceItem[]> {
  const register = playbook.registers.find((one) => one.name === name);
  if (register === undefined) return [];
  const completeness = completenessOf(register, await tx.registers.items(name));
  const { items, gaps } = completeness;
  const material = JSON.stringify([items, gaps]);
  return [{ title: register.title, figure: completenessInWords(completeness), material, command: `register ${name}` }];
}
