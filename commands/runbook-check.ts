import { runCard } from '../src/core/cards/run-card.ts';
import type { Answer, Call } from '../src/core/command.ts';
import type { Run } from '../src/core/checks/run.ts';
import { actorInAudit } from '../src/core/people.ts';
import { actOnRunbook, refuseFrozen, saveRunbook } from '../src/core/reports/keep-runbook.ts';
import { runJson } from '../src/core/reports/run-json.ts';
import { recordRun, type RunWithRows } from '../src/core/reports/say-run.ts';
import { replace, stepOf } from '../src/core/runbooks/act.ts';
import { isOpen, type Runbook } from '../src/core/runbooks/runbook.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';

/**
 * Measures for a step: all checks on a complete batch. A pass closes the step, a failure fails it, which locks what comes
 * after; where the batch is not complete or something could not be measured, the step stays open and is tried again.
 */
export async function measureStep(one: Runbook, step: string, call: Call, services: Services): Promise<Answer> {
  await services.store.transaction((tx) => refuseFrozen(tx, services));
  const rows: RunWithRows['rows'][number][] = [];
  const run = await services.measure({
    keepRows: (comparison, differences) => rows.push({ comparison, differences }),
    checks: [],
    requestedBy: call.request.actor,
    slot: null,
    signal: call.signal,
  });
  const chat = call.request.actor.platform !== 'terminal';
  return {
    card: runCard(run, { playbook: services.playbook, chat, buttons: false }),
    json: runJson(run),
    write: async (tx) => {
      await keep(tx, one.number, step, run, actorInAudit(call.request.actor), services);
      await recordRun(tx, { run, rows }, services);
      return undefined;
    },
  };
}

async function keep(
  tx: Transaction,
  number: number,
  step: string,
  run: Run,
  by: string,
  services: Services,
): Promise<void> {
  const locked = await tx.runbooks.lock(number);
  // Somebody ended it, or closed the step, while it was measured: the run is kept, and changes nothing.
  if (locked === undefined || !isOpen(locked) || locked.state !== 'running') return;
  if (stepOf(locked, step).state === 'done') return;
  if (run.state === 'pass' || run.state === 'fail') {
    await actOnRunbook(
      tx,
      locked,
      { kind: run.state === 'pass' ? 'done' : 'fail', step, evidence: run.id },
      by,
      services,
    );
    return;
  }
  const why = run.state === 'held' ? `held: ${run.batch.reasons.join(' ')}` : `${run.id} could not measure everything`;
  await saveRunbook(tx, replace(locked, { ...stepOf(locked, step), evidence: why, by }), services);
}
