import { type Agenda, agendaOf } from '../checkpoints/agenda.ts';
import type { CheckpointTime } from '../checkpoints/checkpoint.ts';
import { gateInWords } from '../cards/gate-card.ts';
import { figureInWords, statusWord, targetInWords } from '../cards/metric-words.ts';
import { trendChart } from '../cards/trend.ts';
import { type MetricState, readMetrics } from '../metrics/read-metrics.ts';
import { planOf } from '../phases/plan.ts';
import type { Discrepancy } from '../records/discrepancy.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { readGates } from './read-gates.ts';
import { addDays, instantOf } from '../time/local-time.ts';

/** A week has at most seven daily runs; the rest is room for those that were asked for twice on a day. */
const runsReadBack = 50;
const recordsReadBack = 10_000;
const lessonsReadBack = 1_000;

/** The agenda of a checkpoint as the store has it now, with the discrepancies that it may name. */
export async function readAgenda(
  tx: Transaction,
  { date, due }: CheckpointTime,
  { playbook, clock }: Pick<Services, 'playbook' | 'clock'>,
): Promise<{ readonly agenda: Agenda; readonly discrepancies: readonly Discrepancy[] }> {
  const { timeZone, schedules } = playbook;
  const now = clock.now();
  const scheduled = await tx.runs.list({ limit: runsReadBack, scheduled: true });
  const at = schedules.weeklyCheckpoint?.at ?? '00:00';
  const discrepancies = await tx.discrepancies.list(recordsReadBack);
  const agenda = agendaOf({
    from: instantOf(addDays(date, -7), at, timeZone),
    to: due,
    timeZone,
    scheduled,
    discrepancies,
    plan: planOf(playbook, await tx.tasks.latest(), date),
    metrics: (await readMetrics(tx, playbook, { scheduled, now })).map(metricOnAgenda),
    gates: (await readGates(tx, { playbook, clock })).map((gate) => ({
      phase: gate.gate.phase,
      green: gate.green,
      words: gateInWords(gate),
    })),
    lessons: await tx.lessons.list(lessonsReadBack),
    feedback: await tx.feedback.list(lessonsReadBack),
  });
  const ofTheWeek = scheduled.filter(({ id }) => agenda.runs.some((run) => run.id === id));
  const trend = trendChart(ofTheWeek, timeZone)?.series;
  return { agenda: trend === undefined ? agenda : { ...agenda, trend }, discrepancies };
}

function metricOnAgenda({ metric, status, readings }: MetricState): Agenda['metrics'][number] {
  const [newest] = readings;
  const actual = newest === undefined ? 'TBD' : figureInWords(newest.value, metric);
  return { title: metric.title, status, words: `${actual}, target ${targetInWords(metric)}: ${statusWord(status)}` };
}
