import type { Decision } from '../decisions/decision.ts';
import type { DecisionKind } from '../decisions/kind.ts';
import { noticeOfRollback } from '../notices/notice.ts';
import type { Playbook } from '../playbook/playbook.ts';
import { triggerTitle } from '../cards/incident-card.ts';
import { askDecision, settingsOf } from '../reports/keep-decision.ts';
import { moveIncident } from '../reports/keep-incident.ts';
import { draftNotice } from '../reports/keep-notice.ts';
import { cardKeyOfRunbook, startRunbook } from '../reports/keep-runbook.ts';
import type { Services } from '../services.ts';
import type { Transaction } from '../store.ts';
import { type Incident, nameOfIncident } from '../triggers/incident.ts';
import { newestRunItem } from './evidence-items.ts';

/** Whether the new system is given up for now (L118-L130), proposed because a trigger fired. */
export const rollback: DecisionKind = {
  name: 'rollback',
  options: [
    { name: 'roll-back', label: 'Roll back', takes: 'everySeat' },
    { name: 'keep', label: 'Do not roll back', takes: 'oneAnswer' },
  ],

  evidence: async (tx, { about }, services) => {
    const incident = await tx.incidents.find(numberIn(about));
    const items = incident === undefined ? [] : [incidentItem(incident, services.playbook)];
    return [...items, ...(await newestRunItem(tx, services))];
  },

  decided: async (tx, decision, services) => {
    if (decision.outcome === 'roll-back') await begin(tx, decision, services);
    else await backFrom(tx, decision, 'the rollback was refused', services);
  },

  ended: (tx, decision, services) =>
    backFrom(tx, decision, `the question of a rollback has ${decision.state}`, services),
};

const numberIn = (about: string): number => Number(about.split('/')[1]);

function incidentItem(incident: Incident, playbook: Playbook) {
  return {
    title: triggerTitle(incident.trigger, playbook),
    figure: incident.limit === '' ? incident.figure : `${incident.figure}; fires at ${incident.limit}`,
    material: JSON.stringify([incident.trigger, incident.figure]),
    command: `incident ${nameOfIncident(incident)}`,
  };
}

/** Asks whether to roll back, because of an incident. */
export async function proposeRollback(
  tx: Transaction,
  incident: Incident,
  by: { readonly openedBy: string; readonly asker: string; readonly reason: string },
  services: Services,
) {
  const { playbook } = services;
  // First, so that nothing is written where nobody could decide.
  const settings = settingsOf(rollback.name, playbook);
  await moveIncident(tx, incident, 'proposed', { by: by.openedBy, reason: by.reason, until: null }, services);
  return askDecision(
    tx,
    rollback,
    {
      about: `incident/${incident.number}`,
      proposal: { reason: by.reason },
      question: `Roll back ${playbook.sources.new.title}?`,
      openedBy: by.openedBy,
      asker: by.asker,
      settings,
      typed: 'roll back',
      channel: playbook.channels.alerts,
    },
    services,
  );
}

/** The clock starts with the decision (L125): its runbook begins, and the first notice is drafted. */
async function begin(tx: Transaction, decision: Decision, services: Services): Promise<void> {
  const { playbook, clock } = services;
  const definition = playbook.runbooks.find(({ name }) => name === rollback.name);
  const goesOn = (await tx.runbooks.open()).some((one) => one.name === rollback.name && one.rehearsal === null);
  if (definition === undefined || goesOn) return;
  const started = await startRunbook(
    tx,
    definition,
    {
      anchor: clock.now().toISOString(),
      startedBy: decision.closedBy ?? 'clock',
      about: decision.about,
      rehearsal: null,
      channel: playbook.channels.alerts,
    },
    services,
  );
  // L129: a person sends it.
  const where = { channel: started.channel, parent: cardKeyOfRunbook(started) };
  await draftNotice(tx, noticeOfRollback(started, playbook), where, services);
}

async function backFrom(tx: Transaction, { about }: Decision, reason: string, services: Services): Promise<void> {
  const incident = await tx.incidents.lock(numberIn(about));
  if (incident?.state !== 'proposed') return;
  await moveIncident(tx, incident, 'acknowledged', { by: 'clock', reason, until: null }, services);
}
