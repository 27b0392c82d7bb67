import assert from 'node:assert/strict';
import { commands } from '../../commands/index.ts';
import { formFor } from '../../src/core/answer-request.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { anActor, aRequest, aRun, someMoment } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

describe('The gates of the phases', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = () => servicesOver(opened().store, { playbook: thePlaybook({ PRODUCT_OWNER: 'slack:U0BEN' }) });
  const say = async (words: string, actor = anActor()) =>
    (await ask(services(), words, { actor, id: String(Math.random()) })).answer;
  const words = 'gates 1 waive reports --owner dataOwner --until 2026-12-11 --reason "Two reports are rewritten"';
  const waivers = () => opened().store.transaction((tx) => tx.waivers.list());

  it('show every criterion of the document with its figure, and are not green without data', async () => {
    await opened().store.transaction((tx) => tx.runs.save(aRun({ slot: someMoment })));
    const answer = await say('gates');
    assert.match(answer.card.title, /0 of 3 gates are green/);
    const text = textOf(answer.card);
    assert.match(text, /✓ pass.*Data sync completes in less than 1 hour: worst of 1 day: 24 min/);
    assert.match(text, /– no data.*100 % of legacy reports reproducible: no data/);
    assert.match(text, /– no data.*Zero data-loss incidents: the phase has not begun/);
    assert.match(text, /Legacy is official/);
  });
  it('take a waiver that somebody with a role asks for and somebody else signs, with reason, owner and last day', async () => {
    assert.equal((await say(words, anActor({ user: 'U0NEW' }))).exitCode, 64);
    assert.match(
      (await say('gates 1 waive reports --owner dataOwner')).card.title,
      /--until: This is needed.*--reason/,
    );
    assert.match(
      (await say(words)).card.title,
      /^Asked in the reconciliation channel: Waive "100 % of legacy reports reproducible"/,
    );
    assert.match((await say('decision 1 approve --seen 1')).card.title, /Whoever asked does not answer/);
    assert.deepEqual(await waivers(), []);
    await say('decision 1 approve --seen 1', anActor({ user: 'U0BEN' }));
    const text = textOf((await say('gates 1')).card);
    assert.match(text, /waived until Fri 11 Dec 2026 by .*Data Owner owns it: Two reports are rewritten/);
    assert.deepEqual(
      (await waivers()).map(({ criterion, until, by }) => [criterion, until, by]),
      [['reports', '2026-12-11', 'slack:T0TEST/U0BEN']],
    );
    const head = await opened().store.transaction((tx) => tx.audit.head());
    assert.deepEqual([head?.action, head?.subject], ['gate.waived', 'gate/1/reports']);
  });
  it('need no waiver where they are green', async () => {
    await opened().store.transaction((tx) => tx.runs.save(aRun({ slot: someMoment })));
    const answer = await say('gates 1 waive sync --owner dataOwner --until 2026-12-11 --reason x');
    assert.match(answer.card.title, /is green: there is nothing to waive/);
    assert.deepEqual(await waivers(), []);
  });
  it('ask in a form for what is missing, and say what was probably meant', async () => {
    const found = await formFor(aRequest({ words: 'gates 1 waive reports' }), commands, services());
    assert.deepEqual(found !== undefined && 'form' in found ? found.form.fields.map(({ name }) => name) : [], [
      'owner',
      'until',
      'reason',
    ]);
    assert.match(textOf((await say('gates 1 waive report')).card), /Did you mean reports/);
    assert.match((await say('gates 4')).card.title, /no gate of phase "4"/);
  });
});
