import assert from 'node:assert/strict';
import { UsageError } from '../../../src/core/usage-error.ts';
import { type Act, act } from '../../../src/core/records/act.ts';
import {
  type Discrepancy,
  type DiscrepancyState,
  discrepancyStates,
  transitions,
} from '../../../src/core/records/discrepancy.ts';
import { aDiscrepancy, aMeasurement } from '../../support/fixtures.ts';

const at = '2026-11-23T15:00:00.000Z';
const ana = { by: 'slack:T0TEST/U0ANA', at, dueHours: [4, 24, 72] } as const;
const acceptance = { amount: '12', reason: 'Known', by: 'slack:T0TEST/U0BEN', until: '2026-12-31' };
const inState = (state: DiscrepancyState): Discrepancy =>
  aDiscrepancy({
    state,
    acceptance: state === 'explained' ? acceptance : null,
    resolvedAt: state === 'resolved' ? '2026-11-22T12:00:00.000Z' : null,
  });
const to = (state: DiscrepancyState): Act =>
  state === 'explained'
    ? { kind: 'explain', amount: '12', until: '2026-12-31', reason: 'Known' }
    : { kind: 'move', to: state, reason: 'So it is' };

describe('What is done about a discrepancy', () => {
  for (const from of discrepancyStates) {
    for (const state of discrepancyStates) {
      const allowed = transitions[from].includes(state);
      it(`${from} ${allowed ? 'can' : 'can not'} become ${state}`, () => {
        if (allowed) assert.equal(act(inState(from), to(state), ana).discrepancy.state, state);
        else assert.throws(() => act(inState(from), to(state), ana), UsageError);
      });
    }
  }
  it('keeps who did it, when and why', () => {
    const { discrepancy, entry } = act(aDiscrepancy(), to('investigating'), ana);
    assert.equal(discrepancy.actedAt, at);
    assert.deepEqual(entry, { number: 1, at, by: ana.by, kind: 'state', text: 'Under investigation: So it is' });
  });
  it('accepts with amount, reason, owner and last day', () => {
    const { discrepancy } = act(aDiscrepancy(), to('explained'), ana);
    assert.deepEqual(discrepancy.acceptance, { amount: '12', reason: 'Known', by: ana.by, until: '2026-12-31' });
  });
  it('says how much was accepted, but nothing about fewer than five people', () => {
    const hidden = aDiscrepancy({ measured: aMeasurement({ suppressed: true }) });
    assert.match(act(aDiscrepancy(), to('explained'), ana).entry.text, /\+12 of it/);
    assert.doesNotMatch(act(hidden, to('explained'), ana).entry.text, /12 of it/);
  });
  it('ends an acceptance with any other state', () => {
    for (const state of ['open', 'investigating', 'resolved'] as const) {
      assert.equal(act(inState('explained'), to(state), ana).discrepancy.acceptance, null);
    }
  });
  it('opens again with a new due time', () => {
    const { discrepancy } = act(inState('resolved'), to('open'), ana);
    assert.deepEqual([discrepancy.openedAt, discrepancy.dueAt], [at, '2026-11-24T15:00:00.000Z']);
    assert.equal(discrepancy.resolvedAt, null);
  });
  it('is due earlier when it becomes more severe', () => {
    const { discrepancy } = act(aDiscrepancy(), { kind: 'severity', severity: 1, reason: 'Payroll' }, ana);
    assert.deepEqual([discrepancy.severity, discrepancy.dueAt], [1, '2026-11-23T16:00:00.000Z']);
  });
  it('snoozes what is open or under investigation, and nothing else', () => {
    const snooze: Act = { kind: 'snooze', until: '2026-11-25T12:00:00.000Z', untilInWords: 'Wed', reason: 'Vendor' };
    for (const state of discrepancyStates) {
      const done = (): string | undefined => act(inState(state), snooze, ana).discrepancy.snooze?.until;
      if (state === 'open' || state === 'investigating') assert.equal(done(), '2026-11-25T12:00:00.000Z');
      else assert.throws(done, UsageError);
    }
  });
});
