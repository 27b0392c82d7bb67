import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  addDays,
  daysBetween,
  instantOf,
  isDate,
  isTimeZone,
  localDate,
  localTime,
  resolveLocalTime,
  troubledDays,
  weekday,
} from '../../../src/core/time/local-time.ts';

const zones = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Pacific/Auckland',
  'UTC',
];

describe('A local date and time', () => {
  const cases: [title: string, zone: string, date: string, time: string, kind: string, instant: string][] = [
    ['New York in winter', 'America/New_York', '2026-11-23', '07:00', 'once', '2026-11-23T12:00:00.000Z'],
    ['New York in summer', 'America/New_York', '2026-07-01', '07:00', 'once', '2026-07-01T11:00:00.000Z'],
    ['New York, last minute before the gap', 'America/New_York', '2026-03-08', '01:59', 'once', '2026-03-08T06:59:00Z'],
    ['New York, start of the gap', 'America/New_York', '2026-03-08', '02:00', 'missing', '2026-03-08T07:00:00Z'],
    ['New York, end of the gap', 'America/New_York', '2026-03-08', '02:59', 'missing', '2026-03-08T07:00:00Z'],
    ['New York, first after the gap', 'America/New_York', '2026-03-08', '03:00', 'once', '2026-03-08T07:00:00Z'],
    ['New York, before the doubled hour', 'America/New_York', '2026-11-01', '00:59', 'once', '2026-11-01T04:59:00Z'],
    ['New York, doubled hour begins', 'America/New_York', '2026-11-01', '01:00', 'twice', '2026-11-01T05:00:00Z'],
    ['New York, doubled hour ends', 'America/New_York', '2026-11-01', '01:59', 'twice', '2026-11-01T05:59:00Z'],
    ['New York, after the doubled hour', 'America/New_York', '2026-11-01', '02:00', 'once', '2026-11-01T07:00:00Z'],
    ['Berlin, gap', 'Europe/Berlin', '2026-03-29', '02:30', 'missing', '2026-03-29T01:00:00Z'],
    ['Berlin, doubled', 'Europe/Berlin', '2026-10-25', '02:30', 'twice', '2026-10-25T00:30:00Z'],
    ['Berlin, after the doubled hour', 'Europe/Berlin', '2026-10-25', '03:00', 'once', '2026-10-25T02:00:00Z'],
    ['Lord Howe, gap of 30 minutes', 'Australia/Lord_Howe', '2026-10-04', '02:29', 'missing', '2026-10-03T15:30:00Z'],
    ['Lord Howe, after that gap', 'Australia/Lord_Howe', '2026-10-04', '02:30', 'once', '2026-10-03T15:30:00Z'],
    ['Lord Howe, doubled 30 minutes', 'Australia/Lord_Howe', '2026-04-05', '01:30', 'twice', '2026-04-04T14:30:00Z'],
    ['Lord Howe, before those', 'Australia/Lord_Howe', '2026-04-05', '01:29', 'once', '2026-04-04T14:29:00Z'],
    ['Lord Howe, after those', 'Australia/Lord_Howe', '2026-04-05', '02:00', 'once', '2026-04-04T15:30:00Z'],
    ['São Paulo, no midnight', 'America/Sao_Paulo', '2018-11-04', '00:00', 'missing', '2018-11-04T03:00:00Z'],
    ['São Paulo, midnight doubled', 'America/Sao_Paulo', '2018-02-17', '23:30', 'twice', '2018-02-18T01:30:00Z'],
    ['Kolkata, half an hour off', 'Asia/Kolkata', '2026-03-29', '00:15', 'once', '2026-03-28T18:45:00Z'],
    ['Auckland, another UTC day', 'Pacific/Auckland', '2026-01-01', '00:00', 'once', '2025-12-31T11:00:00Z'],
    ['Auckland, gap', 'Pacific/Auckland', '2026-09-27', '02:30', 'missing', '2026-09-26T14:00:00Z'],
    ['Auckland, doubled', 'Pacific/Auckland', '2026-04-05', '02:30', 'twice', '2026-04-04T13:30:00Z'],
  ];
  for (const [title, zone, date, time, kind, instant] of cases) {
    it(`${title}: ${date} ${time} ${kind === 'once' ? 'exists once' : kind === 'twice' ? 'exists twice, the first counts' : 'does not exist, the first moment after the gap counts'}`, () => {
      const resolved = resolveLocalTime(date, time, zone);
      assert.equal(resolved.kind, kind);
      assert.equal(resolved.instant.toISOString(), new Date(instant).toISOString());
    });
  }

  it('comes back from its instant, unless it does not exist', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 7000 }),
        fc.integer({ min: 0, max: 1439 }),
        (zone, dayNumber, minutes) => {
          const date = addDays('2010-01-01', dayNumber);
          const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
          const { instant, kind } = resolveLocalTime(date, time, zone);
          assert.equal(localDate(instant, zone), date);
          if (kind === 'missing') assert.ok(localTime(instant, zone) > time);
          else assert.equal(localTime(instant, zone), time);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never comes earlier than an earlier one of the same day', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 0, max: 7000 }),
        fc.integer({ min: 0, max: 23 }),
        (zone, dayNumber, hour) => {
          const date = addDays('2010-01-01', dayNumber);
          const at = (minutes: string) =>
            instantOf(date, `${String(hour).padStart(2, '0')}:${minutes}`, zone).getTime();
          assert.ok(at('00') <= at('30'));
          assert.ok(at('30') <= at('59'));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('The local date and time of an instant', () => {
  it('is the day of the zone, not of UTC', () => {
    const instant = new Date('2026-11-23T03:30:00Z');
    assert.deepEqual(
      ['America/New_York', 'UTC', 'Asia/Kolkata', 'Pacific/Auckland'].map((zone) => [
        localDate(instant, zone),
        localTime(instant, zone),
      ]),
      [
        ['2026-11-22', '22:30'],
        ['2026-11-23', '03:30'],
        ['2026-11-23', '09:00'],
        ['2026-11-23', '16:30'],
      ],
    );
  });

  it('writes midnight as 00:00 of the new day', () => {
    const midnight = new Date('2026-11-23T05:00:00Z');
    assert.equal(localTime(midnight, 'America/New_York'), '00:00');
    assert.equal(localDate(midnight, 'America/New_York'), '2026-11-23');
    assert.equal(localDate(new Date(midnight.getTime() - 1), 'America/New_York'), '2026-11-22');
  });
});

describe('Days on which a daily time is in trouble', () => {
  it('are the two changes of each year for a time within both', () => {
    assert.deepEqual(troubledDays('02:30', 'Europe/Berlin', '2026-01-01', 2), [
      { date: '2026-03-29', kind: 'missing' },
      { date: '2026-10-25', kind: 'twice' },
      { date: '2027-03-28', kind: 'missing' },
      { date: '2027-10-31', kind: 'twice' },
    ]);
  });

  it('are only those changes that touch the time', () => {
    assert.deepEqual(troubledDays('01:30', 'America/New_York', '2026-01-01', 1), [
      { date: '2026-11-01', kind: 'twice' },
    ]);
    assert.deepEqual(troubledDays('00:00', 'America/Sao_Paulo', '2018-01-01', 1), [
      { date: '2018-11-04', kind: 'missing' },
    ]);
  });

  it('are none for the morning, and none in a zone without changes', () => {
    assert.deepEqual(troubledDays('07:00', 'America/New_York', '2026-01-01', 2), []);
    assert.deepEqual(troubledDays('02:30', 'Asia/Kolkata', '2026-01-01', 2), []);
  });

  it('count the first day itself and none before it', () => {
    assert.equal(troubledDays('02:30', 'Europe/Berlin', '2026-03-29', 0.1).length, 1);
    assert.equal(troubledDays('02:30', 'Europe/Berlin', '2026-03-30', 0.1).length, 0);
  });
});

describe('Dates', () => {
  it('go over months, years and leap days', () => {
    assert.equal(addDays('2028-02-28', 1), '2028-02-29');
    assert.equal(addDays('2026-02-28', 1), '2026-03-01');
    assert.equal(addDays('2027-01-01', -1), '2026-12-31');
    assert.equal(daysBetween('2026-03-01', '2026-04-01'), 31);
    assert.equal(daysBetween('2026-04-01', '2026-03-01'), -31);
  });

  it('know their weekday, Monday 1 to Sunday 7', () => {
    assert.equal(weekday('2026-11-23'), 1);
    assert.equal(weekday('2026-11-28'), 6);
    assert.equal(weekday('2026-11-29'), 7);
  });

  it('exist or do not', () => {
    assert.deepEqual(['2028-02-29', '2026-02-29', '2026-04-31', '2026-13-01', '2026-1-1', 'today', ''].map(isDate), [
      true,
      ...Array.from({ length: 6 }, () => false),
    ]);
  });

  it('know a zone from a word', () => {
    assert.equal(isTimeZone('Australia/Lord_Howe'), true);
    assert.equal(isTimeZone('Mars/Olympus'), false);
    assert.equal(isTimeZone(''), false);
  });
});
