import assert from 'node:assert/strict';
import { dailyReconciliation } from '../../schedules/daily-reconciliation.ts';
import type { Metric } from '../../src/core/playbook/team.ts';
import type { Services } from '../../src/core/services.ts';
import { SourceError } from '../../src/core/sources.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { aRun, someMoment } from '../support/fixtures.ts';
import { servicesOver, thePlaybook } from '../support/services.ts';

const asking = (name: string): Metric => ({
  name,
  title: name,
  target: { direction: 'above', amount: '80', unit: '%' },
  owner: 'techLead',
  staleAfterHours: 48,
  baseline: false,
  query: { source: 'new', sql: name },
});
const playbook = { ...thePlaybook(), metrics: [asking('logins'), asking('orders')] };

describe('The daily run and the queries of metrics', () => {
  const runDaily = async (readFrom: Services['readFrom'], state: 'pass' | 'held' = 'pass') => {
    const store = createFakeStore();
    const services = servicesOver(store, {
      playbook,
      readFrom,
      measure: ({ slot }) => aRun({ slot, ...(state === 'held' ? { state, checks: [] } : {}) }),
    });
    const slot = { name: dailyReconciliation.name, at: someMoment };
    const result = await dailyReconciliation.run(slot, services, new AbortController().signal);
    for (const _time of [1, 2]) await store.transaction((tx) => result.write(tx)).catch(() => undefined);
    const stored = (metric: string) => store.transaction((tx) => tx.metrics.newest(metric, 10));
    return { store, logins: await stored('logins'), orders: await stored('orders') };
  };

  it('are asked with it, and what they say is stored once', async () => {
    const { logins, orders } = await runDaily(async () => ({ columns: ['value'], rows: [['81']] }));
    assert.deepEqual([logins.length, orders.length], [1, 1]);
    assert.equal(logins[0]?.key, `run/${aRun().id}/logins`);
    assert.equal(logins[0]?.recordedBy, 'clock');
  });

  it('do not spoil each other: why one could not be measured is in the audit, and said once a day', async () => {
    const { store, logins, orders } = await runDaily(async (_side, sql) => {
      if (sql === 'logins') throw new SourceError('query', 'no such table');
      return { columns: ['value'], rows: [['81']] };
    });
    assert.deepEqual([logins.length, orders.length], [0, 1]);
    const unmeasured = store.audit.find(({ action }) => action === 'metric.unmeasured');
    assert.match(String(unmeasured?.details['problem']), /logins could not be measured: no such table/);
    const said = store.outbox.get('alert/metric/logins/2026-11-23')?.message;
    assert.match(JSON.stringify(said?.content), /logins could not be measured: no such table/);
    assert.equal(said?.place.channel, 'C0ALERTS');
  });

  it('are not asked while it is held: the data is not ready', async () => {
    const { logins } = await runDaily(() => Promise.reject(new Error('asked')), 'held');
    assert.deepEqual(logins, []);
  });
});
