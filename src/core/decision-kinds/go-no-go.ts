import { gateInWords } from '../cards/gate-card.ts';
import { nameOfDecision, type Decision } from '../decisions/decision.ts';
import type { DecisionKind } from '../decisions/kind.ts';
import { planDates, timelineOf } from '../phases/calendar.ts';
import { noticeOfVote } from '../notices/notice.ts';
import { askDecision, settingsOf } from '../reports/keep-decision.ts';
import { draftNotice } from '../reports/keep-notice.ts';
import { readGates } from '../reports/read-gates.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { formatDate } from '../time/format.ts';
import { localDate } from '../time/local-time.ts';
import { UsageError } from '../usage-error.ts';
import { closeDecided } from './close-task.ts';
import { discrepancyItem, gateItems, metricItems, newestRunItem } from './evidence-items.ts';
import { extension } from './extension.ts';

/** Whether the cutover is carried out (L71): Data Owner and Product Owner, on evidence frozen the day before. */
export const goNoGo: DecisionKind = {
  name: 'goNoGo',
  options: [
    { name: 'go', label: 'GO', takes: 'everySeat' },
    { name: 'no-go', label: 'NO-GO', takes: 'oneAnswer' },
  ],
  ask: {
    title: 'Ask for GO or NO-GO',
    fields: [],
    question: async (_tx, services) => questionOf(services),
  },

  evidence: async (tx, _matter, services) => [
    ...(await newestRunItem(tx, services)),
    ...(await gateItems(tx, [1, 2, 3], services)),
    ...(await metricItems(tx, services)),
    ...(await discrepancyItem(tx)),
  ],

  blocked: async (tx, _matter, services) => {
    const red = (await readGates(tx, services)).filter(({ green }) => !green);
    if (red.length === 0) return undefined;
    const words = red.map((gate) => `phase ${gate.gate.phase}: ${gateInWords(gate)}`).join('; ');
    return `GO needs every gate green, or a waiver for what is not (${words}).`;
  },

  decided: async (tx, decision, services) => {
    if (decision.outcome === 'go') {
      await closeDecided(tx, decision, `${nameOfDecision(decision)}: GO`, services);
      await closeDecided(
        tx,
        { ...decision, kind: extension.name },
        `${nameOfDecision(decision)}: GO, no extension`,
        services,
      );
    } else await askExtension(tx, decision, services);
    const { reconciliation } = services.playbook.channels;
    // L73: a person sends it; the product tells stakeholders nothing by itself.
    await draftNotice(tx, noticeOfVote(decision, services.playbook), { channel: reconciliation }, services);
  },
};

/** Throws UsageError before the week of the vote: it cannot open early (L15). */
export function questionOf({
  playbook,
  clock,
}: Pick<Services, 'playbook' | 'clock'>): Pick<Decision, 'about' | 'question'> {
  const timeline = timelineOf(playbook);
  if (timeline === undefined) {
    throw new UsageError('The start date is not set: there is no vote yet.', '"start <date>" sets it.');
  }
  const { vote } = planDates(timeline);
  if (localDate(clock.now(), playbook.timeZone) < vote.first) {
    throw new UsageError(
      `The vote opens on ${formatDate(vote.first)}, not before. Nothing was changed.`,
      'Until then both systems run side by side, and the evidence grows.',
    );
  }
  return { about: `vote/${vote.first}`, question: `GO or NO-GO: cut over to ${playbook.sources.new.title}?` };
}

/** Puts the vote before the people who decide it, on the evidence of the moment. False where that was done before. */
export async function openVote(tx: Transaction, services: Services): Promise<boolean> {
  const { playbook } = services;
  const question = questionOf(services);
  if (playbook.decisions.goNoGo === undefined) return false;
  if ((await tx.decisions.about(goNoGo.name, question.about, 1)).length > 0) return false;
  const channel = playbook.channels.reconciliation;
  const settings = settingsOf(goNoGo.name, playbook);
  await askDecision(
    tx,
    goNoGo,
    { ...question, proposal: {}, openedBy: 'clock', asker: null, settings, typed: null, channel },
    services,
  );
  return true;
}

/** What a NO-GO asks at once (L72). */
async function askExtension(tx: Transaction, decision: Decision, services: Services): Promise<void> {
  const { playbook } = services;
  await askDecision(
    tx,
    extension,
    {
      about: `extension/${decision.number}`,
      proposal: {},
      question: 'NO-GO: for how long is the parallel run extended?',
      openedBy: 'clock',
      asker: null,
      typed: null,
      channel: playbook.channels.reconciliation,
    },
    services,
  );
}
