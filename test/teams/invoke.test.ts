import assert from 'node:assert/strict';
import type { Card } from '../../src/core/cards/card.ts';
import type { Form } from '../../src/core/form.ts';
import type { Request } from '../../src/core/request.ts';
import { connectTeams, type TeamsConnection, type TeamsOptions } from '../../src/teams/index.ts';
import { card, silentLog } from '../slack/support.ts';
import { createFakeStore } from '../support/fake-store.ts';
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

const form: Form = {
  title: 'File a lesson',
  submit: 'File',
  fields: [
    { kind: 'text', name: 'what', label: 'What was learned', required: true, lines: 'many', maxLength: 20 },
    { kind: 'text', name: 'action', label: 'What follows', required: false, lines: 'one', maxLength: 20 },
  ],
};
const cardType = 'application/vnd.microsoft.card.adaptive';
const messageType = 'application/vnd.microsoft.activity.message';

describe('A pressed button in Teams', () => {
  let teams: FakeTeams;
  let bot: Bot;
  let connection: TeamsConnection;
  let requests: Request[];
  let callsBefore: number;
  let save: TeamsOptions['onRequest'];
  let formFor: TeamsOptions['formFor'];
  let cardAt: TeamsOptions['cardAt'];

  before(async () => {
    teams = await startTeams();
    connection = connectTeams({
      settings: teams.settings,
      store: createFakeStore(),
      log: silentLog,
      onRequest: (request) => save(request),
      earlierOf: () => Promise.resolve(undefined),
      formFor: (request) => formFor(request),
      people: () => [],
      cardAt: (...asked) => cardAt(...asked),
      savingMilliseconds: 300,
      waitingMilliseconds: 200,
    });
    await connection.start();
    bot = await serve(connection.requestListener);
  });
  after(async () => {
    await bot.close();
    await connection.stop();
    await teams.close();
  });
  beforeEach(() => {
    callsBefore = teams.calls.length;
    requests = [];
    save = (request) => {
      requests.push(request);
      return Promise.resolve('taken' as const);
    };
    formFor = () => Promise.resolve(undefined);
    cardAt = () => Promise.resolve(undefined);
  });

  type Data = Readonly<Record<string, unknown>>;
  type Said = { readonly statusCode: number; readonly type: string; readonly value: unknown };

  const invoke = async (data: Data, more: Data = {}): Promise<Said> => {
    const { status, body } = await post(bot, pressed(data, more), teams.authorize());
    assert.equal(status, 200);
    return body as Said;
  };
  const pressed = (data: Data, more: Data = {}) =>
    activityOf(teams, {
      type: 'invoke',
      name: 'adaptiveCard/action',
      text: undefined,
      replyToId: '1699',
      value: { action: { type: 'Action.Execute', verb: data['action'], data }, trigger: 'manual' },
      ...more,
    });
  /** The same from a client that knows `Action.Submit` only. */
  const submit = (data: Data, more: Data = {}) =>
    post(bot, activityOf(teams, { text: undefined, value: data, replyToId: '1699', ...more }), teams.authorize());
  const command = (words: string): Data => ({ action: 'command', command: words });
  const sent = (more: Data = {}): Data => ({
    action: 'form',
    command: 'lesson',
    form: 'f-1',
    'field.what': 'Ask.',
    ...more,
  });
  const asking: TeamsOptions['formFor'] = () => Promise.resolve({ form });
  const hangs =
    (one: Card): TeamsOptions['cardAt'] =>
    (_, after) =>
      Promise.resolve(after === undefined ? one : { ...one, title: 'Approved', summary: 'Approved.' });
  /** Messages that this test had written over. */
  const edits = () => teams.calls.slice(callsBefore).filter(({ method }) => method === 'PUT');
  const text = (said: Said): string => JSON.stringify(said.value);

  it('is a request with the button’s words, under an id of this press', async () => {
    const activity = pressed(command('decision DEC-1 approve --seen 2'), inChannel);
    await post(bot, activity, teams.authorize());
    await post(bot, activity, teams.authorize());
    const [first, second] = requests;
    assert.equal(first?.words, 'decision DEC-1 approve --seen 2');
    assert.deepEqual(first?.place, { platform: 'teams', channel: ana, visibility: 'private', askedIn: channel });
    assert.equal(first?.id, second?.id);
    assert.match(first?.id ?? '', /^teams\/action\/19:reconcile.*\/\d+$/);
  });

  it('is answered with the card that comes of it, where that is soon enough', async () => {
    cardAt = hangs(card());
    const said = await invoke(command('decision DEC-1 approve'), inChannel);
    assert.deepEqual([said.statusCode, said.type], [200, cardType]);
    assert.match(text(said), /Approved/);
  });
  it('asks for what hangs where it was pressed, after this request', async () => {
    let asked: unknown[] = [];
    cardAt = (at, after) => {
      asked = [at, after?.id];
      return Promise.resolve(undefined);
    };
    await invoke(command('decision DEC-1 approve'), inChannel);
    assert.deepEqual(asked, [{ channel, externalId: '1699' }, requests[0]?.id]);
    await invoke(command('show last'));
    assert.deepEqual(asked, [{ channel: ana, externalId: '1699' }, requests[1]?.id]);
  });
  it('is answered that it was taken, where what comes of it takes longer or can not be told', async () => {
    for (const slow of [() => new Promise<undefined>(() => undefined), () => Promise.reject(new Error('no store'))]) {
      cardAt = slow;
      assert.deepEqual(await invoke(command('check')), {
        statusCode: 200,
        type: messageType,
        value: 'Taken; the card changes in a moment.',
      });
    }
    assert.equal(edits().length, 0);
  });
  it('is told to have come to nothing where it could not be saved', async () => {
    save = () => Promise.reject(new Error('no database'));
    const said = await invoke(command('check'));
    assert.equal(said.type, messageType);
    assert.match(text(said), /nothing will come of it/);
    save = () => new Promise(() => undefined);
    assert.match(text(await invoke(command('check'))), /could not be saved in time/);
  });
  it('brings Home where it hangs, from the person’s own chat alone', async () => {
    await invoke(command('home'));
    assert.deepEqual(requests[0]?.place, { platform: 'teams', channel: ana, visibility: 'home' });
    await invoke(command('home'), inChannel);
    assert.equal(requests[1]?.place?.visibility, 'private');
  });
  it('takes effect in an old client, too, which is answered by messages', async () => {
    assert.deepEqual(await submit(command('check levels')), { status: 200, body: undefined });
    assert.equal(requests[0]?.words, 'check levels');
    assert.match(requests[0]?.id ?? '', /^teams\/action\//);
  });
  it('is refused in words where it is none of ours, or from nobody of the organisation', async () => {
    assert.match(text(await invoke({ action: 'other' })), /not one that Parallel Run knows/);
    await submit({ action: 'other' });
    assert.match(String(teams.messages.at(-1)?.activity['text']), /not one that Parallel Run knows/);
    const guest = { from: { id: '29:guest', name: 'Guest' } };
    assert.match(text(await invoke(command('check'), guest)), /only members of the organisation/);
    assert.deepEqual(requests, []);
  });
  it('is the only question of Teams’ that is answered', async () => {
    const { status } = await post(
      bot,
      pressed(command('check'), { name: 'composeExtension/query' }),
      teams.authorize(),
    );
    assert.equal(status, 501);
    assert.deepEqual(requests, []);
  });
  it('is not pressed where a client only brings its card up to date', async () => {
    cardAt = hangs(card([], { title: 'As it is' }));
    const refresh = { action: 'refresh' };
    assert.match(text(await invoke(refresh)), /As it is/);
    cardAt = () => Promise.resolve(undefined);
    assert.equal((await invoke(refresh)).type, messageType);
    assert.deepEqual([requests.length, edits().length], [0, 0]);
  });

  describe('that needs a form', () => {
    it('opens it in the person’s own chat, where no change of the card takes away what is typed', async () => {
      formFor = asking;
      const said = await invoke(command('lesson'), inChannel);
      assert.match(text(said), /in your own chat/);
      const opened = teams.messages.at(-1);
      assert.equal(opened?.conversation, personal);
      assert.match(JSON.stringify(opened?.activity), /What was learned/);
      assert.deepEqual([requests.length, teams.messages.filter(({ id }) => id === '1699').length], [0, 0]);
    });
    it('opens it below where the button is in that chat', async () => {
      formFor = asking;
      assert.match(text(await invoke(command('lesson'))), /below/);
      assert.match(JSON.stringify(teams.messages.at(-1)?.activity), /What was learned/);
    });
    it('says so where it can’t be opened, and nothing is done', async () => {
      formFor = asking;
      teams.faults.push({ status: 403, code: 'MessageWritesBlocked' });
      assert.match(text(await invoke(command('lesson'), inChannel)), /could not be opened/);
      assert.deepEqual(requests, []);
    });
    it('asks with one and the same form where it is delivered twice', async () => {
      formFor = asking;
      const activity = pressed(command('lesson'));
      const openedBy = async (one: object): Promise<unknown> => {
        await post(bot, one, teams.authorize());
        return teams.messages.at(-1)?.activity['attachments'];
      };
      const first = await openedBy(activity);
      assert.deepEqual(await openedBy(activity), first);
      assert.notDeepEqual(await openedBy(pressed(command('lesson'), { id: 'another' })), first);
    });
    it('is told why nobody is asked', async () => {
      formFor = () => Promise.resolve({ refused: card([], { summary: 'Only the Data Owner files these.' }) });
      assert.match(text(await invoke(command('lesson'))), /Only the Data Owner/);
      assert.deepEqual(requests, []);
    });
    it('is answered in private where words in a channel are refused, which everybody would read there', async () => {
      formFor = () => Promise.resolve({ refused: card([], { summary: 'Only the Data Owner files these.' }) });
      const before = teams.messages.length;
      await post(bot, activityOf(teams, { text: 'lesson', ...inChannel }), teams.authorize());
      assert.deepEqual([requests.at(-1)?.words, teams.messages.length], ['lesson', before]);
    });
    it('is taken as it is where nobody can tell soon enough', async () => {
      formFor = () => Promise.reject(new Error('no database'));
      await invoke(command('lesson'));
      assert.equal(requests.length, 1);
    });

    it('opens it in the person’s own chat where words were typed in a channel, and says so there', async () => {
      formFor = asking;
      await post(bot, activityOf(teams, { text: 'lesson', ...inChannel }), teams.authorize());
      const [opened, said] = teams.messages.slice(-2);
      assert.equal(opened?.conversation, personal);
      assert.match(JSON.stringify(opened?.activity), /What was learned/);
      assert.equal(opened?.activity['summary'], form.title);
      assert.match(String(said?.activity['text']), /in your own chat/);
      assert.deepEqual(requests, []);
    });
    it('opens it where the words were typed in that chat, and says nothing more', async () => {
      formFor = asking;
      const before = teams.messages.length;
      await post(bot, activityOf(teams, { text: 'lesson' }), teams.authorize());
      assert.equal(teams.messages.length, before + 1);
      assert.equal(teams.messages.at(-1)?.conversation, personal);
    });
    it('says so where it can not be opened', async () => {
      formFor = asking;
      teams.faults.push({ status: 403, code: 'MessageWritesBlocked' });
      await post(bot, activityOf(teams, { text: 'lesson' }), teams.authorize());
      assert.match(String(teams.messages.at(-1)?.activity['text']), /could not be opened, so nothing was done/);
    });
  });

  describe('that sends a form', () => {
    beforeEach(() => {
      formFor = asking;
    });
    const formMessage = async (): Promise<string> => {
      await post(bot, activityOf(teams, { text: 'lesson' }), teams.authorize());
      return teams.messages.at(-1)?.id ?? '';
    };
    const shown = (id: string): string => JSON.stringify(teams.messages.find((one) => one.id === id)?.activity);

    it('is a request with what was filled in, under the form’s and the person’s id, however often it is sent', async () => {
      cardAt = hangs(card());
      await invoke(sent({ 'field.action': '' }), inChannel);
      await invoke(sent(), inChannel);
      const [first, second] = requests;
      assert.equal(first?.words, 'lesson');
      assert.deepEqual(first?.form, { what: 'Ask.' });
      assert.equal(first?.id, `teams/form/${ana}/f-1`);
      assert.equal(second?.id, first?.id);
    });
    it('is never another person’s request, whatever id is sent', async () => {
      await invoke(sent(), { from: { id: '29:ben', name: 'Ben', aadObjectId: 'BBBB' } });
      assert.equal(requests[0]?.id, 'teams/form/bbbb/f-1');
    });
    it('shows it again with what is wrong and what was typed, and takes nothing', async () => {
      const said = await invoke(sent({ 'field.what': 'x'.repeat(21), 'field.action': 'Ask more' }));
      assert.equal(said.type, cardType);
      assert.match(text(said), /At most 20 characters/);
      assert.match(text(said), /Ask more/);
      assert.match(text(said), /f-1/);
      assert.deepEqual(requests, []);
      await invoke(sent({ 'field.what': 'x'.repeat(20) }));
      assert.equal(requests.length, 1);
    });
    it('says why nothing came of it where it can not be judged', async () => {
      formFor = () => Promise.reject(new Error('no database'));
      assert.match(text(await invoke(sent())), /could not be saved/);
      assert.deepEqual(requests, []);
    });
    it('gives the card back in whose place it stood', async () => {
      cardAt = hangs(card());
      assert.match(text(await invoke(sent(), inChannel)), /Approved/);
      assert.equal(edits().length, 0);
    });
    it('gives that card back as it is, where what comes of it takes longer', async () => {
      cardAt = (_, after) =>
        after === undefined ? Promise.resolve(card([], { title: 'As it is' })) : new Promise(() => undefined);
      assert.match(text(await invoke(sent(), inChannel)), /As it is/);
    });
    it('puts a form that is a message by itself away, for all of the person’s devices', async () => {
      const id = await formMessage();
      const said = await invoke(sent(), { replyToId: id });
      assert.match(text(said), /Taken/);
      assert.match(shown(id), /Taken/);
    });
    it('never writes over a message of which it is not known what it is, nor over one in a channel', async () => {
      cardAt = () => Promise.reject(new Error('no store'));
      await invoke(sent());
      cardAt = () => Promise.resolve(undefined);
      await invoke(sent(), inChannel);
      await submit(sent(), inChannel);
      assert.equal(edits().length, 0);
    });
    it('works in an old client, in the form’s own message', async () => {
      const id = await formMessage();
      await submit(sent({ 'field.what': 'x'.repeat(21) }), { replyToId: id });
      assert.match(shown(id), /At most 20 characters/);
      assert.equal(requests.length, 0);
      await submit(sent(), { replyToId: id });
      assert.match(shown(id), /Taken/);
      assert.deepEqual(requests[0]?.form, { what: 'Ask.' });
    });

    it('or puts it away, does nothing else', async () => {
      const id = await formMessage();
      assert.match(text(await invoke({ action: 'cancel' }, { replyToId: id })), /Put away/);
      assert.match(shown(id), /Put away/);
      cardAt = hangs(card([], { title: 'As it is' }));
      assert.match(text(await invoke({ action: 'cancel' }, inChannel)), /As it is/);
      const other = await formMessage();
      cardAt = () => Promise.resolve(undefined);
      await submit({ action: 'cancel' }, { replyToId: other });
      assert.match(shown(other), /Put away/);
      assert.deepEqual(requests, []);
    });
  });
});
