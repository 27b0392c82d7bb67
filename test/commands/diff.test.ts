import assert from 'node:assert/strict';
import type { RowsCompared } from '../../src/core/rows/compare-rows.ts';
import type { RowComparisonResult, RowDifference } from '../../src/core/rows/result.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { anActor, aRowComparison, aRun } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const { batch } = aRun();
const someDifferences: readonly RowDifference[] = [
  { key: ['E00017'], what: 'differs', values: [{ column: 'compensation', legacy: '71829', new: '72906.44' }] },
  { key: ['E00099'], what: 'onlyLegacy', values: [] },
];

describe('The command diff', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = (compared: RowsCompared) =>
    servicesOver(opened().store, {
      compareRows: ({ progress }) => {
        progress(10_000, 12_000);
        return Promise.resolve(compared);
      },
    });
  const comparing = (more: Partial<RowComparisonResult> = {}) =>
    services({
      state: 'compared',
      batch,
      result: aRowComparison({ verdict: 'fail', ...more }),
      differences: someDifferences,
    });
  const readers = {
    ...thePlaybook().roles,
    analysts: { title: 'Analysts', people: ['terminal:ana'] },
  };
  const inTerminal = { actor: anActor({ platform: 'terminal', workspace: '', user: 'ana' }) };

  it('says how many rows agree, and why the others do not, most first', async () => {
    const cause = (column: string, rows: number) =>
      ({ what: 'differs', column, rows, segments: [], pattern: null, keys: null }) as const;
    const { answer } = await ask(comparing({ causes: [cause('compensation', 50), cause('status', 3)] }), 'diff people');
    assert.match(answer.card.title, /11,948 of 12,000 people agree in all columns, 99\.56 %/);
    const text = textOf(answer.card);
    assert.match(text, /50 people whose compensation differs[\s\S]*3 people whose status differs/);
    assert.equal(answer.exitCode, 1);
  });
  it('never shows a row in chat, not even when it is shared', async () => {
    for (const words of ['diff people', 'diff people --share']) {
      const { answer } = await ask(comparing(), words);
      assert.doesNotMatch(JSON.stringify(answer.card), /E00017|72906|71829/);
      assert.equal(answer.share, words.includes('share'));
    }
  });
  it('writes the rows to a file for somebody whose role may have them, and says so in the audit', async () => {
    const asked = { ...comparing(), playbook: { ...thePlaybook(), roles: readers } };
    const { answer } = await ask(asked, 'diff people --rows out.csv', inTerminal);
    assert.deepEqual(answer.file, {
      path: 'out.csv',
      content: [
        'employee,what,column,legacy,new',
        'E00017,differs,compensation,71829,72906.44',
        'E00099,onlyLegacy,,,',
        '',
      ].join('\r\n'),
    });
    assert.match(textOf(answer.card), /The first 2 rows of 52 rows that do not agree: written to out\.csv/);
    assert.doesNotMatch(textOf(answer.card), /E00017|72906|71829/);
    const head = await opened().store.transaction((tx) => tx.audit.head());
    assert.deepEqual([head?.action, head?.actor], ['rows.written', 'terminal:ana']);
  });
  it('writes no rows for anybody else, and says who may have them', async () => {
    const { answer } = await ask(comparing(), 'diff people --rows out.csv', inTerminal);
    assert.equal(answer.file, undefined);
    assert.equal(answer.exitCode, 64);
    assert.match(textOf(answer.card), /for Data Owner, Analysts.*terminal:ana/);
  });
  it('writes no rows for chat, whoever asks', async () => {
    const playbook = { ...thePlaybook(), roles: { ...readers, analysts: { title: 'A', people: ['slack:U0ANA'] } } };
    const { answer } = await ask({ ...comparing(), playbook }, 'diff people --rows out.csv');
    assert.equal(answer.file, undefined);
    assert.match(textOf(answer.card), /Rows never go to chat/);
  });
  it('shows what a run found, and its rows as long as they are kept', async () => {
    const { store } = opened();
    const asked = { ...servicesOver(store), playbook: { ...thePlaybook(), roles: readers } };
    await store.transaction(async (tx) => {
      await tx.runs.save(aRun({ comparisons: [aRowComparison({ verdict: 'fail' })] }));
      const until = '2026-12-01T00:00:00.000Z';
      await tx.rows.keep({ run: aRun().id, comparison: 'people', until, differences: someDifferences }, new Date(0));
    });
    const line = 'diff people --run last --rows out.csv';
    assert.match((await ask(asked, line, inTerminal)).answer.file?.content.toString() ?? '', /E00017/);
    assert.match(
      textOf((await ask(asked, 'diff events --run last')).answer.card),
      /did not compare the rows of Events/,
    );
    asked.setTime('2026-12-01T00:00:00.000Z');
    const late = await ask({ ...asked, clock: { now: () => new Date('2026-12-01T00:00:00.000Z') } }, line, inTerminal);
    assert.match(textOf(late.answer.card), /no longer kept/);
    assert.equal(late.answer.file, undefined);
  });
  it('measures on request what legacy differs in from its own copy, and keeps it', async () => {
    const asked: unknown[] = [];
    const { store } = opened();
    const [people] = thePlaybook().comparisons;
    assert.ok(people !== undefined);
    const playbook = { ...thePlaybook(), comparisons: [{ ...people, baseline: 'SELECT last_night' }] };
    const measuring = servicesOver(store, {
      playbook,
      compareRows: ({ comparison, withinLegacy }) => {
        asked.push([comparison.new, withinLegacy]);
        const rows = { legacy: 200, new: 200 };
        const columns = [{ column: 'changed', differ: 50 }];
        const result = aRowComparison({ title: comparison.title, rows, columns });
        return Promise.resolve({ state: 'compared', batch, result, differences: [] });
      },
    });
    const { answer } = await ask(measuring, 'diff people --baseline');
    assert.deepEqual(asked, [['SELECT last_night', true]]);
    assert.match(textOf(answer.card), /legacy against its baseline[\s\S]*called noisy from now on/);
    assert.deepEqual(await store.transaction((tx) => tx.rows.noise('people')), new Map([['changed', 0.25]]));
    const both = await ask(measuring, 'diff people --baseline --run last');
    assert.match(textOf(both.answer.card), /--baseline is measured now/);
    const none = await ask(comparing(), 'diff people --baseline');
    assert.match(textOf(none.answer.card), /has no baseline to be compared with/);
  });
  it('says 100 % only when every row agrees', async () => {
    const almost = await ask(comparing({ agree: 99_999, differ: 1, only: { legacy: 0, new: 0 } }), 'diff people');
    assert.match(almost.answer.card.title, /99\.99 %/);
    const all = {
      verdict: 'pass' as const,
      agree: 5,
      differ: 0,
      only: { legacy: 0, new: 0 },
      columns: [],
    };
    const { answer } = await ask(comparing(all), 'diff people');
    assert.match(answer.card.title, /5 of 5 people agree in all columns, 100 %/);
    assert.equal(answer.exitCode, 0);
  });
  it('counts rows whose key repeats or is NULL', async () => {
    const { answer } = await ask(
      comparing({ repeated: { keys: 2, rows: { legacy: 5, new: 2 } }, nullKeys: { legacy: 0, new: 7 } }),
      'diff people',
    );
    assert.match(
      textOf(answer.card),
      /with a key that repeats[\s\S]*5[\s\S]*2[\s\S]*with NULL in the key[\s\S]*0[\s\S]*7/,
    );
  });
  it('says what damage there is, and what differed only once', async () => {
    const found = { legacy: 0, new: 3 };
    const { answer } = await ask(
      comparing({
        integrity: [
          { probe: 'belowMinimum', column: 'pay', found, verdict: 'fail' },
          { probe: 'nullKeys', column: null, found: { legacy: 1, new: 1 }, verdict: 'pass' },
        ],
        unsettled: 7,
      }),
      'diff people',
    );
    const text = textOf(answer.card);
    assert.match(text, /Damage in the new system: 3 rows below the minimum of pay \(legacy 0\)\./);
    assert.doesNotMatch(text, /1 row with NULL/);
    assert.match(text, /7 keys differed only once and count as agreeing\./);
  });
  it('says why it could not compare, and no figure', async () => {
    const { answer } = await ask(
      comparing({ verdict: 'error', reason: 'The new query has no key column id.', rows: { legacy: 0, new: 0 } }),
      'diff people',
    );
    assert.match(answer.card.title, /could not be compared/);
    assert.match(textOf(answer.card), /no key column id/);
    assert.doesNotMatch(textOf(answer.card), /11,948/);
    assert.equal(answer.exitCode, 2);
  });
  it('is held while the batch is not ready', async () => {
    const held = { ...batch, ready: false, reasons: ['The sync has not finished.'] };
    const { answer } = await ask(services({ state: 'held', batch: held }), 'diff people');
    assert.match(answer.card.title, /held, nothing was compared/);
    assert.match(textOf(answer.card), /The sync has not finished/);
    assert.equal(answer.exitCode, 2);
  });
  it('shows how far it is while it works', async () => {
    const { progress } = await ask(comparing(), 'diff people');
    assert.match(progress.at(-1)?.summary ?? '', /10,000 of 12,000 rows compared so far/);
  });
  it('is written into the audit, without any row', async () => {
    await ask(comparing(), 'diff people');
    const head = await opened().store.transaction((tx) => tx.audit.head());
    assert.equal(head?.action, 'rows.compared');
    assert.equal(head.subject, 'comparison/people');
    assert.doesNotMatch(JSON.stringify(head.details), /E00017/);
  });
  it('says which comparisons there are, and which was probably meant', async () => {
    const without = await ask(comparing(), 'diff');
    assert.equal(without.answer.exitCode, 64);
    assert.match(textOf(without.answer.card), /the comparisons are people, events\./);
    assert.match(textOf((await ask(comparing(), 'diff poeple')).answer.card), /Did you mean \/parallel diff people\?/);
    const none = servicesOver(opened().store, { playbook: { ...thePlaybook(), comparisons: [] } });
    assert.match(textOf((await ask(none, 'diff people')).answer.card), /the playbook has no comparisons/);
  });
});
