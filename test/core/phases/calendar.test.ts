import assert from 'node:assert/strict';
import { describeMoment, momentOf, phaseDates, planDates, weekDates } from '../../../src/core/phases/calendar.ts';
import { addDays } from '../../../src/core/time/local-time.ts';

const at = <Date extends string | null>(startDate: Date) => ({ startDate, extensionWeeks: 0 });

describe('The calendar of the parallel run', () => {
  const start = '2026-01-31';

  it('schedules nothing while the start date is not set', () => {
    assert.deepEqual(momentOf(at(null), '2026-11-23'), { kind: 'unset' });
    assert.match(describeMoment(momentOf(at(null), '2026-11-23')), /start date is not set: nothing is scheduled/i);
  });
  it('counts the days until it begins', () => {
    assert.deepEqual(momentOf(at(start), '2026-01-30'), { kind: 'before', days: 1 });
    assert.equal(describeMoment({ kind: 'before', days: 1 }), 'Begins in 1 day');
  });
  it('begins with phase 1, week 1, day 1, also at the end of a month', () =>
    assert.deepEqual(momentOf(at(start), start), { kind: 'during', phase: 1, week: 1, day: 1, of: 84 }));
  it('ends a week after seven days', () => {
    assert.deepEqual(momentOf(at(start), addDays(start, 6)), { kind: 'during', phase: 1, week: 1, day: 7, of: 84 });
    assert.deepEqual(momentOf(at(start), addDays(start, 7)), { kind: 'during', phase: 1, week: 2, day: 8, of: 84 });
  });
  it('ends a phase after four weeks', () => {
    assert.deepEqual(momentOf(at(start), addDays(start, 27)), { kind: 'during', phase: 1, week: 4, day: 28, of: 84 });
    assert.deepEqual(momentOf(at(start), addDays(start, 28)), { kind: 'during', phase: 2, week: 5, day: 29, of: 84 });
    assert.deepEqual(momentOf(at(start), addDays(start, 56)), { kind: 'during', phase: 3, week: 9, day: 57, of: 84 });
  });
  it('has 84 days and says how far past them it is', () => {
    assert.deepEqual(momentOf(at(start), addDays(start, 83)), { kind: 'during', phase: 3, week: 12, day: 84, of: 84 });
    assert.deepEqual(momentOf(at(start), addDays(start, 84)), { kind: 'after', days: 1, of: 84 });
  });
  it('counts calendar days across both clock changes', () => {
    assert.deepEqual(momentOf(at('2026-03-07'), '2026-03-09'), { kind: 'during', phase: 1, week: 1, day: 3, of: 84 });
    assert.deepEqual(momentOf(at('2026-10-31'), '2026-11-02'), { kind: 'during', phase: 1, week: 1, day: 3, of: 84 });
  });
  it('gives every phase 28 days, one after the other', () => {
    assert.deepEqual(phaseDates(at(start), 1), { first: '2026-01-31', last: '2026-02-27' });
    assert.deepEqual(phaseDates(at(start), 2), { first: '2026-02-28', last: '2026-03-27' });
    assert.deepEqual(phaseDates(at(start), 3), { first: '2026-03-28', last: '2026-04-24' });
  });
  it('names the phase in words', () =>
    assert.equal(
      describeMoment(momentOf(at(start), addDays(start, 14))),
      'Phase 1 (Shadow Mode), week 3, day 15 of 84',
    ));
});

describe('The dates that follow from a start date', () => {
  const dates = planDates(at('2026-11-23'));

  it('are three phases of four weeks, without a gap', () =>
    assert.deepEqual(
      dates.phases.map(({ first, last }) => [first, last]),
      [
        ['2026-11-23', '2026-12-20'],
        ['2026-12-21', '2027-01-17'],
        ['2027-01-18', '2027-02-14'],
      ],
    ));
  it('freeze the evidence on the last day of month 3, week 2, the day before the week of the vote', () => {
    assert.equal(dates.evidenceFrozen, '2027-01-31');
    assert.deepEqual(dates.vote, { first: '2027-02-01', last: '2027-02-07' });
    assert.deepEqual(momentOf(at('2026-11-23'), dates.vote.first), {
      kind: 'during',
      phase: 3,
      week: 11,
      day: 71,
      of: 84,
    });
  });
  it('end on day 84', () => assert.deepEqual(dates.end, '2027-02-14'));
  it('are local dates: no clock change shifts one', () =>
    assert.deepEqual(weekDates(at('2026-03-02'), 1, 1), { first: '2026-03-02', last: '2026-03-08' }));
});

describe('A parallel run that was extended', () => {
  const four = { startDate: '2026-11-23', extensionWeeks: 4 };
  const before = planDates(at('2026-11-23'));
  const after = planDates(four);

  it('goes on with both systems for so much longer: the vote, the freeze and the end move, nothing before does', () => {
    assert.deepEqual(after.phases.slice(0, 2), before.phases.slice(0, 2));
    assert.equal(after.phases[2]?.first, before.phases[2]?.first);
    for (const [was, is] of [
      [before.evidenceFrozen, after.evidenceFrozen],
      [before.vote.first, after.vote.first],
      [before.vote.last, after.vote.last],
      [before.end, after.end],
      [before.phases[2]?.last ?? '', after.phases[2]?.last ?? ''],
    ] as const) {
      assert.equal(is, addDays(was, 28));
    }
    assert.equal(weekDates(four, 3, 1).first, weekDates(at('2026-11-23'), 3, 1).first);
    assert.equal(weekDates(four, 3, 4).last, after.end);
  });
  it('is in phase 3 to its new end', () => {
    assert.deepEqual(momentOf(four, after.end), { kind: 'during', phase: 3, week: 16, day: 112, of: 112 });
    assert.deepEqual(momentOf(four, addDays(after.end, 1)), { kind: 'after', days: 1, of: 112 });
  });
});
