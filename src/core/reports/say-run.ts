import type { AuditRow } from '../audit/audit.ts';
import { digestCard } from '../cards/digest-card.ts';
import { homeCard } from '../cards/overview-card.ts';
import { resultInWords } from '../cards/run-words.ts';
import { readOverview } from './overview.ts';
import type { Place } from '../request.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';
import { findingsCsv } from './findings-csv.ts';
import type { Run } from '../checks/run.ts';

type Context = Pick<Services, 'playbook' | 'clock' | 'deliveryClock' | 'nextDue'>;

/** Stores a run whole and writes it into the audit, in the caller's transaction. */
export async function recordRun(tx: Transaction, run: Run, at: Date): Promise<AuditRow> {
  await tx.runs.save(run);
  const { platform, workspace, user } = run.requestedBy;
  const failing = run.checks.filter(({ verdict }) => verdict === 'fail').length;
  const errors = run.checks.filter(({ verdict }) => verdict === 'error').length;
  return tx.audit.append({
    at: at.toISOString(),
    actor: platform === 'clock' ? 'clock' : `${platform}:${workspace === '' ? user : `${workspace}/${user}`}`,
    action: run.state === 'held' ? 'run.held' : 'run.finished',
    subject: `run/${run.id}`,
    details: {
      state: run.state,
      slot: run.slot,
      attempts: run.attempts,
      playbookVersion: run.playbookVersion,
      batchDate: run.batch.date,
      checks: run.checks.length,
      failing,
      errors,
    },
  });
}

/**
 * Records a run of the schedule and says it (L42): the digest with the audit's head, posted or changed where it hangs
 * already; all findings as a file in its thread; and every Home tab. `retryAt`: when a held run is tried again.
 */
export async function sayRun(tx: Transaction, run: Run, services: Context, retryAt: Date | null): Promise<void> {
  const { playbook, clock, deliveryClock } = services;
  const now = deliveryClock.now();
  const entry = await recordRun(tx, run, clock.now());
  const overview = await readOverview(tx, services);
  const card = digestCard(run, { ...overview, auditHead: entry.hash, retryAt: retryAt?.toISOString() ?? null });
  const place: Place = { platform: 'slack', channel: playbook.channels.reconciliation, visibility: 'channel' };
  const key = `digest/${run.slot}`;
  const subject = `run/${run.id}`;
  const first = await tx.outbox.post({ key, subject, place, content: { kind: 'card', card } }, now);
  if (!first) await tx.outbox.change(subject, card, now);

  if (run.state !== 'held') {
    const day = localDate(new Date(run.slot ?? run.startedAt), playbook.timeZone);
    if (!first) {
      const text = `After ${run.attempts} attempts the batch is complete: ${resultInWords(run)}.`;
      const line = { title: text, tone: 'neutral' as const, summary: text, body: [] };
      await tx.outbox.post(
        {
          key: `${key}/complete`,
          subject: `${subject}/complete`,
          place,
          parent: key,
          content: { kind: 'card', card: line },
        },
        now,
      );
    }
    await tx.outbox.post(
      {
        key: `${key}/csv`,
        subject: `${subject}/csv`,
        place,
        parent: key,
        content: { kind: 'file', name: `findings-${day}.csv`, title: `All findings of ${day}`, text: findingsCsv(run) },
      },
      now,
    );
  }
  await tx.outbox.change('home', homeCard(overview), now);
}
