import type { DecisionKind } from '../decisions/kind.ts';
import { nameOfDecision } from '../decisions/decision.ts';
import { count } from '../numbers/format.ts';
import { type PlannedTask, planOf } from '../phases/plan.ts';
import { neededBy, type Runbook, type StepDefinition } from '../runbooks/runbook.ts';
import { frozenBy } from '../reports/keep-incident.ts';
import { actOnRunbook } from '../reports/keep-runbook.ts';
import { askDecision, endDecision, lockDecision } from '../reports/keep-decision.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';
import { materialOf } from './evidence-items.ts';

/** A step of a runbook that people decide, such as switching over (L164): it follows from what the steps before it came to. */
export const step: DecisionKind = {
  name: 'step',
  options: [
    { name: 'approve', label: 'Approve', takes: 'everySeat' },
    { name: 'refuse', label: 'Refuse', takes: 'oneAnswer' },
  ],

  evidence: async (tx, { about }, services) => {
    const { number, name } = partsOf(about);
    const runbook = await tx.runbooks.find(number);
    if (runbook === undefined) return [];
    return [...(await itemsBeforeCutover(tx, runbook, name, services)), ...(await stepItems(tx, runbook, name))];
  },

  blocked: async (tx, { about }, services) => {
    const { playbook } = services;
    const breach = await frozenBy(tx, playbook);
    if (breach !== undefined) return `Everything is frozen by I-${breach.number}.`;
    const { number, name } = partsOf(about);
    const runbook = await tx.runbooks.find(number);
    if (runbook?.state !== 'running') return `The runbook is ${runbook?.state ?? 'gone'}.`;
    const open = neededBy(runbook.definition, name).filter((one) => stateOf(runbook, one) !== 'done');
    if (open.length > 0) return `A step before it is not done: ${open.join(', ')}.`;
    const undone = (await listBeforeCutover(tx, runbook, name, services)).filter(({ state }) => state !== 'done');
    if (undone.length === 0) return undefined;
    return `${count(undone.length, 'task')} of the list before the cutover ${undone.length === 1 ? 'is' : 'are'} not done.`;
  },

  decided: async (tx, decision, services) => {
    const { number, name } = partsOf(decision.about);
    const runbook = await tx.runbooks.lock(number);
    if (runbook?.state !== 'running') return;
    const kind = decision.outcome === 'approve' ? 'done' : 'fail';
    await actOnRunbook(
      tx,
      runbook,
      { kind, step: name, evidence: nameOfDecision(decision) },
      decision.closedBy ?? 'clock',
      services,
    );
  },

  ended: async (tx, decision, services) => {
    const { number, name } = partsOf(decision.about);
    const runbook = await tx.runbooks.lock(number);
    if (runbook?.state !== 'running') return;
    const evidence = `${nameOfDecision(decision)} ${decision.state}`;
    await actOnRunbook(tx, runbook, { kind: 'fail', step: name, evidence }, 'clock', services);
  },
};

/** "runbook/2/switch-routing". */
const aboutStep = ({ number }: Runbook, name: string): string => `runbook/${number}/${name}`;
function partsOf(about: string): { readonly number: number; readonly name: string } {
  const [, number, name = ''] = about.split('/');
  return { number: Number(number), name };
}
const stateOf = ({ steps }: Runbook, name: string): string | undefined => steps.find((one) => one.name === name)?.state;

/** What has to be done before there is no way back (L152); nothing for other steps, and for a rehearsal. */
async function listBeforeCutover(
  tx: Transaction,
  { definition, rehearsal }: Runbook,
  name: string,
  { playbook, clock }: Pick<Services, 'playbook' | 'clock'>,
): Promise<PlannedTask[]> {
  if (rehearsal !== null || definition.pointOfNoReturn !== name) return [];
  const tasks = playbook.tasks.filter(({ phase, kind }) => phase === 'beforeCutover' && kind !== 'automatic');
  return planOf({ ...playbook, tasks }, await tx.tasks.latest(), localDate(clock.now(), playbook.timeZone));
}

async function itemsBeforeCutover(...of: Parameters<typeof listBeforeCutover>) {
  const list = await listBeforeCutover(...of);
  if (list.length === 0) return [];
  const open = list.filter(({ state }) => state !== 'done').map(({ task }) => task.title);
  const done = `${list.length - open.length} of ${count(list.length, 'task')} done`;
  return [
    {
      title: 'Before the cutover',
      figure: open.length === 0 ? done : `${done}; open: ${open.join('; ')}`.slice(0, 300),
      material: JSON.stringify(open),
      command: 'plan',
    },
  ];
}

async function stepItems(tx: Transaction, runbook: Runbook, name: string) {
  const items = [];
  for (const definition of runbook.definition.steps) {
    if (definition.name === name) break;
    const found = runbook.steps.find((one) => one.name === definition.name);
    const run = definition.kind === 'check' && found?.state === 'done' ? await tx.runs.find(found.evidence) : undefined;
    const evidence = found?.evidence ?? '';
    items.push({
      title: definition.title,
      figure: `${found?.state ?? 'open'}${evidence === '' ? '' : `: ${evidence}`}`.slice(0, 300),
      material: JSON.stringify([found?.state, evidence, run === undefined ? null : materialOf(run)]),
      command: run === undefined ? null : `show ${run.id}`,
    });
  }
  return items;
}

/** Puts a step before the people who decide it; where that was done and is pending, nothing happens. */
export async function askStep(
  tx: Transaction,
  runbook: Runbook,
  definition: Extract<StepDefinition, { kind: 'decision' }>,
  services: Services,
): Promise<void> {
  await askDecision(
    tx,
    step,
    {
      about: aboutStep(runbook, definition.name),
      proposal: {},
      question: `${runbook.rehearsal === null ? '' : 'REHEARSAL: '}${definition.title}?`,
      openedBy: 'clock',
      asker: null,
      settings: definition.decision,
      typed: definition.typed,
      channel: runbook.channel,
    },
    services,
  );
}

/** Whether a step is before the people who decide it. */
export async function isAsked(tx: Transaction, runbook: Runbook, name: string): Promise<boolean> {
  const [newest] = await tx.decisions.about(step.name, aboutStep(runbook, name), 1);
  return newest?.state === 'pending';
}

/** Withdraws what waits to be decided about a runbook that is aborted: its steps are not gone on with. */
export async function withdrawSteps(tx: Transaction, runbook: Runbook, by: string, services: Services): Promise<void> {
  for (const { number, kind, about } of await tx.decisions.pending()) {
    if (kind !== step.name || partsOf(about).number !== runbook.number) continue;
    const record = await lockDecision(tx, number);
    const reason = `${runbook.definition.title} was aborted: ${runbook.reason}`;
    await endDecision(tx, record, { state: 'withdrawn', by, reason }, step, services);
  }
}
