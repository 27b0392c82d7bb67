import assert from 'node:assert/strict';
import { judgeReadiness } from '../../../src/core/checks/readiness.ts';
import type { Batch } from '../../../src/core/checks/run.ts';
import type { Readiness } from '../../../src/core/playbook/playbook.ts';
import type { Rows } from '../../../src/core/sources.ts';
import { rowsOf } from './support.ts';

// Monday, 23 November 2026, 07:00 in New York, which is five hours behind UTC then.
const now = new Date('2026-11-23T12:00:00Z');
const query = 'SELECT';
const settings = (readiness: Partial<Readiness> = {}) => ({
  timeZone: 'America/New_York',
  workingDays: [1, 2, 3, 4, 5],
  readiness: {
    batchDate: 'today' as const,
    deadline: '10:00',
    retryMinutes: 15,
    syncLimitMinutes: 60,
    sync: { source: 'new' as const, query },
    ...readiness,
  },
});

interface Sync {
  batch_date: string | null;
  started_at: string | null;
  finished_at: string | null;
  rows_sent: string | null;
  rows_loaded: string | null;
}
const sync = (overrides: Partial<Sync> = {}): Rows => {
  const row: Sync = {
    batch_date: '2026-11-23',
    started_at: '2026-11-23 05:00:00+00',
    finished_at: '2026-11-23 05:41:30+00',
    rows_sent: '1250',
    rows_loaded: '1250',
    ...overrides,
  };
  return { columns: Object.keys(row), rows: [Object.values(row) as (string | null)[]] };
};
const judge = (overrides: Partial<Sync> = {}, readiness: Partial<Readiness> = {}): Batch =>
  judgeReadiness(settings(readiness), { sync: sync(overrides) }, now);

describe('A batch', () => {
  it('that is finished, of today and whole is ready, with its figures', () => {
    assert.deepEqual(judge(), {
      ready: true,
      reasons: [],
      date: '2026-11-23',
      syncStartedAt: '2026-11-23T05:00:00.000Z',
      syncFinishedAt: '2026-11-23T05:41:30.000Z',
      syncSeconds: 2490,
      syncWithinLimit: true,
      syncLimitMinutes: 60,
      rowsSent: '1250',
      rowsLoaded: '1250',
    });
  });

  const notReady: [title: string, overrides: Partial<Sync>, reason: string][] = [
    ['whose sync works still', { finished_at: null }, 'The sync run has not finished yet.'],
    ['that lost a row', { rows_loaded: '1249' }, 'The sync sent 1250 rows and loaded 1249.'],
    ['with a row too many', { rows_loaded: '1251' }, 'The sync sent 1250 rows and loaded 1251.'],
    [
      'that does not count its rows',
      { rows_sent: null, rows_loaded: null },
      'The sync sent an unknown number of rows and loaded an unknown number.',
    ],
    ['of yesterday', { batch_date: '2026-11-22' }, 'The last batch is of 2026-11-22; the one of 2026-11-23 is wanted.'],
    ['of tomorrow', { batch_date: '2026-11-24' }, 'The last batch is of 2026-11-24; the one of 2026-11-23 is wanted.'],
    ['of no date', { batch_date: null }, 'The last batch is of no date; the one of 2026-11-23 is wanted.'],
    [
      'that will have finished',
      { finished_at: '2026-11-23 12:00:01+00' },
      'The sync run claims to finish in the future.',
    ],
    [
      'that finished before it started',
      { finished_at: '2026-11-23 04:59:59+00' },
      'The sync run claims to finish before it started.',
    ],
    ['whose start is not known', { started_at: null }, 'The sync run does not say when it started.'],
    [
      'whose row counts are no numbers',
      { rows_sent: '', rows_loaded: '' },
      "The sync's rows_sent is not a number. The sync's rows_loaded is not a number. The sync sent an unknown number of rows and loaded an unknown number.",
    ],
    ['whose time is none', { started_at: 'at dawn' }, "The sync's started_at is not a time: at dawn."],
    [
      'whose time is on no calendar',
      { started_at: '2026-02-30 05:00:00' },
      "The sync's started_at is not a time: 2026-02-30 05:00:00.",
    ],
    [
      'whose time is on no clock',
      { finished_at: '2026-11-23 25:00:00' },
      "The sync's finished_at is not a time: 2026-11-23 25:00:00.",
    ],
  ];
  for (const [title, overrides, reason] of notReady) {
    it(`${title} is not ready, and says why`, () => {
      const { ready, reasons } = judge(overrides);
      assert.equal(ready, false);
      assert.equal(reasons.join(' '), reason);
    });
  }

  it('reads row counts however they are written', () => {
    const { ready, rowsSent, rowsLoaded } = judge({ rows_sent: '1,250.0', rows_loaded: '1250' });
    assert.deepEqual([ready, rowsSent, rowsLoaded], [true, '1250', '1250']);
  });

  it('is not ready when the query gives several sync runs: which is the last would be a guess', () => {
    const { columns, rows } = sync();
    const batch = judgeReadiness(settings(), { sync: { columns, rows: [...rows, ...rows] } }, now);
    assert.equal(batch.ready, false);
    assert.match(batch.reasons.join(), /gave 2 rows/);
  });

  it('says everything that is wrong with it at once', () => {
    const { reasons } = judge({ batch_date: '2026-11-20', finished_at: null, rows_loaded: '0' });
    assert.equal(reasons.length, 3);
  });

  it('is not ready before the first sync run', () => {
    const batch = judgeReadiness(settings(), { sync: { columns: sync().columns, rows: [] } }, now);
    assert.equal(batch.ready, false);
    assert.deepEqual(batch.reasons, ['There is no sync run yet.']);
  });

  it('is not ready when the query leaves columns out', () => {
    const batch = judgeReadiness(settings(), { sync: rowsOf('batch_date rows_sent', ['2026-11-23', 5]) }, now);
    assert.equal(batch.ready, false);
    assert.match(batch.reasons[0] ?? '', /gives no column started_at, finished_at, rows_loaded\.$/);
  });

  it('that finishes at this very moment is ready', () => {
    assert.equal(judge({ finished_at: '2026-11-23 12:00:00+00' }).ready, true);
  });

  it('is always ready when the playbook asks nothing', () => {
    assert.equal(judgeReadiness(settings(), {}, now).ready, true);
  });
});

