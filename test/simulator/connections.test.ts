import assert from 'node:assert/strict';
import { App, SocketModeReceiver } from '@slack/bolt';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { ana, channel, clientOf, silent } from './client.ts';

describe('An app on the real Bolt over Socket Mode', () => {
  let simulator: Simulator;
  let app: App;
  before(async () => {
    simulator = await startSimulator();
    const clientOptions = { slackApiUrl: simulator.apiUrl };
    app = new App({
      token: simulator.botToken,
      clientOptions,
      receiver: new SocketModeReceiver({
        appToken: simulator.appToken,
        logger: silent,
        installerOptions: { clientOptions },
      }),
      logger: silent,
    });
    app.command('/parallel', async ({ command, ack, respond, client }) => {
      if (command.text === 'acknowledge with words') return ack('Here it is.');
      await ack();
      if (command.text === 'post') await client.chat.postMessage({ channel: command.channel_id, text: 'Posted' });
      else await respond(`You said ${command.text}.`);
    });
    app.action('again', async ({ ack, respond, action }) => {
      await ack();
      await respond(`Pressed ${action.type === 'button' ? (action.value ?? '') : ''}.`);
    });
    app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({
        user_id: event.user,
        view: { type: 'home', blocks: [{ type: 'section', text: { type: 'plain_text', text: 'Hello' } }] },
      });
    });
    await app.start();
  });
  after(async () => {
    await app?.stop();
    await simulator?.close();
  });

  /** Resolves at the first change after which the condition holds. */
  const eventually = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      if (holds()) return resolve();
      const stop = simulator.onChange(() => {
        if (!holds()) return;
        stop();
        resolve();
      });
    });
  const lastPrivate = () => simulator.privateMessages(ana).at(-1)?.text;

  it('acknowledges a command and answers by its response URL', async () => {
    const { acknowledged } = await simulator.command(ana, channel, 'hello');
    assert.equal(acknowledged, true);
    await eventually(() => lastPrivate() === 'You said hello.');
  });
  it('answers with the acknowledgement itself', async () => {
    await simulator.command(ana, channel, 'acknowledge with words');
    assert.equal(lastPrivate(), 'Here it is.');
  });
  it('answers a pressed button in private', async () => {
    const { ts } = await clientOf(simulator).chat.postMessage({
      channel,
      text: 'A button',
      blocks: [
        {
          type: 'actions',
          elements: [{ type: 'button', action_id: 'again', value: 'check', text: { type: 'plain_text', text: 'Go' } }],
        },
      ],
    });
    const { acknowledged } = await simulator.press(ana, channel, ts ?? '', 'again');
    assert.equal(acknowledged, true);
    await eventually(() => lastPrivate() === 'Pressed check.');
  });
  it('publishes the Home tab when it is opened', async () => {
    await simulator.openHome(ana);
    await eventually(() => simulator.home(ana) !== undefined);
  });
});
