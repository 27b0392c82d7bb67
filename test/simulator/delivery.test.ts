import assert from 'node:assert/strict';
import { WebSocket } from 'ws';
import { startSimulator } from '../../simulator/server.ts';
import type { Simulator } from '../../simulator/types.ts';
import { ana, channel, clientOf, openSocket, refusalOf } from './client.ts';

/** Instead of Slack's 3 s, so that nobody has to wait. */
const patience = 300;

describe('The simulated Socket Mode', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ patience });
  });
  afterEach(() => simulator.close());

  it('tells the person when the app acknowledged, with what came with it', async () => {
    const socket = await openSocket(simulator);
    const command = simulator.command(ana, channel, ' check ');
    const envelope = await socket.next();
    assert.equal(envelope.type, 'slash_commands');
    assert.equal(envelope.payload.text, 'check');
    socket.acknowledge(envelope, { text: 'On it.' });
    const { acknowledged, body } = await command;
    assert.deepEqual({ acknowledged, body }, { acknowledged: true, body: { text: 'On it.' } });
    assert.equal(simulator.privateMessages(ana).at(-1)?.text, 'On it.');
  });
  it('gives each thing to one of the open connections, in turn', async () => {
    const sockets = await Promise.all([openSocket(simulator), openSocket(simulator)]);
    assert.equal(simulator.openSockets, 2);
    const taken = sockets.map((socket) => socket.next().then((envelope) => socket.acknowledge(envelope)));
    assert.equal((await simulator.command(ana, channel, 'one')).acknowledged, true);
    assert.equal((await simulator.command(ana, channel, 'two')).acknowledged, true);
    await Promise.all(taken);
  });
  it('gives up on the person after the wait, and delivers it again in a new envelope', async () => {
    const sockets = await Promise.all([openSocket(simulator), openSocket(simulator)]);
    const arrived = sockets.map((socket) => socket.next());
    const { acknowledged, milliseconds } = await simulator.command(ana, channel, 'slow');
    assert.equal(acknowledged, false);
    assert.ok(milliseconds >= patience - 5, `${milliseconds} ms`);
    const [one, other] = await Promise.all(arrived);
    assert.notEqual(one?.envelope_id, other?.envelope_id);
    assert.equal(one?.payload.trigger_id, other?.payload.trigger_id);
    assert.equal(Math.max(one?.retry_attempt ?? 0, other?.retry_attempt ?? 0), 1);
  });
  it('delivers at once over another connection when the first one dies', async () => {
    const sockets = await Promise.all([openSocket(simulator), openSocket(simulator)]);
    const command = simulator.command(ana, channel, 'survives');
    const arrivals = sockets.map(async (socket) => ({ socket, envelope: await socket.next() }));
    const first = await Promise.race(arrivals);
    first.socket.close();
    const [second] = await Promise.all(arrivals.filter((_, index) => sockets[index] !== first.socket));
    assert.ok(second !== undefined);
    assert.equal(second.envelope.payload.trigger_id, first.envelope.payload.trigger_id);
    second.socket.acknowledge(second.envelope);
    assert.equal((await command).acknowledged, true);
  });
  it('tries three times more, and no fourth time', async () => {
    const socket = await openSocket(simulator);
    const command = simulator.command(ana, channel, 'never');
    const attempts: (number | undefined)[] = [];
    for (let count = 0; count < 4; count += 1) attempts.push((await socket.next()).retry_attempt);
    assert.deepEqual(attempts, [undefined, 1, 2, 3]);
    assert.equal((await command).acknowledged, false);
    const next = simulator.command(ana, channel, 'another');
    const envelope = await socket.next();
    assert.equal(envelope.payload.text, 'another');
    socket.acknowledge(envelope);
    await next;
  });
  it('waits with a redelivery for the app to connect again', async () => {
    const socket = await openSocket(simulator);
    const command = simulator.command(ana, channel, 'patience');
    await socket.next();
    socket.close();
    assert.equal((await command).acknowledged, false);
    const again = await openSocket(simulator);
    assert.equal((await again.next()).payload.text, 'patience');
  });
  it('does not deliver later what found no connection at all', async () => {
    assert.equal((await simulator.command(ana, channel, 'nobody')).acknowledged, false);
    const socket = await openSocket(simulator);
    const command = simulator.command(ana, channel, 'somebody');
    const envelope = await socket.next();
    assert.equal(envelope.payload.text, 'somebody');
    socket.acknowledge(envelope);
    await command;
  });
  it('repeats a delivery when asked, with the same payload', async () => {
    const socket = await openSocket(simulator);
    const command = simulator.command(ana, channel, 'once');
    const first = await socket.next();
    socket.acknowledge(first);
    await command;
    const again = simulator.redeliver();
    const second = await socket.next();
    assert.deepEqual(second.payload, first.payload);
    assert.equal(second.retry_attempt, 1);
    socket.acknowledge(second);
    assert.equal((await again).acknowledged, true);
    assert.throws(() => simulator.redeliver(7), /nothing to repeat/);
  });
  it('announces a refresh, gives that connection nothing more, and closes it', async () => {
    const old = await openSocket(simulator);
    simulator.refreshSockets();
    const announced = await old.next();
    assert.equal(announced.type, 'disconnect');
    assert.equal(announced.reason, 'refresh_requested');
    assert.equal(simulator.openSockets, 0);
    const fresh = await openSocket(simulator);
    const command = simulator.command(ana, channel, 'x');
    fresh.acknowledge(await fresh.next());
    assert.equal((await command).acknowledged, true);
    await old.closed;
  });
  it('drops every connection when told to', async () => {
    const socket = await openSocket(simulator);
    simulator.dropSockets();
    await socket.closed;
    assert.equal(simulator.openSockets, 0);
  });
  it('lets an address connect once', async () => {
    const { url } = await clientOf(simulator, simulator.appToken).apps.connections.open();
    const outcome = () =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(url ?? '');
        socket.on('message', () => resolve('open'));
        socket.on('error', ({ message }) => resolve(message));
      });
    assert.equal(await outcome(), 'open');
    assert.match(await outcome(), /400/);
  });
});

