import { channelPlace } from '../messages/place.ts';
import { draftCard, type Notice, noticeOfRollback, noticeOfVote, type Sent, toldCard } from '../notices/notice.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';

const noticeSent = 'notice.sent';

/** Hangs the draft where those are who decided; nobody else is told. */
export async function draftNotice(
  tx: Transaction,
  notice: Notice,
  where: { readonly channel: string; readonly parent?: string },
  { playbook, deliveryClock }: Services,
): Promise<void> {
  const { channel, ...thread } = where;
  await tx.outbox.post(
    {
      key: notice.subject,
      subject: notice.subject,
      ...thread,
      place: channelPlace(channel, playbook),
      content: { kind: 'card', card: draftCard(notice, undefined, playbook) },
    },
    deliveryClock.now(),
  );
}

/** The notice of a decision or a rollback, such as "DEC-3" or "R-2"; undefined where none was drafted. */
export async function findNotice(tx: Transaction, name: string, { playbook }: Services): Promise<Notice | undefined> {
  const notice = await noticeOf(tx, name, playbook);
  return notice !== undefined && (await tx.outbox.find(notice.subject)) !== undefined ? notice : undefined;
}

async function noticeOf(tx: Transaction, name: string, playbook: Services['playbook']): Promise<Notice | undefined> {
  const [, what, digits] = /^(DEC|R)-(\d{1,9})$/i.exec(name) ?? [];
  const number = Number(digits);
  if (what?.toUpperCase() === 'DEC') {
    const decision = (await tx.decisions.find(number))?.decision;
    if (decision?.kind !== 'goNoGo' || decision.outcome === null) return undefined;
    return noticeOfVote({ ...decision, outcome: decision.outcome }, playbook);
  }
  const runbook = what === undefined ? undefined : await tx.runbooks.find(number);
  return runbook === undefined ? undefined : noticeOfRollback(runbook, playbook);
}

/** What became of it; undefined while nobody sent it. */
export async function findSent(tx: Transaction, { subject }: Notice): Promise<Sent | undefined> {
  const entry = await tx.audit.find(noticeSent, subject);
  if (entry === undefined) return undefined;
  return { by: entry.actor, at: entry.at, text: String(entry.details['text'] ?? '') };
}

/**
 * Tells the stakeholders, once however often and by however many it is asked for, and says so on the draft. False where
 * that was done before: nothing is changed then.
 */
export async function sendNotice(
  tx: Transaction,
  notice: Notice,
  told: Pick<Sent, 'by' | 'text'>,
  { playbook, clock, deliveryClock }: Services,
): Promise<boolean> {
  const { subject } = notice;
  const { stakeholders, reconciliation } = playbook.channels;
  const sent = { ...told, at: clock.now().toISOString() };
  const key = `${subject}/sent`;
  const isFirst = await tx.outbox.post(
    {
      key,
      subject: key,
      place: channelPlace(stakeholders ?? reconciliation, playbook),
      content: { kind: 'card', card: toldCard(notice, sent) },
    },
    deliveryClock.now(),
  );
  if (!isFirst) return false;
  await tx.outbox.change(subject, draftCard(notice, sent, playbook), deliveryClock.now());
  await tx.audit.append({
    at: sent.at,
    actor: sent.by,
    action: noticeSent,
    subject,
    details: { text: sent.text, channel: stakeholders ?? reconciliation },
  });
  return true;
}
