import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dueNext, dueSlots, nextSlot } from '../../../src/core/time/due-slots.ts';
import { addDays, instantOf, localDate, weekday } from '../../../src/core/time/local-time.ts';
import type { CatchUp, Plan, Schedule } from '../../../src/core/time/schedule.ts';
import { thePlaybook } from '../../support/services.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];
const aPlan = (overrides: Partial<Plan> = {}): Plan => ({
  at: '07:00',
  timeZone: 'America/New_York',
  weekdays: everyDay,
  from: '2026-01-01',
  ...overrides,
});
const latest12: CatchUp = { which: 'latest', withinHours: 12 };
const all72: CatchUp = { which: 'all', withinHours: 72 };
const at = (text: string): Date => new Date(text);
const hour = 3_600_000;

/** "due" or "missed" by instant. */
const judged = (plan: Plan, last: Date | undefined, now: Date, catchUp: CatchUp): [string, string][] =>
  dueSlots(plan, last, now, catchUp).map((slot) => [slot.at.toISOString(), slot.missed ? 'missed' : 'due']);

describe('What is due', () => {
  const last = at('2026-11-22T12:00:00Z');
  const due = at('2026-11-23T12:00:00Z');

  it('is nothing a millisecond before the time, and the slot at the time', () => {
    assert.deepEqual(judged(aPlan(), last, new Date(due.getTime() - 1), latest12), []);
    assert.deepEqual(judged(aPlan(), last, due, latest12), [[due.toISOString(), 'due']]);
  });

  it('is also on every day of a span, whatever the weekday, and on no other', () => {
    // Monday and Tuesday; the span is Thursday to Saturday.
    const plan = aPlan({ weekdays: [1, 2], everyDay: { first: '2026-11-26', last: '2026-11-28' } });
    const within200: CatchUp = { which: 'all', withinHours: 200 };
    assert.deepEqual(
      judged(plan, at('2026-11-22T12:00:00Z'), at('2026-11-29T13:00:00Z'), within200).map(([day]) => day.slice(8, 10)),
      ['23', '24', '26', '27', '28'],
    );
  });

  it('is nothing again once it is written down', () => {
    assert.deepEqual(judged(aPlan(), due, new Date(due.getTime() + hour), latest12), []);
  });

  it('still runs when it is exactly 12 hours old, and is missed a millisecond later', () => {
    assert.deepEqual(judged(aPlan(), last, new Date(due.getTime() + 12 * hour), latest12), [
      [due.toISOString(), 'due'],
    ]);
    assert.deepEqual(judged(aPlan(), last, new Date(due.getTime() + 12 * hour + 1), latest12), [
      [due.toISOString(), 'missed'],
    ]);
  });

  it('is only the newest after days without a process, the others are missed', () => {
    assert.deepEqual(judged(aPlan(), at('2026-11-20T12:00:00Z'), at('2026-11-23T13:00:00Z'), latest12), [
      ['2026-11-21T12:00:00.000Z', 'missed'],
      ['2026-11-22T12:00:00.000Z', 'missed'],
      ['2026-11-23T12:00:00.000Z', 'due'],
    ]);
  });

  it('is only the newest also where several are young enough', () => {
    const within72: CatchUp = { which: 'latest', withinHours: 72 };
    assert.deepEqual(
      judged(aPlan(), at('2026-11-21T12:00:00Z'), at('2026-11-23T13:00:00Z'), within72).map(([, state]) => state),
      ['missed', 'due'],
    );
  });

  it('is each one in order where all are wanted, down to the oldest that is caught up with', () => {
    assert.deepEqual(judged(aPlan(), at('2026-11-18T12:00:00Z'), at('2026-11-23T12:00:00Z'), all72), [
      ['2026-11-19T12:00:00.000Z', 'missed'],
      ['2026-11-20T12:00:00.000Z', 'due'],
      ['2026-11-21T12:00:00.000Z', 'due'],
      ['2026-11-22T12:00:00.000Z', 'due'],
      ['2026-11-23T12:00:00.000Z', 'due'],
    ]);
  });

  it('leaves out the days that are not chosen', () => {
    const working = aPlan({ weekdays: [1, 2, 3, 4, 5] });
    assert.deepEqual(
      judged(working, at('2026-11-19T12:00:00Z'), at('2026-11-23T12:30:00Z'), all72).map(([slot]) => slot.slice(0, 10)),
      ['2026-11-20', '2026-11-23'],
    );
    assert.deepEqual(judged(aPlan({ weekdays: [] }), last, due, latest12), []);
  });

  it('takes the weekday of the zone, not of UTC', () => {
    const mondays = aPlan({ timeZone: 'Pacific/Auckland', at: '08:00', weekdays: [1] });
    const sundayInUtc = '2026-11-22T19:00:00.000Z';
    assert.deepEqual(judged(mondays, at('2026-11-21T00:00:00Z'), at('2026-11-24T00:00:00Z'), all72), [
      [sundayInUtc, 'due'],
    ]);
  });

  it('begins on the first day, not before', () => {
    const plan = aPlan({ from: '2026-11-23' });
    assert.deepEqual(judged(plan, at('2026-11-01T00:00:00Z'), at('2026-11-22T23:00:00Z'), all72), []);
    assert.deepEqual(judged(plan, at('2026-11-01T00:00:00Z'), at('2026-11-23T12:00:00Z'), all72), [
      ['2026-11-23T12:00:00.000Z', 'due'],
    ]);
  });

  describe('on the first start ever', () => {
    it('is the last due time within the policy, and nothing is missed before it', () => {
      assert.deepEqual(judged(aPlan(), undefined, at('2026-11-23T20:00:00Z'), latest12), [[due.toISOString(), 'due']]);
    });

    it('is that also at exactly 12 hours, and nothing a millisecond later', () => {
      assert.equal(judged(aPlan(), undefined, new Date(due.getTime() + 12 * hour), latest12).length, 1);
      assert.deepEqual(judged(aPlan(), undefined, new Date(due.getTime() + 12 * hour + 1), latest12), []);
    });
  });

  it('is bounded after a very long silence', () => {
    const slots = dueSlots(aPlan({ from: '2010-01-01' }), at('2011-01-01T00:00:00Z'), due, latest12);
    assert.ok(slots.length <= 371, `${slots.length} slots`);
    assert.deepEqual(slots.at(-1), { at: due, missed: false });
  });

  it('is nothing when the clock stands before the last slot', () => {
    assert.deepEqual(judged(aPlan(), due, at('2026-11-20T00:00:00Z'), latest12), []);
  });
});

