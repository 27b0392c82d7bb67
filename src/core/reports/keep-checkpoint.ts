import { checkpointCard } from '../cards/checkpoint-card.ts';
import type { Checkpoint } from '../checkpoints/checkpoint.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Place } from '../request.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { channelPlace } from '../messages/place.ts';

export const subjectOfCheckpoint = (date: string): string => `checkpoint/${date}`;

export function placeOfCheckpoint(playbook: Pick<Playbook, 'channels'>): Place {
  return channelPlace(playbook.channels.reconciliation, playbook);
}

/** Writes down what came of a checkpoint, and brings its card up to date. */
export async function keepCheckpoint(
  tx: Transaction,
  checkpoint: Checkpoint,
  by: string,
  action: 'checkpoint.missed' | 'checkpoint.minutes',
  { playbook, clock, deliveryClock }: Pick<Services, 'playbook' | 'clock' | 'deliveryClock'>,
): Promise<void> {
  const subject = subjectOfCheckpoint(checkpoint.date);
  await tx.checkpoints.save(checkpoint);
  const discrepancies = await tx.discrepancies.list(10_000);
  await tx.outbox.change(
    subject,
    checkpointCard(checkpoint, { playbook, discrepancies, buttons: true }),
    deliveryClock.now(),
  );
  await tx.audit.append({
    at: clock.now().toISOString(),
    actor: by,
    action,
    subject,
    details: { date: checkpoint.date },
  });
}
