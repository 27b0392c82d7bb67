import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { type Reconciliation, reconcile } from '../../../src/core/checks/reconcile.ts';
import type { Run } from '../../../src/core/checks/run.ts';
import type { Check, Playbook } from '../../../src/core/playbook/playbook.ts';
import type { RunRequest } from '../../../src/core/services.ts';
import { type Rows, type Side, SourceError, type SourceErrorCode } from '../../../src/core/sources.ts';
import { aRun, anActor, someMoment } from '../../support/fixtures.ts';
import { thePlaybook } from '../../support/services.ts';
import { type Answer, type FakeSource, fakeSource } from './fake-source.ts';
import { aDistribution, aScalar, oneValue, rowsOf } from './support.ts';

const employees = aScalar('0 %', { legacy: 'count legacy', new: 'count new' });
const compensation = aScalar('0.1 %', { name: 'compensation', legacy: 'pay legacy', new: 'pay new' });
const levels = aDistribution('0 %', { legacy: 'levels legacy', new: 'levels new' });
const readiness = { batchDate: 'today', deadline: '10:00', retryMinutes: 15, syncLimitMinutes: 60 } as const;

const playbook = thePlaybook();
const playbookOf = (checks: readonly Check[], asked: Partial<Playbook['readiness']> = {}): Playbook => ({
  ...playbook,
  checks,
  readiness: { ...readiness, ...asked },
});

/** Both systems agree on everything. */
const agreeing = {
  legacy: {
    'count legacy': oneValue(1250),
    'pay legacy': oneValue('84200.00'),
    'levels legacy': rowsOf('level value', ['L1', 1000], ['L2', 250]),
    inputs: rowsOf('seed', [42]),
  },
  new: {
    'count new': oneValue(1250),
    'pay new': oneValue('84200.0'),
    'levels new': rowsOf('level value', ['L1', 1000], ['L2', 250]),
    inputs: rowsOf('seed', [42]),
    sync: rowsOf('batch_date started_at finished_at rows_sent rows_loaded', [
      '2026-11-23',
      '2026-11-23 05:00:00+00',
      '2026-11-23 05:30:00+00',
      7,
      7,
    ]),
  },
} satisfies Record<Side, Record<string, Rows>>;
const asksAll = { sync: { source: 'new', query: 'sync' }, inputs: { legacy: 'inputs', new: 'inputs' } } as const;

interface Given {
  playbook?: Playbook;
  legacy?: FakeSource;
  now?: FakeSource;
  request?: Partial<RunRequest>;
  random?: () => number;
  suppressedKeys?: Reconciliation['suppressedKeys'];
}

const systems = (
  changes: Partial<Record<Side, Readonly<Record<string, Answer>>>> = {},
): { legacy: FakeSource; now: FakeSource } => ({
  legacy: fakeSource({ ...agreeing.legacy, ...changes.legacy }),
  now: fakeSource({ ...agreeing.new, ...changes.new }),
});

async function run(given: Given = {}): Promise<Run> {
  const { legacy, now } = { ...systems(), ...given };
  const moments = [someMoment, '2026-11-23T12:00:04.000Z'];
  return reconcile({
    playbook: given.playbook ?? playbookOf([employees, compensation, levels]),
    sources: { legacy, new: now },
    request: { checks: [], requestedBy: anActor(), slot: null, signal: new AbortController().signal, ...given.request },
    clock: { now: () => new Date((moments.length > 1 ? moments.shift() : moments[0]) ?? someMoment) },
    random: given.random ?? ((): number => 0.5),
    suppressedKeys: given.suppressedKeys ?? new Map(),
  });
}

const verdicts = ({ checks }: Run): [string, string][] => checks.map(({ check, verdict }) => [check, verdict]);

