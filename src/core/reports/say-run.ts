import type { AuditRow } from '../audit/audit.ts';
import { digestCard } from '../cards/digest-card.ts';
import { explanationCard } from '../cards/explanation-card.ts';
import { resultInWords } from '../cards/run-words.ts';
import { readOverview, showOnHomes } from './overview.ts';
import { actorInAudit } from '../people.ts';
import { keepFound } from './keep-discrepancy.ts';
import type { Services } from '../services.ts';
import type { KeptRows, Transaction } from '../store.ts';
import { localDate } from '../time/local-time.ts';
import { findingsCsv } from './findings-csv.ts';
import type { Run } from '../checks/run.ts';
import { channelPlace } from '../messages/place.ts';

/** A run that was just measured, with the rows of its comparisons that did not agree. */
export interface RunWithRows {
  readonly run: Run;
  readonly rows: readonly Pick<KeptRows, 'comparison' | 'differences'>[];
}

const day = 86_400_000;

type Context = Pick<Services, 'playbook' | 'clock' | 'deliveryClock' | 'nextDue'>;

/**
 * Stores a run whole, writes it into the audit and files what failed (L28), in the caller's transaction. Answers the
 * audit's newest entry.
 */
export async function recordRun(
  tx: Transaction,
  { run, rows }: RunWithRows,
  { playbook, clock, deliveryClock }: Pick<Services, 'playbook' | 'clock' | 'deliveryClock'>,
): Promise<AuditRow> {
  const at = clock.now();
  await tx.runs.save(run);
  const until = new Date(at.getTime() + playbook.differingRows.keptDays * day).toISOString();
  const keptRows = playbook.differingRows.keptDays === 0 ? [] : rows;
  for (const kept of keptRows) await tx.rows.keep({ run: run.id, until, ...kept }, at);
  const failing = run.checks.filter(({ verdict }) => verdict === 'fail').length;
  const errors = run.checks.filter(({ verdict }) => verdict === 'error').length;
  const entry = { at: at.toISOString(), actor: actorInAudit(run.requestedBy), subject: `run/${run.id}` };
  // First, since it lets one transaction after the other work on the discrepancies.
  const finished = await tx.audit.append({
    ...entry,
    action: run.state === 'held' ? 'run.held' : 'run.finished',
    details: {
      state: run.state,
      slot: run.slot,
      attempts: run.attempts,
      playbookVersion: run.playbookVersion,
      batchDate: run.batch.date,
      // A held attempt is replaced by the next one: why it was held stays here.
      ...(run.state === 'held' ? { reasons: run.batch.reasons.join(' ') } : {}),
      checks: run.checks.length,
      failing,
      errors,
    },
  });
  const changed = await keepFound(tx, run, { playbook, at, deliveryClock });
  if (changed.length === 0) return finished;
  const resolved = changed.filter(({ state }) => state === 'resolved').length;
  return tx.audit.append({
    ...entry,
    action: 'discrepancies.changed',
    details: { failed: changed.length - resolved, resolved },
  });
}

/**
 * Records a run of the schedule and says it (L42): the digest with the audit's head, posted or changed where it hangs
 * already; all findings as a file in its thread; and every Home tab. `retryAt`: when a held run is tried again.
 */
export async function sayRun(
  tx: Transaction,
  measured: RunWithRows,
  services: Context,
  retryAt: Date | null,
): Promise<void> {
  const { run } = measured;
  const { playbook, deliveryClock } = services;
  const now = deliveryClock.now();
  const entry = await recordRun(tx, measured, services);
  const overview = await readOverview(tx, services);
  const card = digestCard(run, { ...overview, auditHead: entry.hash, retryAt: retryAt?.toISOString() ?? null });
  const place = channelPlace(playbook.channels.reconciliation, playbook);
  const key = `digest/${run.slot}`;
  const subject = `run/${run.id}`;
  const first = await tx.outbox.post({ key, subject, place, content: { kind: 'card', card } }, now);
  if (!first) await tx.outbox.change(subject, card, now);

  if (run.state !== 'held') {
    const date = localDate(new Date(run.slot ?? run.startedAt), playbook.timeZone);
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
    const why = explanationCard(run, { playbook, chat: true });
    if (why !== undefined) {
      await tx.outbox.post(
        { key: `${key}/why`, subject: `${subject}/why`, place, parent: key, content: { kind: 'card', card: why } },
        now,
      );
    }
    await tx.outbox.post(
      {
        key: `${key}/csv`,
        subject: `${subject}/csv`,
        place,
        parent: key,
        content: {
          kind: 'file',
          name: `findings-${date}.csv`,
          title: `All findings of ${date}`,
          text: findingsCsv(run),
          inShell: `show ${run.id} --json`,
        },
      },
      now,
    );
  }
  await showOnHomes(tx, overview, services);
}
