import assert from 'node:assert/strict';
import type { Decision, DecisionAnswer } from '../../../src/core/decisions/decision.ts';
import { refuseAnswer } from '../../../src/core/decisions/refusals.ts';
import { seatsOf, tally, whoAnswers } from '../../../src/core/decisions/tally.ts';
import { withLinks } from '../../../src/core/people.ts';
import { personBehind } from '../../../src/core/roles.ts';
import { later, someMoment } from '../../support/fixtures.ts';
import { thePlaybook } from '../../support/services.ts';

const [inSlack, inTeams, ben] = ['slack:U0ANA', 'teams:0a0b0c0d-0000-4000-8000-000000000001', 'slack:U0BEN'];
const before = thePlaybook({ DATA_OWNER: `${inSlack} ${inTeams}`, PRODUCT_OWNER: ben });

/** The link is confirmed with either account, so either may become the one name of both. */
const linkedBy = (person: string, account: string) => ({
  ...before,
  people: withLinks(before.people, [{ account, person, name: 'Ana' }]),
});
const ways = [
  ['Teams', linkedBy(inTeams, inSlack)],
  ['Slack', linkedBy(inSlack, inTeams)],
] as const;

const decision: Decision = {
  number: 1,
  kind: 'waiver',
  about: 'gate/1',
  proposal: {},
  question: 'May it be?',
  rules: {
    options: [
      { name: 'approve', label: 'Approve', takes: 'everySeat' },
      { name: 'refuse', label: 'Refuse', takes: 'oneAnswer' },
    ],
    seats: [{ roles: ['dataOwner', 'productOwner'], count: 2 }],
    ordered: false,
    excludesAsker: true,
    sealed: false,
    reason: 'against',
    typed: null,
  },
  state: 'pending',
  evidenceVersion: 1,
  openedBy: 'slack:T0/U0ANA',
  asker: inSlack,
  openedAt: someMoment,
  expiresAt: later(86_400_000).toISOString(),
  closedAt: null,
  closedBy: null,
  outcome: null,
  reason: '',
};
const answer = (person: string): DecisionAnswer => ({
  decision: 1,
  person,
  option: 'approve',
  reason: '',
  evidenceVersion: 1,
  by: person,
  at: someMoment,
});
const evidence = { decision: 1, version: 1, items: [], hash: '', at: someMoment };
const record = (more: Partial<Decision>, answers: readonly DecisionAnswer[] = []) => ({
  decision: { ...decision, ...more },
  delegations: [],
  answers,
  evidence,
});

for (const [where, playbook] of ways) {
  describe(`Somebody who linked their accounts in ${where} while a decision was pending`, () => {
    const ana = personBehind(inTeams, playbook);

    it('does not answer with one account what they asked with the other', () => {
      for (const asker of [inSlack, inTeams]) {
        const asked = record({ asker });
        assert.equal(seatsOf(asked, ana, playbook).size, 0);
        assert.deepEqual(whoAnswers(asked, playbook), [ben]);
        assert.throws(() => refuseAnswer(asked, ana, playbook), /Whoever asked does not answer/);
        const { counted, outcome } = tally({ ...asked, answers: [answer(inSlack), answer(inTeams)] }, playbook);
        assert.deepEqual([counted.length, outcome], [0, undefined]);
      }
    });
    it('counts once who had answered with both', () => {
      const both = record({ asker: null }, [answer(inSlack), answer(inTeams)]);
      assert.equal(tally(both, before).outcome, 'approve', 'they were two until then');
      const { counted, outcome } = tally(both, playbook);
      assert.deepEqual([counted.map(({ person }) => person), outcome], [[ana], undefined]);
    });
    it('is still counted for what they answered before', () => {
      const answered = record({ asker: null }, [answer(inSlack), answer(ben)]);
      assert.equal(tally(answered, playbook).outcome, 'approve');
    });
  });
}
