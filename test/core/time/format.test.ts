import assert from 'node:assert/strict';
import {
  formatDate,
  formatDateTime,
  formatDuration,
  formatLateness,
  formatShortDate,
  formatTime,
} from '../../../src/core/time/format.ts';

const newYork = 'America/New_York';
const due = new Date('2026-11-23T12:00:00Z');
const after = (milliseconds: number): Date => new Date(due.getTime() + milliseconds);

describe('Times for people', () => {
  it('are written in the zone that is asked for', () => {
    assert.equal(formatTime(due, newYork), '07:00');
    assert.equal(formatDateTime(due, newYork), 'Mon 23 Nov 2026, 07:00');
    assert.equal(formatDateTime(due, 'Pacific/Auckland'), 'Tue 24 Nov 2026, 01:00');
  });

  it('name the weekday of a date', () => {
    assert.equal(formatDate('2026-11-23'), 'Mon 23 Nov 2026');
    assert.equal(formatDate('2027-01-03'), 'Sun 3 Jan 2027');
    assert.equal(formatShortDate('2027-01-03'), '3 Jan');
  });
});

describe('A duration', () => {
  const second = 1000;
  const minute = 60 * second;
  const hour = 60 * minute;
  const cases: [milliseconds: number, words: string][] = [
    [0, '0 ms'],
    [850, '850 ms'],
    [999, '999 ms'],
    [second, '1 s'],
    [minute - 1, '59 s'],
    [minute, '1 min'],
    [42 * minute + 59 * second, '42 min'],
    [hour - 1, '59 min'],
    [hour, '1 h 00 min'],
    [hour + 5 * minute, '1 h 05 min'],
    [24 * hour - 1, '23 h 59 min'],
    [24 * hour, '1 d 0 h'],
    [74 * hour, '3 d 2 h'],
  ];
  for (const [milliseconds, words] of cases) {
    it(`of ${milliseconds} ms is "${words}"`, () => assert.equal(formatDuration(milliseconds), words));
  }
});

describe('Lateness', () => {
  it('is not worth a word up to two minutes, to the millisecond', () => {
    assert.equal(formatLateness(due, due, newYork), undefined);
    assert.equal(formatLateness(due, after(120_000), newYork), undefined);
    assert.equal(formatLateness(due, after(120_001), newYork), 'due 07:00, posted 07:02');
  });

  it('is never said of what came early', () => {
    assert.equal(formatLateness(due, after(-600_000), newYork), undefined);
  });

  it('names the day only when it is another one, in the zone', () => {
    assert.equal(formatLateness(due, after(12 * 60_000), newYork), 'due 07:00, posted 07:12');
    assert.equal(
      formatLateness(due, after(17 * 3_600_000), newYork),
      'due Mon 23 Nov 2026, 07:00, posted Tue 24 Nov 2026, 00:00',
    );
    assert.equal(formatLateness(due, after(17 * 3_600_000 - 1), newYork), 'due 07:00, posted 23:59');
  });
});
