import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import type { CheckResult, Finding, Run } from '../../../src/core/checks/run.ts';
import type { Cause, RowComparisonResult } from '../../../src/core/rows/result.ts';
import { anyCharacter } from '../../support/any-text.ts';
import type { TestStore } from '../../support/databases.ts';
import { aCheckResult, aFinding, anActor, aRowComparison, aRun } from '../../support/fixtures.ts';

const day = (number: number): string => `2026-06-${String(number).padStart(2, '0')}T11:00:00.000Z`;

// What the database can't hold in a text (U+0000, lone surrogates) has a test of its own.
const texts = fc.string({ unit: anyCharacter, maxLength: 20 }).filter((text) => !text.includes('\0'));
const figures = fc.option(
  fc.oneof(
    fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
    fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.nat()).map(([whole, rest]) => `-${whole}.${rest}00`),
  ),
);
const moments = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString());
const units = fc.constantFrom('%', 'points');
const verdicts = fc.constantFrom('pass', 'fail', 'error');
const durations = fc.double({ min: 0.001, max: 1e9, noNaN: true });
const sides = <T>(values: fc.Arbitrary<T>) => fc.record({ legacy: values, new: values });

const findings: fc.Arbitrary<Finding> = fc.record({
  check: texts,
  key: texts,
  legacy: figures,
  new: figures,
  difference: figures,
  variance: figures,
  unit: units,
  tolerance: texts,
  verdict: verdicts,
  reason: texts,
  suppressed: fc.boolean(),
});
const checkResults: fc.Arbitrary<CheckResult> = fc.record({
  check: texts,
  title: texts,
  kind: fc.constantFrom('scalar', 'distribution', 'growth'),
  unit: units,
  tolerance: texts,
  severity: fc.constantFrom(1, 2, 3),
  owner: texts,
  action: texts,
  critical: fc.boolean(),
  verdict: verdicts,
  reason: texts,
  sqlHash: sides(texts),
  durationMilliseconds: sides(durations),
  findings: fc.array(findings, { maxLength: 4 }),
});
const counts = sides(fc.nat());
const causes: fc.Arbitrary<Cause> = fc.record({
  what: fc.constantFrom('differs', 'onlyLegacy', 'onlyNew', 'repeated', 'nullKey'),
  column: fc.option(texts),
  rows: fc.nat(),
  segments: fc.array(fc.record({ by: texts, value: texts, share: fc.nat({ max: 100 }) }), { maxLength: 2 }),
  pattern: fc.option(fc.record({ kind: fc.constant('factor'), amount: texts, fits: fc.nat(), of: fc.nat() })),
  keys: fc.option(fc.record({ kind: fc.constant('endsIn'), column: texts, text: texts })),
});
const comparisons: fc.Arbitrary<RowComparisonResult> = fc.record({
  comparison: texts,
  title: texts,
  agreement: texts,
  verdict: verdicts,
  reason: texts,
  rows: counts,
  agree: fc.nat(),
  differ: fc.nat(),
  only: counts,
  repeated: fc.record({ keys: fc.nat(), rows: counts }),
  nullKeys: counts,
  columns: fc.array(fc.record({ column: texts, differ: fc.nat() }), { maxLength: 3 }),
  unread: fc.nat(),
  unsettled: fc.option(fc.nat()),
  integrity: fc.array(
    fc.record({
      probe: fc.constantFrom('repeatedKeys', 'nullKeys', 'belowMinimum', 'rowsLost'),
      column: fc.option(texts),
      found: counts,
      verdict: fc.constantFrom('pass', 'fail'),
    }),
    { maxLength: 2 },
  ),
  evidence: fc.record({
    snapshots: sides(texts),
    sql: sides(texts),
    key: fc.array(texts, { maxLength: 2 }),
    rules: fc.constant({ pay: { minimum: '0' } }),
    way: fc.option(texts),
    checksums: fc.option(sides(texts)),
    readAsTheyAre: fc.array(texts, { maxLength: 2 }),
  }),
  causes: fc.array(causes, { maxLength: 2 }),
  explanations: fc.array(
    fc.record({
      check: texts,
      key: texts,
      difference: texts,
      parts: fc.array(
        fc.tuple(causes, texts, fc.boolean()).map(([cause, amount, suppressed]) => ({ ...cause, amount, suppressed })),
        { maxLength: 2 },
      ),
      leftOver: texts,
      reason: texts,
    }),
    { maxLength: 2 },
  ),
});
const runs: fc.Arbitrary<Run> = fc.record({
  id: fc.constant(''),
  state: fc.constantFrom('pass', 'fail', 'error', 'held'),
  slot: fc.constant(null),
  requestedBy: fc.record({
    platform: fc.constantFrom('slack', 'terminal', 'clock'),
    workspace: texts,
    user: texts,
    name: texts,
  }),
  playbookVersion: texts,
  startedAt: moments,
  finishedAt: moments,
  attempts: fc.integer({ min: 1, max: 1000 }),
  batch: fc.record({
    ready: fc.boolean(),
    reasons: fc.array(texts, { maxLength: 3 }),
    date: fc.option(texts),
    syncStartedAt: fc.option(moments),
    syncFinishedAt: fc.option(moments),
    syncSeconds: fc.option(fc.double({ min: 0.001, max: 1e9, noNaN: true })),
    syncWithinLimit: fc.option(fc.boolean()),
    syncLimitMinutes: fc.option(fc.nat()),
    rowsSent: figures,
    rowsLoaded: figures,
  }),
  comparisons: fc.array(comparisons, { maxLength: 2 }),
  checks: fc.array(checkResults, { maxLength: 4 }),
});