describe('What is due when the clocks change', () => {
  const changes: [title: string, zone: string, time: string, day: string, instant: string][] = [
    ['a time that does not exist', 'America/New_York', '02:30', '2026-03-08', '2026-03-08T07:00:00.000Z'],
    ['a time that exists twice', 'America/New_York', '01:30', '2026-11-01', '2026-11-01T05:30:00.000Z'],
    ['a time that does not exist', 'Europe/Berlin', '02:30', '2026-03-29', '2026-03-29T01:00:00.000Z'],
    ['a time that exists twice', 'Europe/Berlin', '02:30', '2026-10-25', '2026-10-25T00:30:00.000Z'],
    ['a time that does not exist', 'Australia/Lord_Howe', '02:15', '2026-10-04', '2026-10-03T15:30:00.000Z'],
    ['a time that exists twice', 'Australia/Lord_Howe', '01:45', '2026-04-05', '2026-04-04T14:45:00.000Z'],
    ['a midnight that does not exist', 'America/Sao_Paulo', '00:00', '2018-11-04', '2018-11-04T03:00:00.000Z'],
    ['a time that exists twice', 'Pacific/Auckland', '02:30', '2026-04-05', '2026-04-04T13:30:00.000Z'],
  ];
  for (const [title, timeZone, time, day, instant] of changes) {
    it(`is ${title} once: ${time} in ${timeZone} on ${day}`, () => {
      const plan = aPlan({ timeZone, at: time, from: addDays(day, -5) });
      const found: string[] = [];
      let last = instantOf(addDays(day, -1), time, timeZone);
      for (let minute = 0; minute < 30 * 60; minute += 5) {
        const now = new Date(Date.parse(instant) - 4 * hour + minute * 60_000);
        for (const slot of dueSlots(plan, last, now, latest12)) {
          found.push(slot.at.toISOString());
          last = slot.at;
        }
      }
      assert.deepEqual(found, [instant, instantOf(addDays(day, 1), time, timeZone).toISOString()]);
    });
  }
});

