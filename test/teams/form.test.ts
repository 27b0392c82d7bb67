import assert from 'node:assert/strict';
import type { Field, Form } from '../../src/core/form.ts';
import { type AskedForm, renderForm } from '../../src/teams/form.ts';
import { readAction } from '../../src/teams/actions.ts';
import { assertTeamsTakes, everyPart, wordsOf } from './teams-rules.ts';

const form = (...fields: Field[]): Form => ({ title: 'Write down a lesson', submit: 'Write down', fields });
const asked = (more: Partial<AskedForm> = {}): AskedForm => ({ words: 'lesson', id: 'ask-1', ...more });
const learning: Field = {
  name: 'learning',
  label: 'What was learned',
  kind: 'text',
  lines: 'many',
  maxLength: 3_000,
  required: true,
};

/** The inputs of a form that Teams takes. */
function inputs(rendered: Form, more: Partial<AskedForm> = {}) {
  const card = renderForm(rendered, asked(more));
  assertTeamsTakes(card);
  return everyPart(card.body).filter(({ type }) => String(type).startsWith('Input.'));
}
const input = (field: Field, more: Partial<AskedForm> = {}) => inputs(form(field), more)[0];

describe('A form in Teams', () => {
  it('has an input for each field, with label, hint, and what it begins with', () => {
    const card = renderForm(form({ ...learning, hint: 'In a sentence.', initial: 'Loads repeat' }), asked());
    assert.deepEqual(card.body.slice(1, 3), [
      {
        type: 'Input.Text',
        id: 'field.learning',
        label: 'What was learned',
        isRequired: true,
        errorMessage: 'This is needed.',
        value: 'Loads repeat',
        maxLength: 3_000,
        isMultiline: true,
      },
      {
        type: 'RichTextBlock',
        spacing: 'None',
        inlines: [{ type: 'TextRun', text: 'In a sentence.', size: 'Small', isSubtle: true }],
      },
    ]);
  });
  it('asks for dates within their bounds, and says them', () => {
    const date: Field = {
      name: 'day',
      label: 'Day',
      kind: 'date',
      required: false,
      earliest: '2026-03-02',
      latest: '2026-03-04',
    };
    const shown = input(date, { values: { day: '2026-03-03' } });
    assert.deepEqual(
      [shown?.['type'], shown?.['min'], shown?.['max'], shown?.['value']],
      ['Input.Date', '2026-03-02', '2026-03-04', '2026-03-03'],
    );
    assert.match(wordsOf(renderForm(form(date), asked()).body), /From Mon 2 Mar 2026 to Wed 4 Mar 2026\./);
    assert.equal(input(date, { values: { day: 'tomorrow' } })?.['value'], undefined);
  });
  it('takes numbers as text, so that separators and every exact decimal stay', () => {
    const number: Field = { name: 'amount', label: 'Amount', kind: 'number', required: true, minimum: '0' };
    const shown = input(number, { values: { amount: '84,200.50' } });
    assert.deepEqual([shown?.['type'], shown?.['value']], ['Input.Text', '84,200.50']);
    assert.match(wordsOf(renderForm(form(number), asked()).body), /From 0 on\./);
  });
  it('offers four choices at once, and more in a list', () => {
    const choice = (count: number): Field => ({
      name: 'owner',
      label: 'Owner',
      kind: 'choice',
      required: true,
      options: Array.from({ length: count }, (_, at) => ({ value: `v${at}`, label: `Label ${at}` })),
    });
    const styles = [4, 5].map((count) => input(choice(count))?.['style']);
    assert.deepEqual(styles, ['expanded', 'compact']);
    assert.equal(input(choice(5), { values: { owner: 'v3' } })?.['value'], 'v3');
  });
  it('offers the people that are known, and takes a typed one otherwise', () => {
    const person: Field = { name: 'to', label: 'To whom', kind: 'person', required: true };
    assert.equal(input(person)?.['type'], 'Input.Text');
    const shown = input(person, { people: [{ person: 'teams:1', name: 'Ana' }] });
    assert.deepEqual([shown?.['type'], shown?.['choices']], ['Input.ChoiceSet', [{ title: 'Ana', value: 'teams:1' }]]);
  });
  it('takes a typed person, too, where more people are known than a card holds', () => {
    const person: Field = { name: 'to', label: 'To whom', kind: 'person', required: true };
    const people = (count: number) =>
      Array.from({ length: count }, (_, at) => ({ person: `teams:${at}`, name: 'Ana '.repeat(10) + at }));
    assert.equal(input(person, { people: people(200) })?.['type'], 'Input.ChoiceSet');
    const typed = input(person, { people: people(400), values: { to: 'teams:3' } });
    assert.equal(typed?.['type'], 'Input.Text');
  });
  it('takes the lines of a file where a field takes a file', () => {
    const csv: Field = { ...learning, name: 'csv', lines: 'one', file: { type: 'csv', maxLength: 300_000 } };
    const shown = input(csv);
    assert.deepEqual([shown?.['isMultiline'], shown?.['maxLength']], [true, 300_000]);
    assert.match(wordsOf(renderForm(form(csv), asked()).body), /Paste the lines of the CSV file here/);
  });

  describe('that was sent with something wrong', () => {
    it('says so under the field, with a sign, and keeps what was typed', () => {
      const card = renderForm(
        form(learning),
        asked({ problems: { learning: 'At most 5.' }, values: { learning: 'Too much' } }),
      );
      assertTeamsTakes(card);
      const [shown, problem] = card.body.slice(1);
      assert.ok(shown?.type === 'Input.Text' && shown.value === 'Too much');
      assert.equal(wordsOf(problem), '⚠️ At most 5.');
    });
    it('says above the fields what is about none of them', () => {
      const card = renderForm(form(learning), asked({ problems: { other: 'The register is gone.' } }));
      assert.equal(wordsOf(card.body[1]), '⚠️ The register is gone.');
    });
    it('keeps what was emptied empty', () => {
      assert.equal(input({ ...learning, initial: 'begins so' }, { values: { learning: '' } })?.['value'], undefined);
    });
    it('says so where what was typed is too long to be shown again, and keeps the rest', () => {
      const csv: Field = { ...learning, name: 'csv', maxLength: 300_000 };
      const card = renderForm(
        form(learning, csv),
        asked({ values: { learning: 'short', csv: 'a,b\n'.repeat(20_000) } }),
      );
      assertTeamsTakes(card);
      const [first, second] = everyPart(card.body).filter(({ type }) => type === 'Input.Text');
      assert.deepEqual([first?.['value'], second?.['value']], ['short', undefined]);
      assert.match(wordsOf(card.body), /⚠️ What stood here is too long to be shown again/);
    });
  });

  it('is sent with the words and the id that it was asked with, and is put away whatever its inputs hold', () => {
    const actions = everyPart(renderForm(form(learning), asked()).body).filter(({ type }) => type === 'Action.Execute');
    assert.deepEqual(
      actions.map(({ data, associatedInputs }) => [data, associatedInputs]),
      [
        [{ action: 'form', command: 'lesson', form: 'ask-1' }, undefined],
        [{ action: 'cancel' }, 'none'],
      ],
    );
  });

  describe('when it comes back', () => {
    const data = { action: 'form', command: 'lesson', form: 'ask-1' };
    it('has its values by the fields’ names, apart from what we put there', () => {
      const sent = { ...data, 'field.learning': 'Loads repeat', 'field.action': 'Check it', 'field.owner': '' };
      const read = { ...data, values: { learning: 'Loads repeat', action: 'Check it' } };
      assert.deepEqual(readAction({ action: { type: 'Action.Execute', verb: 'form', data: sent } }), read);
      assert.deepEqual(readAction(sent), read, 'by Action.Submit');
    });
    it('has 50 inputs of 400,000 characters together at most', () => {
      const many = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`field.${at}`, 'x']));
      assert.notEqual(readAction({ ...data, ...many(50) }), undefined);
      assert.equal(readAction({ ...data, ...many(51) }), undefined);
      assert.notEqual(readAction({ ...data, 'field.a': 'x'.repeat(399_999) }), undefined);
      assert.equal(readAction({ ...data, 'field.a': 'x'.repeat(400_000) }), undefined);
    });
    it('may hold a name that means something to JavaScript', () => {
      const read = readAction(JSON.parse(`{"action":"form","command":"a","form":"b","field.__proto__":"x"}`));
      assert.deepEqual(read?.action === 'form' && Object.entries(read.values), [['__proto__', 'x']]);
    });
  });
});

