import assert from 'node:assert/strict';
import { ahead } from '../../../src/core/rows/ahead.ts';

describe('A sequence that is asked ahead', () => {
  async function* numbers(log: string[], upTo: number, failsAt = Number.NaN): AsyncGenerator<number> {
    try {
      for (let number = 1; number <= upTo; number += 1) {
        log.push(`asked ${number}`);
        if (number === failsAt) throw new Error(`no ${number}`);
        yield number;
      }
    } finally {
      log.push('closed');
    }
  }
  const work = async (from: AsyncGenerator<number>, log: string[], until = Number.NaN): Promise<void> => {
    for await (const number of ahead(from)) {
      log.push(`worked ${number}`);
      if (number === until) return;
    }
  };

  it('asks for the next while one is worked on, and for no more than that', async () => {
    const log: string[] = [];
    await work(numbers(log, 3), log);
    assert.deepEqual(log, ['asked 1', 'asked 2', 'worked 1', 'asked 3', 'worked 2', 'closed', 'worked 3']);
  });
  it('gives nothing where there is nothing', async () => {
    const log: string[] = [];
    await work(numbers(log, 0), log);
    assert.deepEqual(log, ['closed']);
  });
  it('fails where it fails, after what came before was worked on', async () => {
    const log: string[] = [];
    await assert.rejects(work(numbers(log, 3, 2), log), /no 2/);
    assert.deepEqual(log, ['asked 1', 'asked 2', 'closed', 'worked 1']);
  });
  it('is closed when it is left in the middle', async () => {
    const log: string[] = [];
    await work(numbers(log, 3), log, 1);
    assert.deepEqual(log, ['asked 1', 'asked 2', 'worked 1', 'closed']);
  });
});
