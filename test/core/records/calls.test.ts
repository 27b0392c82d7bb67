import assert from 'node:assert/strict';
import type { Discrepancy } from '../../../src/core/records/discrepancy.ts';
import { callDue } from '../../../src/core/records/calls.ts';
import { aDiscrepancy, later, someMoment } from '../../support/fixtures.ts';
import { thePlaybook } from '../../support/services.ts';

const { discrepancies: rules } = thePlaybook();
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** Severity 1, opened at someMoment and due four hours later. */
const severe = (overrides: Partial<Discrepancy> = {}): Discrepancy =>
  aDiscrepancy({ severity: 1, dueAt: later(4 * hour).toISOString(), ...overrides });
const call = (one: Discrepancy, after: number): string | undefined => {
  const due = callDue(one, rules, later(after));
  return due === undefined ? undefined : `${due.why} ${due.rung}`;
};

describe('Nobody does anything about a discrepancy', () => {
  for (const [after, expected] of [
    [0, 'unattended owner'],
    [30 * minute - 1, 'unattended owner'],
    [30 * minute, 'unattended reminder'],
    [60 * minute - 1, 'unattended reminder'],
    [60 * minute, 'unattended deputy'],
    [120 * minute - 1, 'unattended deputy'],
    [120 * minute, 'unattended lead'],
    [4 * hour - 1, 'unattended lead'],
    [4 * hour, 'overdue reminder'],
    [4 * hour + day - 1, 'overdue reminder'],
    [4 * hour + day, 'overdue deputy'],
    [4 * hour + 2 * day, 'overdue lead'],
  ] as const) {
    it(`of severity 1: after ${after / minute} minutes it is ${expected}`, () =>
      assert.equal(call(severe(), after), expected));
  }
  it('of severity 2 or 3: nobody is called before it is due', () => {
    for (const severity of [2, 3] as const) {
      assert.equal(call(aDiscrepancy({ severity }), day - 1), undefined);
      assert.equal(call(aDiscrepancy({ severity }), day), 'overdue reminder');
    }
  });
  it('is one call for each time it was opened', () => {
    assert.equal(callDue(severe(), rules, later(0))?.since, someMoment);
    const again = severe({ openedAt: later(hour).toISOString() });
    assert.equal(callDue(again, rules, later(hour))?.since, later(hour).toISOString());
  });
});

describe('Somebody does something about a discrepancy', () => {
  it('and is called no more until it is due', () => {
    const acted = severe({ actedAt: later(10 * minute).toISOString() });
    assert.equal(call(acted, 4 * hour - 1), undefined);
  });
  it('and has a day before it is overdue again', () => {
    const acted = severe({ state: 'investigating', actedAt: later(5 * hour).toISOString() });
    assert.equal(call(acted, 5 * hour + day - 1), undefined);
    assert.equal(call(acted, 5 * hour + day), 'overdue reminder');
  });
  it('and snoozes it: nobody is called until then', () => {
    const snoozed = severe({ snooze: { until: later(3 * day).toISOString(), reason: 'Vendor' } });
    assert.equal(call(snoozed, 3 * day - 1), undefined);
    assert.equal(call(snoozed, 3 * day), 'overdue reminder');
  });
  for (const state of ['explained', 'resolved', 'rejected'] as const) {
    it(`and it is ${state}: nobody is called`, () => assert.equal(call(severe({ state }), 9 * day), undefined));
  }
});
