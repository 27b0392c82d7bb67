import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { commands } from '../../commands/index.ts';
import { formFor } from '../../src/core/answer-request.ts';
import type { Command } from '../../src/core/command.ts';
import { cardAt } from '../../src/core/messages/card-at.ts';
import type { Place } from '../../src/core/request.ts';
import { StoreUnavailableError } from '../../src/core/store.ts';
import { earlierOf, takeRequest } from '../../src/core/take-request.ts';
import { connectTeams, type TeamsConnection } from '../../src/teams/index.ts';
import { createDispatcher } from '../../src/workers/dispatcher.ts';
import { createInboxWorker } from '../../src/workers/inbox-worker.ts';
import { eventually, silentLog } from '../slack/support.ts';
import { createFakeStore, type FakeStore } from '../support/fake-store.ts';
import { aCard } from '../support/fixtures.ts';
import { servicesOver } from '../support/services.ts';
import {
  activityOf,
  ana,
  type Bot,
  channel,
  type FakeTeams,
  inChannel,
  personal,
  post,
  serve,
  startTeams,
} from './support.ts';

const clock = { now: () => new Date() };
const wait = (milliseconds: number, signal: AbortSignal) => setTimeout(milliseconds, undefined, { signal });
const lamp: Place = { platform: 'teams', channel, visibility: 'channel' };

/** Changes what a card says, as a decision does. */
const light: Command = {
  name: 'light',
  summary: 'Switches the lamp on',
  usage: '',
  examples: ['light'],
  run: async ({ arguments: typed }) => ({
    card: aCard({ title: 'Done', summary: 'You switched it on.' }),
    share: typed.includes('--share'),
    write: async (tx) => {
      await tx.outbox.change('lamp', aCard({ title: 'The lamp is on', summary: 'The lamp is on.' }), clock.now());
      return undefined;
    },
  }),
};

/** Asks for more than the words say. */
const wish: Command = {
  name: 'wish',
  summary: 'Wishes for something',
  usage: '',
  examples: ['wish'],
  form: async () => ({
    title: 'A wish',
    submit: 'Wish',
    fields: [{ kind: 'text', name: 'what', label: 'For what', required: true, lines: 'one', maxLength: 20 }],
  }),
  run: async ({ arguments: typed }) => ({
    card: aCard({ title: 'Wished', summary: 'Wished for.' }),
    share: typed.includes('--share'),
  }),
};

/** Keeps nothing of what it was told. */
const confide: Command = {
  ...wish,
  name: 'confide',
  run: async () => ({ card: aCard({ title: 'Heard', summary: 'Heard.' }), forget: true }),
};