describe('However often and irregularly one looks', () => {
  const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Auckland'];
  it('every chosen day comes up exactly once', () => {
    fc.assert(
      fc.property(
        fc.record({
          timeZone: fc.constantFrom(...zones),
          at: fc.constantFrom('00:00', '01:30', '02:15', '02:30', '07:00', '23:59'),
          weekdays: fc.subarray(everyDay, { minLength: 1 }),
          from: fc.integer({ min: 0, max: 700 }).map((days) => addDays('2025-01-01', days)),
        }),
        fc.array(fc.integer({ min: 1, max: 60 * 60 }), { minLength: 20, maxLength: 60 }),
        (plan, pauses) => {
          const start = instantOf(plan.from, '00:00', plan.timeZone);
          let now = start;
          let last: Date | undefined = new Date(start.getTime() - 1);
          const seen: string[] = [];
          for (const minutes of pauses) {
            now = new Date(now.getTime() + minutes * 60_000);
            const slots = dueSlots(plan, last, now, latest12);
            for (const [index, slot] of slots.entries()) {
              assert.ok(slot.at > last && slot.at <= now);
              const newest = index === slots.length - 1;
              assert.equal(slot.missed, !newest || now.getTime() - slot.at.getTime() > 12 * hour);
              seen.push(localDate(slot.at, plan.timeZone));
              last = slot.at;
            }
          }
          const wanted: string[] = [];
          for (let day = plan.from; instantOf(day, plan.at, plan.timeZone) <= now; day = addDays(day, 1)) {
            if (plan.weekdays.includes(weekday(day))) wanted.push(day);
          }
          assert.deepEqual(seen, wanted);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('The next due time', () => {
  it('is after now, never now itself', () => {
    const due = at('2026-11-23T12:00:00Z');
    assert.deepEqual(nextSlot(aPlan(), new Date(due.getTime() - 1)), due);
    assert.deepEqual(nextSlot(aPlan(), due), at('2026-11-24T12:00:00Z'));
  });

  it('skips the weekend', () => {
    const friday = at('2026-11-27T12:00:00Z');
    assert.deepEqual(nextSlot(aPlan({ weekdays: [1, 2, 3, 4, 5] }), friday), at('2026-11-30T12:00:00Z'));
  });

  it('is on the first day, however far ahead', () => {
    assert.deepEqual(nextSlot(aPlan({ from: '2028-02-01' }), at('2026-11-23T00:00:00Z')), at('2028-02-01T12:00:00Z'));
  });

  it('is none where no day is chosen', () => {
    assert.equal(nextSlot(aPlan({ weekdays: [] }), at('2026-11-23T00:00:00Z')), undefined);
  });

  it('is told of each schedule, the soonest first, and not of those that are not planned', () => {
    const schedule = (name: string, plan: Plan | undefined): Schedule => ({
      name,
      catchUp: latest12,
      plan: () => plan,
      run: () => Promise.reject(new Error('not to be run')),
    });
    const schedules = [
      schedule('later', aPlan({ at: '09:00' })),
      schedule('off', undefined),
      schedule('sooner', aPlan()),
    ];
    assert.deepEqual(dueNext(schedules, thePlaybook(), at('2026-11-23T00:00:00Z')), [
      { name: 'sooner', at: '2026-11-23T12:00:00.000Z' },
      { name: 'later', at: '2026-11-23T14:00:00.000Z' },
    ]);
  });
});
