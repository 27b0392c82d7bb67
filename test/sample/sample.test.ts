import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSample, type Sample } from '../../sample/sample.ts';
import { faults } from '../../sample/faults.ts';
import { explanationCard } from '../../src/core/cards/explanation-card.ts';
import { reconcile } from '../../src/core/checks/reconcile.ts';
import type { Run } from '../../src/core/checks/run.ts';
import { createSource } from '../../src/sources/create-source.ts';
import { renderCard } from '../../src/terminal/render.ts';
import { anActor, someMoment } from '../support/fixtures.ts';
import { thePlaybook } from '../support/services.ts';

/** What must be in it, by the fault's name, in the thread of the digest. */
const told: Readonly<Record<string, RegExp>> = {
  'level-3-pay': /compensation differs, all in level L3, always by the factor 1\.015/,
  'wrong-level': /12 people whose level differs, always from L2 to L3/,
  'lost-promotions': /events only in legacy, all in year 2027 and in event promotion, each employee ending in 7/,
  'terminated-still-active': /\+3 \(100 %\): 3 people whose status differs, always from terminated to active/,
  'unknown-level': /19 people whose level differs, 12 from L2 to L3, 7 from L4 to 6/,
  'late-hires': /-40: 40 people only in legacy, all hired in 2029, one run of keys, the last there are/,
};

describe('The sample systems, compared by the default playbook', function () {
  this.timeout(30_000);
  let directory: string;
  let sample: Sample;
  let run: () => Promise<Run>;
  let explained: (run: Run) => string;
  /** What people read of each fault, by its name. */
  const read = new Map<string, string>();

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sample-test-'));
    const newDatabasePath = join(directory, 'planwise.duckdb');
    sample = await createSample({ seed: 7, people: 1_500, faultsAtFirst: 0, newDatabasePath });
    const playbook = thePlaybook({ NEW_DATABASE_PATH: newDatabasePath });
    const sources = {
      legacy: createSource(playbook.sources.legacy, { pool: sample.legacyPool }),
      new: createSource(playbook.sources.new),
    };
    explained = (one) => {
      const card = explanationCard(one, { playbook, chat: true });
      return card === undefined ? '' : renderCard(card, { width: 1_000, color: false });
    };
    run = () =>
      reconcile({
        playbook,
        sources,
        request: {
          checks: [],
          requestedBy: anActor(),
          slot: null,
          signal: new AbortController().signal,
        },
        clock: { now: () => new Date(someMoment) },
        random: () => 0.5,
        suppressedKeys: new Map(),
        hiddenCauses: new Map(),
        knownOfRows: new Map(),
        wait: async () => undefined,
      });
  });
  after(async () => {
    await sample?.close();
    await rm(directory, { recursive: true, force: true });
  });

  const failing = ({ checks }: Run): string[] =>
    checks.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check);
  const night = (day: string) => sample.loadBatch(day, new Date(`${day}T10:41:00Z`));

  it('are held before the first sync', async () => {
    const { state, batch } = await run();
    assert.equal(state, 'held');
    assert.deepEqual(batch.reasons, ['There is no sync run yet.']);
  });
  it('are held when the last sync is of another day', async () => {
    await night('2026-11-22');
    const { state, batch } = await run();
    assert.equal(state, 'held');
    assert.match(batch.reasons.join(' '), /2026-11-23/);
  });
  it('are held while a sync is at work', async () => {
    await sample.stallBatch('2026-11-23', new Date('2026-11-23T10:00:00Z'));
    const { state, batch } = await run();
    assert.equal(state, 'held');
    assert.match(batch.reasons.join(' '), /has not finished/);
  });
  it('agree in all five checks while nothing is wrong', async () => {
    await night('2026-11-23');
    const result = await run();
    assert.equal(result.state, 'pass', JSON.stringify(result.checks.map(({ check, reason }) => [check, reason])));
    assert.equal(result.batch.syncSeconds, 41 * 60);
    assert.equal(explained(result), '');
  });

  const expected: Readonly<Record<string, readonly string[]>> = {
    'level-3-pay': ['compensation'],
    'wrong-level': ['compensation', 'levels'],
    'lost-promotions': ['compensation', 'levels', 'events'],
    'terminated-still-active': ['employees', 'compensation', 'levels', 'events'],
    'unknown-level': ['employees', 'compensation', 'levels', 'events'],
    'late-hires': ['employees', 'compensation', 'levels', 'events', 'growth'],
  };
  for (const { name, story } of faults) {
    it(`fail where it shows, and are explained as it was made: ${story}`, async () => {
      assert.equal(await sample.drift(), story);
      const result = await run();
      assert.deepEqual(failing(result), expected[name]);
      read.set(name, explained(result));
      assert.match(read.get(name) ?? '', told[name] ?? assert.fail(`nobody says how ${name} is told`));
    });
  }
  it('are explained in their growth as well, where that fails by it', () => {
    assert.match(
      read.get('late-hires') ?? '',
      /Growth Rate, 2029: -[\d.]+ points\n\n- -[\d.]+ points.*: 40 people only in legacy, all hired in 2029/,
    );
  });
  it('say that nothing is left to go wrong', async () => assert.match(await sample.drift(), /already/));
  it('agree again when healed', async () => {
    await sample.heal();
    assert.equal((await run()).state, 'pass');
  });
});