describe('A reconciliation', () => {
  it('of two systems that agree passes', async () => {
    const done = await run({ playbook: playbookOf([employees, compensation, levels], asksAll) });
    assert.equal(done.state, 'pass');
    assert.deepEqual(verdicts(done), [
      ['employees', 'pass'],
      ['compensation', 'pass'],
      ['levels', 'pass'],
    ]);
    assert.equal(done.batch.syncSeconds, 1800);
  });

  it('says who asked, when it began and ended, and under which playbook', async () => {
    const requestedBy = anActor({ name: 'Ben' });
    const done = await run({ request: { requestedBy, slot: someMoment } });
    assert.equal(done.startedAt, someMoment);
    assert.equal(done.finishedAt, '2026-11-23T12:00:04.000Z');
    assert.deepEqual(done.requestedBy, requestedBy);
    assert.equal(done.slot, someMoment);
    assert.equal(done.playbookVersion, playbook.version);
    assert.equal(done.attempts, 1);
  });

  it('keeps the declaration of each check as it was, and the hash of what was asked', async () => {
    const [first] = (await run()).checks;
    assert.equal(first?.severity, 1);
    assert.equal(first?.owner, 'dataOwner');
    assert.equal(first?.tolerance, '0');
    assert.deepEqual(first?.sqlHash, {
      legacy: createHash('sha256').update('count legacy').digest('hex'),
      new: createHash('sha256').update('count new').digest('hex'),
    });
  });

  it('is known by the local date and five characters that nobody mistypes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), async (drawn) => {
        const { id } = await run({ random: () => drawn });
        assert.match(id, /^20261123-[2-9a-hjkmnp-tv-z]{5}$/);
      }),
      { numRuns: 50 },
    );
  });

  it('asks only the checks that were asked for', async () => {
    const { legacy, now } = systems();
    const done = await run({ legacy, now, request: { checks: ['compensation'] } });
    assert.deepEqual(verdicts(done), [['compensation', 'pass']]);
    assert.deepEqual([legacy.asked, now.asked], [['pay legacy'], ['pay new']]);
  });

  it('fails when one check fails', async () => {
    const done = await run({ ...systems({ new: { 'count new': oneValue(1251) } }) });
    assert.equal(done.state, 'fail');
    assert.equal(done.checks[0]?.findings[0]?.difference, '1');
  });

  it('tells its progress after each check, once', async () => {
    const told: [number, number, string][] = [];
    await run({ request: { progress: (done, total, what) => told.push([done, total, what]) } });
    assert.deepEqual(told, [
      [1, 3, 'A check'],
      [2, 3, 'A check'],
      [3, 3, 'A check'],
    ]);
  });

  it('keeps hidden what an earlier run had to hide', async () => {
    const done = await run({ suppressedKeys: new Map([['levels', new Set(['L2'])]]) });
    assert.deepEqual(
      done.checks[2]?.findings.map(({ key, suppressed }) => [key, suppressed]),
      [
        ['L1', false],
        ['L2', true],
      ],
    );
  });
});

describe('The queries of a reconciliation', () => {
  it('run on both sides at the same time', async () => {
    // Each side waits until the other was asked: one after the other would never end.
    let legacyAsked = (): void => undefined;
    let newAsked = (): void => undefined;
    const legacyIsAsked = new Promise<void>((resolve) => (legacyAsked = resolve));
    const newIsAsked = new Promise<void>((resolve) => (newAsked = resolve));
    const done = await run({
      ...systems({
        legacy: { 'count legacy': async () => (legacyAsked(), await newIsAsked, oneValue(1250)) },
        new: { 'count new': async () => (newAsked(), await legacyIsAsked, oneValue(1250)) },
      }),
    });
    assert.equal(done.state, 'pass');
  });

  it('do not wait for the slower side before the next check', async () => {
    let asked = (): void => undefined;
    const lastIsAsked = new Promise<void>((resolve) => (asked = resolve));
    const done = await run({
      ...systems({
        legacy: { 'count legacy': async () => (await lastIsAsked, oneValue(1250)) },
        new: { 'levels new': async () => (asked(), agreeing.new['levels new']) },
      }),
    });
    assert.equal(done.state, 'pass');
    assert.deepEqual(
      done.checks.map(({ check }) => check),
      ['employees', 'compensation', 'levels'],
    );
  });

  it('are one at a time on each side', async () => {
    const { legacy, now } = systems();
    await run({ legacy, now, playbook: playbookOf([employees, compensation, levels], asksAll) });
    assert.deepEqual([legacy.mostAtOnce, now.mostAtOnce], [1, 1]);
  });

  it('ask readiness before anything is compared', async () => {
    const { legacy, now } = systems();
    await run({ legacy, now, playbook: playbookOf([employees], asksAll) });
    assert.deepEqual(legacy.asked, ['inputs', 'count legacy']);
    assert.deepEqual(now.asked, ['sync', 'inputs', 'count new']);
  });

  for (const [code, said] of [
    ['query', 'The legacy system refused the query: no such table.'],
    ['timeout', 'The legacy system took too long to answer: no such table.'],
    ['unreachable', "The legacy system can't be reached: no such table."],
    ['busy', 'The legacy system is not ready to be read: no such table.'],
  ] as [SourceErrorCode, string][]) {
    it(`that fail (${code}) spoil their own check alone`, async () => {
      const { legacy, now } = systems({ legacy: { 'pay legacy': new SourceError(code, 'no such table') } });
      const done = await run({ legacy, now });
      assert.equal(done.state, 'error');
      assert.deepEqual(verdicts(done), [
        ['employees', 'pass'],
        ['compensation', 'error'],
        ['levels', 'pass'],
      ]);
      assert.equal(done.checks[1]?.reason, said);
      assert.deepEqual([legacy.closed, now.closed], [1, 1]);
    });
  }

  it('that fail on both sides are told together', async () => {
    const broken = new SourceError('query', 'no such table');
    const done = await run(systems({ legacy: { 'pay legacy': broken }, new: { 'pay new': broken } }));
    assert.equal(
      done.checks[1]?.reason,
      'The legacy system refused the query: no such table. The new system refused the query: no such table.',
    );
  });

  it('that fail do not outweigh a check that fails', async () => {
    const done = await run(
      systems({
        legacy: { 'pay legacy': new SourceError('query', 'no such table') },
        new: { 'count new': oneValue(1249) },
      }),
    );
    assert.equal(done.state, 'fail');
  });
});

