import assert from 'node:assert/strict';
import { createMetrics } from '../../src/operate/metrics.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { aCard, aCheckResult, aFinding, aMessage, aRequest, aRun, later } from '../support/fixtures.ts';

describe('Metrics', () => {
  let store = createFakeStore();
  beforeEach(() => {
    store = createFakeStore();
  });
  const create = () => createMetrics({ store, now: () => later(90_000) });
  const valuesOf = (body: string): Record<string, number> =>
    Object.fromEntries(
      body
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => {
          const space = line.lastIndexOf(' ');
          return [line.slice(0, space), Number(line.slice(space + 1))];
        }),
    );

  it('say how full the queues are at the moment', async () => {
    const metrics = create();
    await store.transaction(async (tx) => {
      await tx.outbox.post(aMessage(), later(0));
      await tx.inbox.receive(aRequest());
    });
    const values = valuesOf((await metrics.render()).body);
    assert.equal(values['parallel_run_outbox_pending'], 1);
    assert.equal(values['parallel_run_outbox_oldest_due_seconds'], 90);
    assert.equal(values['parallel_run_inbox_waiting'], 1);
    assert.equal(values['parallel_run_inbox_failed'], 0);
    assert.equal(values['parallel_run_outbox_stopped'], 0);
    assert.equal(values['parallel_run_store_up'], 1);
  });

  it('count deliveries by what came of them, and runs by state and duration', async () => {
    const metrics = create();
    metrics.delivery('delivered');
    metrics.delivery('delivered');
    metrics.delivery('refused');
    metrics.run('pass', 4);
    metrics.run('held', 0.2);
    const values = valuesOf((await metrics.render()).body);
    assert.equal(values['parallel_run_deliveries_total{outcome="delivered"}'], 2);
    assert.equal(values['parallel_run_deliveries_total{outcome="refused"}'], 1);
    assert.equal(values['parallel_run_run_seconds_count{state="pass"}'], 1);
    assert.equal(values['parallel_run_run_seconds_sum{state="pass"}'], 4);
    assert.equal(values['parallel_run_run_seconds_bucket{le="0.1",state="held"}'], 0);
    assert.equal(values['parallel_run_run_seconds_bucket{le="0.5",state="held"}'], 1);
  });

  it('say so when the database does not answer, and are there all the same', async () => {
    const metrics = create();
    metrics.delivery('delivered');
    store.setUnavailable(true);
    const values = valuesOf((await metrics.render()).body);
    assert.equal(values['parallel_run_store_up'], 0);
    assert.equal(values['parallel_run_deliveries_total{outcome="delivered"}'], 1);
  });

  it('are in the text format of Prometheus', async () => {
    const { contentType, body } = await create().render();
    assert.match(contentType, /^text\/plain; version=0\.0\.4/);
    assert.match(body, /# HELP parallel_run_outbox_dead Messages given up\n# TYPE parallel_run_outbox_dead gauge/);
  });

  it('hold no figure, key, name or text of what is compared, asked or said', async () => {
    const metrics = create();
    const finding = aFinding({ legacy: '98765432.10', new: '98765433.20', key: 'L3secret' });
    await store.transaction(async (tx) => {
      await tx.runs.save(aRun({ checks: [aCheckResult({ check: 'payroll', findings: [finding] })] }));
      await tx.outbox.post(
        aMessage({ content: { kind: 'card', card: aCard({ title: 'Pay 98765432.10' }) } }),
        later(0),
      );
      await tx.inbox.receive(aRequest({ words: 'check payroll' }));
    });
    metrics.run('fail', 3);
    metrics.delivery('delivered');
    const { body } = await metrics.render();
    for (const word of ['98765', 'L3secret', 'payroll', 'Ana', 'U0ANA', 'C0RECON']) {
      assert.ok(!body.includes(word), `"${word}" is in the metrics`);
    }
  });

  it('are kept apart for each app in a process', async () => {
    const [one, other] = [create(), create()];
    one.delivery('delivered');
    assert.equal(
      valuesOf((await other.render()).body)['parallel_run_deliveries_total{outcome="delivered"}'],
      undefined,
    );
  });
});
