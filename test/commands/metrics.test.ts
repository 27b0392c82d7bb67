import assert from 'node:assert/strict';
import type { Reading } from '../../src/core/metrics/reading.ts';
import type { Metric } from '../../src/core/playbook/team.ts';
import { type Rows, SourceError } from '../../src/core/sources.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { anActor, aReading, aRowComparison, aRun, later, someMoment } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const techLead = anActor({ user: 'U0TOM', name: 'Tom' });
const playbook = thePlaybook({ TECH_LEAD: 'slack:U0TOM', PRODUCT_OWNER: 'slack:U0PIA' });

describe('Metrics', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = (options: Parameters<typeof servicesOver>[1] = {}) =>
    servicesOver(opened().store, { playbook, ...options });
  const stored = (metric = 'p95'): Promise<Reading[]> =>
    opened().store.transaction((tx) => tx.metrics.newest(metric, 10));
  const add = async (...readings: Reading[]): Promise<void> => {
    for (const reading of readings) await opened().store.transaction((tx) => tx.metrics.add(reading));
  };
  const head = () => opened().store.transaction((tx) => tx.audit.head());
  let requests = 0;
  const say = async (words: string, options: Parameters<typeof servicesOver>[1] = {}, actor = techLead) => {
    requests += 1;
    const { answer, failures } = await ask(services(options), words, { id: `Ev${requests}`, actor });
    assert.deepEqual(failures, []);
    return { ...answer, text: textOf(answer.card) };
  };

  describe('metrics', () => {
    it('shows the five of the document as to be determined while there is nothing', async () => {
      const { card } = await say('metrics');
      assert.equal(card.title, 'Metrics: 0 of 5 on target, 5 without data');
      assert.notEqual(card.tone, 'good');
      const [table] = card.body;
      assert.ok(table?.kind === 'table');
      assert.deepEqual(table.rows, [
        ['Data Accuracy', '> 99.5 %', 'TBD', '– no data', 'TBD'],
        ['User Adoption', '> 80 %', 'TBD', '– no data', 'TBD'],
        ['Performance (p95)', '< 2 s', 'TBD', '– no data', 'TBD'],
        ['Uptime', '> 99.9 %', 'TBD', '– no data', 'TBD'],
        ['User Satisfaction', '> 4 of 5', 'TBD', '– no data', 'TBD'],
      ]);
    });

    it('shows target, actual, status and date, with a word beside every sign', async () => {
      await add(
        aReading({ key: 'a', measuredAt: later(-3_600_000).toISOString() }),
        aReading({ key: 'b', metric: 'uptime', value: '99.9' }),
        aReading({ key: 'c', metric: 'satisfaction', value: '4.01' }),
        aReading({ key: 'd', metric: 'adoption', value: '85', measuredAt: later(-193 * 3_600_000).toISOString() }),
      );
      const { card } = await say('metrics');
      assert.equal(card.title, 'Metrics: 2 of 5 on target, 1 not on target, 1 stale, 1 without data');
      assert.equal(card.tone, 'bad');
      const [table] = card.body;
      assert.ok(table?.kind === 'table');
      assert.deepEqual(table.rows.slice(1), [
        ['User Adoption', '> 80 %', '85 %', '… stale', 'Sun 15 Nov 2026'],
        ['Performance (p95)', '< 2 s', '1.8 s', '✓ pass', 'Mon 23 Nov 2026'],
        ['Uptime', '> 99.9 %', '99.9 %', '✗ fail', 'Mon 23 Nov 2026'],
        ['User Satisfaction', '> 4 of 5', '4.01 of 5', '✓ pass', 'Mon 23 Nov 2026'],
      ]);
      assert.match(card.summary, /Uptime: 99\.9 %, not on target; User Satisfaction: 4\.01 of 5, on target\.$/);
    });

    it('never shows what is just beyond a target as if it were at it', async () => {
      await add(aReading({ metric: 'uptime', value: '99.900001' }));
      assert.match((await say('metrics')).text, /"99\.900001 %","✓ pass"/);
    });

    it('is private unless it is shared', async () => {
      assert.notEqual((await say('metrics')).share, true);
      assert.equal((await say('metrics --share')).share, true);
    });
  });

  describe('data accuracy', () => {
    const runWith = (overrides: Parameters<typeof aRowComparison>[0], id = '20261123-k3f9a', startedAt = someMoment) =>
      aRun({ id, slot: startedAt, startedAt, comparisons: [aRowComparison(overrides)] });
    const save = (run: ReturnType<typeof aRun>) => opened().store.transaction((tx) => tx.runs.save(run));

    it('is the share of people that agree in the newest daily run', async () => {
      await save(runWith({}));
      assert.match((await say('metric accuracy')).card.title, /Data Accuracy: 99\.57 %, on target/);
    });
    it('is not on target exactly at it, and is one person in a million above', async () => {
      const counts = { differ: 5_000, only: { legacy: 0, new: 0 }, verdict: 'fail' } as const;
      await save(runWith({ ...counts, agree: 995_000 }));
      assert.match((await say('metric accuracy')).card.title, /99\.5 %, not on target/);
      await save(runWith({ ...counts, agree: 995_001, differ: 4_999 }, '20261123-bbbbb', later(1_000).toISOString()));
      assert.match((await say('metric accuracy')).card.title, /99\.5001 %, on target/);
    });
    it('is not taken from a run on demand, nor from one that did not compare all rows', async () => {
      await save(aRun({ id: '20261123-ccccc', comparisons: [aRowComparison()] }));
      await save(runWith({ verdict: 'fail', reason: 'Ended early after 30 minutes.' }, '20261123-ddddd'));
      assert.match((await say('metric accuracy')).card.title, /no data yet/);
    });
    it('goes stale when no run compares any more', async () => {
      await save(runWith({}, '20261118-eeeee', '2026-11-18T12:00:00.000Z'));
      assert.match((await say('metric accuracy')).card.title, /stale, 99\.57 % is of 18 Nov/);
    });
    it('can be reported by nobody', async () => {
      const { text, exitCode } = await say('metric accuracy 99.9', {}, anActor());
      assert.match(text, /Data Accuracy is measured, not reported: nothing was changed/);
      assert.equal(exitCode, 64);
      assert.deepEqual(await stored('accuracy'), []);
    });
  });

  describe('a reading in chat', () => {
    it('is written down with who said it and when, and with the audit', async () => {
      const { card } = await say('metric p95 1.80 s --note "after the index"');
      assert.equal(card.title, 'Performance (p95): 1.8 s is written down.');
      const [reading] = await stored();
      assert.deepEqual(reading, {
        key: `request/Ev${requests}`,
        metric: 'p95',
        value: '1.8',
        measuredAt: someMoment,
        recordedAt: someMoment,
        recordedBy: 'slack:T0TEST/U0TOM',
        note: 'after the index',
      });
      const entry = await head();
      assert.deepEqual(
        [entry?.action, entry?.subject, entry?.actor],
        ['metric.reading', 'metric/p95', 'slack:T0TEST/U0TOM'],
      );
    });
    it('that is delivered twice is one', async () => {
      const given = services();
      for (const _time of [1, 2]) await ask(given, 'metric p95 1.8', { id: 'EvTwice', actor: techLead });
      assert.equal((await stored()).length, 1);
      assert.equal((await head())?.sequence, 1);
    });
    it('may be of a day that has been', async () => {
      await say('metric p95 1.9 --at 2026-11-20');
      assert.equal((await stored())[0]?.measuredAt, '2026-11-20T17:00:00.000Z');
    });
    it('of a day to come is refused', async () => {
      assert.match((await say('metric p95 1.9 --at 2026-11-24')).text, /2026-11-24 is in the future/);
      assert.match((await say('metric p95 1.9 --at 2026-02-30')).text, /is not a date/);
      assert.deepEqual(await stored(), []);
    });
    it('in another unit is refused with what to type', async () => {
      const { text, exitCode } = await say('metric p95 1800 ms');
      assert.match(text, /is not a figure of Performance \(p95\): give a number such as 2 or/);
      assert.equal(exitCode, 64);
    });
    it('outside what can be is refused with the reason', async () => {
      assert.match((await say('metric uptime 100.1')).text, /it is never more than 100/);
      assert.match((await say('metric p95 -1')).text, /it is never less than 0/);
      assert.deepEqual([...(await stored()), ...(await stored('uptime'))], []);
    });
    it('of somebody without the role is refused, with who may, and changes nothing', async () => {
      const { text, exitCode } = await say('metric p95 1.8', {}, anActor());
      assert.match(text, /Only Tech Lead may report Performance \(p95\): nothing was changed/);
      assert.equal(exitCode, 64);
      assert.deepEqual(await stored(), []);
      assert.equal(await head(), undefined);
    });
    it('of a metric that there is not is refused with the one that was probably meant', async () => {
      assert.match((await say('metric uptim 99.95')).text, /Did you mean \/parallel metric uptime\?/);
    });
  });

  describe('metric', () => {
    it('shows one with its readings and their trend, oldest first', async () => {
      await add(
        aReading({ key: 'a', value: '2.5', measuredAt: later(-86_400_000).toISOString() }),
        aReading({ key: 'b', value: '1.8' }),
      );
      const { card } = await say('metric P95');
      assert.equal(card.title, 'Performance (p95): 1.8 s, on target');
      const chart = card.body.find(({ kind }) => kind === 'chart');
      assert.ok(chart?.kind === 'chart');
      assert.deepEqual(chart.series[0]?.points, [
        { label: '22 Nov', value: '2.5' },
        { label: '23 Nov', value: '1.8' },
      ]);
      assert.match(chart.summary, /1\.8 s, down from 2\.5 s/);
    });
    it('refuses two things at once, and a note without a figure', async () => {
      assert.match((await say('metric p95 1.8 --accept-baseline')).text, /two things at once/);
      assert.match((await say('metric p95 --note hello')).text, /go with a figure/);
    });
  });

  describe('a baseline', () => {
    it('is the newest reading that the owner accepts, and later readings are compared with it', async () => {
      await add(aReading({ key: 'a', value: '1.5', measuredAt: '2026-11-12T12:00:00.000Z' }));
      assert.equal(
        (await say('metric p95 --accept-baseline')).card.title,
        'Performance (p95): 1.5 s is the baseline now.',
      );
      assert.equal((await head())?.action, 'metric.baseline');
      await add(aReading({ key: 'b', value: '1.8' }));
      assert.match((await say('metric p95')).text, /1\.8 s, 1\.20 times the baseline 1\.5 s of 12 Nov/);
      assert.match((await say('metrics')).text, /1\.20 times the baseline 1\.5 s of 12 Nov/);
    });
    it('is accepted once, also by two at once', async () => {
      await add(aReading());
      const titles = (await Promise.all([1, 2].map(() => say('metric p95 --accept-baseline')))).map(
        ({ card }) => card.title,
      );
      assert.deepEqual(titles.sort(), [
        'Performance (p95): 1.8 s is the baseline now.',
        'Performance (p95): the newest reading, 1.8 s, was accepted as a baseline before.',
      ]);
      assert.equal((await head())?.sequence, 1);
    });
    it('can only be accepted by the owner, of a metric that has one, once there is a reading', async () => {
      assert.match(
        (await say('metric p95 --accept-baseline', {}, anActor())).text,
        /Only Tech Lead may accept a baseline/,
      );
      assert.match((await say('metric uptime --accept-baseline')).text, /Uptime has no baseline.*These have one: p95/);
      assert.match((await say('metric p95 --accept-baseline')).text, /has no reading yet that could be the baseline/);
      assert.equal(await head(), undefined);
    });
  });

  describe('a metric with a query', () => {
    const logins: Metric = {
      name: 'logins',
      title: 'Logins',
      target: { direction: 'above', amount: '80', unit: '%' },
      owner: 'techLead',
      staleAfterHours: 48,
      baseline: false,
      maximum: '100',
      query: { source: 'new', sql: 'SELECT 1' },
    };
    const measuring = (rows: Rows | Error) =>
      say('metric logins --measure', {
        playbook: { ...playbook, metrics: [logins] },
        readFrom: async (side, sql) => {
          assert.deepEqual([side, sql], ['new', 'SELECT 1']);
          if (rows instanceof Error) throw rows;
          return rows;
        },
      });

    it('is measured on request, of the time that the query names', async () => {
      await measuring({ columns: ['VALUE', 'measured_at'], rows: [['83.333333333333329', '2026-11-23 11:00:00+00']] });
      const [reading] = await stored('logins');
      assert.deepEqual([reading?.value, reading?.measuredAt], ['83.333333333333329', '2026-11-23T11:00:00.000Z']);
    });
    it('is of now where the query names no time', async () => {
      await measuring({ columns: ['value'], rows: [['81']] });
      assert.equal((await stored('logins'))[0]?.measuredAt, someMoment);
    });
    const refused: [why: string, rows: Rows | Error, message: RegExp][] = [
      ['no row', { columns: ['value'], rows: [] }, /gave 0 rows; it must give one/],
      ['two rows', { columns: ['value'], rows: [['1'], ['2']] }, /gave 2 rows/],
      ['NULL', { columns: ['value'], rows: [[null]] }, /gave no number in the column value/],
      ['no column value', { columns: ['share'], rows: [['1']] }, /gave no number in the column value/],
      ['a share above 100 %', { columns: ['value'], rows: [['101']] }, /it is never more than 100/],
      [
        'a time to come',
        { columns: ['value', 'measured_at'], rows: [['81', '2026-11-24 00:00:00Z']] },
        /in the future/,
      ],
      ['an error', new SourceError('timeout', 'no answer in 300 s'), /could not be measured: no answer in 300 s/],
    ];
    for (const [why, rows, message] of refused) {
      it(`is not taken from ${why}`, async () => {
        assert.match((await measuring(rows)).text, message);
        assert.deepEqual(await stored('logins'), []);
      });
    }
  });

  it('stand in one line of the status', async () => {
    await add(aReading());
    assert.match((await say('status')).text, /"Metrics","value":"1 of 5 on target, 4 without data"/);
  });
});