export function runsContract(opened: () => TestStore): void {
  const save = (...given: Run[]): Promise<void> =>
    opened().store.transaction(async (tx) => {
      for (const run of given) await tx.runs.save(run);
    });
  const find = (id: string): Promise<Run | undefined> => opened().store.transaction((tx) => tx.runs.find(id));

  describe('runs', () => {
    it('are shown again exactly as they were saved', async () => {
      await fc.assert(
        fc.asyncProperty(runs, async (given) => {
          // A fresh id, since shrinking gives the same one again; cloned, because records have no prototype.
          const run = { ...structuredClone(given), id: randomUUID() };
          await save(run);
          assert.deepEqual(await find(run.id), run);
        }),
        { numRuns: 40 },
      );
    });

    it('keep the order of their checks and findings, and figures to the last digit', async () => {
      const keys = ['L3', 'L1', 'L2', '', 'L10'];
      const run = aRun({
        checks: ['b', 'a'].map((check) =>
          aCheckResult({
            check,
            findings: keys.map((key) => aFinding({ check, key, legacy: '100.10', new: '0.0000000000000001000' })),
          }),
        ),
      });
      await save(run);
      assert.deepEqual(await find(run.id), run);
    });

    it('can hold text that PostgreSQL refuses, with a sign in its place', async () => {
      const finding = aFinding({ key: 'a\0b', reason: 'lone \ud800 half, \\u0000 as typed' });
      await save(aRun({ requestedBy: anActor({ name: 'A\0na' }), checks: [aCheckResult({ findings: [finding] })] }));
      const found = await find(aRun().id);
      assert.equal(found?.requestedBy.name, 'A\ufffdna');
      assert.equal(found?.checks[0]?.findings[0]?.key, 'a\ufffdb');
      assert.equal(found?.checks[0]?.findings[0]?.reason, 'lone \ufffd half, \\u0000 as typed');
    });

    it('that were held are replaced by the next attempt, findings and all', async () => {
      await save(aRun({ state: 'held', checks: [] }));
      await save(aRun({ state: 'held', attempts: 2, checks: [] }));
      await save(aRun({ attempts: 3 }));
      assert.deepEqual(await find(aRun().id), aRun({ attempts: 3 }));
    });

    for (const state of ['pass', 'fail', 'error'] as const) {
      it(`that came to "${state}" are never changed`, async () => {
        await save(aRun({ state }));
        await assert.rejects(save(aRun({ state, attempts: 2 })), {
          message: `run 20261123-k3f9a is stored as "${state}" and never changes; a new run needs an id of its own`,
        });
        assert.equal((await find(aRun().id))?.attempts, 1);
      });
    }

    it('are found by their id and by their due time, and not found otherwise', async () => {
      const scheduled = aRun({ id: 'scheduled', slot: day(1) });
      await save(scheduled, aRun({ id: 'asked' }));
      await opened().store.transaction(async (tx) => {
        assert.deepEqual(await tx.runs.findBySlot(day(1)), scheduled);
        assert.equal(await tx.runs.findBySlot(day(2)), undefined);
        assert.equal(await tx.runs.find('nothing'), undefined);
      });
    });

    it('can not be two for one due time', async () => {
      await save(aRun({ id: 'first', slot: day(1) }));
      await assert.rejects(save(aRun({ id: 'second', slot: day(1) })), { code: '23505' });
    });

    it('are listed newest first, as many as asked for, from before a time, by what asked for them', async () => {
      await save(
        aRun({ id: 'two', startedAt: day(2), slot: day(2) }),
        aRun({ id: 'four', startedAt: day(4), slot: day(4) }),
        aRun({ id: 'one', startedAt: day(1) }),
        aRun({ id: 'three', startedAt: day(3) }),
      );
      await opened().store.transaction(async (tx) => {
        const ids = async (options: Parameters<typeof tx.runs.list>[0]): Promise<string[]> =>
          (await tx.runs.list(options)).map(({ id }) => id);
        assert.deepEqual(await ids({ limit: 500 }), ['four', 'three', 'two', 'one']);
        assert.deepEqual(await ids({ limit: 3 }), ['four', 'three', 'two']);
        assert.deepEqual(await ids({ limit: 500, before: day(3) }), ['two', 'one']);
        assert.deepEqual(await ids({ limit: 500, scheduled: true }), ['four', 'two']);
        assert.deepEqual(await ids({ limit: 500, scheduled: false }), ['three', 'one']);
        assert.deepEqual(await tx.runs.list({ limit: 1, scheduled: true, before: day(4) }), [
          aRun({ id: 'two', startedAt: day(2), slot: day(2) }),
        ]);
      });
    });

    it("give a check's history over the newest runs that measured it", async () => {
      const levels = (variance: string): CheckResult =>
        aCheckResult({ check: 'levels', findings: [aFinding({ check: 'levels', key: 'L1', variance })] });
      await save(
        aRun({ id: 'one', startedAt: day(1), checks: [levels('1')] }),
        aRun({ id: 'two', startedAt: day(2), checks: [aCheckResult(), levels('2')] }),
        aRun({ id: 'held', startedAt: day(3), state: 'held', checks: [] }),
        aRun({ id: 'other', startedAt: day(4) }),
        aRun({ id: 'five', startedAt: day(5), checks: [levels('5')] }),
      );
      const history = await opened().store.transaction((tx) => tx.runs.history('levels', 2));
      assert.deepEqual(
        history.map(({ run, findings: found }) => [run.id, found.map(({ key, variance }) => [key, variance])]),
        [
          ['five', [['L1', '5']]],
          ['two', [['L1', '2']]],
        ],
      );
      assert.deepEqual(await opened().store.transaction((tx) => tx.runs.history('unheard of', 2)), []);
    });

    it('tell which causes of a variance some run had to hide', async () => {
      const part = (column: string | null, suppressed: boolean) => ({
        what: column === null ? ('onlyNew' as const) : ('differs' as const),
        column,
        rows: 3,
        segments: [],
        pattern: null,
        keys: null,
        amount: '1',
        suppressed,
      });
      const parts = [part('status', true), part(null, true), part('pay', false)];
      const explanation = {
        check: 'compensation',
        key: 'compensation',
        difference: '3',
        parts,
        leftOver: '0',
        reason: '',
      };
      await opened().store.transaction(async (tx) => {
        await tx.runs.save(aRun({ comparisons: [aRowComparison({ explanations: [explanation] })] }));
        assert.deepEqual(await tx.runs.hiddenCauses('compensation'), new Set(['onlyNew', 'status']));
        assert.deepEqual(await tx.runs.hiddenCauses('employees'), new Set());
      });
    });
    it('tell how many rows the newest of them read of a comparison that could be read', async () => {
      const of = (id: string, hour: string, rows: number, verdict: 'pass' | 'error' = 'pass') =>
        aRun({
          id,
          startedAt: `2026-11-23T${hour}:00:00.000Z`,
          finishedAt: `2026-11-23T${hour}:00:01.000Z`,
          comparisons: [aRowComparison({ verdict, rows: { legacy: rows, new: rows } })],
        });
      await opened().store.transaction(async (tx) => {
        assert.equal(await tx.runs.rowsOf('people'), undefined);
        for (const one of [of('b', '10', 20), of('a', '09', 10), of('c', '11', 0, 'error')]) await tx.runs.save(one);
        assert.deepEqual(await tx.runs.rowsOf('people'), { legacy: 20, new: 20 });
        assert.equal(await tx.runs.rowsOf('events'), undefined);
      });
    });
    it('tell which groups of a check some run had to hide', async () => {
      const check = (...hidden: string[]): CheckResult =>
        aCheckResult({
          check: 'levels',
          findings: ['L1', 'L2', 'L3'].map((key) =>
            aFinding({ check: 'levels', key, suppressed: hidden.includes(key) }),
          ),
        });
      await save(
        aRun({ id: 'one', checks: [check('L1')] }),
        aRun({ id: 'two', checks: [check('L1', 'L3')] }),
        aRun({ id: 'three', checks: [check()] }),
      );
      await opened().store.transaction(async (tx) => {
        assert.deepEqual(await tx.runs.suppressedKeys('levels'), new Set(['L1', 'L3']));
        assert.deepEqual(await tx.runs.suppressedKeys('employees'), new Set());
      });
    });
  });
}
