import assert from 'node:assert/strict';
import type { Card, CardChart, CardTable } from '../../src/core/cards/card.ts';
import type { Finding } from '../../src/core/checks/run.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aCheckResult, aFinding, anActor, aRun } from '../support/fixtures.ts';
import { ask, servicesOver, textOf } from '../support/services.ts';

describe('Both systems side by side', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = () => servicesOver(opened().store);
  const shell = anActor({ platform: 'terminal', workspace: '', user: 'ana' });
  const level = (key: string, legacy: string, now: string, overrides: Partial<Finding> = {}): Finding =>
    aFinding({
      check: 'levels',
      key,
      legacy,
      new: now,
      difference: String(Number(now) - Number(legacy)),
      ...overrides,
    });
  const measured = (day: number, ...findings: Finding[]) =>
    opened().store.transaction((tx) =>
      tx.runs.save(
        aRun({
          id: `202611${day}-aaaaa`,
          startedAt: `2026-11-${day}T12:00:00.000Z`,
          finishedAt: `2026-11-${day}T12:00:04.000Z`,
          checks: [aCheckResult({ check: 'levels', title: 'Level Distribution', kind: 'distribution', findings })],
        }),
      ),
    );
  const table = (card: Card) => card.body.find((one): one is CardTable => one.kind === 'table')?.rows;
  const charts = (card: Card) => card.body.filter((one): one is CardChart => one.kind === 'chart');
  const shown = async (words: string, actor = anActor()): Promise<Card> =>
    (await ask(services(), words, { actor })).answer.card;

  it('shows every group with the figures that are stored, as SQL gives them', async () => {
    await measured(20, level('L1', '120', '120'), level('L3', '798', '810', { verdict: 'fail', variance: '1.5' }));
    const stored = await opened().owner<{ key: string; legacy: string; new: string }>(
      `select key, legacy, new from findings where run_id = '20261120-aaaaa' order by position`,
    );
    assert.deepEqual(
      table(await shown('compare levels'))?.map(([key, legacy, now]) => ({ key, legacy, new: now })),
      stored,
    );
  });
  it('draws the groups, and the trend of the one that is furthest off', async () => {
    await measured(19, level('L1', '120', '120'), level('L3', '790', '790'));
    await measured(20, level('L1', '120', '120'), level('L3', '798', '810', { verdict: 'fail', variance: '1.5' }));
    const [groups, trend] = charts(await shown('compare levels'));
    assert.deepEqual([groups?.as, trend?.as ?? 'line'], ['bars', 'line'], 'groups do not follow one another');
    assert.deepEqual(
      groups?.series[0]?.points.map(({ label }) => label),
      ['L1', 'L3'],
    );
    assert.match(trend?.title ?? '', /Level Distribution L3 in the last 2 runs/);
    assert.deepEqual(
      trend?.series.map(({ name, points }) => [name, ...points.map(({ value }) => value)]),
      [
        ['Legacy', '790', '798'],
        ['New', '790', '810'],
      ],
    );
  });
  it('shows any day that was measured, and says which ones were', async () => {
    await measured(19, level('L1', '119', '119'));
    await measured(20, level('L1', '120', '120'));
    assert.deepEqual(table(await shown('compare levels 2026-11-19'))?.[0]?.slice(0, 2), ['L1', '119']);
    assert.equal(charts(await shown('compare levels 2026-11-19')).length, 0, 'what came later is not its trend');
    assert.match(textOf(await shown('compare levels 2026-11-18')), /measured on 2026-11-20, 2026-11-19/);
    assert.match(textOf(await shown('compare levels yesterday')), /is no date such as/);
    assert.match(textOf(await shown('compare employees')), /was not measured yet/);
  });
  it('breaks out no group of fewer than five people in chat, and all of them in a shell', async () => {
    await measured(20, level('L1', '120', '120'), level('L5', '3', '4', { suppressed: true, verdict: 'fail' }));
    assert.doesNotMatch(textOf(await shown('compare levels')), /L5/);
    assert.match(textOf(await shown('compare levels')), /not broken out/);
    assert.match(textOf(await shown('compare levels', shell)), /L5/);
  });
});