describe('From Teams to Teams, by inbox and outbox', () => {
  let teams: FakeTeams;
  let store: FakeStore;
  let bot: Bot;
  let connection: TeamsConnection;
  let stop: () => Promise<void>;
  /** What is written gets there, and the answer to it is lost. */
  let deaf = false;

  before(async () => {
    teams = await startTeams();
    store = createFakeStore();
    const services = servicesOver(store);
    const known = [...commands, light, wish, confide];
    connection = connectTeams({
      settings: teams.settings,
      store,
      log: silentLog,
      onRequest: async (request) => {
        const taken = await store.transaction((tx) => takeRequest(tx, request));
        inbox.nudge();
        if (deaf) throw new StoreUnavailableError('no answer');
        return taken;
      },
      earlierOf: (request) => store.transaction((tx) => earlierOf(tx, request)),
      formFor: (request) => formFor(request, known, services),
      people: () => [],
      cardAt: (at, after, signal) => cardAt({ store, wait }, at, after, signal),
    });
    const dispatcher = createDispatcher({
      store,
      courier: connection.courier,
      clock,
      log: silentLog,
      playbook: () => services.playbook,
    });
    const inbox = createInboxWorker({ services, commands: known, clock, log: silentLog, onWritten: dispatcher.nudge });
    await connection.start();
    bot = await serve(connection.requestListener);
    dispatcher.start();
    inbox.start();
    stop = async () => {
      await connection.stop();
      await inbox.stop(1_000);
      await dispatcher.stop();
    };
  });
  after(async () => {
    await bot.close();
    await stop();
    await teams.close();
  });

  const send = (more: Record<string, unknown>) => post(bot, activityOf(teams, more), teams.authorize());
  const invoke = (data: Record<string, unknown>, more: Record<string, unknown>) =>
    send({ type: 'invoke', name: 'adaptiveCard/action', text: undefined, value: { action: { data } }, ...more });
  const said = (where: string): unknown[] =>
    teams.messages.filter(({ conversation }) => conversation === where).map(({ activity }) => activity['summary']);

  it('words that were typed in a channel are answered in the person’s own chat', async () => {
    await send({ text: 'help', ...inChannel });
    await eventually('the answer', () => said(personal).length === 1);
    assert.deepEqual(said(channel), []);
    assert.equal(store.outbox.size, 1);
  });

  it('an answer that is to be shared hangs in the channel where it was asked', async () => {
    await send({ text: 'light --share', ...inChannel });
    await eventually('the shared answer', () => said(channel).includes('You switched it on.'));
    await eventually('a word about it', () => said(personal).length === 2);
    assert.equal(said(channel).length, 1);
  });

  describe('a form that was asked for in a channel and hangs in the person’s own chat', () => {
    const asked = async () => {
      await send({ text: 'wish --share', ...inChannel });
      const { id, activity } = teams.messages.findLast(({ conversation }) => conversation === personal) ?? {};
      const data = JSON.stringify(activity).match(/"data":(\{"action":"form"[^}]*\})/)?.[1] ?? '{}';
      return { id, data: JSON.parse(data) as { readonly askedIn: string } };
    };
    const fill = async (data: object, more: Record<string, unknown>): Promise<readonly unknown[]> => {
      const before = said(personal).length;
      await invoke({ ...data, 'field.what': 'Light' }, more);
      await eventually('an answer', () => said(personal).length > before);
      // Written down with the answer: when it is said, the channel's pace says.
      return [...store.outbox.values()].filter(
        ({ message: { place, content } }) =>
          place.channel === channel && JSON.stringify(content).includes('Wished for.'),
      );
    };

    it('is answered in private where somebody else sends it, or names another channel', async () => {
      const { id, data } = await asked();
      const ben = { id: '29:ben', name: 'Ben', aadObjectId: 'bbbb' };
      const elsewhere = data.askedIn.replace(channel, '19:board@thread.tacv2');
      assert.deepEqual(await fill(data, { replyToId: id, from: ben }), []);
      assert.deepEqual(await fill({ ...data, askedIn: elsewhere }, { replyToId: id }), []);
      assert.ok([...store.outbox.values()].every(({ message }) => message.place.channel !== '19:board@thread.tacv2'));
    });
    it('has its answer shared where it was asked', async () => {
      const { id, data } = await asked();
      assert.equal((await fill(data, { replyToId: id })).length, 1);
    });
    it('still has, where it was sent back to be mended first', async () => {
      const { id, data } = await asked();
      const { body } = await invoke({ ...data, 'field.what': 'x'.repeat(30) }, { replyToId: id });
      assert.match(JSON.stringify(body), /At most 20 characters/);
      const again = JSON.stringify(body).match(/"data":(\{"action":"form"[^}]*\})/)?.[1] ?? '{}';
      assert.equal((await fill(JSON.parse(again) as object, { replyToId: id })).length, 2);
    });
  });

  it('Home hangs there after the app was added, and is edited in place', async () => {
    await send({ type: 'installationUpdate', action: 'add', text: undefined });
    const key = `home/${teams.settings.tenantId}/${ana}`;
    await eventually('Home', () => store.outbox.get(key)?.state === 'sent');
    const [id, messages] = [store.outbox.get(key)?.externalId, teams.messages.length];
    const { body } = await invoke({ action: 'command', command: 'home' }, { replyToId: id });
    assert.match(JSON.stringify(body), /application\/vnd\.microsoft\.card\.adaptive/);
    assert.deepEqual([store.outbox.get(key)?.externalId, teams.messages.length], [id, messages]);
  });

  it('a pressed button is answered with the changed card, and the message that all see follows', async () => {
    await store.transaction((tx) =>
      tx.outbox.post(
        {
          key: 'lamp',
          subject: 'lamp',
          place: lamp,
          content: { kind: 'card', card: aCard({ title: 'The lamp is off', summary: 'The lamp is off.' }) },
        },
        clock.now(),
      ),
    );
    await eventually('the lamp', () => said(channel).includes('The lamp is off.'));
    const { id } = teams.messages.find(({ activity }) => activity['summary'] === 'The lamp is off.') ?? {};
    const { body } = await invoke({ action: 'command', command: 'light' }, { ...inChannel, replyToId: id });
    assert.match(JSON.stringify(body), /application\/vnd\.microsoft\.card\.adaptive.*The lamp is on/);
    await eventually('the edit', () => said(channel).includes('The lamp is on.'));
    assert.equal(said(channel).length, 2);
  });

  /** Asks for the form of a lesson, and gives what sends it. */
  const askForForm = async (words = 'lesson') => {
    const before = said(personal).length;
    await send({ text: words });
    const form = teams.messages.at(-1);
    assert.equal(said(personal).length, before + 1);
    const data = JSON.stringify(form?.activity).match(/"data":(\{"action":"form"[^}]*\})/)?.[1] ?? '{}';
    return (values: Readonly<Record<string, string>>) =>
      invoke({ ...(JSON.parse(data) as object), ...values }, { replyToId: form?.id });
  };

  it('a form is asked for, filled in, and takes effect once however often it is sent', async () => {
    const sendForm = await askForForm();
    for (const _ of [1, 2]) await sendForm({ 'field.learning': 'Ask the owner first.', 'field.action': 'Ask' });
    await eventually('the lesson', () => [...store.inbox.values()].every(({ state }) => state === 'done'));
    const lessons = await store.transaction((tx) => tx.lessons.list(10));
    assert.deepEqual(
      lessons.map(({ learning, action }) => [learning, action]),
      [['Ask the owner first.', 'Ask']],
    );
  });

  it('a form that was saved although its sender was told that it was not takes effect once, and nothing else silently', async () => {
    const sendForm = await askForForm();
    deaf = true;
    assert.match(JSON.stringify(await sendForm({ 'field.learning': 'First' })), /could not be saved/);
    deaf = false;
    const other = JSON.stringify(await sendForm({ 'field.learning': 'First, corrected' }));
    assert.match(other, /first version of this form was saved.*what stands here now was not/);
    assert.doesNotMatch(other, /vnd.microsoft.card/, 'the form stays, with what was typed');
    assert.match(JSON.stringify(await sendForm({ 'field.learning': 'First' })), /Taken/);
    await eventually('the lesson', () => [...store.inbox.values()].every(({ state }) => state === 'done'));
    const lessons = await store.transaction((tx) => tx.lessons.list(10));
    assert.deepEqual(
      lessons.map(({ learning }) => learning).filter((learning) => learning.startsWith('First')),
      ['First'],
    );
  });

  it('an answer that was received although its sender was told that it was not, and is forgotten since, is told so whatever it says', async () => {
    const sendForm = await askForForm('confide');
    deaf = true;
    assert.match(JSON.stringify(await sendForm({ 'field.what': 'a' })), /could not be saved/);
    deaf = false;
    await eventually('the answer', () => [...store.inbox.values()].every(({ state }) => state === 'done'));
    for (const what of ['a', 'b']) {
      const again = JSON.stringify(await sendForm({ 'field.what': what }));
      assert.match(again, /received before.*nobody can tell whether this one says the same/);
    }
  });
});
