import assert from 'node:assert/strict';
import type { Run } from '../../../src/core/checks/run.ts';
import { gateFigureInWords } from '../../../src/core/cards/gate-card.ts';
import { type GateFacts, gateResult } from '../../../src/core/gates/gate.ts';
import type { Waiver } from '../../../src/core/gates/waiver.ts';
import type { MetricState } from '../../../src/core/metrics/read-metrics.ts';
import type { Criterion } from '../../../src/core/playbook/team.ts';
import { aCheckResult, aFinding, aReading, aRun } from '../../support/fixtures.ts';
import { thePlaybook } from '../../support/services.ts';

const playbook = thePlaybook({ START_DATE: '2026-11-09' });
const facts = (overrides: Partial<GateFacts> = {}): GateFacts => ({
  playbook,
  runs: [],
  plan: [],
  lessons: [],
  metrics: [],
  registers: new Map(),
  waivers: [],
  today: '2026-11-23',
  ...overrides,
});
const about = { name: 'one', title: 'One' };
const judged = (criterion: Criterion, overrides: Partial<GateFacts> = {}) => {
  const [result] = gateResult({ phase: 1, criteria: [criterion] }, facts(overrides)).criteria;
  assert.ok(result !== undefined);
  return result;
};
const run = (day: string, overrides: Partial<Run> = {}): Run =>
  aRun({ id: day, slot: `2026-${day}T12:00:00.000Z`, startedAt: `2026-${day}T12:00:00.000Z`, ...overrides });
const synced = (seconds: number | null): Run => run('11-20', { batch: { ...aRun().batch, syncSeconds: seconds } });
const varied = (day: string, variance: string, suppressed = false): Run =>
  run(day, { checks: [aCheckResult({ findings: [aFinding({ variance, suppressed })] })] });
const sync: Criterion = { ...about, kind: 'sync' };
const variance: Criterion = { ...about, kind: 'variance', below: '5' };