describe('What is pressed in Teams', () => {
  const invoked = (data: unknown, verb?: string) => readAction({ action: { type: 'Action.Execute', verb, data } });
  it('is a command, a card that is brought up to date, or a form that is put away', () => {
    assert.deepEqual(invoked({ action: 'command', command: 'status' }), { action: 'command', command: 'status' });
    assert.deepEqual(invoked({ action: 'refresh' }), { action: 'refresh' });
    assert.deepEqual(invoked({ action: 'cancel' }), { action: 'cancel' });
    assert.deepEqual(readAction({ action: 'command', command: 'status' }), { action: 'command', command: 'status' });
  });
  it('is known by its verb alone, too', () => {
    assert.deepEqual(invoked({ command: 'status' }, 'command'), { action: 'command', command: 'status' });
    assert.deepEqual(invoked(undefined, 'cancel'), { action: 'cancel' });
  });
  it('holds a command of 2,000 characters, and no longer one', () => {
    assert.notEqual(invoked({ action: 'command', command: 'x'.repeat(2_000) }), undefined);
    assert.equal(invoked({ action: 'command', command: 'x'.repeat(2_001) }), undefined);
  });
  for (const value of [
    undefined,
    null,
    'status',
    7,
    [],
    {},
    { action: 'other', command: 'x' },
    { action: 'command' },
    { action: { data: 'x' } },
    { action: 'command', command: '' },
    { action: 'form', command: 'x' },
    { action: 'command', command: { x: 1 } },
  ]) {
    it(`is nothing of ours where it is ${JSON.stringify(value)}`, () => assert.equal(readAction(value), undefined));
  }
});
