import assert from 'node:assert/strict';
import { planOf, type TaskState, tasksIn, windowOf } from '../../../src/core/phases/plan.ts';
import type { TaskChange } from '../../../src/core/phases/task-change.ts';
import type { Task } from '../../../src/core/playbook/team.ts';
import { someMoment } from '../../support/fixtures.ts';

const aTask = (overrides: Partial<Task> = {}): Task => ({
  name: 'train',
  title: 'Train',
  phase: 1,
  weeks: [1, 2],
  owner: 'dataOwner',
  evidence: 'A link',
  kind: 'task',
  ...overrides,
});
const aChange = (state: TaskChange['state']): TaskChange => ({
  task: 'train',
  number: 1,
  state,
  by: 'slack:T0TEST/U0ANA',
  byName: 'Ana',
  at: someMoment,
  evidence: 'A link',
  people: null,
});

const at = (startDate: string | null) => ({ startDate, extensionWeeks: 0, cutover: null });

describe('When a task is to be done', () => {
  it('is its weeks of its phase, the last day of the last week included', () => {
    assert.deepEqual(windowOf(aTask(), at('2026-11-09')), { first: '2026-11-09', last: '2026-11-22' });
    assert.deepEqual(windowOf(aTask({ weeks: [3, 4] }), at('2026-11-09')), { first: '2026-11-23', last: '2026-12-06' });
    assert.deepEqual(windowOf(aTask({ phase: 3, weeks: [3, 3] }), at('2026-11-09')), {
      first: '2027-01-18',
      last: '2027-01-24',
    });
  });
  it('is the whole phase when no weeks are given', () => {
    const { weeks: _weeks, ...task } = aTask({ phase: 2 });
    assert.deepEqual(windowOf(task, at('2026-11-09')), { first: '2026-12-07', last: '2027-01-03' });
  });
  it('is right from the end of a month on, and in a leap year', () => {
    assert.deepEqual(windowOf(aTask(), at('2027-01-31')), { first: '2027-01-31', last: '2027-02-13' });
    assert.deepEqual(windowOf(aTask(), at('2028-02-20')), { first: '2028-02-20', last: '2028-03-04' });
  });
  it('is not shifted by a clock change, in spring or in autumn', () => {
    assert.deepEqual(windowOf(aTask(), at('2027-03-08')), { first: '2027-03-08', last: '2027-03-21' });
    assert.deepEqual(windowOf(aTask(), at('2026-10-26')), { first: '2026-10-26', last: '2026-11-08' });
  });
  it('is unknown without a start date, and around the cutover', () => {
    assert.equal(windowOf(aTask(), at(null)), null);
    assert.equal(windowOf(aTask({ phase: 'beforeCutover' }), at('2026-11-09')), null);
  });
  it('is the week before the cutover and the week after it, once that is started', () => {
    const dates = { ...at(null), cutover: { day: '2027-01-30', switched: false } };
    assert.deepEqual(windowOf(aTask({ phase: 'beforeCutover' }), dates), { first: '2027-01-23', last: '2027-01-29' });
    assert.deepEqual(windowOf(aTask({ phase: 'afterCutover' }), dates), { first: '2027-01-30', last: '2027-02-06' });
  });
});

describe('A task', () => {
  const stateOn = (today: string, change?: TaskChange, task = aTask()): [TaskState | undefined, number | undefined] => {
    const [planned] = planOf({ tasks: [task], ...at('2026-11-09') }, change === undefined ? [] : [change], today);
    return [planned?.state, planned?.daysLate];
  };

  it('is upcoming until the day before its window, and due from its first to its last day', () => {
    assert.deepEqual(stateOn('2026-11-08'), ['upcoming', 0]);
    assert.deepEqual(stateOn('2026-11-09'), ['due', 0]);
    assert.deepEqual(stateOn('2026-11-22'), ['due', 0]);
  });
  it('is late from the day after on, by so many days', () => {
    assert.deepEqual(stateOn('2026-11-23'), ['late', 1]);
    assert.deepEqual(stateOn('2026-11-24'), ['late', 2]);
  });
  it('is done whatever the day', () => {
    for (const today of ['2026-11-08', '2026-11-22', '2026-12-24']) {
      assert.deepEqual(stateOn(today, aChange('done')), ['done', 0]);
    }
  });
  it('is due or late again when it was opened again', () => {
    assert.deepEqual(stateOn('2026-11-22', aChange('open')), ['due', 0]);
    assert.deepEqual(stateOn('2026-11-24', aChange('open')), ['late', 2]);
  });
  it('that the bot does is never due and never late', () =>
    assert.deepEqual(stateOn('2026-12-24', undefined, aTask({ kind: 'automatic' })), ['automatic', 0]));
  it('has no date around the cutover', () =>
    assert.deepEqual(stateOn('2026-12-24', undefined, aTask({ phase: 'afterCutover' })), ['unplanned', 0]));
  it('comes before those that are due later', () => {
    const tasks = [aTask({ name: 'later', weeks: [1, 4] }), aTask({ name: 'sooner', weeks: [1, 1] })];
    const plan = planOf({ tasks, ...at('2026-11-09') }, [], '2026-11-09');
    assert.deepEqual(
      tasksIn(plan, 'due').map(({ task }) => task.name),
      ['sooner', 'later'],
    );
  });
});
