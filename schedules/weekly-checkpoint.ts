import type { Card, Span } from '../src/core/cards/card.ts';
import { checkpointCard } from '../src/core/cards/checkpoint-card.ts';
import { type CheckpointTime, checkpointsAround, reminderDue } from '../src/core/checkpoints/checkpoint.ts';
import { keepCheckpoint, placeOfCheckpoint, subjectOfCheckpoint } from '../src/core/reports/keep-checkpoint.ts';
import { readAgenda } from '../src/core/reports/read-agenda.ts';
import type { Services } from '../src/core/services.ts';
import type { Transaction } from '../src/core/store.ts';
import { formatDate, formatDateTime, formatTime } from '../src/core/time/format.ts';
import type { Watch } from '../src/core/time/watch.ts';

const day = 24 * 3_600_000;

/**
 * The weekly checkpoint (L14): a reminder two days and one hour before, the agenda at the hour, and a word where nobody
 * held it.
 */
export const weeklyCheckpoint: Watch = {
  name: 'weekly-checkpoint',

  async look(tx, services) {
    const now = services.clock.now();
    const { last, next } = checkpointsAround(services.playbook, now);
    const reminded = next === undefined ? false : await remind(tx, next, services);
    // A meeting from before anybody watched is nobody's concern.
    const since = await tx.slots.watchedSince(weeklyCheckpoint.name, now);
    if (last === undefined || since === undefined || Date.parse(since) > last.due.getTime()) return reminded;
    const opened = await openAgenda(tx, last, services);
    const missed = now.getTime() - last.due.getTime() >= day ? await sayMissed(tx, last, services) : false;
    return reminded || opened || missed;
  },
};

async function remind(tx: Transaction, next: CheckpointTime, services: Services): Promise<boolean> {
  const { playbook, clock, deliveryClock } = services;
  const which = reminderDue(next, playbook, clock.now());
  if (which === undefined) return false;
  const key = `${subjectOfCheckpoint(next.date)}/reminder/${which}`;
  if ((await tx.outbox.find(key)) !== undefined) return false;
  const when =
    which === 'hour' ? `at ${formatTime(next.due, playbook.timeZone)}` : formatDateTime(next.due, playbook.timeZone);
  const at: Span = { time: next.due.toISOString(), style: 'dateTime', fallback: when };
  const title = `Weekly checkpoint ${when}`;
  const card: Card = {
    title,
    tone: 'neutral',
    summary: `${title}. The agenda comes at the hour.`,
    body: [
      { kind: 'text', text: ['The checkpoint is at ', at, '. The agenda comes here at the hour.'] },
      {
        kind: 'buttons',
        buttons: [{ label: 'The agenda so far', command: `checkpoint ${next.date}`, style: 'default' }],
      },
    ],
  };
  return tx.outbox.post(
    { key, subject: key, place: placeOfCheckpoint(playbook), content: { kind: 'card', card } },
    deliveryClock.now(),
  );
}

async function openAgenda(tx: Transaction, last: CheckpointTime, services: Services): Promise<boolean> {
  const { playbook, deliveryClock } = services;
  const subject = subjectOfCheckpoint(last.date);
  if ((await tx.outbox.find(subject)) !== undefined) return false;
  const { agenda, discrepancies } = await readAgenda(tx, last, services);
  const opened = { date: last.date, dueAt: last.due.toISOString(), agenda, minutes: null, missedAt: null };
  if (!(await tx.checkpoints.open(opened))) return false;
  const card = checkpointCard(opened, { playbook, discrepancies, buttons: true });
  return tx.outbox.post(
    { key: subject, subject, place: placeOfCheckpoint(playbook), content: { kind: 'card', card } },
    deliveryClock.now(),
  );
}

/** Said once: in its card, and where it can be seen anew. */
async function sayMissed(tx: Transaction, last: CheckpointTime, services: Services): Promise<boolean> {
  const { playbook, clock, deliveryClock } = services;
  const key = `${subjectOfCheckpoint(last.date)}/missed`;
  if ((await tx.outbox.find(key)) !== undefined) return false;
  const one = await tx.checkpoints.lock(last.date);
  if (one === undefined || one.minutes !== null) return false;
  const title = `The checkpoint of ${formatDate(last.date)} was not held`;
  const why = 'Nobody wrote minutes within a day.';
  const posted = await tx.outbox.post(
    {
      key,
      subject: key,
      place: placeOfCheckpoint(playbook),
      content: {
        kind: 'card',
        card: {
          title,
          tone: 'warning',
          summary: `${title}. ${why}`,
          body: [
            { kind: 'text', text: `${why} If it was held, write the minutes now.` },
            {
              kind: 'buttons',
              buttons: [{ label: 'Write the minutes', command: `checkpoint ${last.date} minutes`, style: 'primary' }],
            },
          ],
        },
      },
    },
    deliveryClock.now(),
  );
  if (posted) {
    await keepCheckpoint(tx, { ...one, missedAt: clock.now().toISOString() }, 'clock', 'checkpoint.missed', services);
  }
  return posted;
}
