import assert from 'node:assert/strict';
import { causeInWords } from '../../../src/core/cards/explanation-words.ts';
import { compareRows } from '../../../src/core/rows/compare-rows.ts';
import { baselineOf, isNoise, noiseOf } from '../../../src/core/rows/noise.ts';
import type { Noise } from '../../../src/core/rows/result.ts';
import { someMoment } from '../../support/fixtures.ts';
import { thePlaybook } from '../../support/services.ts';
import { openTwoSystems, type TwoSystems } from '../../support/two-systems.ts';

const { readiness: _readiness, ...rest } = thePlaybook();
const playbook = {
  ...rest,
  readiness: { batchDate: 'any', deadline: '10:00', retryMinutes: 15, syncLimitMinutes: 60 } as const,
};
const comparison = {
  name: 'people',
  title: 'People',
  legacy: 'SELECT * FROM people',
  new: 'SELECT * FROM people',
  baseline: 'SELECT * FROM people_of_last_night',
  key: ['id'],
  agreement: '100',
  ignore: [],
  columns: { level: { mapping: { legacy: { '10': 'L1' }, new: { '1': 'L1' } } } },
  limits: {},
  segments: [],
  noun: ['person', 'people'] as const,
};

describe('The noise of a comparison', () => {
  let systems: TwoSystems;
  before(async () => {
    systems = await openTwoSystems({ legacy: 'duckdb', new: 'duckdb' });
    const people = (level: string, seen: string, pay: string): string =>
      `SELECT number AS id, '${level}' AS level, CASE WHEN ${seen} THEN 1 ELSE 0 END AS seen, CASE WHEN ${pay} THEN 1 ELSE 0 END AS pay
       FROM generate_series(1, 100) AS numbers (number)`;
    await systems.write(
      'legacy',
      `CREATE TABLE people AS ${people('10', 'number <= 10', 'false')}`,
      `CREATE TABLE people_of_last_night AS ${people('10', 'number BETWEEN 6 AND 15', 'false')}`,
    );
    await systems.write('new', `CREATE TABLE people AS ${people('1', 'number BETWEEN 5 AND 14', 'number = 1')}`);
  });
  after(() => systems?.close());

  const compare = async (asked: typeof comparison, within: 'both' | 'legacy', noise?: Noise) => {
    const { legacy, new: now } = systems.sources;
    const compared = await compareRows({
      comparison: asked,
      playbook,
      sources: within === 'legacy' ? { legacy, new: legacy } : { legacy, new: now },
      clock: { now: () => new Date(someMoment) },
      progress: () => undefined,
      signal: new AbortController().signal,
      wait: async () => undefined,
      ...(noise === undefined ? {} : { noise }),
    });
    assert.ok(compared.state === 'compared');
    return compared.result;
  };

  it('is what legacy differs in from its own copy, in its own codes', async () => {
    const baseline = baselineOf(comparison);
    assert.ok(baseline !== undefined);
    const result = await compare(baseline as typeof comparison, 'legacy');
    assert.deepEqual(Object.fromEntries(noiseOf(result)), { level: 0, seen: 0.1, pay: 0 });
  });
  it('tells a column that differs no more than that from one that is wrong', async () => {
    const { causes, verdict } = await compare(comparison, 'both', new Map([['seen', 0.1]]));
    assert.deepEqual(
      causes.map(({ column, rows, noisy }) => [column, rows, noisy === true]),
      [
        ['seen', 8, true],
        ['pay', 1, false],
      ],
    );
    assert.equal(verdict, 'fail');
    const [noisy] = causes;
    assert.ok(noisy !== undefined);
    assert.match(causeInWords(noisy, comparison.noun), /8 people whose seen differs, .*noisy, not wrong/);
  });
  it('ends where half as many rows again differ', () => {
    assert.equal(isNoise(15, 100, 0.1), true);
    assert.equal(isNoise(16, 100, 0.1), false);
    assert.equal(isNoise(1, 100, 0), false);
    assert.equal(isNoise(1, 100, undefined), false);
  });
  it('has no baseline where the playbook names none', () => {
    const { baseline: _baseline, ...without } = comparison;
    assert.equal(baselineOf(without), undefined);
  });
});
