import assert from 'node:assert/strict';
import { type DigestContext, digestCard } from '../../../src/core/cards/digest-card.ts';
import type { CardTable } from '../../../src/core/cards/card.ts';
import type { Run } from '../../../src/core/checks/run.ts';
import type { Discrepancy } from '../../../src/core/records/discrepancy.ts';
import { discrepanciesAfter } from '../../../src/core/records/after-run.ts';
import {
  aCheckResult,
  aDiscrepancy,
  aFinding,
  aMeasurement,
  aRowComparison,
  aRun,
  someMoment,
} from '../../support/fixtures.ts';
import { textOf, thePlaybook } from '../../support/services.ts';

const playbook = thePlaybook();
const context = (run: Run, overrides: Partial<DigestContext> = {}): DigestContext => ({
  playbook,
  scheduled: [run],
  nextDue: [{ name: 'daily-reconciliation', at: '2026-11-24T12:00:00.000Z' }],
  discrepancies: [],
  incidents: [],
  auditHead: `${'a1'.repeat(8)}${'0'.repeat(48)}`,
  retryAt: null,
  ...overrides,
});
const digest = (run: Run, overrides: Partial<DigestContext> = {}) => digestCard(run, context(run, overrides));
const slot = someMoment;
const failing = aCheckResult({
  check: 'compensation',
  title: 'Total Compensation',
  severity: 3,
  action: 'Log the discrepancy',
  tolerance: '0.1',
  verdict: 'fail',
  findings: [
    aFinding({
      check: 'compensation',
      key: 'compensation',
      legacy: '84200000.00',
      new: '84300000.00',
      difference: '100000.00',
      variance: '0.118764845606',
      tolerance: '0.1',
      verdict: 'fail',
    }),
  ],
});
const unmeasured = aCheckResult({
  check: 'growth',
  title: 'Growth Rate',
  verdict: 'error',
  reason: 'The new system has no figure for 2029.',
  findings: [],
});
const table = (run: Run): CardTable => {
  const found = digest(run).body.find((element) => element.kind === 'table');
  assert.ok(found !== undefined);
  return found;
};

