import { discrepancyCard, entriesShown } from '../cards/discrepancy-card.ts';
import type { Run } from '../checks/run.ts';
import type { Done } from '../records/act.ts';
import { discrepanciesAfter } from '../records/after-run.ts';
import { type Discrepancy, nameOf } from '../records/discrepancy.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Place } from '../request.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { channelPlace } from '../messages/place.ts';

type Context = Pick<Services, 'playbook' | 'deliveryClock'>;

export const subjectOf = ({ number }: Pick<Discrepancy, 'number'>): string => `discrepancy/${number}`;

/** The message that holds a discrepancy's card for as long as it is open this time. */
export const cardKeyOf = (one: Discrepancy): string => `${subjectOf(one)}/card/${one.openedAt}`;

/** Where it is talked about: what a check found among the alerts, what a person reported among the people. */
export function placeOf({ reported }: Discrepancy, playbook: Pick<Playbook, 'channels'>): Place {
  const { alerts, reconciliation } = playbook.channels;
  return channelPlace(reported === null ? alerts : reconciliation, playbook);
}

/** Writes down what was done about a discrepancy: its state, its history, the audit, and every copy of its card. */
export async function keepDone(tx: Transaction, { discrepancy, entry }: Done, context: Context): Promise<void> {
  await tx.discrepancies.save([discrepancy]);
  await tx.discrepancies.addEntry(entry);
  await showAgain(tx, discrepancy, context);
  await tx.audit.append({
    at: entry.at,
    actor: entry.by,
    action: `discrepancy.${entry.kind}`,
    subject: subjectOf(discrepancy),
    details: { state: discrepancy.state, severity: discrepancy.severity, name: nameOf(discrepancy) },
  });
}

/**
 * Files what a run found (L28): every failure is on record, what passes again is resolved. Answers what changed. Each
 * change of state is a line of its history; one more occurrence is only counted.
 */
export async function keepFound(
  tx: Transaction,
  run: Run,
  context: Context & { readonly at: Date },
): Promise<readonly Discrepancy[]> {
  const known = await tx.discrepancies.of(run.checks.map(({ check }) => check));
  const { dueHours } = context.playbook.discrepancies;
  const changed = await tx.discrepancies.save(discrepanciesAfter(known, run, dueHours));
  for (const one of changed) {
    const before = known.find(({ number }) => number === one.number);
    if (before?.state === one.state) continue;
    const words = one.state === 'resolved' ? 'Passed' : before === undefined ? 'Found' : 'Failed again';
    const at = context.at.toISOString();
    const text = `${words} in run ${run.id}`;
    await tx.discrepancies.addEntry({ number: one.number, at, by: 'clock', kind: 'state', text });
  }
  for (const one of changed) await showAgain(tx, one, context);
  return changed;
}

/** Brings every copy of its card up to date. */
export async function showAgain(
  tx: Transaction,
  discrepancy: Discrepancy,
  { playbook, deliveryClock }: Context,
): Promise<void> {
  const entries = await tx.discrepancies.entries(discrepancy.number, entriesShown);
  const card = discrepancyCard(discrepancy, entries, { playbook, chat: true });
  await tx.outbox.change(subjectOf(discrepancy), card, deliveryClock.now());
}

/** Hangs its card in a channel, unless it hangs there already. */
export async function hangCard(
  tx: Transaction,
  discrepancy: Discrepancy,
  { playbook, deliveryClock }: Context,
): Promise<void> {
  const entries = await tx.discrepancies.entries(discrepancy.number, entriesShown);
  await tx.outbox.post(
    {
      key: cardKeyOf(discrepancy),
      subject: subjectOf(discrepancy),
      place: placeOf(discrepancy, playbook),
      content: { kind: 'card', card: discrepancyCard(discrepancy, entries, { playbook, chat: true }) },
    },
    deliveryClock.now(),
  );
}
