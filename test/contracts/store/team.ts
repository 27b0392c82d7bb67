import assert from 'node:assert/strict';
import type { Waiver } from '../../../src/core/gates/waiver.ts';
import type { NewSurvey } from '../../../src/core/surveys/survey.ts';
import type { TestStore } from '../../support/databases.ts';
import { someMoment } from '../../support/fixtures.ts';

const asked: NewSurvey = {
  name: 'satisfaction',
  title: 'User satisfaction',
  question: 'How satisfied are you?',
  anonymous: true,
  people: [],
  openedBy: 'slack:T0TEST/U0ANA',
  openedAt: someMoment,
  closesAt: '2026-11-30T12:00:00.000Z',
  closedAt: null,
};

/** What the team fills in: surveys, registers, waivers and feedback. */
export function teamContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);
  const open = (overrides: Partial<NewSurvey> = {}) => run((tx) => tx.surveys.open({ ...asked, ...overrides }));

  describe('surveys', () => {
    it('are kept whole, one open at a time under a name', async () => {
      assert.equal(await open(), 1);
      assert.equal(await open(), undefined);
      assert.deepEqual(await run((tx) => tx.surveys.list(10)), [{ ...asked, number: 1 }]);
      await run((tx) => tx.surveys.close(1, someMoment));
      assert.deepEqual(await run((tx) => tx.surveys.lock(1)), { ...asked, number: 1, closedAt: someMoment });
      assert.ok(((await open()) ?? 0) > 1);
    });
    it('keep whom they ask', async () => {
      const people = ['slack:T0TEST/U0ANA', "slack:T0TEST/U0'BEN,"];
      await open({ people });
      assert.deepEqual((await run((tx) => tx.surveys.lock(1)))?.people, people);
    });
    it('take one answer of each respondent, the newest', async () => {
      await open();
      await run(async (tx) => {
        await tx.surveys.answer(1, { respondent: 'a', score: 2, comment: 'Slow <!channel>' });
        await tx.surveys.answer(1, { respondent: 'b', score: 3, comment: '' });
        await tx.surveys.answer(1, { respondent: 'a', score: 5, comment: 'Fast' });
      });
      assert.deepEqual(await run((tx) => tx.surveys.answers(1)), [
        { respondent: 'b', score: 3, comment: '' },
        { respondent: 'a', score: 5, comment: 'Fast' },
      ]);
    });
    for (const anonymous of [true, false]) {
      it(`${anonymous ? 'forget' : 'keep'} who answered what with their close, where they are ${anonymous ? '' : 'not '}anonymous`, async () => {
        await open({ anonymous });
        await run((tx) => tx.surveys.answer(1, { respondent: 'a', score: 4, comment: '' }));
        await run((tx) => tx.surveys.close(1, someMoment));
        const [answer] = await run((tx) => tx.surveys.answers(1));
        assert.equal(answer?.respondent === 'a', !anonymous);
        assert.equal(answer?.score, 4);
      });
    }
  });

  describe('registers', () => {
    const items = () => run((tx) => tx.registers.items('reports'));
    it('hold an item once, whatever its case, and fill its cells in', async () => {
      await run(async (tx) => {
        await tx.registers.save({ register: 'reports', item: 'Headcount', cells: {} });
        await tx.registers.save({ register: 'reports', item: 'Payroll', cells: { reproduced: 'yes' } });
        await tx.registers.save({ register: 'reports', item: 'HEADCOUNT', cells: { reproduced: 'link' } });
        await tx.registers.save({ register: 'risks', item: 'Headcount', cells: {} });
      });
      assert.deepEqual(await items(), [
        { register: 'reports', item: 'Headcount', cells: { reproduced: 'link' } },
        { register: 'reports', item: 'Payroll', cells: { reproduced: 'yes' } },
      ]);
    });
    it('lose an item once, and begin anew with it', async () => {
      await run((tx) => tx.registers.save({ register: 'reports', item: 'Headcount', cells: { reproduced: 'yes' } }));
      assert.equal(await run((tx) => tx.registers.remove('reports', 'headcount')), true);
      assert.equal(await run((tx) => tx.registers.remove('reports', 'headcount')), false);
      assert.deepEqual(await items(), []);
      await run((tx) => tx.registers.save({ register: 'reports', item: 'Headcount', cells: {} }));
      assert.deepEqual(await items(), [{ register: 'reports', item: 'Headcount', cells: {} }]);
    });
  });

  it('waivers are kept, the newest first, and changed by nobody', async () => {
    const waiver: Waiver = {
      phase: 1,
      criterion: 'reports',
      reason: 'Rewritten',
      owner: 'dataOwner',
      until: '2026-12-11',
      by: 'slack:T0TEST/U0BEN',
      at: someMoment,
    };
    await run((tx) => tx.waivers.add(waiver));
    await run((tx) => tx.waivers.add({ ...waiver, until: '2026-12-18' }));
    assert.deepEqual(await run((tx) => tx.waivers.list()), [{ ...waiver, until: '2026-12-18' }, waiver]);
    await assert.rejects(opened().application("update gate_waivers set reason = 'x'"), { code: '42501' });
  });

  it('feedback is kept, the newest first, and changed by nobody', async () => {
    const said = { text: 'Too many clicks\0', by: 'slack:T0TEST/U0ANA', at: someMoment };
    const first = await run((tx) => tx.feedback.add(said));
    const second = await run((tx) => tx.feedback.add({ ...said, text: 'Much faster' }));
    assert.deepEqual(
      (await run((tx) => tx.feedback.list(10))).map(({ number, text }) => [number, text]),
      [
        [second.number, 'Much faster'],
        [first.number, 'Too many clicks\ufffd'],
      ],
    );
    await assert.rejects(opened().application('delete from feedback'), { code: '42501' });
  });
}
