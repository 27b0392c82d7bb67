import assert from 'node:assert/strict';
import { metricStatus, type MetricStatus } from '../../../src/core/metrics/status.ts';
import { someMoment } from '../../support/fixtures.ts';
import { thePlaybook } from '../../support/services.ts';

const { metrics } = thePlaybook();
const named = (name: string) => {
  const found = metrics.find((metric) => metric.name === name);
  assert.ok(found !== undefined, name);
  return found;
};
const hour = 3_600_000;
const now = new Date(someMoment);
const statusOf = (name: string, value: string, hoursOld = 0): MetricStatus =>
  metricStatus(named(name), { value, measuredAt: new Date(now.getTime() - hoursOld * hour).toISOString() }, now);

describe('The status of a metric', () => {
  const limits: [metric: string, at: string, beyond: string, short: string][] = [
    ['accuracy', '99.5', '99.51', '99.49'],
    ['adoption', '80.0', '80.1', '79.9'],
    ['p95', '2.0', '1.99', '2.01'],
    ['uptime', '99.9', '99.91', '99.89'],
    ['satisfaction', '4.0', '4.01', '3.99'],
  ];
  for (const [metric, at, beyond, short] of limits) {
    it(`of ${metric} fails exactly at its target of ${at}, and passes with ${beyond}`, () => {
      assert.equal(statusOf(metric, at), 'fail');
      assert.equal(statusOf(metric, beyond), 'pass');
      assert.equal(statusOf(metric, short), 'fail');
    });
  }

  it('is exact: the smallest excess over the target counts', () => {
    assert.equal(statusOf('uptime', '99.9000000000000000000000000001'), 'pass');
    assert.equal(statusOf('p95', '1.9999999999999999999999999999'), 'pass');
  });

  it('is "no data" while there is no reading, never green', () => {
    assert.equal(metricStatus(named('p95'), undefined, now), 'no data');
  });

  it('is stale once the reading is older than it may be, whether it passed or failed', () => {
    assert.equal(statusOf('p95', '1.8', 96), 'pass');
    assert.equal(statusOf('p95', '1.8', 96.001), 'stale');
    assert.equal(statusOf('p95', '2.5', 96), 'fail');
    assert.equal(statusOf('p95', '2.5', 96.001), 'stale');
  });
});
