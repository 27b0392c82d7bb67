import assert from 'node:assert/strict';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { type App, startApp } from '../../src/app.ts';
import { systemClock } from '../../src/services.ts';
import type { Store } from '../../src/core/store.ts';
import { createLog } from '../../src/operate/logger.ts';
import { openStore } from '../../src/store/open.ts';
import { createDatabase } from '../support/postgres-server.ts';
import { type Proxy, startProxy } from '../support/proxy.ts';
import { thePlaybook } from '../support/services.ts';
import { eventually, onceBack } from './support.ts';

const ana = 'U0ANA00001';
const channel = 'C0RECONCILE';
const signingSecret = 'a secret of these tests';
/** A request is written down: the last that the server hears of its transaction. */
const takenDown = /insert into inbox[^]*commit/;
const log = createLog('silent');
const nothing = { open: () => Promise.reject(new Error('nothing is compared here')), close: () => Promise.resolve() };

for (const mode of ['socket', 'http'] as const) {
  describe(`A form over ${mode === 'socket' ? 'Socket Mode' : 'signed HTTP'}, with the database behind a network`, function () {
    this.timeout(60_000);
    let database: Awaited<ReturnType<typeof createDatabase>>;
    let network: Proxy;
    let relay: Server;
    let slack: Simulator;
    let app: App;
    let store: Store;

    const start = async (): Promise<void> => {
      const url = new URL(database.url);
      url.hostname = '127.0.0.1';
      url.port = String(network.port);
      store = await openStore({ databaseUrl: url.href, ownerDatabaseUrl: database.url.href, log });
      app = await startApp({
        playbook: thePlaybook({ START_DATE: '', RECONCILIATION_CHANNEL: channel, ALERTS_CHANNEL: 'C0ALERTS' }),
        store,
        sources: { legacy: nothing, new: nothing },
        clock: systemClock,
        slack:
          mode === 'http'
            ? { mode, botToken: slack.botToken, signingSecret, apiUrl: slack.apiUrl }
            : { mode, botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
        host: '127.0.0.1',
        port: 0,
        log,
      });
      if (mode === 'socket') await eventually('a connection', () => slack.openSockets > 0);
    };
    const stop = async (): Promise<void> => {
      await app.stop();
      await store.close();
    };

    before(async () => {
      database = await createDatabase();
      network = await startProxy({ host: database.url.hostname, port: Number(database.url.port || 5432) });
      // Slack's address for the app stays, also while the app has another port after a restart.
      relay = createServer((incoming, outgoing) => {
        const { url: path, method, headers } = incoming;
        const passed = forward({ port: app.port, path, method, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        });
        passed.on('error', () => outgoing.writeHead(502).end());
        incoming.pipe(passed);
      });
      await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
      const requestUrl = `http://127.0.0.1:${(relay.address() as AddressInfo).port}/slack/events`;
      slack = await startSimulator({ signingSecret, ...(mode === 'http' ? { requestUrl } : {}) });
      await start();
    });
    after(async () => {
      network?.pass();
      await stop();
      await slack?.close();
      relay.closeAllConnections();
      relay.close();
      await network?.close();
      await database?.drop();
    });

    const submit = (learning: string): Promise<unknown> => {
      const open = slack.modal(ana);
      assert.ok(open !== undefined, 'no modal is open');
      return slack.submit(ana, open.id, { learning: { value: { type: 'plain_text_input', value: learning } } });
    };
    const saved = async (learning: string): Promise<number> => {
      const { rows } = await database.query('select learning from parallel_run.lessons');
      return rows.filter((row) => row.learning === learning).length;
    };
    const told = (text: string): Promise<void> =>
      eventually(text, () => JSON.stringify(slack.privateMessages(ana)).includes(text));

    it('is saved once, however often it arrives', async () => {
      await slack.command(ana, channel, 'lesson');
      await submit('Only once');
      await slack.redeliver();
      await slack.redeliver();
      await told('Only once');
      assert.equal(await saved('Only once'), 1);
    });
    it('is refused with what was typed kept while the database is away or silent, and saved once when it is back', async () => {
      await slack.command(ana, channel, 'lesson');
      network.cut();
      assert.match(JSON.stringify(await submit('Through the night')), /could not be saved/);
      network.swallow();
      const asked = performance.now();
      assert.match(JSON.stringify(await submit('Through the night')), /could not be saved in time/);
      assert.ok(performance.now() - asked < 3_000, 'within the time that Slack waits');
      assert.ok(slack.modal(ana) !== undefined, 'the modal is open still');
      network.pass();
      await submit('Through the night');
      await told('Through the night');
      assert.equal(await saved('Through the night'), 1);
    });
    it('that was saved although there was no answer in time is closed when it is sent again, and saved once', async () => {
      await slack.command(ana, channel, 'lesson');
      network.swallowAfter(takenDown);
      assert.match(JSON.stringify(await submit('Saved after all')), /could not be saved in time/);
      network.pass();
      assert.doesNotMatch(JSON.stringify(await onceBack(() => submit('Saved after all'))) ?? '', /errors/);
      assert.equal(slack.modal(ana), undefined, 'the modal is closed');
      await told('Saved after all');
      assert.equal(await saved('Saved after all'), 1);
    });
    it('that was saved although there was no answer in time is not taken for another that follows it', async () => {
      await slack.command(ana, channel, 'lesson');
      network.swallowAfter(takenDown);
      assert.match(JSON.stringify(await submit('As it was')), /could not be saved in time/);
      network.pass();
      assert.match(
        JSON.stringify(await onceBack(() => submit('As it is now'))),
        /first version of this form was saved/,
      );
      assert.ok(slack.modal(ana) !== undefined, 'the modal is open still');
      await told('As it was');
      await slack.command(ana, channel, 'lesson');
      await submit('As it is now');
      await told('As it is now');
      assert.deepEqual([await saved('As it was'), await saved('As it is now')], [1, 1]);
    });
    it('that was opened before a restart is saved after it', async () => {
      await slack.command(ana, channel, 'lesson');
      await stop();
      await start();
      await submit('Before and after');
      await told('Before and after');
      assert.equal(await saved('Before and after'), 1);
    });
  });
}
