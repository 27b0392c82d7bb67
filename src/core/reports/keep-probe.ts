import type { Run } from '../checks/run.ts';
import { actorInAudit } from '../people.ts';
import { windowOf } from '../phases/plan.ts';
import type { Task } from '../playbook/team.ts';
import type { AlertProbe, Probe, ProbeFinding } from '../probes/probe.ts';
import { findingOf } from '../probes/run-finding.ts';
import { isOpen, neededBy, type Runbook } from '../runbooks/runbook.ts';
import { stepOf } from '../runbooks/act.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { formatDateTime } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import { type Incident, nameOfIncident } from '../triggers/incident.ts';
import { frozenBy, moveIncident, reportIncident } from './keep-incident.ts';
import { actOnRunbook } from './keep-runbook.ts';
import { keepTask } from './keep-task.ts';

/** Who tried a probe, or acknowledged a test alert: as the audit names people, and in words. */
interface Who {
  readonly by: string;
  readonly byName: string;
}

/** Writes down what a probe showed: its passing closes the tasks that name it, and its failing opens them again (L20). */
export async function keepProbe(
  tx: Transaction,
  probe: Probe,
  { verdict, said }: ProbeFinding,
  who: Who,
  services: Services,
): Promise<void> {
  await tx.audit.append({
    at: services.clock.now().toISOString(),
    actor: who.by,
    action: `probe.${verdict}`,
    subject: `probe/${probe.name}`,
    details: { said },
  });
  if (verdict === 'unknown') return;
  const state = verdict === 'pass' ? 'done' : 'open';
  for (const { name } of tasksOf(probe, services)) {
    await keepTask(tx, { task: name, state, ...who, evidence: `${probe.title}: ${said}`, people: null }, services);
  }
}

/** Those that it closes. What is shown before T-7 days says nothing of the days before the cutover (L152). */
function tasksOf({ name }: Probe, { playbook, clock }: Services): Task[] {
  const today = localDate(clock.now(), playbook.timeZone);
  return playbook.tasks.filter((task) => {
    if (task.probe !== name) return false;
    const window = windowOf(task, playbook);
    return task.phase !== 'beforeCutover' || (window !== null && today >= window.first);
  });
}

/** A daily run of all checks shows what a probe of all checks shows, where that closes something by now (L153). */
export async function keepDailyRun(tx: Transaction, run: Run, services: Services): Promise<void> {
  const { requestedBy: actor } = run;
  const who = { by: actorInAudit(actor), byName: actor.name };
  for (const probe of services.playbook.probes) {
    if (probe.kind !== 'checks' || tasksOf(probe, services).length === 0) continue;
    await keepProbe(tx, probe, findingOf(run), who, services);
  }
}

/** Posts a test alert, where none waits to be acknowledged. */
export async function postTest(tx: Transaction, probe: AlertProbe, by: string, services: Services): Promise<Incident> {
  const last = await tx.incidents.lockNewest(probe.name);
  if (last !== undefined && last.state !== 'cleared') return last;
  return reportIncident(tx, { trigger: probe.name, what: 'A test of the alerts', by }, services);
}

/** Ends a test alert, closes the tasks that it shows, and goes on with the steps of runbooks that wait for it (L22, L166). */
export async function acknowledgeTest(
  tx: Transaction,
  incident: Incident,
  probe: AlertProbe,
  who: Who,
  services: Services,
): Promise<Incident> {
  const { clock, playbook } = services;
  const moved = await moveIncident(
    tx,
    incident,
    'cleared',
    { by: who.by, reason: 'acknowledged it', until: null },
    services,
  );
  const [posted, now] = [incident.firingAt, clock.now().toISOString()].map((at) =>
    formatDateTime(new Date(at), playbook.timeZone),
  );
  const said = `${nameOfIncident(incident)}, posted ${posted}, was acknowledged by ${who.byName} ${now}`;
  await keepProbe(tx, probe, { verdict: 'pass', said }, who, services);
  if ((await frozenBy(tx, playbook)) !== undefined) return moved;
  for (const { number } of await tx.runbooks.open()) {
    const runbook = await tx.runbooks.lock(number);
    for (const step of runbook === undefined ? [] : stepsWaitingFor(probe, runbook)) {
      const current = await tx.runbooks.lock(number);
      if (current === undefined || !isOpen(current)) break;
      await actOnRunbook(tx, current, { kind: 'done', step, evidence: said }, who.by, services);
    }
  }
  return moved;
}

/** Those that were asked for, and whose turn it still is. */
function stepsWaitingFor(probe: AlertProbe, runbook: Runbook): string[] {
  if (runbook.state !== 'running') return [];
  return runbook.definition.steps
    .filter((step) => step.kind === 'probe' && step.probe === probe.name)
    .map(({ name }) => stepOf(runbook, name))
    .filter(({ state, askedAt }) => askedAt !== null && state !== 'done')
    .filter(({ name }) => neededBy(runbook.definition, name).every((one) => stepOf(runbook, one).state === 'done'))
    .map(({ name }) => name);
}