describe('A run that is held', () => {
  it('compares nothing while the batch is not finished', async () => {
    const unfinished = rowsOf('batch_date started_at finished_at rows_sent rows_loaded', [
      '2026-11-23',
      '2026-11-23 05:00:00+00',
      null,
      7,
      0,
    ]);
    const { legacy, now } = systems({ new: { sync: unfinished } });
    const done = await run({ legacy, now, playbook: playbookOf([employees], asksAll) });
    assert.equal(done.state, 'held');
    assert.deepEqual(done.checks, []);
    assert.ok(done.batch.reasons.includes('The sync run has not finished yet.'));
    assert.deepEqual(legacy.asked, ['inputs']);
    assert.deepEqual([legacy.closed, now.closed], [1, 1]);
  });

  it('compares nothing when the systems worked on different seeds', async () => {
    const done = await run({
      ...systems({ new: { inputs: rowsOf('seed', [43]) } }),
      playbook: playbookOf([employees], asksAll),
    });
    assert.equal(done.state, 'held');
    assert.match(done.batch.reasons.join(' '), /seed differs/);
  });

  it('says so when readiness could not be asked', async () => {
    const done = await run({
      ...systems({ new: { sync: new SourceError('query', 'no such table: sync_runs') } }),
      playbook: playbookOf([employees], asksAll),
    });
    assert.equal(done.state, 'held');
    assert.deepEqual(done.batch.reasons, ['The new system refused the query: no such table: sync_runs.']);
  });

  it('names the side that is busy', async () => {
    const legacy = systems().legacy;
    const done = await run({ legacy, now: fakeSource({}, new SourceError('busy', 'The file is being written.')) });
    assert.equal(done.state, 'held');
    assert.deepEqual(done.batch.reasons, ['The new system is not ready to be read: The file is being written.']);
    assert.equal(legacy.closed, 1, 'the other side is let go of');
  });

  it('is one run with its later attempts', async () => {
    const previous = aRun({ id: '20261122-abcde', state: 'held', attempts: 3, checks: [] });
    const done = await run({ request: { previous } });
    assert.deepEqual([done.id, done.attempts, done.state], ['20261122-abcde', 4, 'pass']);
  });
});

describe('A system that cannot be opened', () => {
  for (const code of ['unreachable', 'timeout'] as const) {
    it(`makes every check an error (${code}), and is not taken for one that is not ready`, async () => {
      const legacy = systems().legacy;
      const done = await run({
        legacy,
        now: fakeSource({}, new SourceError(code, 'connection refused')),
        playbook: playbookOf([employees, levels], asksAll),
      });
      assert.equal(done.state, 'error');
      assert.deepEqual(verdicts(done), [
        ['employees', 'error'],
        ['levels', 'error'],
      ]);
      assert.match(done.checks[0]?.reason ?? '', /^The new system .*: connection refused\.$/);
      assert.equal(legacy.closed, 1);
    });
  }

  it('is told with the other one when neither can be', async () => {
    const down = new SourceError('unreachable', 'connection refused');
    const done = await run({ legacy: fakeSource({}, down), now: fakeSource({}, down) });
    assert.match(done.checks[0]?.reason ?? '', /^The legacy system .* The new system .*/);
  });

  it('by a fault of our own ends the run, with the other side closed', async () => {
    const legacy = systems().legacy;
    await assert.rejects(run({ legacy, now: fakeSource({}, new TypeError('a bug')) }), TypeError);
    assert.equal(legacy.closed, 1);
  });
});

describe('A run that is cancelled', () => {
  const cancelled = { name: 'SourceError', code: 'cancelled' };

  it('before it begins asks nothing', async () => {
    const { legacy, now } = systems();
    await assert.rejects(run({ legacy, now, request: { signal: AbortSignal.abort() } }), cancelled);
    assert.deepEqual([...legacy.asked, ...now.asked], []);
  });

  it('while one side opens closes the other', async () => {
    const legacy = systems().legacy;
    const now = fakeSource({}, new SourceError('cancelled', 'The run was cancelled.'));
    await assert.rejects(run({ legacy, now }), cancelled);
    assert.equal(legacy.closed, 1);
  });

  it('between two checks asks no more, and closes both', async () => {
    const controller = new AbortController();
    const { legacy, now } = systems({
      legacy: { 'count legacy': async () => (controller.abort(), oneValue(1250)) },
    });
    await assert.rejects(run({ legacy, now, request: { signal: controller.signal } }), cancelled);
    assert.deepEqual(legacy.asked, ['count legacy']);
    assert.deepEqual([legacy.closed, now.closed], [1, 1]);
  });
});
