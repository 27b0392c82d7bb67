import assert from 'node:assert/strict';
import type { CardTable } from '../../../src/core/cards/card.ts';
import { runCard } from '../../../src/core/cards/run-card.ts';
import type { Finding } from '../../../src/core/checks/run.ts';
import { aCheckResult, aFinding, aRun } from '../../support/fixtures.ts';
import { textOf, thePlaybook } from '../../support/services.ts';

const playbook = thePlaybook();
const tableOf = (findings: readonly Finding[]): CardTable => {
  const run = aRun({
    state: 'fail',
    checks: [aCheckResult({ kind: 'distribution', title: 'Levels', verdict: 'fail', findings })],
  });
  const table = runCard(run, { playbook, chat: true, buttons: true }).body.find((element) => element.kind === 'table');
  assert.ok(table !== undefined);
  return table;
};
const groups = (count: number, verdict: Finding['verdict'] = 'pass'): Finding[] =>
  Array.from({ length: count }, (_, index) => aFinding({ key: `${verdict}-${index}`, verdict }));

describe('A run', () => {
  it('is shown with every finding while there are at most 40', () => {
    assert.equal(tableOf(groups(40)).rows.length, 40);
    assert.equal(tableOf(groups(40)).omitted, undefined);
  });
  it('leaves out passing findings above 40, and says how many', () => {
    const table = tableOf([...groups(38), ...groups(3, 'fail')]);
    assert.equal(table.rows.length, 40);
    assert.equal(table.rows.filter((row) => row.at(-1) === '✗ fail').length, 3);
    assert.equal(table.omitted, '1 more finding: all pass');
  });
  it('says how many of those left out did not pass', () =>
    assert.equal(tableOf(groups(45, 'fail')).omitted, '5 more findings: 5 did not pass'));
  it('shows those that did not pass first', () =>
    assert.match(String(tableOf([...groups(2), ...groups(1, 'fail')]).rows[0]?.[0]), /fail-0/));
  it('shows why a held run is held, without a table', () => {
    const batch = { ...aRun().batch, ready: false, reasons: ['There is no sync run yet.'] };
    const card = runCard(aRun({ state: 'held', checks: [], batch }), { playbook, chat: true, buttons: true });
    assert.match(textOf(card), /There is no sync run yet/);
    assert.ok(!card.body.some(({ kind }) => kind === 'table'));
  });
  it('offers to check the same again', () => {
    const text = textOf(runCard(aRun({ checks: [aCheckResult()] }), { playbook, chat: true, buttons: true }));
    assert.match(text, /"command":"check employees"/);
  });
});
