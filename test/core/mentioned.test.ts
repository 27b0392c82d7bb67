import assert from 'node:assert/strict';
import type { Form } from '../../src/core/form.ts';
import { personMeant, withPeopleMeant } from '../../src/core/mentioned.ts';
import { anActor } from '../support/fixtures.ts';

const id = '0a0b0c0d-0000-4000-8000-000000000001';
const people = [
  { name: 'Ana Ruiz', accounts: [`teams:${id}`, 'slack:U0ANA'] },
  { name: 'Ben Roth', accounts: ['slack:U0BEN'] },
  { name: 'Ben Ito', accounts: ['terminal:ben'] },
];
const inSlack = anActor({ platform: 'slack', user: 'U0BEN' });
const inTeams = anActor({ platform: 'teams', user: id });

describe('Whoever is meant', () => {
  const meant = (typed: string, actor = inSlack): string => personMeant(typed, actor, { people });

  it('by a mention of Slack’s is that account', () => assert.equal(meant('@U0CHEN'), 'slack:U0CHEN'));
  it('by a mention of Teams’ is that account', () => assert.equal(meant(`teams:${id}`, inTeams), `teams:${id}`));
  it('by "me" is whoever asks, on either platform', () => {
    assert.deepEqual([meant('me'), meant('me', inTeams)], ['slack:U0BEN', `teams:${id}`]);
  });
  for (const [where, actor] of [
    ['Slack', inSlack],
    ['Teams', inTeams],
  ] as const) {
    it(`by a name in ${where} is the one person who is called so`, () => {
      assert.deepEqual(
        ['@Ana Ruiz', '@ana', '@ben roth'].map((typed) => meant(typed, actor)),
        [`teams:${id}`, `teams:${id}`, 'slack:U0BEN'],
      );
    });
  }
  it('by a name that is two people’s, or nobody’s, is nobody: it stays as it was typed', () => {
    assert.deepEqual(
      ['@ben', '@dana', '@S0GROUP'].map((typed) => meant(typed)),
      ['@ben', '@dana', '@S0GROUP'],
    );
  });
  it('as the playbook writes it is that', () => assert.equal(meant('terminal:ben'), 'terminal:ben'));
  it('is looked for in a form only where it asks for a person', () => {
    const form: Form = {
      title: 'Assign',
      submit: 'Assign',
      fields: [
        { name: 'to', label: 'To whom', kind: 'person', required: true },
        { name: 'why', label: 'Why', kind: 'text', lines: 'one', maxLength: 20, required: false },
      ],
    };
    assert.deepEqual(withPeopleMeant(form, { to: '@ana', why: '@ana' }, inSlack, { people }), {
      to: `teams:${id}`,
      why: '@ana',
    });
  });
});