describe('People in the simulated Slack', () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ patience });
  });
  afterEach(() => simulator.close());

  it('can do nothing when they left, or where they are not', async () => {
    await assert.rejects(simulator.command('U0HANA0008', channel, 'check'), /Hana Sato is deactivated/);
    await assert.rejects(simulator.command('U0NOBODY', channel, 'check'), /nobody with the id/);
    await assert.rejects(simulator.command(ana, 'C0NOWHERE', 'check'), /no channel/);
    simulator.archive(channel);
    await assert.rejects(simulator.command(ana, channel, 'check'), /archived/);
  });
  it('mention one another by names, which the app gets as ids', async () => {
    const socket = await openSocket(simulator);
    const command = simulator.command(ana, channel, 'ask @ben.okafor, @nobody, a@chen.wei & #parallel-run-alerts');
    const envelope = await socket.next();
    assert.equal(
      envelope.payload.text,
      'ask <@U0BEN00002|ben.okafor>, @nobody, a@chen.wei &amp; <#C0ALERTS|parallel-run-alerts>',
    );
    socket.acknowledge(envelope);
    await command;
  });
  it('press only what is there', async () => {
    const { ts } = await clientOf(simulator).chat.postMessage({ channel, text: 'no buttons' });
    await assert.rejects(simulator.press(ana, channel, '1.1', 'go'), /sees no message/);
    await assert.rejects(simulator.press(ana, channel, ts ?? '', 'go'), /nothing with the action id "go"/);
  });

  /** A trigger id and a response URL, as the app got them with a command. */
  const triggered = async (): Promise<{ trigger_id: string; response_url: string }> => {
    const socket = await openSocket(simulator);
    const command = simulator.command(ana, channel, 'x');
    socket.acknowledge(await socket.next());
    await command;
    socket.close();
    return simulator.deliveries.at(-1)?.payload as { trigger_id: string; response_url: string };
  };
  const respond = async (url: string, body: unknown): Promise<{ status: number; text: string }> => {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };
  const modal = {
    type: 'modal' as const,
    title: { type: 'plain_text' as const, text: 'Why' },
    submit: { type: 'plain_text' as const, text: 'Send' },
    blocks: [
      {
        type: 'input' as const,
        block_id: 'why',
        label: { type: 'plain_text' as const, text: 'Why' },
        element: { type: 'plain_text_input' as const, action_id: 'text' },
      },
    ],
  };

  it('are shown a modal for a trigger, once, and submit it', async () => {
    const { trigger_id } = await triggered();
    const client = clientOf(simulator);
    const { view } = await client.views.open({ trigger_id, view: modal });
    assert.equal((await refusalOf(client.views.open({ trigger_id, view: modal }))).error, 'trigger_exchanged');
    const other = await refusalOf(client.views.open({ trigger_id: 'made up', view: modal }));
    assert.equal(other.error, 'invalid_trigger_id');

    const socket = await openSocket(simulator);
    const values = { why: { text: { type: 'plain_text_input', value: '' } } };
    const refused = simulator.submit(ana, view?.id ?? '', values);
    const errors = { response_action: 'errors', errors: { why: 'Say something.' } };
    socket.acknowledge(await socket.next(), errors);
    assert.deepEqual(await refused, errors);
    const taken = simulator.submit(ana, view?.id ?? '', values);
    socket.acknowledge(await socket.next());
    assert.equal(await taken, undefined);
    await assert.rejects(simulator.submit(ana, view?.id ?? '', values), /no open modal/);
  });
  it('are answered in private by the response URL, five times and no more', async () => {
    const { response_url } = await triggered();
    assert.match(new URL(response_url).pathname, /^\/commands\//);
    for (const text of ['1', '2', '3', '4', '5']) {
      assert.deepEqual(await respond(response_url, { text }), { status: 200, text: 'ok' });
    }
    const { status, text } = await respond(response_url, { text: '6' });
    assert.deepEqual({ status, text: JSON.parse(text) }, { status: 404, text: { ok: false, error: 'used_url' } });
    assert.equal(simulator.privateMessages(ana).length, 5);
    assert.deepEqual(simulator.messages(channel), []);
  });
  it('see an answer in place of the one before, or with everybody, when the app says so', async () => {
    const { response_url } = await triggered();
    await respond(response_url, { text: 'working' });
    await respond(response_url, { text: 'done', replace_original: true });
    assert.deepEqual(
      simulator.privateMessages(ana).map(({ text }) => text),
      ['done'],
    );
    await respond(response_url, { text: 'for all', response_type: 'in_channel' });
    assert.equal(simulator.messages(channel).at(-1)?.text, 'for all');
  });
  it('are not shown an answer that Slack cannot show', async () => {
    const { response_url } = await triggered();
    const { status, text } = await respond(response_url, { text: 'x', blocks: [{ type: 'poem' }] });
    assert.equal(status, 400);
    assert.match(text, /invalid_blocks/);
    assert.deepEqual(simulator.privateMessages(ana), []);
  });
  it('press a button of a private answer, which can be replaced or deleted', async () => {
    const { response_url } = await triggered();
    const blocks = [
      { type: 'actions', elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }] },
    ];
    await respond(response_url, { text: 'choose', blocks });
    const socket = await openSocket(simulator);
    const ts = simulator.privateMessages(ana)[0]?.ts ?? '';
    const pressed = simulator.press(ana, channel, ts, 'go');
    socket.acknowledge(await socket.next());
    await pressed;
    const url = String(simulator.deliveries.at(-1)?.payload['response_url']);
    assert.match(new URL(url).pathname, /^\/actions\//);
    await respond(url, { text: 'chosen', replace_original: true });
    assert.deepEqual(
      simulator.privateMessages(ana).map(({ text, blocks }) => ({ text, blocks })),
      [{ text: 'chosen', blocks: undefined }],
    );
    await respond(url, { delete_original: true });
    assert.deepEqual(simulator.privateMessages(ana), []);
  });
});
