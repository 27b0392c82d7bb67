import { deliveryProblems, type Overview } from '../cards/overview-card.ts';
import { readMetrics } from '../metrics/read-metrics.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';

/** As many daily runs as trend and streak look back on. */
export const runsLookedBackOn = 14;

/** Where we are, from what is stored. */
export async function readOverview(
  tx: Transaction,
  services: Pick<Services, 'playbook' | 'clock' | 'deliveryClock' | 'nextDue'>,
): Promise<Overview> {
  const { playbook, clock } = services;
  const scheduled = await tx.runs.list({ limit: runsLookedBackOn, scheduled: true });
  return {
    playbook,
    today: localDate(clock.now(), playbook.timeZone),
    scheduled,
    discrepancies: await tx.discrepancies.open(),
    metrics: await readMetrics(tx, playbook, { scheduled, now: clock.now() }),
    nextDue: services.nextDue(),
    problems: deliveryProblems(await tx.outbox.gauges(services.deliveryClock.now())),
  };
}
