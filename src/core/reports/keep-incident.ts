import { calledCard } from '../cards/call-card.ts';
import { incidentCard } from '../cards/incident-card.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { incidentAfter } from '../triggers/after-reading.ts';
import {
  type Incident,
  incidentTransitions,
  type IncidentState,
  nameOfIncident,
  type NewIncident,
} from '../triggers/incident.ts';
import { corruptionReading, degradationReading, varianceReading } from '../triggers/readings.ts';
import type { Trigger, TriggerReading } from '../triggers/trigger.ts';
import { UsageError } from '../usage-error.ts';
import { channelPlace } from '../messages/place.ts';

type Context = Pick<Services, 'playbook' | 'clock' | 'deliveryClock'>;

/** Held runs and runs of some checks are no readings: so many runs hold enough that are. */
const runsReadBack = 40;

export const subjectOfIncident = ({ number }: Pick<Incident, 'number'>): string => `incident/${number}`;
/** What calls people to an incident, in as many messages as it takes until it waits for nobody. */
export const subjectOfCalls = (one: Pick<Incident, 'number'>): string => `${subjectOfIncident(one)}/calls`;
/** The message that holds an incident's card for as long as it fires this time. */
export const cardKeyOfIncident = (one: Incident): string => `${subjectOfIncident(one)}/card/${one.firingAt}`;

/** What a trigger is judged by, the newest first; empty for one that only people declare. */
export async function readTrigger(
  tx: Transaction,
  trigger: Trigger,
  { playbook }: Pick<Context, 'playbook'>,
): Promise<TriggerReading[]> {
  switch (trigger.kind) {
    case 'security':
      return [];
    case 'corruption':
      return (await tx.runs.list({ limit: runsReadBack })).flatMap((run) => corruptionReading(run) ?? []);
    case 'variance': {
      const critical = playbook.checks.filter((check) => check.critical && check.tolerance.unit === '%');
      return (await tx.runs.list({ limit: runsReadBack }))
        .filter((run) => critical.every(({ name }) => run.checks.some(({ check }) => check === name)))
        .flatMap((run) => varianceReading(run, trigger) ?? []);
    }
    case 'degradation': {
      const metric = playbook.metrics.find(({ name }) => name === trigger.metric);
      if (metric === undefined) return [];
      const baseline = await tx.metrics.baseline(metric.name);
      const readings = await tx.metrics.newest(metric.name, trigger.readings + 1);
      return readings
        .filter(({ measuredAt }) => measuredAt > (baseline?.reading.measuredAt ?? ''))
        .flatMap((reading) => degradationReading(reading, baseline, metric, trigger) ?? []);
    }
  }
}

/** Looks whether a trigger fires or clears by what is stored now. True: something was written. */
export async function evaluateTrigger(tx: Transaction, trigger: Trigger, context: Context): Promise<boolean> {
  const readings = await readTrigger(tx, trigger, context);
  if (readings.length === 0) return false;
  const last = await tx.incidents.lockNewest(trigger.name);
  const wanted = 'readings' in trigger ? trigger.readings : 1;
  const after = incidentAfter(trigger, last, readings, { wanted, at: context.clock.now().toISOString() });
  if (after === undefined) return false;
  const what =
    after.state === 'cleared' ? 'cleared' : after.state === 'firing' && last?.state !== 'firing' ? 'fired' : 'counted';
  return (await keepIncident(tx, after, { what, by: 'clock' }, context)) !== undefined;
}

/** Writes an incident down, with its card and the audit. Undefined where another process was quicker to open it. */
export async function keepIncident(
  tx: Transaction,
  incident: Incident | NewIncident,
  { what, by }: { readonly what: string; readonly by: string },
  context: Context,
): Promise<Incident | undefined> {
  const { playbook, clock, deliveryClock } = context;
  const saved = await tx.incidents.save(incident);
  if (saved === undefined) return undefined;
  const card = incidentCard(saved, playbook);
  await tx.outbox.change(subjectOfIncident(saved), card, deliveryClock.now());
  if (saved.state !== 'firing') {
    await tx.outbox.change(subjectOfCalls(saved), calledCard(saved, playbook), deliveryClock.now());
  }
  if (saved.state !== 'cleared') {
    await tx.outbox.post(
      {
        key: cardKeyOfIncident(saved),
        subject: subjectOfIncident(saved),
        place: channelPlace(playbook.channels.alerts, playbook),
        content: { kind: 'card', card },
      },
      deliveryClock.now(),
    );
  }
  await tx.audit.append({
    at: clock.now().toISOString(),
    actor: by,
    action: `incident.${what}`,
    subject: subjectOfIncident(saved),
    details: { trigger: saved.trigger, state: saved.state, count: saved.count, source: saved.source },
  });
  return saved;
}

/** What a person says has happened: one more occurrence of what is open already, and else a new incident. */
export async function reportIncident(
  tx: Transaction,
  { trigger, what, by }: { readonly trigger: string; readonly what: string; readonly by: string },
  context: Context,
): Promise<Incident> {
  const at = context.clock.now().toISOString();
  const last = await tx.incidents.lockNewest(trigger);
  const reported = { reported: true, figure: what, limit: '', command: null, actedBy: by, reason: 'reported it' };
  const next: Incident | NewIncident =
    last !== undefined && last.state !== 'cleared'
      ? { ...last, ...reported, count: last.count + 1 }
      : {
          ...reported,
          trigger,
          state: 'firing',
          openedBy: by,
          openedAt: at,
          firingAt: at,
          count: 1,
          source: null,
          snoozedUntil: null,
          clearedAt: null,
        };
  // Somebody else was quicker to open one: it is there by now.
  return (
    (await keepIncident(tx, next, { what: 'reported', by }, context)) ??
    reportIncident(tx, { trigger, what, by }, context)
  );
}

/** What somebody does about an incident. Throws UsageError where its state does not allow it. */
export async function moveIncident(
  tx: Transaction,
  incident: Incident,
  to: IncidentState,
  { by, reason, until }: { readonly by: string; readonly reason: string; readonly until: string | null },
  context: Context,
): Promise<Incident> {
  if (!incidentTransitions[incident.state].includes(to)) {
    throw new UsageError(
      `${nameOfIncident(incident)} is ${incident.state}: it can't become ${to}. Nothing was changed.`,
      'Its card says what can be done.',
    );
  }
  const at = context.clock.now().toISOString();
  const moved: Incident = {
    ...incident,
    state: to,
    actedBy: by,
    reason,
    snoozedUntil: to === 'snoozed' ? until : null,
    clearedAt: to === 'cleared' ? at : null,
    ...(to === 'firing' ? { firingAt: at } : {}),
  };
  return (await keepIncident(tx, moved, { what: to, by }, context)) ?? moved;
}

/** The security breach that freezes everything, if there is one: no step of any runbook goes on (L121). */
export async function frozenBy(
  tx: Transaction,
  { triggers }: Pick<Playbook, 'triggers'>,
): Promise<Incident | undefined> {
  const security = triggers.filter(({ kind }) => kind === 'security').map(({ name }) => name);
  return (await tx.incidents.open()).find(({ trigger }) => security.includes(trigger));
}
