import assert from 'node:assert/strict';
import type { RowComparisonResult } from '../../src/core/rows/result.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aCheckResult, aFinding, anActor, aRowComparison, aRun } from '../support/fixtures.ts';
import { ask, servicesOver, textOf } from '../support/services.ts';

const cause = { what: 'differs', column: 'compensation', rows: 190, segments: [], pattern: null, keys: null } as const;
const raise = { ...cause, pattern: { kind: 'factor', amount: '1.015', fits: 190, of: 190 } } as const;
const few = { ...cause, column: 'status', rows: 2 } as const;
const comparison = (more: Partial<RowComparisonResult> = {}) =>
  aRowComparison({
    verdict: 'fail',
    causes: [raise],
    explanations: [
      {
        check: 'compensation',
        key: 'compensation',
        difference: '812406.1',
        parts: [
          { ...raise, amount: '800000', suppressed: false },
          { ...few, amount: '12406.1', suppressed: true },
        ],
        leftOver: '0',
        reason: '',
      },
    ],
    ...more,
  });

describe('The command explain', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const given = async (...results: readonly RowComparisonResult[]) => {
    const figures = { difference: '812406.1', variance: '0.14', verdict: 'fail' } as const;
    const findings = [aFinding({ check: 'compensation', key: 'compensation', ...figures })];
    const checks = [aCheckResult({ check: 'compensation', title: 'Total Compensation', verdict: 'fail', findings })];
    await opened().store.transaction((tx) =>
      tx.runs.save(aRun({ id: '20261123-aaaaa', checks, comparisons: results })),
    );
    // A run of one check alone compares no rows.
    const later = {
      id: '20261123-bbbbb',
      startedAt: '2026-11-23T13:00:00.000Z',
      finishedAt: '2026-11-23T13:00:01.000Z',
    };
    await opened().store.transaction((tx) => tx.runs.save(aRun(later)));
    return servicesOver(opened().store);
  };

  it('tells how much of the variance each cause carries, as the newest run that compared rows found it', async () => {
    const text = textOf((await ask(await given(comparison()), 'explain compensation')).answer.card);
    assert.match(text, /Total Compensation"},": \+812,406\.1 \(0\.14 %\)"/);
    assert.match(text, /\+800,000.*\(98 %\): 190 people whose compensation differs, always by the factor 1\.015/);
    assert.match(text, /20261123-aaaaa/);
  });
  it('names no amount of few people in chat, and does in the terminal of the operator', async () => {
    const services = await given(
      comparison({
        explanations: comparison().explanations.map((one) => ({
          ...one,
          parts: one.parts.map((part) => ({ ...part, suppressed: true })),
        })),
      }),
    );
    const chat = textOf((await ask(services, 'explain')).answer.card);
    assert.match(chat, /\+812,406\.1/);
    assert.doesNotMatch(chat, /12,406\.1[^"]*2 people|800,000/);
    assert.match(chat, /together, because of fewer than 5 people/);
    const terminal = anActor({ platform: 'terminal', workspace: '', user: 'ana' });
    const shell = textOf((await ask(services, 'explain', { actor: terminal })).answer.card);
    assert.match(shell, /\+12,406\.1/);
  });
  it('also tells why rows do not agree where no total differs', async () => {
    const { answer } = await ask(await given(comparison({ explanations: [] })), 'explain');
    assert.equal(answer.card.title, 'Why rows do not agree');
    assert.match(textOf(answer.card), /190 people whose compensation differs/);
  });
  it('tells of a run by its name', async () => {
    const services = await given(comparison());
    const { answer } = await ask(services, 'explain --run 20261123-aaaaa');
    assert.match(textOf(answer.card), /20261123-aaaaa/);
    const none = await ask(services, 'explain --run 20261123-zzzzz');
    assert.match(textOf(none.answer.card), /There is no run/);
  });
  it('says when there is nothing to explain, and why', async () => {
    const services = await given(comparison({ causes: [], explanations: [] }));
    for (const [words, said] of [
      ['explain', /All rows agreed/],
      ['explain levels', /Level Distribution did not fail/],
      ['explain growth', /Growth Rate did not fail/],
    ] as const) {
      const { answer } = await ask(services, words);
      assert.equal(answer.exitCode, 64);
      assert.match(textOf(answer.card), said);
    }
  });
  describe('about a check that failed and that no rows explain', () => {
    const failed = async (more: Partial<RowComparisonResult>, id = '20261123-aaaaa') => {
      const checks = [
        aCheckResult({ check: 'growth', title: 'Growth Rate', kind: 'growth', verdict: 'fail' }),
        aCheckResult({ check: 'compensation', title: 'Total Compensation', verdict: 'fail' }),
      ];
      const comparisons = [comparison(more)];
      await opened().store.transaction((tx) => tx.runs.save(aRun({ id, checks, comparisons })));
      const services = servicesOver(opened().store);
      return async (words: string, declared = true) => {
        const known = services.playbook.checks.map(({ explainedBy, ...check }) =>
          declared && explainedBy !== undefined ? { ...check, explainedBy } : check,
        ) as typeof services.playbook.checks;
        return textOf(
          (await ask({ ...services, playbook: { ...services.playbook, checks: known } }, words)).answer.card,
        );
      };
    };

    it('says that the playbook names none for it', async () => {
      const asked = await failed({});
      const why = /Growth Rate failed.*No rows explain it: the playbook names none for it/;
      assert.match(await asked('explain growth', false), why);
      assert.match(await asked('explain', false), /Growth Rate failed as well\. No rows explain it/);
    });
    it('says that the rows could not be compared', async () => {
      assert.match(
        await (await failed({ verdict: 'error' }))('explain growth'),
        /People of 2029 could not be compared/,
      );
      const other = await failed({ comparison: 'others' }, '20261123-ccccc');
      assert.match(await other('explain growth --run 20261123-ccccc'), /the run did not compare those of people/);
    });
    it('says that it failed in small groups alone', async () => {
      assert.match(await (await failed({}))('explain growth'), /groups of fewer than five people alone/);
    });
  });
  it('says which check was probably meant', async () => {
    const { answer } = await ask(await given(comparison()), 'explain compensaton');
    assert.match(textOf(answer.card), /Did you mean \/parallel explain compensation\?/);
  });
});
