import assert from 'node:assert/strict';
import { reconcile } from '../../../src/core/checks/reconcile.ts';
import type { Run } from '../../../src/core/checks/run.ts';
import type { RowComparison } from '../../../src/core/playbook/playbook.ts';
import type { RunRequest } from '../../../src/core/services.ts';
import { anActor, someMoment } from '../../support/fixtures.ts';
import { openTwoSystems, type TwoSystems } from '../../support/two-systems.ts';
import { playbookOf } from '../checks/reconcile-support.ts';
import { aScalar } from '../checks/support.ts';

const total = 'SELECT sum(pay) AS value FROM people';
const rows = {
  limits: {},
  segments: [],
  noun: ['row', 'rows'] as const,
  ignore: [],
  columns: {},
  agreement: '100',
  legacy: 'SELECT * FROM people',
  new: 'SELECT * FROM people',
};
const playbook = {
  ...playbookOf([aScalar('0 %', { name: 'pay', legacy: total, new: total })], { batchDate: 'any' }),
  comparisons: [{ name: 'people', title: 'People', key: ['id'], ...rows }],
};

describe('The rows of a run', () => {
  let systems: TwoSystems;
  before(async () => {
    systems = await openTwoSystems({ legacy: 'duckdb', new: 'duckdb' });
    await systems.write('legacy', 'CREATE TABLE people AS SELECT * FROM (VALUES (1, 10), (2, 20)) AS p (id, pay)');
  });
  after(() => systems?.close());

  let waited: number;
  beforeEach(() => {
    waited = 0;
  });
  const run = async (
    pays: string,
    request: Partial<RunRequest> = {},
    more: Partial<RowComparison> = {},
  ): Promise<Run> => {
    await systems.write('new', `CREATE OR REPLACE TABLE people AS SELECT * FROM (VALUES ${pays}) AS p (id, pay)`);
    const signal = new AbortController().signal;
    return reconcile({
      playbook: { ...playbook, comparisons: playbook.comparisons.map((one) => ({ ...one, ...more })) },
      sources: systems.sources,
      clock: { now: () => new Date(someMoment) },
      random: () => 0,
      suppressedKeys: new Map(),
      hiddenCauses: new Map(),
      knownOfRows: new Map(),
      wait: async () => {
        waited += 1;
      },
      request: { checks: [], requestedBy: anActor(), slot: null, signal, ...request },
    });
  };

  it('are compared with its checks, and pass with them', async () => {
    const { state, comparisons } = await run('(1, 10), (2, 20)');
    assert.equal(state, 'pass');
    assert.deepEqual(
      comparisons.map(({ comparison, verdict, agree }) => [comparison, verdict, agree]),
      [['people', 'pass', 2]],
    );
  });
  it('fail it where errors offset each other and every total passes', async () => {
    const { state, checks, comparisons } = await run('(1, 20), (2, 10)');
    assert.deepEqual(
      checks.map(({ verdict }) => verdict),
      ['pass'],
    );
    assert.deepEqual([state, comparisons[0]?.differ], ['fail', 2]);
  });
  it('are compared again where a side was changed less than so long before the run began', async () => {
    const began = Date.parse(someMoment);
    const changed = (milliseconds: number): Partial<RowComparison> => ({
      confirmAfterSeconds: 60,
      changed: { new: `SELECT '${new Date(began - milliseconds).toISOString()}' AS changed_at`, withinMinutes: 15 },
    });
    await run('(1, 20), (2, 10)', {}, changed(15 * 60_000));
    assert.equal(waited, 0);
    const { comparisons } = await run('(1, 20), (2, 10)', {}, changed(15 * 60_000 - 1));
    assert.deepEqual([waited, comparisons[0]?.differ, comparisons[0]?.unsettled], [1, 2, 0]);
    assert.deepEqual(comparisons[0]?.evidence.changedAt, { new: new Date(began - 15 * 60_000 + 1).toISOString() });
  });
  it('are not compared when only some checks are asked for', async () => {
    const { state, comparisons } = await run('(1, 20), (2, 10)', { checks: ['pay'] });
    assert.deepEqual([state, comparisons], ['pass', []]);
  });
  it('hold no row and no value of one', async () => {
    const { comparisons } = await run('(1, 98765), (2, 43210)');
    assert.doesNotMatch(JSON.stringify(comparisons), /98765|43210/);
  });
});
