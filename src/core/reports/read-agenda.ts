import { type Agenda, agendaOf } from '../checkpoints/agenda.ts';
import type { CheckpointTime } from '../checkpoints/checkpoint.ts';
import { planOf } from '../phases/plan.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { Discrepancy } from '../records/discrepancy.ts';
import type { Transaction } from '../store.ts';
import { addDays, instantOf } from '../time/local-time.ts';

/** A week has at most seven daily runs; the rest is room for those that were asked for twice on a day. */
const runsReadBack = 50;
const recordsReadBack = 10_000;
const lessonsReadBack = 1_000;

/** The agenda of a checkpoint as the store has it now, with the discrepancies that it may name. */
export async function readAgenda(
  tx: Transaction,
  { date, due }: CheckpointTime,
  playbook: Playbook,
): Promise<{ readonly agenda: Agenda; readonly discrepancies: readonly Discrepancy[] }> {
  const { timeZone, schedules } = playbook;
  const at = schedules.weeklyCheckpoint?.at ?? '00:00';
  const discrepancies = await tx.discrepancies.list(recordsReadBack);
  const agenda = agendaOf({
    from: instantOf(addDays(date, -7), at, timeZone),
    to: due,
    timeZone,
    scheduled: await tx.runs.list({ limit: runsReadBack, scheduled: true }),
    discrepancies,
    plan: planOf(playbook, await tx.tasks.latest(), date),
    lessons: await tx.lessons.list(lessonsReadBack),
  });
  return { agenda, discrepancies };
}
