import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commands } from '../../commands/index.ts';
import { formFor } from '../../src/core/answer-request.ts';
import { itemsInCsv } from '../../src/core/registers/register.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { anActor, aRequest } from '../support/fixtures.ts';
import { ask, servicesOver, textOf } from '../support/services.ts';

describe('Lines of CSV', () => {
  const of = (csv: string) => itemsInCsv(csv, { name: 'scenarios', columns: ['legacy', 'new'] });
  it('may begin with the names of the columns, in an order of their own', () =>
    assert.deepEqual(of('Name,new,legacy\nPayroll,b,a'), [
      { register: 'scenarios', item: 'Payroll', cells: { new: 'b', legacy: 'a' } },
    ]));
  it('are lines from the first on, where that names no columns', () =>
    assert.deepEqual(
      of('name,other\nPayroll,a').map(({ item }) => item),
      ['name', 'Payroll'],
    ));
});

describe('A register', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = () => servicesOver(opened().store);
  const say = async (words: string, more: Parameters<typeof aRequest>[0] = {}) =>
    (await ask(services(), words, { id: String(Math.random()), ...more })).answer;
  const items = (name = 'scenarios') => opened().store.transaction((tx) => tx.registers.items(name));

  it('without a line is no data', async () => {
    assert.match((await say('register reports')).card.title, /Legacy reports: no data/);
    assert.match((await say('register')).card.title, /5 registers: 0 complete, 0 with gaps, 5 empty/);
  });
  it('is filled line by line and cell by cell, and tells its gaps', async () => {
    await say('register scenarios set Merit');
    await say('register scenarios set Merit legacy https://wiki.test/merit');
    assert.match((await say('register scenarios')).card.title, /0 of 1 complete, 1 with gaps/);
    assert.match(textOf((await say('register scenarios')).card), /\["Merit","https:\/\/wiki.test\/merit","missing"\]/);
    await say('register scenarios set merit new done');
    assert.match((await say('register scenarios')).card.title, /all 1 complete/);
    assert.equal((await items()).length, 1, 'a name is there once, whatever its case');
  });
  it('99 of 100 is not complete, 100 of 100 is', async () => {
    const lines = Array.from({ length: 100 }, (_, index) => `Report ${index + 1},${index === 99 ? '' : 'yes'}`);
    await say('register reports fill', { form: { csv: lines.join('\n') } });
    assert.match((await say('register reports')).card.title, /99 of 100 complete, 1 with gaps/);
    await say('register reports set "Report 100" reproduced yes');
    assert.match((await say('register reports')).card.title, /all 100 complete/);
  });
  it('is filled by lines of CSV in a form, and what is known already stays', async () => {
    const form = await formFor(aRequest({ words: 'register scenarios fill' }), commands, services());
    assert.ok(form !== undefined && 'form' in form);
    await say('register scenarios fill', { form: { csv: 'Merit,done\n"Hiring, freeze",done,"said ""yes"""\n\n' } });
    await say('register scenarios fill', { form: { csv: 'Merit,,also' } });
    assert.deepEqual(
      (await items()).map(({ item, cells }) => [item, cells]),
      [
        ['Merit', { legacy: 'done', new: 'also' }],
        ['Hiring, freeze', { legacy: 'done', new: 'said "yes"' }],
      ],
    );
  });
  it('loses a line only for the list, and takes it up again empty', async () => {
    await say('register scenarios set Merit legacy done');
    await say('register scenarios remove merit');
    assert.deepEqual(await items(), []);
    const [row] = await opened().owner<{ count: string }>('select count(*) as count from register_items');
    assert.equal(Number(row?.count), 1);
    await say('register scenarios set Merit');
    assert.deepEqual((await items())[0]?.cells, {});
    assert.match((await say('register scenarios remove Nothing')).card.title, /There is no "Nothing"/);
  });
  it('is changed only by people with a role', async () => {
    const answer = await say('register scenarios set Merit', { actor: anActor({ user: 'U0NEW' }) });
    assert.equal(answer.exitCode, 64);
    assert.deepEqual(await items(), []);
  });
  it('takes no name longer than 150 characters, no unknown column, and says what was probably meant', async () => {
    assert.equal((await say(`register scenarios set ${'x'.repeat(151)}`)).exitCode, 64);
    await say(`register scenarios set ${'x'.repeat(150)}`);
    assert.equal((await items()).length, 1);
    assert.match(textOf((await say('register scenarios set Merit cloud done')).card), /They are legacy, new/);
    assert.match(textOf((await say('register scenario')).card), /Did you mean scenarios/);
  });
  it('reads whatever CSV people write, and gives every line that has a name', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string(), fc.string()), { maxLength: 10 }), (lines) => {
        const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const csv = lines.map((line) => line.map(cell).join(',')).join('\r\n');
        const found = itemsInCsv(csv, { name: 'scenarios', columns: ['legacy', 'new'] });
        const named = lines.filter(([name]) => name.trim() !== '');
        assert.deepEqual(
          found.map(({ item, cells }) => [item, cells['legacy'] ?? '', cells['new'] ?? '']),
          named.map((line) => line.map((text) => text.trim())),
        );
      }),
    ));
});
