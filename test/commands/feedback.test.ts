import assert from 'node:assert/strict';
import { commands } from '../../commands/index.ts';
import { formFor } from '../../src/core/answer-request.ts';
import { openEmbeddedStore, shareStore } from '../support/databases.ts';
import { anActor, aRequest } from '../support/fixtures.ts';
import { ask, servicesOver, textOf } from '../support/services.ts';

describe('Feedback', () => {
  const opened = shareStore(() => openEmbeddedStore());
  const services = () => servicesOver(opened().store);
  const say = async (words: string, more: Parameters<typeof aRequest>[0] = {}) =>
    (await ask(services(), words, { id: String(Math.random()), ...more })).answer;
  const stored = () => opened().store.transaction((tx) => tx.feedback.list(10));

  it('is taken of anybody at any time, as it was typed, and thanked for', async () => {
    const typed = 'Much faster <!channel> 🎉';
    const answer = await say('feedback', { form: { text: typed }, actor: anActor({ user: 'U0NEW' }) });
    assert.match(answer.card.title, /Thank you: F-1 is on record/);
    assert.deepEqual(
      (await stored()).map(({ text, by }) => [text, by]),
      [[typed, 'slack:T0TEST/U0NEW']],
    );
  });
  it('is asked for in a form where nothing was said, of at most 3,000 characters', async () => {
    const form = async (words: string) => formFor(aRequest({ words }), commands, services());
    assert.ok((await form('feedback')) !== undefined);
    assert.equal(await form('feedback The search is slow'), undefined);
    assert.equal((await say('feedback', { form: { text: 'x'.repeat(3_001) } })).exitCode, 64);
    await say('feedback', { form: { text: 'x'.repeat(3_000) } });
    await say('feedback The search is slow');
    assert.deepEqual(
      (await stored()).map(({ text }) => text.length),
      [18, 3_000],
    );
  });
  it('is listed, and on the agenda of the next checkpoint', async () => {
    await say('feedback Much faster');
    assert.match(textOf((await say('feedback --list')).card), /F-1 .*Much faster/);
    assert.match(textOf((await say('checkpoint')).card), /What people said.*F-1: .*Much faster/);
  });
});
