import assert from 'node:assert/strict';
import { createSandbox, type SinonFakeTimers } from 'sinon';
import type { Log } from '../../src/core/log.ts';
import { createLoops, type Loops } from '../../src/workers/loop.ts';

const pollMilliseconds = 500;

describe('Loops of work', () => {
  const sandbox = createSandbox();
  let timers: SinonFakeTimers;
  let rounds: number[] = [];
  let errors: object[] = [];
  let loops: Loops;
  const log: Log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (fields) => {
      errors.push(fields);
    },
  };

  beforeEach(() => {
    timers = sandbox.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    rounds = [];
    errors = [];
  });
  afterEach(async () => {
    const stopped = loops.stop();
    await timers.runAllAsync();
    await stopped;
    sandbox.restore();
  });

  const start = (round: () => Promise<boolean>, concurrency = 1): void => {
    loops = createLoops({
      name: 'test',
      round: () => {
        rounds.push(Date.now());
        return round();
      },
      concurrency,
      pollMilliseconds,
      log,
    });
    loops.start();
  };

  it('look at once, and then at every poll while there is nothing', async () => {
    start(async () => false);
    await timers.tickAsync(1499);
    assert.deepEqual(rounds, [0, 500, 1000]);
  });

  it('go on at once while there is work', async () => {
    let left = 3;
    start(async () => {
      left -= 1;
      return left >= 0;
    });
    await timers.tickAsync(0);
    assert.deepEqual(rounds, [0, 0, 0, 0]);
  });

  it('look at once when they are nudged, and the poll goes on from there', async () => {
    start(async () => false);
    await timers.tickAsync(100);
    loops.nudge();
    await timers.tickAsync(500);
    assert.deepEqual(rounds, [0, 100, 600]);
  });

  it('look once more when they are nudged during a round', async () => {
    let finish = (): void => {};
    start(() => new Promise((resolve) => (finish = () => resolve(false))));
    await timers.tickAsync(10);
    loops.nudge();
    finish();
    await timers.tickAsync(0);
    assert.deepEqual(rounds, [0, 10]);
    finish();
  });

  it('pause twice as long after every failure, at most five seconds, and log each', async () => {
    start(() => Promise.reject(new Error('the database is down')));
    await timers.tickAsync(22_000);
    assert.deepEqual(rounds, [0, 1000, 3000, 7000, 12_000, 17_000, 22_000]);
    assert.equal(errors.length, 7);
  });

  it('are deaf to nudges while they pause after a failure, and poll as usual after a success', async () => {
    let failing = true;
    start(() => (failing ? Promise.reject(new Error('the database is down')) : Promise.resolve(false)));
    await timers.tickAsync(500);
    loops.nudge();
    await timers.tickAsync(499);
    assert.deepEqual(rounds, [0]);
    failing = false;
    await timers.tickAsync(501);
    assert.deepEqual(rounds, [0, 1000, 1500]);
  });

  it('are told when one of them found work, so that all share it', async () => {
    let inHand = 0;
    let most = 0;
    let left = 4;
    start(async () => {
      if (left === 0) return false;
      left -= 1;
      inHand += 1;
      most = Math.max(most, inHand);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inHand -= 1;
      return true;
    }, 4);
    await timers.tickAsync(100);
    assert.equal(most, 4);
    assert.equal(left, 0);
  });

  it('poll with one of them only: the others rest for five seconds', async () => {
    start(async () => false, 4);
    await timers.tickAsync(4_900);
    assert.equal(rounds.length, 4 + 9);
  });

  it('when stopped begin no further round, and wait for the one in hand', async () => {
    let finish = (): void => {};
    let stopped = false;
    start(() => new Promise((resolve) => (finish = () => resolve(true))));
    await timers.tickAsync(0);
    const stopping = loops.stop().then(() => (stopped = true));
    await timers.tickAsync(60_000);
    assert.equal(stopped, false);
    finish();
    await stopping;
    loops.nudge();
    await timers.tickAsync(60_000);
    assert.deepEqual(rounds, [0]);
  });

  it('stop at once while they rest, also after a failure', async () => {
    start(() => Promise.reject(new Error('the database is down')));
    await timers.tickAsync(100);
    await loops.stop();
    assert.equal(Date.now(), 100);
  });
});
