import { runCard } from '../src/core/cards/run-card.ts';
import { probeCard } from '../src/core/cards/probe-card.ts';
import type { Answer, Call } from '../src/core/command.ts';
import { actorInAudit } from '../src/core/people.ts';
import type { ProbeFinding } from '../src/core/probes/probe.ts';
import { findingOf } from '../src/core/probes/run-finding.ts';
import { keepProbe, postTest } from '../src/core/reports/keep-probe.ts';
import { actOnRunbook, refuseFrozen, saveRunbook } from '../src/core/reports/keep-runbook.ts';
import { runJson } from '../src/core/reports/run-json.ts';
import { recordRun, type RunWithRows } from '../src/core/reports/say-run.ts';
import { replace, stepOf } from '../src/core/runbooks/act.ts';
import { isOpen, type Runbook } from '../src/core/runbooks/runbook.ts';
import { nameOfIncident } from '../src/core/triggers/incident.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { probeOf } from './probe.ts';

/**
 * Measures for a step: all checks on a complete batch, or a probe. A pass closes the step, a failure fails it, which
 * locks what comes after; where the batch is not complete or something could not be measured, the step stays open and is
 * tried again.
 */
export async function measureStep(one: Runbook, step: string, call: Call, services: Services): Promise<Answer> {
  await services.store.transaction((tx) => refuseFrozen(tx, services));
  const definition = one.definition.steps.find(({ name }) => name === step);
  return definition?.kind === 'probe'
    ? probeStep(one, step, definition.probe, call, services)
    : checkStep(one, step, call, services);
}

async function checkStep(one: Runbook, step: string, call: Call, services: Services): Promise<Answer> {
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
      await keep(tx, one.number, step, findingOf(run), actorInAudit(call.request.actor), services);
      await recordRun(tx, { run, rows }, services);
      return undefined;
    },
  };
}

async function probeStep(one: Runbook, step: string, name: string, call: Call, services: Services): Promise<Answer> {
  const probe = probeOf(name, services.playbook, call.prefix);
  if (probe.kind === 'checks') return checkStep(one, step, call, services);
  const { actor } = call.request;
  const by = actorInAudit(actor);
  const asked = probe.kind === 'alert' ? undefined : await services.probe(probe, call.signal);
  const shown = asked ?? { verdict: 'unknown', said: 'The test alert waits to be acknowledged' };
  return {
    card: probeCard(probe, shown),
    json: { probe: name, ...shown },
    write: async (tx) => {
      const locked = await tx.runbooks.lock(one.number);
      if (locked === undefined) return undefined;
      if (probe.kind !== 'alert') {
        const finding = sameAsBefore(locked, step, name, shown);
        await keepProbe(tx, probe, finding, { by, byName: actor.name }, services);
        await keep(tx, one.number, step, finding, by, services);
        return { card: probeCard(probe, finding), json: { probe: name, ...finding } };
      }
      const finding: ProbeFinding =
        locked.rehearsal === null
          ? { verdict: 'unknown', said: `${nameOfIncident(await postTest(tx, probe, by, services))} waits in chat` }
          : { verdict: 'pass', said: 'A rehearsal sends no test alert' };
      await keep(tx, one.number, step, finding, by, services);
      return { card: probeCard(probe, finding), json: { probe: name, ...finding } };
    },
  };
}

/** A checksum must be what an earlier step of the same runbook took (L127); the first one only takes it. */
function sameAsBefore(runbook: Runbook, step: string, probe: string, finding: ProbeFinding): ProbeFinding {
  if (finding.verdict !== 'pass') return finding;
  const before = runbook.definition.steps
    .filter((each) => each.name !== step && each.kind === 'probe' && each.probe === probe)
    .map(({ name }) => stepOf(runbook, name))
    .find(({ state }) => state === 'done');
  if (before === undefined || !before.evidence.startsWith('SHA-256') || before.evidence === finding.said)
    return finding;
  return { verdict: 'fail', said: `${finding.said}, and it was ${before.evidence}` };
}

async function keep(
  tx: Transaction,
  number: number,
  step: string,
  { verdict, said }: ProbeFinding,
  by: string,
  services: Services,
): Promise<void> {
  const locked = await tx.runbooks.lock(number);
  // Somebody ended it, or closed the step, while it was measured: what was found is kept, and changes nothing.
  if (locked === undefined || !isOpen(locked) || locked.state !== 'running') return;
  if (stepOf(locked, step).state === 'done') return;
  if (verdict === 'unknown') {
    await saveRunbook(tx, replace(locked, { ...stepOf(locked, step), evidence: said, by }), services);
    return;
  }
  const kind = verdict === 'pass' ? ('done' as const) : ('fail' as const);
  await actOnRunbook(tx, locked, { kind, step, evidence: said }, by, services);
}
