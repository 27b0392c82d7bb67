import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { faults } from '../../sample/faults.ts';
import { createSample, type Sample } from '../../sample/sample.ts';
import { explanationCard } from '../../src/core/cards/explanation-card.ts';
import { reconcile } from '../../src/core/checks/reconcile.ts';
import { createSource } from '../../src/sources/create-source.ts';
import { renderCard } from '../../src/terminal/render.ts';
import { anActor, someMoment } from '../support/fixtures.ts';
import { thePlaybook } from '../support/services.ts';

/** What people read of each fault, by its name, in the thread of the digest. */
const told: Readonly<Record<string, RegExp>> = {
  'level-3-pay': /compensation differs, all in level L3, always by the factor 1\.015/,
  'wrong-level': /12 people whose level differs, always from L2 to L3/,
  'lost-promotions': /events only in legacy, all in year 2027 and in event promotion, each employee ending in 7/,
  'terminated-still-active': /\+3 \(100 %\): 3 people whose status differs, always from terminated to active/,
  'unknown-level': /19 people whose level differs, 12 from L2 to L3, 7 from L4 to 6/,
  'late-hires': /-40: 40 people only in legacy, all hired in 2029, one run of keys, the last there are/,
};

describe('Each fault of the sample system', function () {
  this.timeout(60_000);
  let directory: string;
  let sample: Sample;
  const read = new Map<string, string>();

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'faults-explained-'));
    const newDatabasePath = join(directory, 'planwise.duckdb');
    sample = await createSample({ seed: 7, faultsAtFirst: 0, newDatabasePath });
    await sample.loadBatch('2026-11-23', new Date('2026-11-23T10:41:00Z'));
    const playbook = thePlaybook({ NEW_DATABASE_PATH: newDatabasePath });
    const sources = {
      legacy: createSource(playbook.sources.legacy, { pool: sample.legacyPool }),
      new: createSource(playbook.sources.new),
    };
    const request = { checks: [], requestedBy: anActor(), slot: null, signal: new AbortController().signal };
    const clock = { now: () => new Date(someMoment) };
    const explained = async (): Promise<string> => {
      const run = await reconcile({
        playbook,
        sources,
        request,
        clock,
        random: () => 0.5,
        suppressedKeys: new Map(),
        hiddenCauses: new Map(),
        knownOfRows: new Map(),
        wait: async () => undefined,
      });
      const card = explanationCard(run, { playbook, chat: true });
      return card === undefined ? '' : renderCard(card, { width: 1_000, color: false });
    };
    read.set('', await explained());
    for (const { name } of faults) {
      await sample.drift();
      read.set(name, await explained());
    }
    await Promise.all([sources.legacy.close(), sources.new.close()]);
  });
  after(async () => {
    await sample?.close();
    await rm(directory, { recursive: true, force: true });
  });

  it('leaves nothing to explain before it was made', () => {
    assert.equal(read.get(''), '');
  });
  for (const { name, story } of faults) {
    it(`is told as it was made: ${story}`, () => {
      const pattern = told[name];
      assert.ok(pattern !== undefined, `nobody says how ${name} is told`);
      assert.match(read.get(name) ?? '', pattern);
    });
  }
});
