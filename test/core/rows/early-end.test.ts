import assert from 'node:assert/strict';
import { createLimits } from '../../../src/core/rows/early-end.ts';

describe('The limits of a comparison', () => {
  let now = 0;
  const limits = (given: Parameters<typeof createLimits>[0]) => createLimits(given, () => now);
  beforeEach(() => {
    now = 0;
  });

  it('let it go on while there are none', () => {
    assert.equal(limits({})({ rows: 1e9, differing: 1e9 }), undefined);
  });
  it('end it at a number of rows, not one before', () => {
    const reached = limits({ rows: 20_000 });
    assert.equal(reached({ rows: 19_999, differing: 0 }), undefined);
    assert.match(reached({ rows: 20_000, differing: 0 }) ?? '', /after 20,000 rows: the playbook has no more compared/);
  });
  it('end it when its minutes are over', () => {
    const reached = limits({ minutes: 2 });
    now = 119_999;
    assert.equal(reached({ rows: 1, differing: 0 }), undefined);
    now = 120_000;
    assert.match(reached({ rows: 1, differing: 0 }) ?? '', /it took the 2 minutes that the playbook allows/);
  });
  it('end it when more than a share differs, once enough rows were compared', () => {
    const reached = limits({ differing: '12.5' });
    assert.equal(reached({ rows: 9_999, differing: 9_999 }), undefined);
    assert.equal(reached({ rows: 16_000, differing: 2_000 }), undefined);
    assert.match(reached({ rows: 16_000, differing: 2_001 }) ?? '', /2,001 of them differ, more than 12\.5 %/);
  });
});
