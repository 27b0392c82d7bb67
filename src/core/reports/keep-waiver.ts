import type { Waiver } from '../gates/waiver.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';

/** Writes a waiver down that was decided. */
export async function keepWaiver(
  tx: Transaction,
  waiver: Omit<Waiver, 'at'>,
  { clock }: Pick<Services, 'clock'>,
): Promise<void> {
  const at = clock.now().toISOString();
  await tx.waivers.add({ ...waiver, at });
  const { phase, criterion, owner, until, by } = waiver;
  const subject = `gate/${phase}/${criterion}`;
  await tx.audit.append({ at, actor: by, action: 'gate.waived', subject, details: { owner, until } });
}
