import assert from 'node:assert/strict';
import { commands } from '../../commands/index.ts';
import { formFor } from '../../src/core/answer-request.ts';
import type { Discrepancy, NewDiscrepancy } from '../../src/core/records/discrepancy.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { aDiscrepancy, aMeasurement, anActor, aReport, aRequest, aRun } from '../support/fixtures.ts';
import { ask, servicesOver, textOf, thePlaybook } from '../support/services.ts';

const ben = anActor({ user: 'U0BEN', name: 'Ben' });
const stranger = anActor({ user: 'U0NEW', name: 'Nobody yet' });
const playbook = thePlaybook({ ANALYSTS: 'slack:U0BEN' });

describe('A discrepancy, asked for by its name', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = () => servicesOver(opened().store, { playbook });
  const file = (overrides: Partial<NewDiscrepancy> = {}) =>
    opened().store.transaction((tx) => tx.discrepancies.save([{ ...aDiscrepancy(), ...overrides, number: null }]));
  const stored = (number = 1): Promise<Discrepancy | undefined> =>
    opened().store.transaction((tx) => tx.discrepancies.find(number));
  const entries = async (number = 1) =>
    (await opened().store.transaction((tx) => tx.discrepancies.entries(number, 20))).map(({ text }) => text);
  const posted = () => opened().store.transaction((tx) => tx.outbox.list('pending', 20));
  const refused = async (words: string, pattern: RegExp, actor = anActor()): Promise<void> => {
    const before = [await stored(), await entries()];
    const { answer } = await ask(services(), words, { actor });
    assert.equal(answer.exitCode, 64, textOf(answer.card));
    assert.match(textOf(answer.card), pattern);
    assert.deepEqual([await stored(), await entries()], before, 'nothing was changed');
  };

  describe('reported by a person', () => {
    const words = 'discrepancy --title "Bonus is missing" --description "In March" --severity 2 --owner analysts';
    it('is on record, and hangs in the channel for all to see', async () => {
      const { answer } = await ask(services(), words, { actor: stranger });
      assert.match(answer.card.title, /D-1 is on record: Bonus is missing/);
      const one = await stored();
      assert.equal(one?.reported?.by, 'slack:T0TEST/U0NEW');
      assert.deepEqual([one.severity, one.owner, one.dueAt], [2, 'analysts', '2026-11-24T12:00:00.000Z']);
      const [message] = await posted();
      assert.deepEqual(
        [message?.message.key, message?.message.place.channel],
        [`discrepancy/1/card/${one.openedAt}`, 'C0RECON'],
      );
      assert.deepEqual(await entries(), ['Reported']);
    });
    it('needs a title of at most 150 characters', async () => {
      await refused('discrepancy --severity 2', /--title: This is needed/);
      await refused(`discrepancy --title ${'x'.repeat(151)}`, /At most 150 characters/);
      await ask(services(), `discrepancy --title ${'x'.repeat(150)}`);
      assert.equal((await stored())?.reported?.title.length, 150);
    });
    it('keeps a text as it was typed', async () => {
      const typed = '<!channel> *bold* =SUM(A1) \u202eabc 🎉';
      await ask(services(), 'discrepancy', { form: { title: typed, description: 'x'.repeat(3_000) } });
      assert.equal((await stored())?.reported?.title, typed);
    });
    it('that could not be filed shows what was filled in', async () => {
      const { answer } = await ask(services(), 'discrepancy', { form: { title: '', description: 'All of my words' } });
      assert.match(textOf(answer.card), /All of my words/);
    });
  });

  describe('done something about', () => {
    it('is looked into by anybody with a role, and by nobody else', async () => {
      await file();
      await refused('discrepancy D-1 investigate', /Only .*Data Owner.* may look into it/, stranger);
      await ask(services(), 'discrepancy D-1 investigate', { actor: ben });
      assert.equal((await stored())?.state, 'investigating');
    });
    it('is accepted or rejected only by those whom the playbook lets', async () => {
      await file();
      const words = 'explain --until 2026-12-31 --reason "Known"';
      await refused(`discrepancy 1 ${words}`, /Only Data Owner or Product Owner may explain/, ben);
      await refused('discrepancy 1 reject --reason "No"', /Only Data Owner or Product Owner may reject/, ben);
      await ask(services(), `discrepancy 1 ${words}`);
      assert.equal((await stored())?.acceptance?.by, 'slack:T0TEST/U0ANA');
    });
    it('is accepted from today on, and for at most 90 days', async () => {
      await file();
      const until = (date: string) => `discrepancy 1 explain --until ${date} --reason "Known"`;
      await refused(until('2026-11-22'), /Not before Mon 23 Nov 2026/);
      await refused(until('2027-02-22'), /Not after Sun 21 Feb 2027/);
      await ask(services(), until('2027-02-21'));
      await ask(services(), until('2026-11-23'));
      assert.equal((await stored())?.acceptance?.until, '2026-11-23');
    });
    it('is accepted with no more than its difference, and with all of it unless it is said', async () => {
      await file();
      const amount = (value: string) => `discrepancy 1 explain --amount ${value} --until 2026-12-31 --reason "Known"`;
      await refused(amount('12.01'), /At most 12/);
      await refused(amount('-1'), /At least 0/);
      await ask(services(), amount('11.99'));
      assert.equal((await stored())?.acceptance?.amount, '11.99');
      await ask(services(), 'discrepancy 1 explain --until 2026-12-31 --reason "All"');
      assert.equal((await stored())?.acceptance?.amount, '12');
    });
    it('takes the words after the verb for what it asks first', async () => {
      await file();
      await ask(services(), 'discrepancy 1 comment "Seen in March as well"', { actor: stranger });
      await ask(services(), 'discrepancy 1 assign @U0BEN');
      assert.deepEqual((await entries()).slice(0, 2), ['Assigned to U0BEN', 'Seen in March as well']);
      assert.equal((await stored())?.assignee, 'slack:U0BEN');
    });
    it('is linked to a run that there is, and to no other', async () => {
      await file();
      await refused('discrepancy 1 run 20261123-nope1', /There is no run/);
      await opened().store.transaction((tx) => tx.runs.save(aRun()));
      await ask(services(), 'discrepancy 1 run 20261123-k3f9a');
      assert.match((await entries())[0] ?? '', /20261123-k3f9a/);
    });
    it('leaves a line in the audit, and every copy of its card as it is now', async () => {
      await ask(services(), 'discrepancy --title "Bonus is missing"');
      await ask(services(), 'discrepancy 1 investigate', { id: 'Ev2' });
      const [card] = await posted();
      assert.match(JSON.stringify(card?.message.content), /D-1 investigating/);
      const head = await opened().store.transaction((tx) => tx.audit.head());
      assert.deepEqual([head?.action, head?.subject], ['discrepancy.state', 'discrepancy/1']);
    });
    it('by two people at once happens once: the second is told', async () => {
      await file();
      const answers = await Promise.all(
        [anActor(), ben].map((actor, index) =>
          ask(services(), 'discrepancy 1 investigate', { actor, id: `Ev${index}` }),
        ),
      );
      assert.deepEqual(
        answers.map(({ answer }) => answer.exitCode ?? 0).toSorted((one, other) => one - other),
        [0, 64],
      );
      assert.equal((await entries()).length, 1);
    });
    it('says what was probably meant', async () => {
      await file();
      await refused('discrepancy 1 investigat', /Did you mean \/parallel discrepancy 1 investigate/);
      await refused('discrepancy 9', /There is no D-9/);
      await refused('discrepancy seven', /their names are such as D-17/);
    });
  });

  describe('shown', () => {
    it('says nothing about fewer than five people in chat, and all of it in a shell', async () => {
      await file({ measured: aMeasurement({ suppressed: true, difference: '3', legacy: '0', new: '3' }) });
      const chat = textOf((await ask(services(), 'discrepancy 1')).answer.card);
      assert.match(chat, /a small group/);
      assert.doesNotMatch(chat, /\+3|L3/);
      const shell = anActor({ platform: 'terminal', workspace: '', user: 'ana' });
      assert.match(textOf((await ask(services(), 'discrepancy 1', { actor: shell })).answer.card), /\+3/);
    });
    it('is in the list while it is not closed, and in the list of all for good', async () => {
      await file();
      await file({ measured: null, reported: aReport(), state: 'rejected' });
      const list = async (words: string) => textOf((await ask(services(), words)).answer.card);
      assert.doesNotMatch(await list('discrepancies'), /D-2/);
      assert.match(await list('discrepancies --all'), /D-2.*D-1/);
    });
    it('is exported as CSV that no spreadsheet takes for a formula', async () => {
      await file({ measured: null, reported: aReport({ title: '=1+1', description: 'a "quote", and\nmore' }) });
      const { answer } = await ask(services(), 'export discrepancies');
      const { text } = answer.json as { text: string };
      assert.match(text, /^name,state,severity/);
      assert.match(text, /D-1,open,2,analysts,.*'=1\+1,"a ""quote"", and\nmore"/);
    });
  });

  describe('asked for in a form', () => {
    const form = async (words: string, actor = anActor()) => {
      const found = await formFor(aRequest({ words, actor }), commands, services());
      return found !== undefined && 'form' in found ? found.form.fields.map(({ name }) => name) : found?.refused.title;
    };
    it('asks for what the words leave out, and for nothing where they say it all', async () => {
      await file();
      assert.deepEqual(await form('discrepancy'), ['title', 'description', 'severity', 'owner', 'link']);
      assert.deepEqual(await form('discrepancy 1 explain'), ['amount', 'until', 'reason']);
      assert.equal(await form('discrepancy 1 comment "Said"'), undefined);
      assert.equal(await form('discrepancy 1 investigate'), undefined);
      assert.equal(await form('discrepancy 1'), undefined);
    });
    it('asks nobody who may not do it, and nothing that can not be done', async () => {
      await file({ state: 'rejected' });
      assert.match(String(await form('discrepancy 1 reject', ben)), /Only Data Owner/);
      assert.match(String(await form('discrepancy 1 explain')), /is rejected and can't become explained/);
    });
    it('does not ask in chat how much of a small group is explained', async () => {
      await file({ measured: aMeasurement({ suppressed: true }) });
      assert.deepEqual(await form('discrepancy 1 explain'), ['until', 'reason']);
    });
  });
});