describe('A criterion of a gate', () => {
  it('without anything measured is no data, and never green', () => {
    const reading: Criterion = { ...about, kind: 'metric', metric: 'p95' };
    const register: Criterion = { ...about, kind: 'register', register: 'reports' };
    for (const criterion of [sync, variance, reading, register, { ...about, kind: 'tasks' } as const]) {
      assert.equal(judged(criterion).state, 'no data', criterion.kind);
    }
  });

  describe('about the sync', () => {
    it('passes at 59:59 and fails at 60:00', () => {
      assert.equal(judged(sync, { runs: [synced(3_599)] }).state, 'pass');
      assert.equal(judged(sync, { runs: [synced(3_600)] }).state, 'fail');
    });
    it('takes the worst day of the phase, and none of another', () => {
      const other = (day: string): Run => ({ ...synced(9_000), slot: `2026-${day}T12:00:00.000Z` });
      assert.equal(judged(sync, { runs: [synced(100), { ...synced(3_600), id: 'b' }] }).state, 'fail');
      assert.equal(judged(sync, { runs: [synced(100), other('11-08'), other('12-07')] }).state, 'pass');
      assert.equal(judged(sync, { runs: [synced(100), other('11-09')] }).state, 'fail', 'its first day');
      assert.equal(judged(sync, { runs: [synced(100), other('12-06')] }).state, 'fail', 'its last day');
    });
  });

  describe('about the variance', () => {
    for (const [below, under, at] of [
      ['5', '4.99', '5.00'],
      ['2', '1.99', '2.00'],
    ] as const) {
      it(`below ${below} % passes at ${under} and fails at ${at}`, () => {
        assert.equal(judged({ ...variance, below }, { runs: [varied('11-20', under)] }).state, 'pass');
        assert.equal(judged({ ...variance, below }, { runs: [varied('11-20', at)] }).state, 'fail');
      });
    }
    it('takes the worst of all days, also of one that is long over', () => {
      const result = judged(variance, { runs: [varied('11-20', '1'), varied('11-10', '7.5')] });
      assert.equal(result.state, 'fail');
      assert.match(gateFigureInWords(result.figure), /worst: 7\.5 %, Employee Count/);
    });
    it('counts a small group, and tells no figure of it', () => {
      const result = judged(variance, { runs: [varied('11-20', '66.6', true)] });
      assert.equal(result.state, 'fail');
      assert.doesNotMatch(gateFigureInWords(result.figure), /66/);
    });
    it('is no data while a check can not be measured, and counts no held run', () => {
      const broken = run('11-21', { checks: [aCheckResult({ verdict: 'error', findings: [] })] });
      assert.equal(judged(variance, { runs: [varied('11-20', '1'), broken] }).state, 'no data');
      assert.equal(judged(variance, { runs: [run('11-20', { state: 'held', checks: [] })] }).state, 'no data');
    });
  });

  it('about a metric is no data while it is stale', () => {
    const metric = playbook.metrics.find(({ name }) => name === 'p95');
    assert.ok(metric !== undefined);
    const state = (status: MetricState['status']): MetricState => ({ metric, status, readings: [aReading()] });
    const criterion: Criterion = { ...about, kind: 'metric', metric: 'p95' };
    assert.equal(judged(criterion, { metrics: [state('stale')] }).state, 'no data');
    assert.equal(judged(criterion, { metrics: [state('pass')] }).state, 'pass');
    assert.equal(judged(criterion, { metrics: [state('fail')] }).state, 'fail');
  });
  it('about a register fails with 99 of 100, and passes with 100', () => {
    const items = (gaps: number) =>
      Array.from({ length: 100 }, (_, index) => ({
        register: 'reports',
        item: `Report ${index}`,
        cells: index < gaps ? {} : { reproduced: 'yes' },
      }));
    const criterion: Criterion = { ...about, kind: 'register', register: 'reports' };
    assert.equal(judged(criterion, { registers: new Map([['reports', items(1)]]) }).state, 'fail');
    assert.equal(judged(criterion, { registers: new Map([['reports', items(0)]]) }).state, 'pass');
  });
  it('about incidents passes with none, and fails with one', () => {
    const criterion: Criterion = { ...about, kind: 'none', register: 'incidents' };
    const incident = { register: 'incidents', item: 'Rows lost', cells: {} };
    assert.equal(judged(criterion).state, 'pass');
    assert.equal(judged(criterion, { registers: new Map([['incidents', [incident]]]) }).state, 'fail');
  });
  it('about incidents is no data before the first day of its phase, and while there is no start date', () => {
    const criterion: Criterion = { ...about, kind: 'none', register: 'incidents' };
    const early = judged(criterion, { today: '2026-11-08' });
    assert.equal(early.state, 'no data');
    assert.match(gateFigureInWords(early.figure), /the phase has not begun/);
    assert.equal(judged(criterion, { today: '2026-11-09' }).state, 'pass');
    assert.equal(judged(criterion, { playbook: thePlaybook({ START_DATE: '' }) }).state, 'no data');
  });
});

describe('A waiver', () => {
  const waiver: Waiver = {
    phase: 1,
    criterion: 'one',
    reason: 'Known',
    owner: 'dataOwner',
    until: '2026-11-23',
    by: 'slack:T0TEST/U0ANA',
    at: '2026-11-20T12:00:00.000Z',
  };
  const green = (waivers: Waiver[], today = '2026-11-23', runs: Run[] = []) =>
    gateResult({ phase: 1, criteria: [sync] }, facts({ waivers, today, runs })).green;

  it('makes a gate green to its last day, and not a day longer', () => {
    assert.equal(green([waiver]), true);
    assert.equal(green([waiver], '2026-11-24'), false);
  });
  it('holds for its own criterion and phase alone', () => {
    assert.equal(green([{ ...waiver, criterion: 'other' }]), false);
    assert.equal(green([{ ...waiver, phase: 2 }]), false);
  });
  it('is the newest one: a shorter one ends a longer one', () =>
    assert.equal(green([{ ...waiver, until: '2026-11-20' }, waiver]), false));
  it('is left aside where the criterion passes', () => {
    const [result] = gateResult(
      { phase: 1, criteria: [sync] },
      facts({ waivers: [waiver], runs: [synced(60)] }),
    ).criteria;
    assert.deepEqual([result?.state, result?.waiver], ['pass', null]);
  });
});
