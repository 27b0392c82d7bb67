import assert from 'node:assert/strict';
import type { Decision, DecisionAnswer, Evidence } from '../../../src/core/decisions/decision.ts';
import type { TestStore } from '../../support/databases.ts';
import { someMoment } from '../../support/fixtures.ts';

const asked: Omit<Decision, 'number'> = {
  kind: 'writeAccess',
  about: 'pilot',
  proposal: { people: 'Fay <!channel>' },
  question: 'Write access?',
  rules: {
    options: [{ name: 'approve', label: 'Approve', takes: 'everySeat' }],
    seats: [{ roles: ['techLead'], count: 2 }],
    ordered: false,
    excludesAsker: true,
    reason: 'always',
    typed: null,
    sealed: false,
  },
  state: 'pending',
  evidenceVersion: 1,
  openedBy: 'slack:T0TEST/U0ANA',
  asker: 'slack:U0ANA',
  openedAt: someMoment,
  expiresAt: '2026-11-26T12:00:00.000Z',
  closedAt: null,
  closedBy: null,
  outcome: null,
  reason: '',
};
const evidence = (version: number, letter: string): Evidence => ({
  decision: 1,
  version,
  items: [{ title: 'Run', figure: 'all pass', material: letter, command: null }],
  hash: letter.repeat(64),
  at: someMoment,
});
const anAnswer: DecisionAnswer = {
  decision: 1,
  person: 'slack:U0CHEN',
  option: 'approve',
  reason: 'Fine',
  evidenceVersion: 1,
  by: 'slack:T0TEST/U0CHEN',
  at: someMoment,
};
const ended = { state: 'decided', outcome: 'approve', closedAt: someMoment, closedBy: 'clock' } as const;

/** Questions that people answer, and the codes by which they do where there is no chat. */
export function decisionsContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const open = (overrides: Partial<Decision> = {}) =>
    run(async (tx) => {
      const number = await tx.decisions.open({ ...asked, ...overrides });
      if (number !== undefined) await tx.decisions.addEvidence({ ...evidence(1, 'a'), decision: number });
      return number;
    });

  describe('decisions', () => {
    it('are kept whole, with the newest evidence and all answers in their order', async () => {
      assert.equal(await open(), 1);
      const delegation = { decision: 1, from: 'x', to: 'y', role: 'techLead', reason: 'Away', by: 'x', at: someMoment };
      await run(async (tx) => {
        await tx.decisions.addAnswer(anAnswer);
        await tx.decisions.addEvidence(evidence(2, 'b'));
        await tx.decisions.addAnswer({ ...anAnswer, option: 'refuse', evidenceVersion: 2 });
        await tx.decisions.addDelegation(delegation);
        await tx.decisions.addDelegation({ ...delegation, to: 'z' });
      });
      const whole = {
        decision: { ...asked, number: 1 },
        evidence: evidence(2, 'b'),
        answers: [anAnswer, { ...anAnswer, option: 'refuse', evidenceVersion: 2 }],
        delegations: [delegation],
      };
      assert.deepEqual(await run((tx) => tx.decisions.find(1)), whole);
      assert.deepEqual(await run((tx) => tx.decisions.lock(1)), whole);
      assert.deepEqual(await run((tx) => tx.decisions.evidence(1)), [evidence(1, 'a'), evidence(2, 'b')]);
      assert.equal(await run((tx) => tx.decisions.find(2)), undefined);
    });
    it('wait once for the same thing, and again when that has ended', async () => {
      await open();
      assert.equal(await open(), undefined);
      const other = await open({ about: 'other' });
      await run((tx) => tx.decisions.save({ ...asked, number: 1, ...ended }));
      const again = await open();
      assert.ok(other !== undefined && again !== undefined && again > other);
      assert.deepEqual(
        (await run((tx) => tx.decisions.pending())).map(({ number }) => number),
        [other, again],
      );
      assert.deepEqual(
        (await run((tx) => tx.decisions.about('writeAccess', 'pilot', 10))).map(({ number }) => number),
        [again, 1],
      );
      assert.deepEqual(
        (await run((tx) => tx.decisions.list(2))).map(({ number }) => number),
        [again, other],
      );
    });
    it('stay as they ended', async () => {
      await open();
      await run((tx) => tx.decisions.save({ ...asked, number: 1, ...ended }));
      await assert.rejects(
        run((tx) => tx.decisions.save({ ...asked, number: 1, ...ended, outcome: 'refuse' })),
        /has ended/,
      );
    });
    it('put a version of the evidence on the table once', async () => {
      await open();
      await assert.rejects(run((tx) => tx.decisions.addEvidence(evidence(1, 'b'))));
      await assert.rejects(run((tx) => tx.decisions.addAnswer({ ...anAnswer, evidenceVersion: 7 })));
    });
    it('let the application change and delete nothing that was said', async () => {
      await open();
      await run((tx) => tx.decisions.addAnswer(anAnswer));
      const { application } = opened();
      for (const table of ['decision_answers', 'decision_evidence', 'decision_delegations']) {
        await assert.rejects(application(`delete from ${table}`), { code: '42501' });
        await assert.rejects(application(`update ${table} set decision = 2`), { code: '42501' });
      }
      await assert.rejects(application('delete from decisions'), { code: '42501' });
    });
  });

  describe('one-time codes', () => {
    const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
    it('are used once', async () => {
      await run((tx) => tx.codes.issue('slack:U0ANA', [one, two], someMoment));
      assert.equal(await run((tx) => tx.codes.whose(one)), 'slack:U0ANA');
      await run((tx) => tx.codes.use(one, someMoment));
      assert.equal(await run((tx) => tx.codes.whose(one)), undefined);
      assert.equal(await run((tx) => tx.codes.whose(two)), 'slack:U0ANA');
    });
    it('are void when there are new ones, those of other people are not', async () => {
      await run((tx) => tx.codes.issue('slack:U0ANA', [one], someMoment));
      await run((tx) => tx.codes.issue('slack:U0BEN', [two], someMoment));
      await run((tx) => tx.codes.issue('slack:U0ANA', ['3'.repeat(64)], someMoment));
      assert.equal(await run((tx) => tx.codes.whose(one)), undefined);
      assert.equal(await run((tx) => tx.codes.whose(two)), 'slack:U0BEN');
    });
  });
}