describe('The daily digest', () => {
  it('says first that all checks pass, and when the batch was complete', () => {
    const card = digest(aRun({ slot, checks: [aCheckResult(), aCheckResult({ check: 'levels', title: 'Levels' })] }));
    assert.equal(card.title, 'All 2 checks pass; batch complete 05:24');
    assert.equal(card.tone, 'good');
  });
  it('is not green where all checks pass and the rows differ', () => {
    const checks = [aCheckResult(), aCheckResult({ check: 'levels', title: 'Levels' })];
    const card = digest(aRun({ slot, checks, comparisons: [aRowComparison({ verdict: 'fail' })] }));
    assert.equal(card.title, 'All 2 checks pass, but the rows of People of 2029 differ; batch complete 05:24');
    assert.equal(card.tone, 'bad');
    const unread = aRowComparison({
      verdict: 'error',
      reason: 'The new system is gone.',
      rows: { legacy: 0, new: 0 },
      only: { legacy: 0, new: 0 },
      columns: [],
    });
    const unknown = digest(aRun({ slot, checks, comparisons: [unread] }));
    assert.match(unknown.title, /the rows of People of 2029 could not be compared/);
    assert.match(textOf(unknown), /! error People of 2029: could not be compared\W+The new system is gone\./);
    assert.equal(unknown.tone, 'bad');
  });
  it('says in one line how many rows agree, and what the others differ in, without any row', () => {
    const text = textOf(digest(aRun({ slot, comparisons: [aRowComparison()] })));
    assert.match(
      text,
      /✓ pass People of 2029: 11,948 of 12,000 people agree in all columns, 99\.56 %\W+differ: 50 in compensation, 3 in status; 1 only in legacy\./,
    );
  });
  it('says first how many failed', () => {
    const card = digest(aRun({ slot, state: 'fail', checks: [aCheckResult(), failing] }));
    assert.equal(card.title, '1 of 2 checks failed; batch complete 05:24');
    assert.equal(card.tone, 'bad');
  });
  it('says how many could not be measured, and never calls that a pass', () => {
    const run = aRun({ slot, state: 'error', checks: [aCheckResult(), unmeasured] });
    assert.match(digest(run).title, /^1 of 2 checks could not be measured/);
    assert.equal(digest(run).tone, 'bad');
    assert.match(textOf(digest(run)), /The new system has no figure for 2029/);
  });
  it('counts failures and what was not measured apart', () =>
    assert.match(
      digest(aRun({ slot, state: 'fail', checks: [failing, unmeasured, aCheckResult()] })).title,
      /^1 of 3 checks failed, 1 could not be measured/,
    ));
  it('gives each check a row with both figures, the signed difference, the tolerance and the verdict in a word', () =>
    assert.deepEqual(table(aRun({ slot, state: 'fail', checks: [failing] })).rows, [
      ['Total Compensation', '84,200,000', '84,300,000', '+100,000 (0.12 %)', '0.1 %', '✗ fail'],
    ]));
  it('shows the worst group of a distribution and how many groups did not pass', () => {
    const levels = aCheckResult({
      check: 'levels',
      title: 'Level Distribution',
      kind: 'distribution',
      verdict: 'fail',
      findings: [
        aFinding({ check: 'levels', key: 'L1' }),
        aFinding({ check: 'levels', key: 'L2', difference: '-12', variance: '0.9', verdict: 'fail' }),
        aFinding({ check: 'levels', key: 'L3', difference: '12', variance: '1.5', verdict: 'fail' }),
      ],
    });
    assert.deepEqual(table(aRun({ slot, state: 'fail', checks: [levels] })).rows, [
      ['Level Distribution: L3', '1,250', '1,250', '+12 (1.5 %)', '0 %', '✗ fail: 2 of 3'],
    ]);
  });
  it('never shows a variance just above the tolerance as if it were at it', () => {
    const [finding] = failing.findings;
    assert.ok(finding !== undefined);
    const close = { ...failing, findings: [{ ...finding, variance: '0.100000118765' }] };
    assert.match(String(table(aRun({ slot, state: 'fail', checks: [close] })).rows[0]?.[3]), /0\.1000001/);
  });
  it('says that a variance exactly at the tolerance passes', () => {
    const [finding] = failing.findings;
    assert.ok(finding !== undefined);
    const exact = {
      ...failing,
      verdict: 'pass' as const,
      findings: [{ ...finding, variance: '0.1', verdict: 'pass' as const }],
    };
    assert.match(textOf(digest(aRun({ slot, checks: [exact] }))), /Exactly at the tolerance, which passes/);
  });
  it('says who does what about each failure, the most severe first', () => {
    const severe = aCheckResult({ verdict: 'fail' });
    const text = textOf(digest(aRun({ slot, state: 'fail', checks: [failing, severe] })));
    assert.ok(
      text.indexOf('Employee Count: Investigate at once') < text.indexOf('Total Compensation: Log the discrepancy'),
    );
    assert.match(text, /slack:U0ANA/);
  });
  it('says on every report that legacy is official', () => {
    for (const state of ['pass', 'fail', 'error', 'held'] as const) {
      assert.match(
        textOf(digest(aRun({ slot, state, checks: state === 'held' ? [] : [failing] }))),
        /Legacy is official/,
      );
    }
  });
  it('says when a held run is tried again, how often it was, and why it is held', () => {
    const batch = {
      ...aRun().batch,
      ready: false,
      reasons: ['The sync run has not finished yet.'],
      syncFinishedAt: null,
    };
    const held = aRun({ slot, state: 'held', checks: [], attempts: 3, batch });
    const card = digest(held, { retryAt: '2026-11-23T12:45:00.000Z' });
    assert.equal(card.title, 'Held: nothing was compared');
    assert.equal(card.tone, 'warning');
    assert.match(textOf(card), /The sync run has not finished yet\. Asked 3 times/);
    assert.match(textOf(card), /Tried again at/);
    assert.doesNotMatch(textOf(digest(held)), /Tried again at/);
  });
  it('says how late it is, above two minutes', () => {
    const at = (finishedAt: string) => textOf(digest(aRun({ slot, finishedAt })));
    assert.doesNotMatch(at('2026-11-23T12:02:00.000Z'), /late/);
    assert.match(at('2026-11-23T12:12:00.000Z'), /late: due 07:00, posted 07:12/);
  });
  it('says whether the sync took less than its limit', () => {
    const batch = (seconds: number) => ({ ...aRun().batch, syncSeconds: seconds, syncWithinLimit: seconds < 3600 });
    assert.match(
      textOf(digest(aRun({ slot, batch: batch(3599) }))),
      /59 min for 1,250 rows, less than the limit of 60 min/,
    );
    assert.match(
      textOf(digest(aRun({ slot, batch: batch(3600) }))),
      /1 h 00 min for 1,250 rows, not less than the limit/,
    );
  });
  it('carries the first 16 digits of the audit head, the run and the playbook version', () => {
    const text = textOf(digest(aRun({ slot })));
    assert.match(text, /"code":"a1a1a1a1a1a1a1a1"/);
    assert.match(text, /20261123-k3f9a/);
    assert.match(text, /0123456789ab/);
  });
  it('shows the phase, the streak of green days and the next report', () => {
    const text = textOf(digest(aRun({ slot })));
    assert.match(text, /Phase 1 \(Shadow Mode\), week 3, day 15 of 84/);
    assert.match(text, /1 green day in a row/);
    assert.match(text, /Tue 24 Nov 2026, 07:00/);
  });
  it('names what is open, the oldest first, since when and how often', () => {
    const run = aRun({ slot, state: 'fail', checks: [failing] });
    const first = { ...run, id: '20261119-aaaaa', finishedAt: '2026-11-19T12:00:04.000Z' };
    const filed = (known: Discrepancy[], of: Run): Discrepancy[] =>
      discrepanciesAfter(known, of, [4, 24, 72]).map((one) => ({ ...one, number: 7 }));
    const discrepancies = filed(filed([], first), run);
    assert.match(
      textOf(digest(run, { discrepancies })),
      /Open discrepancies: .*1, the oldest first: D-7 Total Compensation \(since 19 Nov, 2 times\)/,
    );
    assert.match(textOf(digest(aRun({ slot }))), /Open discrepancies: .*none/);
  });
  it('says beside a failed check how much is explained, and what is left over', () => {
    const run = aRun({ slot, state: 'fail', checks: [failing] });
    const known = aDiscrepancy({
      number: 17,
      state: 'explained',
      measured: aMeasurement({ check: 'compensation', key: 'compensation', difference: '100000.00' }),
      acceptance: { amount: '90000', reason: 'Bonus', by: 'slack:T0TEST/U0ANA', until: '2026-12-31' },
    });
    const text = textOf(digest(run, { discrepancies: [known] }));
    assert.match(text, /Measured 100,000, explained 90,000 \(D-17\), left over 10,000/);
    assert.match(text, /✗ fail/, 'the verdict stays on what was measured');
    assert.match(text, /Open discrepancies: .*none, 1 explained/);
    assert.doesNotMatch(textOf(digest(run)), /left over/);
  });
  it('draws the trend of the variances, a held day as a gap and not as zero', () => {
    const day = (id: string, at: string, overrides: Partial<Run> = {}) =>
      aRun({ id, slot: at, startedAt: at, ...overrides });
    const scheduled = [
      day('20261123-aaaaa', someMoment, { state: 'fail', checks: [failing] }),
      day('20261120-bbbbb', '2026-11-20T12:00:00.000Z', { state: 'held', checks: [] }),
      day('20261119-ccccc', '2026-11-19T12:00:00.000Z', { checks: [{ ...failing, verdict: 'pass', findings: [] }] }),
    ];
    const [run] = scheduled;
    assert.ok(run !== undefined);
    const chart = digest(run, { scheduled }).body.find((element) => element.kind === 'chart');
    assert.ok(chart !== undefined);
    assert.deepEqual(chart.series[0]?.points, [
      { label: '19 Nov', value: null },
      { label: '20 Nov', value: null },
      { label: '23 Nov', value: '0.118765' },
    ]);
    assert.match(chart.summary, /Last 3 daily runs: 0 passed, 3 did not|1 passed, 2 did not/);
  });
});
