import assert from 'node:assert/strict';
import { SourceError } from '../../../src/core/sources.ts';
import { aRun } from '../../support/fixtures.ts';
import { fakeSource } from './fake-source.ts';
import { asksAll, employees, levels, playbookOf, run, systems } from './reconcile-support.ts';
import { oneValue, rowsOf } from './support.ts';

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

  it('names the side that is busy later on, in a check', async () => {
    const { legacy, now } = systems({ new: { 'levels new': new SourceError('busy', 'The standby had to go on.') } });
    const done = await run({ legacy, now, playbook: playbookOf([employees, levels], asksAll) });
    assert.deepEqual([done.state, done.checks], ['held', []]);
    assert.deepEqual(done.batch.reasons, ['The new system is not ready to be read: The standby had to go on.']);
    assert.deepEqual([legacy.closed, now.closed], [1, 1]);
  });

  it('is one run with its later attempts', async () => {
    const previous = aRun({ id: '20261122-abcde', state: 'held', attempts: 3, checks: [] });
    const done = await run({ request: { previous } });
    assert.deepEqual([done.id, done.attempts, done.state], ['20261122-abcde', 4, 'pass']);
  });
});

describe('A system that cannot be opened', () => {
  for (const code of ['unreachable', 'timeout'] as const) {
    it(`holds the run (${code}), which is tried again, and says why`, async () => {
      const legacy = systems().legacy;
      const done = await run({
        legacy,
        now: fakeSource({}, new SourceError(code, 'connection refused')),
        playbook: playbookOf([employees, levels], asksAll),
      });
      assert.deepEqual([done.state, done.batch.ready, done.checks], ['held', false, []]);
      assert.match(done.batch.reasons.join(), /^The new system .*: connection refused\.$/);
      assert.equal(legacy.closed, 1);
    });
  }

  it('is told with the other one when neither can be', async () => {
    const down = new SourceError('unreachable', 'connection refused');
    const done = await run({ legacy: fakeSource({}, down), now: fakeSource({}, down) });
    assert.match(done.batch.reasons.join(' '), /^The legacy system .* The new system .*/);
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
