import { deliveryProblems, homeCard, type Overview } from '../cards/overview-card.ts';
import { readMetrics } from '../metrics/read-metrics.ts';
import { planOf } from '../phases/plan.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';

/** As many daily runs as trend and streak look back on. */
export const runsLookedBackOn = 14;

const surveysLookedAt = 100;

type OverviewServices = Pick<Services, 'playbook' | 'clock' | 'deliveryClock' | 'nextDue'>;

/** Where we are, from what is stored. */
export async function readOverview(tx: Transaction, services: OverviewServices): Promise<Overview> {
  const { playbook, clock } = services;
  const today = localDate(clock.now(), playbook.timeZone);
  const scheduled = await tx.runs.list({ limit: runsLookedBackOn, scheduled: true });
  return {
    playbook,
    now: clock.now(),
    today,
    scheduled,
    discrepancies: await tx.discrepancies.active(),
    incidents: await tx.incidents.open(),
    decisions: await tx.decisions.pending(),
    surveys: (await tx.surveys.list(surveysLookedAt)).filter(({ closedAt }) => closedAt === null),
    tasks: planOf(playbook, await tx.tasks.latest(), today),
    metrics: await readMetrics(tx, playbook, { scheduled, now: clock.now() }),
    nextDue: services.nextDue(),
    problems: deliveryProblems(await tx.outbox.gauges(services.deliveryClock.now())),
  };
}

/** Gives every Home tab what is stored now, after a change in the same transaction: to each person what is theirs. */
export async function changeHomes(tx: Transaction, services: OverviewServices): Promise<void> {
  await showOnHomes(tx, await readOverview(tx, services), services);
}

export async function showOnHomes(
  tx: Transaction,
  overview: Overview,
  { deliveryClock }: Pick<Services, 'deliveryClock'>,
): Promise<void> {
  for (const { subject, person } of await tx.outbox.homes()) {
    await tx.outbox.change(subject, homeCard(overview, person), deliveryClock.now());
  }
}
