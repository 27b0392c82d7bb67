import assert from 'node:assert/strict';
import { createSandbox, type SinonFakeTimers } from 'sinon';
import { createTicker, type Ticker } from '../../src/clock/ticker.ts';
import type { Log } from '../../src/core/log.ts';

describe('The ticker', () => {
  const sandbox = createSandbox();
  let timers: SinonFakeTimers;
  let ticker: Ticker;
  let ticks: number[] = [];
  let errors = 0;
  const start = Date.parse('2026-11-23T12:00:07Z');
  const log: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => (errors += 1) };

  beforeEach(() => {
    timers = sandbox.useFakeTimers({ now: start, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    ticks = [];
    errors = 0;
  });
  afterEach(async () => {
    await ticker.stop();
    sandbox.restore();
  });
  const create = (work: () => Promise<void> = async () => {}, others: (() => Promise<void>)[] = []): void => {
    const clock = { now: () => new Date() };
    ticker = createTicker({
      works: [
        () => {
          ticks.push((Date.now() - start) / 1000);
          return work();
        },
        ...others,
      ],
      clock,
      log,
    });
    ticker.start();
  };

  it('ticks at once, and then every quarter of a minute', async () => {
    create();
    await timers.tickAsync(40_000);
    assert.deepEqual(ticks.map(Math.floor), [0, 8, 23, 38]);
  });

  it('tells when it last ticked, for the health', async () => {
    create();
    assert.equal(ticker.lastTick?.getTime(), start);
    await timers.tickAsync(9_000);
    assert.equal(Math.floor(((ticker.lastTick?.getTime() ?? 0) - start) / 1000), 8);
  });

  it('does not begin a second time what is still at work, and ticks on', async () => {
    let finish = (): void => {};
    create(() => new Promise((resolve) => (finish = resolve)));
    await timers.tickAsync(40_000);
    assert.equal(ticks.length, 1);
    assert.equal(Math.floor(((ticker.lastTick?.getTime() ?? 0) - start) / 1000), 38, 'it lives');
    finish();
    await timers.tickAsync(15_000);
    assert.equal(ticks.length, 2);
  });

  it('keeps nothing waiting for what is still at work', async () => {
    let looks = 0;
    const watch = async (): Promise<void> => {
      looks += 1;
    };
    create(() => new Promise(() => {}), [watch]);
    await timers.tickAsync(40_000);
    assert.equal(looks, 4);
  });

  it('survives work that fails or throws, and logs it', async () => {
    let times = 0;
    create(() => {
      times += 1;
      if (times === 1) throw new Error('thrown');
      return times === 2 ? Promise.reject(new Error('rejected')) : Promise.resolve();
    });
    await timers.tickAsync(25_000);
    assert.equal(ticks.length, 3);
    assert.equal(errors, 2);
  });

  it('ticks no more once it is stopped, and does not wait for work that goes on', async () => {
    create(() => new Promise(() => {}));
    await timers.tickAsync(0);
    await ticker.stop();
    await timers.tickAsync(60_000);
    assert.equal(ticks.length, 1);
  });
});