describe('The duration of a sync', () => {
  const cases: [finished: string, seconds: number, within: boolean][] = [
    ['2026-11-23 05:59:59+00', 3599, true],
    ['2026-11-23 05:59:59.999+00', 3599.999, true],
    ['2026-11-23 06:00:00+00', 3600, false],
    ['2026-11-23 06:00:01+00', 3601, false],
  ];
  for (const [finished, seconds, within] of cases) {
    it(`of ${seconds} seconds is ${within ? 'within' : 'not within'} an hour`, () => {
      const batch = judge({ finished_at: finished });
      assert.deepEqual([batch.syncSeconds, batch.syncWithinLimit], [seconds, within]);
      assert.equal(batch.ready, true, 'a long sync is told; it does not hold the run');
    });
  }

  it('follows the limit that the playbook sets', () => {
    const finished_at = '2026-11-23 05:30:00+00';
    assert.equal(judge({ finished_at }, { syncLimitMinutes: 30 }).syncWithinLimit, false);
    assert.equal(judge({ finished_at }, { syncLimitMinutes: 31 }).syncWithinLimit, true);
  });

  it('is unknown while it works', () => {
    const batch = judge({ finished_at: null });
    assert.deepEqual([batch.syncSeconds, batch.syncWithinLimit], [null, null]);
  });

  for (const [text, instant] of [
    ['2026-11-23 05:41:30+00', '2026-11-23T05:41:30.000Z'],
    ['2026-11-23T05:41:30Z', '2026-11-23T05:41:30.000Z'],
    ['2026-11-23 05:41:30.123456+00', '2026-11-23T05:41:30.123Z'],
    ['2026-11-23 00:41:30-05', '2026-11-23T05:41:30.000Z'],
    ['2026-11-23 11:11:30+05:30', '2026-11-23T05:41:30.000Z'],
    ['2026-11-23 11:11:30+0530', '2026-11-23T05:41:30.000Z'],
    // Without an offset it is the playbook's own time.
    ['2026-11-23 00:41:30', '2026-11-23T05:41:30.000Z'],
    ['2026-11-23 00:41', '2026-11-23T05:41:00.000Z'],
  ] as const) {
    it(`is measured to ${instant} from ${text}`, () => {
      assert.equal(judge({ finished_at: text }).syncFinishedAt, instant);
    });
  }

  it('is an hour longer than the clock shows on the night when the clocks go back', () => {
    const batch = judgeReadiness(
      settings({ batchDate: 'any' }),
      { sync: sync({ started_at: '2026-11-01 00:30:00', finished_at: '2026-11-01 02:00:00' }) },
      now,
    );
    assert.equal(batch.syncSeconds, 2.5 * 3600);
  });
});

