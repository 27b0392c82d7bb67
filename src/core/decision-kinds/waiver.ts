import type { DecisionKind } from '../decisions/kind.ts';
import { keepWaiver } from '../reports/keep-waiver.ts';
import { gateItems, proposalItems } from './evidence-items.ts';

/** Whether somebody may answer for a criterion of a gate that is not green, for a while. Asked for by `gates … waive`. */
export const waiver: DecisionKind = {
  name: 'waiver',
  options: [
    { name: 'approve', label: 'Accept it', takes: 'everySeat' },
    { name: 'refuse', label: 'Refuse', takes: 'oneAnswer' },
  ],

  evidence: async (tx, { about, proposal }, services) => [
    ...proposalItems(proposal, {
      criterion: 'Criterion',
      ownerTitle: 'Who answers for it',
      until: 'Until',
      reason: 'Why',
    }),
    ...(await gateItems(tx, [phaseOf(about)], services)),
  ],

  decided: async (tx, { about, proposal, outcome, closedBy }, services) => {
    if (outcome !== 'approve') return;
    const { owner = '', until = '', reason = '' } = proposal;
    const by = closedBy ?? 'clock';
    await keepWaiver(tx, { phase: phaseOf(about), criterion: criterionOf(about), reason, owner, until, by }, services);
  },
};

/** "gate/1/reports". */
const phaseOf = (about: string): 1 | 2 | 3 => Number(about.split('/')[1]) as 1 | 2 | 3;
const criterionOf = (about: string): string => about.split('/')[2] ?? '';
