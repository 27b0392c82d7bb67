import assert from 'node:assert/strict';
import { startTeamsSimulator } from '../../simulator/teams/server.ts';
import type { TeamsSimulator } from '../../simulator/teams/types.ts';
import { type App, startApp } from '../../src/app.ts';
import { systemClock } from '../../src/services.ts';
import type { Store } from '../../src/core/store.ts';
import { createLog } from '../../src/operate/logger.ts';
import { openStore } from '../../src/store/open.ts';
import { eventually, onceBack } from '../slack/support.ts';
import { createDatabase } from '../support/postgres-server.ts';
import { type Proxy, startProxy } from '../support/proxy.ts';
import { thePlaybook } from '../support/services.ts';

/** A request is written down: the last that the server hears of its transaction. */
const takenDown = /insert into inbox[^]*commit/;
const log = createLog('silent');
const nothing = { open: () => Promise.reject(new Error('nothing is compared here')), close: () => Promise.resolve() };

describe('A form in Teams, with the database behind a network', function () {
  this.timeout(60_000);
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let network: Proxy;
  let teams: TeamsSimulator;
  let app: App;
  let store: Store;
  let ana: string;

  before(async () => {
    database = await createDatabase();
    network = await startProxy({ host: database.url.hostname, port: Number(database.url.port || 5432) });
    const url = new URL(database.url);
    url.hostname = '127.0.0.1';
    url.port = String(network.port);
    store = await openStore({ databaseUrl: url.href, ownerDatabaseUrl: database.url.href, log });
    teams = await startTeamsSimulator();
    ana = teams.people[0]?.aadObjectId ?? '';
    const [channel, alerts] = teams.channels.map(({ id }) => id);
    app = await startApp({
      playbook: thePlaybook({ START_DATE: '', RECONCILIATION_CHANNEL: channel ?? '', ALERTS_CHANNEL: alerts ?? '' }),
      store,
      sources: { legacy: nothing, new: nothing },
      clock: systemClock,
      teams: {
        appId: teams.appId,
        appPassword: teams.appPassword,
        tenantId: teams.tenantId,
        endpoints: { loginUrl: teams.loginUrl, issuer: teams.issuer, openIdMetadataUrl: teams.openIdMetadataUrl },
      },
      host: '127.0.0.1',
      port: 0,
      log,
      onListening: async (port) => {
        teams.connect(`http://127.0.0.1:${port}/api/messages`);
        await teams.acts.install();
      },
    });
  });
  after(async () => {
    network?.pass();
    await app?.stop();
    await store?.close();
    await teams?.close();
    await network?.close();
    await database?.drop();
  });

  const inTheirChat = (): string => JSON.stringify(teams.messages(ana));
  /** Asks for the form of a lesson, and gives what sends it. */
  const askForLesson = async () => {
    const form = () =>
      teams.messages(ana).findLast(({ card }) => JSON.stringify(card ?? '').includes('field.learning'));
    const before = form()?.id;
    await teams.acts.ask(ana, ana, 'lesson');
    await eventually('the form', () => form() !== undefined && form()?.id !== before);
    const id = form()?.id ?? '';
    return {
      send: (learning: string) => teams.acts.press(ana, id, { title: 'Write it down' }, { 'field.learning': learning }),
      shown: (): string => JSON.stringify(teams.cardSeenBy(ana, id)),
    };
  };
  const saved = async (learning: string): Promise<number> => {
    const { rows } = await database.query('select learning from parallel_run.lessons');
    return rows.filter((row) => row.learning === learning).length;
  };

  it('is refused with what was typed kept while the database is away or silent, and saved once when it is back', async () => {
    const form = await askForLesson();
    network.cut();
    assert.match(JSON.stringify(await form.send('Through the night')), /could not be saved/);
    network.swallow();
    assert.match(JSON.stringify(await form.send('Through the night')), /could not be saved in time/);
    assert.match(form.shown(), /field.learning/, 'the form is there still');
    network.pass();
    await onceBack(() => form.send('Through the night'));
    await eventually('the answer', () => inTheirChat().includes('Through the night'));
    assert.equal(await saved('Through the night'), 1);
  });
  it('that was saved although there was no answer in time takes effect once, and what follows it is not lost silently', async () => {
    const form = await askForLesson();
    network.swallowAfter(takenDown);
    assert.match(JSON.stringify(await form.send('As it was')), /could not be saved in time/);
    network.pass();
    assert.match(
      JSON.stringify(await onceBack(() => form.send('As it is now'))),
      /first version of this form was saved/,
    );
    assert.match(form.shown(), /field.learning/, 'the form is there still');
    await form.send('As it was');
    assert.doesNotMatch(form.shown(), /field.learning/, 'the form is gone');
    await eventually('the answer', () => inTheirChat().includes('As it was'));
    assert.deepEqual([await saved('As it was'), await saved('As it is now')], [1, 0]);
  });
});
