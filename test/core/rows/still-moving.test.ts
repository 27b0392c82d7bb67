import assert from 'node:assert/strict';
import type { Changed } from '../../../src/core/playbook/playbook.ts';
import type { ChangedAt } from '../../../src/core/rows/result.ts';
import { readChanges, stillMoving } from '../../../src/core/rows/still-moving.ts';
import { SourceError } from '../../../src/core/sources.ts';
import { anUnaskedSnapshot } from '../../support/fake-snapshot.ts';
import { someMoment } from '../../support/fixtures.ts';

const readAt = new Date(someMoment);
const changed: Changed = { legacy: 'SELECT legacy', new: 'SELECT new', withinMinutes: 15 };
const before = (milliseconds: number): string => new Date(readAt.getTime() - milliseconds).toISOString();
const bound = 15 * 60_000;
const moving = (changedAt: ChangedAt): boolean => stillMoving({ confirmAfterSeconds: 60, changed }, changedAt, readAt);

describe('A side that is compared', () => {
  it('is still written to if it was changed less than so long before it was read', () => {
    assert.equal(moving({ legacy: before(bound - 1), new: before(bound) }), true);
    assert.equal(moving({ legacy: before(bound), new: before(bound - 1) }), true);
    assert.equal(moving({ new: before(-1_000) }), true, 'while it was read');
  });
  it('is not if that was exactly so long before, or longer', () => {
    assert.equal(moving({ legacy: before(bound), new: before(bound * 100) }), false);
    assert.equal(moving({ new: before(bound) }), false);
  });
  it('counts as written to where nobody can tell', () => {
    assert.equal(moving({ legacy: before(bound), new: null }), true);
  });
  it('always is where the playbook says no more than how long to wait, and never where it does not', () => {
    assert.equal(stillMoving({ confirmAfterSeconds: 60 }, {}, readAt), true);
    assert.equal(stillMoving({}, {}, readAt), false);
  });

  const read = (answer: () => Promise<readonly (readonly (string | null)[])[]>) => {
    const snapshot = { ...anUnaskedSnapshot, query: async () => ({ columns: ['at'], rows: await answer() }) };
    return readChanges(
      { changed: { new: 'SELECT', withinMinutes: 15 } },
      { legacy: snapshot, new: snapshot },
      'Europe/Berlin',
    );
  };
  it('tells by one time, which is in the zone of the playbook if it names none', async () => {
    assert.deepEqual(await read(async () => [['2026-11-23 05:41:00+00']]), { new: '2026-11-23T05:41:00.000Z' });
    assert.deepEqual(await read(async () => [['2026-11-23 05:41:00']]), { new: '2026-11-23T04:41:00.000Z' });
  });
  it('tells nothing by no time, by several, by none at all, and by a query that it refuses', async () => {
    for (const rows of [[[null]], [['yesterday']], [], [['2026-11-23 05:41:00'], ['2026-11-23 05:42:00']]]) {
      assert.deepEqual(await read(async () => rows), { new: null });
    }
    assert.deepEqual(await read(() => Promise.reject(new SourceError('query', 'no such table'))), { new: null });
  });
});
