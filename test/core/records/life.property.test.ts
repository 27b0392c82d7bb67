import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unattendedDiscrepancies } from '../../../schedules/unattended-discrepancies.ts';
import type { Run } from '../../../src/core/checks/run.ts';
import { decimal, zero } from '../../../src/core/numbers/decimal.ts';
import { type Discrepancy, type DiscrepancyState, transitions } from '../../../src/core/records/discrepancy.ts';
import { explainedVariance } from '../../../src/core/records/explained-variance.ts';
import { addDays, localDate } from '../../../src/core/time/local-time.ts';
import { recordRun } from '../../../src/core/reports/say-run.ts';
import type { Services } from '../../../src/core/services.ts';
import type { Store } from '../../../src/core/store.ts';
import { aCheckResult, aFinding, aRun, later } from '../../support/fixtures.ts';
import { createFakeStore } from '../../support/fake-store.ts';
import { ask, servicesOver } from '../../support/services.ts';

const groups = ['L1', 'L2', 'L3'] as const;
type Step =
  /** What each group is off by in a run; 0 passes, null can't be measured. */
  | { readonly kind: 'run'; readonly off: readonly (number | null)[]; readonly held: boolean }
  /** About one of those on record. */
  | { readonly kind: 'ask'; readonly which: number; readonly words: string; readonly twice: boolean }
  | { readonly kind: 'explain'; readonly which: number; readonly percent: number; readonly days: number }
  | { readonly kind: 'file' }
  | { readonly kind: 'time'; readonly hours: number };

const off = fc.oneof(fc.constant(0), fc.constant(null), fc.integer({ min: -20, max: 20 }));
const words = fc.constantFrom(
  'investigate',
  'resolve fixed',
  'reject no',
  'reopen again',
  'comment so',
  'assign me',
  'snooze --until 2026-12-01 --reason x',
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      off: fc.tuple(off, off, off),
      held: fc.nat({ max: 5 }).map((dice) => dice === 0),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      which: fc.nat({ max: 10 }),
      words,
      twice: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('explain' as const),
      which: fc.nat({ max: 10 }),
      // More than all of it and less than nothing are tried as well.
      percent: fc.integer({ min: -20, max: 120 }),
      days: fc.integer({ min: -1, max: 10 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'file' }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), hours: fc.integer({ min: 1, max: 100 }) }) },
);

function runOf(number: number, { off: figures, held }: Extract<Step, { kind: 'run' }>, at: string): Run {
  const findings = groups.map((key, index) => {
    const figure = figures[index] ?? null;
    const verdict = figure === null ? 'error' : figure === 0 ? 'pass' : 'fail';
    return aFinding({ check: 'levels', key, difference: figure === null ? null : String(figure), verdict });
  });
  // A held run is not to be believed, whatever it holds.
  const checks = [aCheckResult({ check: 'levels', kind: 'distribution', severity: 2, findings })];
  return aRun({ id: `run-${number}`, state: held ? 'held' : 'fail', startedAt: at, finishedAt: at, checks });
}

/** Words that accept a part of it, in percent, for so many days. */
function explanationOf(
  { measured }: Discrepancy,
  { percent, days }: Extract<Step, { kind: 'explain' }>,
  { clock, playbook }: Services,
): string {
  const until = addDays(localDate(clock.now(), playbook.timeZone), days);
  const amount = decimal(measured?.difference ?? '0')
    .times(percent)
    .div(100);
  return `explain --amount ${amount.toFixed()} --until ${until} --reason known`;
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
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
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
            if (!one.held) await agreesWith(one.off, store);
          }
          if (one.kind === 'file') {
            await ask(services, 'discrepancy --title Reported', { id: `Ev${index}` });
            expected.filed += 1;
          }
          if (one.kind === 'ask' || one.kind === 'explain') {
            const records = await all(store);
            const about = records[one.which % records.length];
            if (about === undefined) continue;
            const said = one.kind === 'ask' ? one.words : explanationOf(about, one, services);
            for (let time = 0; time < (one.kind === 'ask' && one.twice ? 2 : 1); time += 1) {
              await ask(services, `discrepancy ${about.number} ${said}`, { id: `Ev${index}` });
              before = await holds(store, before, expected);
            }
          }
          if (one.kind === 'time') {
            const watching = servicesOver(store);
            watching.setTime(later(hours * 3_600_000).toISOString());
            await store.transaction((tx) => unattendedDiscrepancies.look(tx, watching));
            const today = localDate(watching.clock.now(), watching.playbook.timeZone);
            for (const { acceptance } of await all(store)) assert.ok(acceptance === null || acceptance.until >= today);
          }
          before = await holds(store, before, expected);
        }
      }),
      { numRuns: 40 },
    ));
});

/** What fails is not closed as mended, and what passes is. */
async function agreesWith(figures: readonly (number | null)[], store: Store): Promise<void> {
  for (const { measured, state } of await all(store)) {
    const figure = figures[groups.findIndex((key) => key === measured?.key)] ?? null;
    if (measured === null || figure === null) continue;
    assert.equal(state === 'resolved', figure === 0, `${measured.key} is ${state} and off by ${figure}`);
  }
}

async function holds(
  store: Store,
  before: ReadonlyMap<number, DiscrepancyState>,
  expected: Expected,
): Promise<Map<number, DiscrepancyState>> {
  const records = await all(store);
  for (const number of before.keys()) {
    assert.ok(
      records.some((one) => one.number === number),
      `D-${number} is lost`,
    );
  }
  const counted = records.flatMap(({ measured }) =>
    measured === null ? [] : [[measured.key, measured.occurrences] as const],
  );
  assert.deepEqual(Object.fromEntries(counted), Object.fromEntries(expected.occurrences));
  assert.equal(new Set(counted.map(([key]) => key)).size, counted.length, 'one for each key');
  assert.equal(records.filter(({ reported }) => reported !== null).length, expected.filed);
  for (const one of records) {
    const was = before.get(one.number);
    assert.ok(
      was === undefined ? one.state === 'open' : [was, ...transitions[was]].includes(one.state),
      `${was} became ${one.state}`,
    );
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
    const accepted = decimal(records.find((one) => one.measured?.key === measured.key)?.acceptance?.amount ?? '0');
    // What was accepted to one side explains nothing to the other.
    const most = accepted.times(measured.difference).gt(0) ? accepted.abs() : zero;
    assert.ok(decimal(share.explained).lte(most), 'explained no more than was accepted');
    assert.ok(decimal(share.explained).plus(share.leftOver).eq(decimal(share.measured)));
  }
  return new Map(records.map(({ number, state }) => [number, state]));
}
