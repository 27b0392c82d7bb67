import { deliveryProblems, homeCard, type Overview } from '../cards/overview-card.ts';
import { planOf } from '../phases/plan.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';

/** As many daily runs as trend and streak look back on. */
export const runsLookedBackOn = 14;

type OverviewServices = Pick<Services, 'playbook' | 'clock' | 'deliveryClock' | 'nextDue'>;

/** Where we are, from what is stored. */
export async function readOverview(tx: Transaction, services: OverviewServices): Promise<Overview> {
  const { playbook, clock } = services;
  const today = localDate(clock.now(), playbook.timeZone);
  return {
    playbook,
    today,
    scheduled: await tx.runs.list({ limit: runsLookedBackOn, scheduled: true }),
    discrepancies: await tx.discrepancies.open(),
    tasks: planOf(playbook, await tx.tasks.latest(), today),
    nextDue: services.nextDue(),
    problems: deliveryProblems(await tx.outbox.gauges(services.deliveryClock.now())),
  };
}

/** Gives every Home tab what is stored now, after a change in the same transaction. */
export async function changeHome(tx: Transaction, services: OverviewServices): Promise<void> {
  await tx.outbox.change('home', homeCard(await readOverview(tx, services)), services.deliveryClock.now());
}
