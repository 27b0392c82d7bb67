import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { SourceError, type SourceErrorCode } from '../../../src/core/sources.ts';
import { anActor, someMoment } from '../../support/fixtures.ts';
import {
  agreeing,
  asksAll,
  compensation,
  employees,
  levels,
  playbook,
  playbookOf,
  run,
  systems,
  verdicts,
} from './reconcile-support.ts';
import { oneValue } from './support.ts';

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
