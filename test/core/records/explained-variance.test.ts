import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decimal } from '../../../src/core/numbers/decimal.ts';
import { explainedVariance } from '../../../src/core/records/explained-variance.ts';
import type { Discrepancy } from '../../../src/core/records/discrepancy.ts';
import { aCheckResult, aDiscrepancy, aFinding, aMeasurement } from '../../support/fixtures.ts';

const accepted = (amount: string | null, overrides: Partial<Discrepancy> = {}): Discrepancy =>
  aDiscrepancy({
    state: 'explained',
    acceptance: { amount, reason: 'Known', by: 'slack:T0TEST/U0ANA', until: '2026-12-31' },
    ...overrides,
  });
const levels = (difference: string | null, suppressed = false) =>
  aCheckResult({ check: 'levels', findings: [aFinding({ check: 'levels', key: 'L3', difference, suppressed })] });
const shares = (difference: string | null, ...known: Discrepancy[]): string[] => {
  const { measured, explained, leftOver } = explainedVariance(levels(difference), known);
  return [measured, explained, leftOver];
};

describe('The variance of a check', () => {
  it('is left over where nothing is accepted', () => assert.deepEqual(shares('12'), ['12', '0', '12']));
  it('is explained by what was accepted, exactly', () =>
    assert.deepEqual(shares('812406.10', accepted('800000.05')), ['812406.1', '800000.05', '12406.05']));
  it('is explained to no more than there is', () => assert.deepEqual(shares('12', accepted('20')), ['12', '12', '0']));
  it('is not explained by a difference to the other side', () =>
    assert.deepEqual(shares('-12', accepted('12')), ['12', '0', '12']));
  it('to the other side is explained alike', () => assert.deepEqual(shares('-12', accepted('-5')), ['12', '5', '7']));
  it('is not explained by another group', () =>
    assert.deepEqual(shares('12', accepted('12', { measured: aMeasurement({ key: 'L4' }) })), ['12', '0', '12']));
  it('is not explained by what is not accepted any more', () =>
    assert.deepEqual(shares('12', { ...accepted('12'), state: 'open' }), ['12', '0', '12']));
  it('of a small group is neither measured nor explained here', () => {
    const { measured, explained } = explainedVariance(levels('3', true), [accepted('3')]);
    assert.deepEqual([measured, explained], ['0', '0']);
  });

  it('is what is explained and what is left over, and never more than what was accepted', () => {
    const amount = fc
      .integer({ min: -1_000_000, max: 1_000_000 })
      .map((cents) => decimal(String(cents)).div(100).toFixed());
    const group = fc.record({ difference: amount, amount: fc.option(amount), explained: fc.boolean() });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 8 }), (groups) => {
        const findings = groups.map(({ difference }, index) =>
          aFinding({ check: 'levels', key: `L${index}`, difference }),
        );
        const known = groups.map((one, index) =>
          accepted(one.amount, {
            number: index + 1,
            state: one.explained ? 'explained' : 'investigating',
            measured: aMeasurement({ key: `L${index}` }),
          }),
        );
        const { measured, explained, leftOver } = explainedVariance(aCheckResult({ check: 'levels', findings }), known);
        assert.ok(decimal(explained).plus(leftOver).eq(decimal(measured)));
        assert.ok(decimal(explained).gte(0) && decimal(leftOver).gte(0));
        const most = groups.reduce(
          (sum, one) => sum.plus(one.explained ? decimal(one.amount ?? '0').abs() : 0),
          decimal('0'),
        );
        assert.ok(decimal(explained).lte(most));
      }),
    );
  });
});
