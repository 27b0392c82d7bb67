import type { DecisionKind } from '../decisions/kind.ts';
import { nameOfDecision } from '../decisions/decision.ts';
import { closeDecided } from './close-task.ts';
import { gateItems, newestRunItem, proposalItems, registerItem } from './evidence-items.ts';

const firstPhase = 1;

/** Write access for the pilot users (L39): the task that hands it out can be closed once it is approved. */
export const writeAccess: DecisionKind = {
  name: 'writeAccess',
  options: [
    { name: 'approve', label: 'Approve', takes: 'everySeat' },
    { name: 'refuse', label: 'Refuse', takes: 'oneAnswer' },
  ],
  ask: {
    title: 'Ask for write access',
    fields: [
      { name: 'people', label: 'Whose access', kind: 'text', lines: 'many', maxLength: 1_000, required: true },
      { name: 'until', label: 'Until, with this day', kind: 'date', required: true },
    ],
    question: async (_tx, { playbook }) => ({
      about: 'pilot',
      question: `Write access to ${playbook.sources.new.title}?`,
    }),
  },

  evidence: async (tx, { proposal }, services) => [
    ...proposalItems(proposal, { people: 'Whose access', until: 'Until, with this day' }),
    ...(await gateItems(tx, [firstPhase], services)),
    ...(await newestRunItem(tx, services)),
    ...(await registerItem(tx, 'pilot-users', services)),
  ],

  decided: async (tx, decision, services) => {
    if (decision.outcome !== 'approve') return;
    const { people = '', until = '' } = decision.proposal;
    await closeDecided(tx, decision, `${nameOfDecision(decision)}: approved for ${people}, until ${until}`, services);
  },
};