describe('The batch date that a run wants', () => {
  const monday = now;
  const cases: [batchDate: Readiness['batchDate'], now: Date, wanted: string][] = [
    ['today', monday, '2026-11-23'],
    ['yesterday', monday, '2026-11-22'],
    ['previousWorkingDay', monday, '2026-11-20'],
    ['previousWorkingDay', new Date('2026-11-24T12:00:00Z'), '2026-11-23'],
    // 03:00 UTC is the evening before in New York.
    ['today', new Date('2026-11-24T03:00:00Z'), '2026-11-23'],
  ];
  for (const [batchDate, at, wanted] of cases) {
    it(`is ${wanted} for "${batchDate}" at ${at.toISOString()}`, () => {
      const judged = (batch_date: string): Batch =>
        judgeReadiness(settings({ batchDate }), { sync: sync({ batch_date }) }, at);
      assert.equal(judged(wanted).ready, true);
      assert.equal(judged('2026-11-19').ready, false);
    });
  }

  it('may be any', () => assert.equal(judge({ batch_date: '2020-01-01' }, { batchDate: 'any' }).ready, true));

  it('is read from a time as well', () => assert.equal(judge({ batch_date: '2026-11-23 00:00:00' }).ready, true));
});

describe('The inputs of both systems', () => {
  const inputs = (legacy: Rows, other: Rows): Batch =>
    judgeReadiness(settings(), { inputs: { legacy, new: other } }, now);

  it('that are the same let the run go on', () => {
    assert.equal(inputs(rowsOf('seed fingerprint', [42, 'ab']), rowsOf('fingerprint seed', ['ab', 42])).ready, true);
  });

  it('that differ are told by the name of the column, not by what it holds', () => {
    const { ready, reasons } = inputs(rowsOf('seed fingerprint', [42, 'ab']), rowsOf('seed fingerprint', [43, 'ab']));
    assert.equal(ready, false);
    assert.deepEqual(reasons, [
      "The two systems worked on different inputs (seed differs), so they can't be compared.",
    ]);
  });

  it('are compared as text: nothing is taken for a number', () => {
    assert.equal(inputs(rowsOf('seed', ['042']), rowsOf('seed', ['42'])).ready, false);
  });

  it('that both are NULL say nothing, so they are not the same', () => {
    assert.equal(inputs(rowsOf('seed', [null]), rowsOf('seed', [null])).ready, false);
  });

  it('must have the same columns', () => {
    assert.equal(inputs(rowsOf('seed', [42]), rowsOf('seed fingerprint', [42, 'ab'])).ready, false);
    assert.equal(inputs(rowsOf('SEED', [42]), rowsOf('seed', [42])).ready, true, 'in upper case or lower');
  });

  for (const [rows, said] of [
    [rowsOf('seed'), 0],
    [rowsOf('seed', [42], [42]), 2],
  ] as const) {
    it(`are not comparable with ${said} rows`, () => {
      assert.deepEqual(inputs(rowsOf('seed', [42]), rows).reasons, [
        `The new readiness query of the inputs gave ${said} rows; it must give one.`,
      ]);
    });
  }

  it('are told together with what is wrong with the sync', () => {
    const { reasons } = judgeReadiness(
      settings(),
      { sync: sync({ finished_at: null }), inputs: { legacy: rowsOf('seed', [1]), new: rowsOf('seed', [2]) } },
      now,
    );
    assert.equal(reasons.length, 2);
  });
});
