import assert from 'node:assert/strict';
import { agendaOf } from '../../../src/core/checkpoints/agenda.ts';
import { checkpointsAround, reminderDue } from '../../../src/core/checkpoints/checkpoint.ts';
import { planOf } from '../../../src/core/phases/plan.ts';
import { aCheckResult, aDiscrepancy, aRun } from '../../support/fixtures.ts';
import { thePlaybook } from '../../support/services.ts';

/** Wednesdays at 10:00 in New York, from Monday 9 November 2026 on. */
const playbook = thePlaybook();
const around = (now: string, plan = playbook) => {
  const { last, next } = checkpointsAround(plan, new Date(now));
  return [last?.due.toISOString(), next?.due.toISOString()];
};

describe('The checkpoints of a parallel run', () => {
  it('are one a week, on their day at their hour', () => {
    assert.deepEqual(around('2026-11-18T14:59:59.999Z'), ['2026-11-11T15:00:00.000Z', '2026-11-18T15:00:00.000Z']);
    assert.deepEqual(around('2026-11-18T15:00:00.000Z'), ['2026-11-18T15:00:00.000Z', '2026-11-25T15:00:00.000Z']);
    assert.deepEqual(around('2026-11-22T20:00:00.000Z'), ['2026-11-18T15:00:00.000Z', '2026-11-25T15:00:00.000Z']);
  });
  it('begin with the start date', () => {
    assert.deepEqual(around('2026-10-01T00:00:00.000Z'), [undefined, '2026-11-11T15:00:00.000Z']);
    assert.deepEqual(around('2026-11-11T14:00:00.000Z'), [undefined, '2026-11-11T15:00:00.000Z']);
    assert.deepEqual(around('2026-11-11T15:00:00.000Z', { ...playbook, startDate: '2026-11-12' }), [
      undefined,
      '2026-11-18T15:00:00.000Z',
    ]);
  });
  it('are none while the start date is unset, and none where the playbook has no day for them', () => {
    assert.deepEqual(around('2026-11-18T15:00:00.000Z', { ...playbook, startDate: null }), [undefined, undefined]);
    const { weeklyCheckpoint: _, ...schedules } = playbook.schedules;
    assert.deepEqual(around('2026-11-18T15:00:00.000Z', { ...playbook, schedules }), [undefined, undefined]);
  });
  it('stay at their local hour when the clocks change', () => {
    const spring = { ...playbook, startDate: '2027-03-01' };
    assert.deepEqual(around('2027-03-11T00:00:00.000Z', spring), [
      '2027-03-10T15:00:00.000Z',
      '2027-03-17T14:00:00.000Z',
    ]);
  });
  it('are announced two days and one hour before, and not after', () => {
    const at = (now: string) => {
      const { next } = checkpointsAround(playbook, new Date('2026-11-20T00:00:00.000Z'));
      return next === undefined ? undefined : reminderDue(next, playbook, new Date(now));
    };
    assert.equal(at('2026-11-23T14:59:59.999Z'), undefined);
    assert.equal(at('2026-11-23T15:00:00.000Z'), 'days');
    assert.equal(at('2026-11-25T13:59:59.999Z'), 'days');
    assert.equal(at('2026-11-25T14:00:00.000Z'), 'hour');
    assert.equal(at('2026-11-25T14:59:59.999Z'), 'hour');
    assert.equal(at('2026-11-25T15:00:00.000Z'), undefined);
  });
});

describe('The agenda of a week', () => {
  const week = {
    from: new Date('2026-11-18T15:00:00.000Z'),
    to: new Date('2026-11-25T15:00:00.000Z'),
    timeZone: 'America/New_York',
    scheduled: [],
    discrepancies: [],
    plan: [],
    metrics: [],
    gates: [],
    lessons: [],
    feedback: [],
  };
  const run = (id: string, slot: string, verdict: 'pass' | 'fail') =>
    aRun({ id, slot, startedAt: slot, checks: [aCheckResult({ verdict })] });

  it('holds what came after the last checkpoint, up to this one', () => {
    const scheduled = [
      run('e', '2026-11-25T15:00:00.001Z', 'fail'),
      run('d', '2026-11-25T15:00:00.000Z', 'pass'),
      run('b', '2026-11-18T15:00:00.001Z', 'fail'),
      run('a', '2026-11-18T15:00:00.000Z', 'fail'),
    ];
    const agenda = agendaOf({ ...week, scheduled });
    assert.deepEqual(
      agenda.runs.map(({ id, state }) => [id, state]),
      [
        ['b', 'fail'],
        ['d', 'pass'],
      ],
    );
    assert.deepEqual(agenda.checks, [{ check: 'employees', title: 'Employee Count', failed: 1 }]);
  });
  it('tells which tasks are due or late on its day, what is due first at the top', () => {
    const plan = planOf(thePlaybook({ START_DATE: '2026-11-09' }), [], '2026-11-25');
    const { tasks } = agendaOf({ ...week, plan });
    assert.deepEqual(tasks[0], { name: 'deploy-read-only', title: 'Deploy the new system read-only', daysLate: 3 });
    assert.deepEqual(tasks.at(-1)?.name, 'no-decisions-on-new');
    assert.equal(tasks.at(-1)?.daysLate, 0);
  });
  it('tells what was opened, what was closed, and how old what is left is', () => {
    const discrepancies = [
      aDiscrepancy({ number: 4, openedAt: '2026-11-24T12:00:00.000Z' }),
      aDiscrepancy({ number: 3, openedAt: '2026-11-10T12:00:00.000Z' }),
      aDiscrepancy({
        number: 2,
        openedAt: '2026-11-10T12:00:00.000Z',
        state: 'resolved',
        resolvedAt: '2026-11-20T12:00:00.000Z',
      }),
      aDiscrepancy({
        number: 1,
        openedAt: '2026-11-19T12:00:00.000Z',
        state: 'rejected',
        actedAt: '2026-11-19T13:00:00.000Z',
      }),
    ];
    const { opened, closed, active } = agendaOf({ ...week, discrepancies });
    assert.deepEqual(
      [opened, closed],
      [
        [1, 4],
        [1, 2],
      ],
    );
    assert.deepEqual(
      active.map(({ number, days }) => [number, days]),
      [
        [3, 15],
        [4, 1],
      ],
    );
  });
});
