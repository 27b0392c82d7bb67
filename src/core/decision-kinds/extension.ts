import { nameOfDecision, type Decision } from '../decisions/decision.ts';
import type { DecisionKind } from '../decisions/kind.ts';
import { count } from '../numbers/format.ts';
import { planDates, timelineOf } from '../phases/calendar.ts';
import { changeHomes } from '../reports/overview.ts';
import { keepTask } from '../reports/keep-task.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { formatDate } from '../time/format.ts';
import { closeDecided } from './close-task.ts';

/** The usual length first: four weeks of phase 3 and a new vote (requirements, row 37). */
const lengths = [4, 2, 6, 8];
const nameOf = (weeks: number): string => `${weeks}-weeks`;
const weekOfTheVote = 3;

/** For how long the parallel run goes on after a NO-GO (L72); every date moves. */
export const extension: DecisionKind = {
  name: 'extension',
  options: lengths.map((weeks) => ({ name: nameOf(weeks), label: `${weeks} weeks`, takes: 'everySeat' })),

  evidence: async (_tx, _matter, { playbook }) => {
    const timeline = timelineOf(playbook);
    if (timeline === undefined) return [];
    return lengths.map((weeks) => {
      const { vote, end } = planDates({ ...timeline, extensionWeeks: timeline.extensionWeeks + weeks });
      const figure = `new vote from ${formatDate(vote.first)}, end ${formatDate(end)}`;
      return { title: `${weeks} weeks`, figure, material: end, command: null };
    });
  },

  decided: async (tx, decision, services) => {
    const weeks = lengths.find((one) => nameOf(one) === decision.outcome) ?? 0;
    await extend(tx, decision, weeks, services);
    await closeDecided(tx, decision, `${nameOfDecision(decision)}: ${count(weeks, 'week')} longer`, services);
  },
};

async function extend(tx: Transaction, decision: Decision, weeks: number, services: Services): Promise<void> {
  const { playbook, clock } = services;
  if (playbook.startDate === null) return;
  const at = clock.now().toISOString();
  const setBy = decision.closedBy ?? 'clock';
  const newest = await tx.startDates.newest();
  const extensionWeeks = playbook.extensionWeeks + weeks;
  const number = (newest?.number ?? 0) + 1;
  const added = await tx.startDates.add({ number, date: playbook.startDate, extensionWeeks, setBy, setAt: at });
  if (!added) throw new Error('somebody set the start date in the same moment');
  await reopenReviews(tx, decision, services);
  await services.refresh(tx);
  await changeHomes(tx, services);
  await tx.audit.append({
    at,
    actor: setBy,
    action: 'plan.extended',
    subject: 'plan/start',
    details: { weeks, extensionWeeks, decision: nameOfDecision(decision) },
  });
}

/** The reviews of the week of the vote are to be done again, for the new one. */
async function reopenReviews(tx: Transaction, decision: Decision, services: Services): Promise<void> {
  const evidence = `Extended by ${nameOfDecision(decision)}: to be done again for the new vote`;
  for (const { name, phase, weeks, decision: kind } of services.playbook.tasks) {
    if (phase !== 3 || kind !== undefined || (weeks?.[0] ?? 1) < weekOfTheVote) continue;
    const last = (await tx.tasks.history(name)).at(-1);
    if (last?.state !== 'done') continue;
    await keepTask(
      tx,
      { task: name, state: 'open', by: 'clock', byName: 'the extension', evidence, people: null },
      services,
    );
  }
}
