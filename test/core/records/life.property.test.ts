import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unattendedDiscrepancies } from '../../../schedules/unattended-discrepancies.ts';
import type { Run } from '../../../src/core/checks/run.ts';
import { decimal } from '../../../src/core/numbers/decimal.ts';
import { type Discrepancy, type DiscrepancyState, transitions } from '../../../src/core/records/discrepancy.ts';
import { explainedVariance } from '../../../src/core/records/explained-variance.ts';
import { recordRun } from '../../../src/core/reports/say-run.ts';
import type { Store } from '../../../src/core/store.ts';
import { aCheckResult, aFinding, aRun, later } from '../../support/fixtures.ts';
import { createFakeStore } from '../../support/fake-store.ts';
import { ask, servicesOver } from '../../support/services.ts';

const groups = ['L1', 'L2', 'L3'] as const;
type Step =
  /** What each group is off by in a run; 0 passes, null can't be measured. */
  | { readonly kind: 'run'; readonly off: readonly (number | null)[]; readonly held: boolean }
  | { readonly kind: 'ask'; readonly number: number; readonly words: string; readonly twice: boolean }
  | { readonly kind: 'file' }
  | { readonly kind: 'time'; readonly hours: number };

const off = fc.oneof(fc.constant(0), fc.constant(null), fc.integer({ min: -20, max: 20 }));
const words = fc.oneof(
  fc.constantFrom(
    'investigate',
    'resolve fixed',
    'reject no',
    'reopen again',
    'comment so',
    'assign me',
    'snooze --until 2026-12-01 --reason x',
  ),
  fc
    .tuple(fc.integer({ min: -25, max: 25 }), fc.constantFrom('2026-11-23', '2026-11-30', '2026-12-20'))
    .map(([amount, until]) => `explain --amount ${amount} --until ${until} --reason known`),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('run' as const), off: fc.tuple(off, off, off), held: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      number: fc.integer({ min: 1, max: 5 }),
      words,
      twice: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'file' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 200 }) }) },
);

function runOf(number: number, { off: figures, held }: Extract<Step, { kind: 'run' }>, at: string): Run {
  const findings = groups.map((key, index) => {
    const figure = figures[index] ?? null;
    const verdict = figure === null ? 'error' : figure === 0 ? 'pass' : 'fail';
    return aFinding({ check: 'levels', key, difference: figure === null ? null : String(figure), verdict });
  });
  const checks = held ? [] : [aCheckResult({ check: 'levels', kind: 'distribution', severity: 2, findings })];
  return aRun({ id: `run-${number}`, state: held ? 'held' : 'fail', startedAt: at, finishedAt: at, checks });
}

/** What must be on record, worked out from the steps alone. */
interface Expected {
  readonly occurrences: Map<string, number>;
  filed: number;
}

const all = (store: Store): Promise<Discrepancy[]> => store.transaction((tx) => tx.discrepancies.list(1_000));

describe('The life of discrepancies, whatever happens in whatever order', function () {
  this.timeout(60_000);

  it('loses none, doubles none, counts right, goes only along the table, and explains no more than was accepted', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const store = createFakeStore();
        let hours = 0;
        const expected: Expected = { occurrences: new Map(), filed: 0 };
        let before = new Map<number, DiscrepancyState>();
        for (const [index, one] of steps.entries()) {
          // A restart between any two steps: nothing is kept but what is stored.
          const services = servicesOver(store);
          services.setTime(later(hours * 3_600_000).toISOString());
          const at = services.clock.now().toISOString();
          if (one.kind === 'time') hours += one.hours;
          if (one.kind === 'run') {
            const run = runOf(index, one, at);
            await store.transaction((tx) => recordRun(tx, { run, rows: [] }, services));
            for (const [group, figure] of groups.map((key, place) => [key, one.off[place]] as const)) {
              if (one.held || figure === 0 || figure === null || figure === undefined) continue;
              expected.occurrences.set(group, (expected.occurrences.get(group) ?? 0) + 1);
            }
          }
          if (one.kind === 'file') {
            await ask(services, 'discrepancy --title Reported', { id: `Ev${index}` });
            expected.filed += 1;
          }
          if (one.kind === 'ask') {
            for (let time = 0; time < (one.twice ? 2 : 1); time += 1) {
              await ask(services, `discrepancy ${one.number} ${one.words}`, { id: `Ev${index}` });
            }
          }
          if (one.kind === 'time') {
            const watching = servicesOver(store);
            watching.setTime(later(hours * 3_600_000).toISOString());
            await store.transaction((tx) => unattendedDiscrepancies.look(tx, watching));
          }
          before = await holds(store, before, expected);
        }
      }),
      { numRuns: 40 },
    ));
});

async function holds(
  store: Store,
  before: ReadonlyMap<number, DiscrepancyState>,
  expected: Expected,
): Promise<Map<number, DiscrepancyState>> {
  const records = await all(store);
  const counted = records.flatMap(({ measured }) =>
    measured === null ? [] : [[measured.key, measured.occurrences] as const],
  );
  assert.deepEqual(Object.fromEntries(counted), Object.fromEntries(expected.occurrences));
  assert.equal(new Set(counted.map(([key]) => key)).size, counted.length, 'one for each key');
  assert.equal(records.filter(({ reported }) => reported !== null).length, expected.filed);
  for (const one of records) {
    const was = before.get(one.number);
    // Twice in a step may be two moves: through one state in between.
    const reachable =
      was === undefined
        ? undefined
        : [was, ...transitions[was], ...transitions[was].flatMap((state) => transitions[state])];
    assert.ok(reachable?.includes(one.state) ?? true, `${was} became ${one.state}`);
    assert.equal(one.state === 'explained', one.acceptance !== null);
    assert.equal(one.state === 'resolved', one.resolvedAt !== null);
  }
  for (const { measured } of records) {
    if (measured?.difference == null) continue;
    const result = aCheckResult({
      check: 'levels',
      findings: [aFinding({ check: 'levels', key: measured.key, difference: measured.difference })],
    });
    const share = explainedVariance(result, records);
    const accepted = records.find((one) => one.measured?.key === measured.key)?.acceptance?.amount ?? '0';
    assert.ok(decimal(share.explained).lte(decimal(accepted).abs()), 'explained no more than was accepted');
    assert.ok(decimal(share.explained).plus(share.leftOver).eq(decimal(share.measured)));
  }
  return new Map(records.map(({ number, state }) => [number, state]));
}
