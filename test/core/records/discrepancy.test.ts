import assert from 'node:assert/strict';
import type { Finding, Run } from '../../../src/core/checks/run.ts';
import { discrepanciesAfter } from '../../../src/core/records/after-run.ts';
import type { Discrepancy } from '../../../src/core/records/discrepancy.ts';
import { aCheckResult, aFinding, aRun } from '../../support/fixtures.ts';

/** The level distribution's findings on a day of November. */
const on = (day: number, ...findings: Partial<Finding>[]): Run =>
  aRun({
    id: `202611${day}-aaaaa`,
    finishedAt: `2026-11-${day}T12:00:04.000Z`,
    checks: [
      aCheckResult({
        check: 'levels',
        kind: 'distribution',
        severity: 2,
        owner: 'analysts',
        findings: findings.map((finding) => aFinding({ check: 'levels', key: 'L3', ...finding })),
      }),
    ],
  });
const fails: Partial<Finding> = { verdict: 'fail', difference: '12', variance: '1.5' };

const dueHours = [4, 24, 72] as const;

/** What is on record after these runs, one after the other, of what was on record before. */
function afterAll(before: readonly Discrepancy[], ...runs: Run[]): Discrepancy[] {
  const record = new Map(before.map((one) => [one.measured?.key, one]));
  for (const run of runs) {
    for (const one of discrepanciesAfter([...record.values()], run, dueHours)) {
      record.set(one.measured?.key, { ...one, number: one.number ?? record.size + 1 });
    }
  }
  return [...record.values()];
}
const after = (...runs: Run[]): Discrepancy[] => afterAll([], ...runs);

describe('A discrepancy', () => {
  it('is filed for a failing key, with its figures, severity and owner', () => {
    const [filed] = after(on(20, fails));
    assert.ok(filed !== undefined);
    assert.deepEqual(
      [
        filed.measured?.check,
        filed.measured?.key,
        filed.state,
        filed.severity,
        filed.owner,
        filed.measured?.difference,
        filed.measured?.variance,
        filed.measured?.occurrences,
      ],
      ['levels', 'L3', 'open', 2, 'analysts', '12', '1.5', 1],
    );
  });
  it('is one record with two occurrences when it fails twice, and keeps its age', () => {
    const [filed, ...others] = after(on(20, fails), on(23, fails));
    assert.deepEqual(others, []);
    assert.equal(filed?.measured?.occurrences, 2);
    assert.equal(filed.openedAt, '2026-11-20T12:00:04.000Z');
    assert.equal(filed.measured.lastRun, '20261123-aaaaa');
  });
  it('is one for each key', () => assert.equal(after(on(20, fails, { ...fails, key: 'L4' })).length, 2));
  it('is resolved by a pass', () => {
    const [filed] = after(on(20, fails), on(23, {}));
    assert.equal(filed?.state, 'resolved');
    assert.equal(filed.resolvedAt, '2026-11-23T12:00:04.000Z');
  });
  it('is resolved when its group is gone from both systems', () =>
    assert.equal(after(on(20, fails), on(23, { key: 'L1' }))[0]?.state, 'resolved'));
  it('is opened again by a later failure, the same one', () => {
    const [filed, ...others] = after(on(18, fails), on(19, {}), on(20, fails));
    assert.deepEqual(others, []);
    assert.deepEqual([filed?.state, filed?.measured?.occurrences, filed?.resolvedAt], ['open', 2, null]);
    assert.equal(filed?.openedAt, '2026-11-20T12:00:04.000Z');
    assert.equal(filed.firstSeenAt, '2026-11-18T12:00:04.000Z');
  });
  it('stays open while its key, or its whole check, could not be measured', () => {
    assert.equal(after(on(20, fails), on(23, { verdict: 'error' }))[0]?.state, 'open');
    assert.equal(after(on(20, fails), on(23))[0]?.state, 'open');
  });
  it('stays open while other checks are asked for', () =>
    assert.equal(after(on(20, fails), aRun({ id: '20261123-bbbbb' }))[0]?.state, 'open'));
  it('is never filed from a held run', () => assert.deepEqual(after({ ...on(20, fails), state: 'held' }), []));
  it('is not filed for what passes or could not be measured', () =>
    assert.deepEqual(after(on(20, {}, { key: 'L4', verdict: 'error' })), []));
  it('counts a run once, however often it is recorded', () =>
    assert.equal(after(on(20, fails), on(20, fails))[0]?.measured?.occurrences, 1));
  it('is due after the hours of its severity', () =>
    assert.equal(after(on(20, fails))[0]?.dueAt, '2026-11-21T12:00:04.000Z'));

  const until = { amount: '10', reason: 'Known', by: 'slack:T0TEST/U0ANA', until: '2026-12-31' };
  for (const [state, acceptance] of [
    ['investigating', null],
    ['explained', until],
    ['rejected', null],
  ] as const) {
    const known = after(on(19, fails)).map((one): Discrepancy => ({ ...one, state, acceptance }));
    it(`that is ${state} stays so while it fails on, and counts the occurrence`, () => {
      const [one] = afterAll(known, on(20, fails));
      assert.deepEqual([one?.state, one?.acceptance, one?.measured?.occurrences], [state, acceptance, 2]);
    });
    it(`that is ${state} is resolved by a pass, and opened by a later failure`, () => {
      assert.deepEqual(
        afterAll(known, on(20, {})).map((one) => [one.state, one.acceptance]),
        [['resolved', null]],
      );
      assert.equal(afterAll(known, on(20, {}), on(23, fails))[0]?.state, 'open');
    });
  }

  it('of a small group stays hidden when the group has grown', () =>
    assert.equal(after(on(20, { ...fails, suppressed: true }), on(23, fails))[0]?.measured?.suppressed, true));
});
