import assert from 'node:assert/strict';
import type { StartDate } from '../../../src/core/phases/start-date.ts';
import type { TaskChange } from '../../../src/core/phases/task-change.ts';
import type { TestStore } from '../../support/databases.ts';
import { later, someMoment } from '../../support/fixtures.ts';

const first: StartDate = {
  number: 1,
  date: '2026-11-30',
  extensionWeeks: 4,
  setBy: 'slack:T0TEST/U0ANA',
  setAt: someMoment,
};

const done: TaskChange = {
  task: 'train-pilot-users',
  number: 1,
  state: 'done',
  by: 'slack:T0TEST/U0ANA',
  byName: 'Ana',
  at: someMoment,
  evidence: 'https://wiki.test/roster',
  people: 7,
};

/** The start date, who is in user groups, and what became of tasks: the newest holds, and nothing is changed. */
export function planContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);

  describe('the start date', () => {
    it('is none until one is set', async () => {
      assert.equal(await run((tx) => tx.startDates.newest()), undefined);
    });
    it('is the newest that was set', async () => {
      assert.equal(await run((tx) => tx.startDates.add(first)), true);
      assert.deepEqual(await run((tx) => tx.startDates.newest()), first);
      const moved = { ...first, number: 2, date: '2026-11-23' };
      assert.equal(await run((tx) => tx.startDates.add(moved)), true);
      assert.deepEqual(await run((tx) => tx.startDates.newest()), moved);
    });
    it('is that of whoever was quicker, when two set one at once', async () => {
      const [one, other] = await Promise.all([
        run((tx) => tx.startDates.add(first)),
        run((tx) => tx.startDates.add({ ...first, date: '2027-01-04' })),
      ]);
      assert.notEqual(one, other);
      assert.equal((await run((tx) => tx.startDates.newest()))?.date, one ? '2026-11-30' : '2027-01-04');
    });
  });

  describe('changes of tasks', () => {
    it('are kept whole, in their order', async () => {
      const again: TaskChange = { ...done, number: 2, state: 'open', evidence: 'Two left', people: null };
      await run((tx) => tx.tasks.add(done));
      await run((tx) => tx.tasks.add(again));
      assert.deepEqual(await run((tx) => tx.tasks.history('train-pilot-users')), [done, again]);
      assert.deepEqual(await run((tx) => tx.tasks.history('deploy')), []);
    });
    it('have a newest one for each task', async () => {
      const other = { ...done, task: 'deploy', people: null };
      const again: TaskChange = { ...done, number: 2, state: 'open' };
      for (const change of [done, other, again]) await run((tx) => tx.tasks.add(change));
      const latest = await run((tx) => tx.tasks.latest());
      assert.deepEqual(
        latest.toSorted((a, b) => a.task.localeCompare(b.task)),
        [other, again],
      );
    });
    it('are one, when two people close a task at once', async () => {
      const both = await Promise.all([
        run((tx) => tx.tasks.add(done)),
        run((tx) => tx.tasks.add({ ...done, byName: 'Ben' })),
      ]);
      assert.equal(both.filter((written) => written).length, 1);
      assert.equal((await run((tx) => tx.tasks.history(done.task))).length, 1);
    });
  });

  describe('accounts of one person', () => {
    const offer = { hash: 'h1', account: 'slack:U0ANA', name: 'ana', expiresAt: later(600).toISOString() };
    it('are linked by a code, once', async () => {
      await run((tx) => tx.accountLinks.offer(offer));
      assert.deepEqual(await run((tx) => tx.accountLinks.offered('h1')), offer);
      assert.equal(await run((tx) => tx.accountLinks.link('h1', 'teams:a', someMoment)), true);
      assert.equal(await run((tx) => tx.accountLinks.offered('h1')), undefined);
      const linked = [{ account: 'slack:U0ANA', person: 'teams:a', name: 'ana' }];
      assert.deepEqual(await run((tx) => tx.accountLinks.all()), linked);
    });
    it('belong to nobody else afterwards', async () => {
      await run((tx) => tx.accountLinks.offer(offer));
      await run((tx) => tx.accountLinks.offer({ ...offer, hash: 'h2' }));
      assert.equal(await run((tx) => tx.accountLinks.link('h1', 'teams:a', someMoment)), true);
      assert.equal(await run((tx) => tx.accountLinks.link('h2', 'teams:b', someMoment)), false);
      assert.equal((await run((tx) => tx.accountLinks.all())).length, 1);
    });
    it('are not known by a code that nobody was given', async () => {
      assert.equal(await run((tx) => tx.accountLinks.offered('h9')), undefined);
    });
  });

  it('the members of a user group are those that were written last, each group by itself', async () => {
    const save = (group: string, members: readonly string[]) =>
      run((tx) => tx.userGroups.save(group, members, someMoment));
    assert.equal(await save('slack:S0TWO', ['slack:U0ANA']), true);
    assert.equal(await save('slack:S0ONE', []), true);
    assert.equal(await save('slack:S0TWO', ['slack:U0ANA', 'slack:U0BEN']), true);
    assert.equal(await save('slack:S0TWO', ['slack:U0ANA', 'slack:U0BEN']), false, 'nothing is new');
    const all = await run((tx) => tx.userGroups.all());
    assert.deepEqual(all, { 'slack:S0ONE': [], 'slack:S0TWO': ['slack:U0ANA', 'slack:U0BEN'] });
    assert.deepEqual(Object.keys(all), ['slack:S0ONE', 'slack:S0TWO']);
  });
}
