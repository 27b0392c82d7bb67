import assert from 'node:assert/strict';
import type { TestStore } from '../../support/databases.ts';
import { aReading, later, someMoment } from '../../support/fixtures.ts';

/** Readings of metrics and the baselines among them. */
export function metricsContract(opened: () => TestStore): void {
  const run: TestStore['store']['transaction'] = (work) => opened().store.transaction(work);

  describe('readings of metrics', () => {
    it('are kept whole, every digit of them', async () => {
      const reading = aReading({ value: '1.80000000000000000000000000000001', note: 'after the index – "quoted"' });
      assert.equal(await run((tx) => tx.metrics.add(reading)), true);
      assert.deepEqual(await run((tx) => tx.metrics.find(reading.key)), reading);
    });
    it('are stored once under their key, whatever comes later', async () => {
      await run((tx) => tx.metrics.add(aReading()));
      assert.equal(await run((tx) => tx.metrics.add(aReading({ value: '9' }))), false);
      assert.deepEqual(await run((tx) => tx.metrics.newest('p95', 10)), [aReading()]);
    });
    it('are listed with the newest measured first, and of one moment the one told last', async () => {
      const old = aReading({ key: 'a', measuredAt: later(-1_000).toISOString() });
      const [first, last, another] = [
        aReading({ key: 'b' }),
        aReading({ key: 'c' }),
        aReading({ key: 'd', metric: 'x' }),
      ];
      for (const reading of [first, last, old, another]) await run((tx) => tx.metrics.add(reading));
      const keys = (await run((tx) => tx.metrics.newest('p95', 10))).map(({ key }) => key);
      assert.deepEqual(keys, ['c', 'b', 'a']);
      assert.deepEqual(await run((tx) => tx.metrics.newest('p95', 1)), [last]);
    });
    it('told twice at the same time are stored once', async () => {
      const added = await Promise.all([1, 2].map(() => run((tx) => tx.metrics.add(aReading()))));
      assert.deepEqual(added.filter(Boolean), [true]);
    });
  });

  describe('a baseline', () => {
    const accepted = (key: string) => ({
      reading: aReading({ key }),
      acceptedAt: someMoment,
      acceptedBy: 'slack:T0TEST/U0ANA',
    });
    it('is none until one is accepted', async () => {
      assert.equal(await run((tx) => tx.metrics.baseline('p95')), undefined);
    });
    it('is the reading that was accepted last, of its own metric', async () => {
      for (const key of ['a', 'b']) await run((tx) => tx.metrics.add(aReading({ key })));
      for (const key of ['b', 'a']) await run((tx) => tx.metrics.acceptBaseline(accepted(key)));
      assert.deepEqual(await run((tx) => tx.metrics.baseline('p95')), accepted('a'));
      assert.equal(await run((tx) => tx.metrics.baseline('uptime')), undefined);
    });
    it('is accepted once', async () => {
      await run((tx) => tx.metrics.add(aReading()));
      const both = await Promise.all([1, 2].map(() => run((tx) => tx.metrics.acceptBaseline(accepted('report/1')))));
      assert.deepEqual(both.filter(Boolean), [true]);
    });
  });
}
