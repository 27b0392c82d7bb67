import assert from 'node:assert/strict';
import { request } from 'node:http';
import { startSimulator } from '../../simulator/server.ts';
import type { SimulatorState } from '../../simulator/page/state.ts';
import type { Simulator } from '../../simulator/types.ts';
import { ana, channel, clientOf, openSocket } from './client.ts';

describe("The simulator's page", () => {
  let simulator: Simulator;
  let drifted = 0;
  before(async () => {
    simulator = await startSimulator({
      page: true,
      patience: 120,
      timeZone: 'America/New_York',
      now: () => new Date('2026-01-05T12:00:00Z'),
      suggestions: [{ name: 'check', usage: 'check [name…]', summary: 'Compares' }],
      controls: [
        {
          name: 'drift',
          label: 'Let it drift',
          description: 'One more fault',
          run: () => {
            drifted += 1;
            return drifted === 1 ? Promise.resolve('Drifted.') : Promise.reject(new Error('Nothing is left to drift.'));
          },
        },
      ],
    });
  });
  after(() => simulator?.close());

  /** A request with headers of its own, which fetch would not send. */
  const ask = (path: string, options: { headers?: Record<string, string>; body?: unknown } = {}) =>
    new Promise<{ status: number; body: string; type: string }>((resolve, reject) => {
      const { headers = {}, body } = options;
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const url = new URL(path, simulator.pageUrl);
      const sent = request(
        url,
        { method: body === undefined ? 'GET' : 'POST', headers: { ...type, ...headers } },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part: string) => {
            text += part;
          });
          answer.on('end', () =>
            resolve({ status: answer.statusCode ?? 0, body: text, type: answer.headers['content-type'] ?? '' }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const state = async (): Promise<SimulatorState> => JSON.parse((await ask('/simulator/state')).body) as SimulatorState;
  const act = async (path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> => {
    const answer = await ask(`/simulator/${path}`, { body });
    return { status: answer.status, body: JSON.parse(answer.body) as Record<string, unknown> };
  };

  it('is served with its script and its style', async () => {
    for (const [path, type] of [
      ['/', 'text/html'],
      ['/page.js', 'text/javascript'],
      ['/page.css', 'text/css'],
    ] as const) {
      const answer = await ask(path);
      assert.equal(answer.status, 200);
      assert.ok(answer.type.startsWith(type), answer.type);
      assert.ok(answer.body.length > 100);
    }
    assert.equal((await ask('/elsewhere')).status, 404);
  });
  it('gets the whole workspace', async () => {
    await clientOf(simulator).chat.postMessage({ channel, text: 'Hello' });
    const { people, channels, suggestions, controls, now, timeZone } = await state();
    assert.equal(people.length, 8);
    assert.equal(channels.find(({ id }) => id === channel)?.messages.at(-1)?.text, 'Hello');
    assert.equal(suggestions[0]?.name, 'check');
    assert.deepEqual(controls, [{ name: 'drift', label: 'Let it drift', description: 'One more fault' }]);
    assert.equal(now, '2026-01-05T12:00:00.000Z');
    assert.equal(timeZone, 'America/New_York');
  });
  it('is told of changes', async () => {
    const events = await fetch(new URL('/simulator/events', simulator.pageUrl));
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    assert.match((await reader?.read())?.value ?? '', /event: changed/);
    const next = reader?.read();
    await clientOf(simulator).chat.postMessage({ channel, text: 'News' });
    assert.match((await next)?.value ?? '', /event: changed/);
    await reader?.cancel();
  });
  it('sends a command, and says whether the app acknowledged it', async () => {
    const socket = await openSocket(simulator);
    const answer = act('command', { person: ana, channel, text: 'check' });
    socket.acknowledge(await socket.next());
    assert.equal((await answer).body['acknowledged'], true);
    socket.close();
    await socket.closed;
    const late = await act('command', { person: ana, channel, text: 'check' });
    assert.deepEqual(
      { status: late.status, acknowledged: late.body['acknowledged'] },
      { status: 200, acknowledged: false },
    );
  });
  it('presses buttons of the Home tab', async () => {
    const text = { type: 'plain_text' as const, text: 'Go' };
    const blocks = [
      { type: 'actions' as const, elements: [{ type: 'button' as const, action_id: 'go', value: 'home', text }] },
    ];
    await clientOf(simulator).views.publish({ user_id: ana, view: { type: 'home', blocks } });
    const socket = await openSocket(simulator);
    const pressed = act('press', { person: ana, home: true, actionId: 'go' });
    socket.acknowledge(await socket.next());
    assert.equal((await pressed).status, 200);
    const actions = simulator.deliveries.at(-1)?.payload['actions'] as { value: string }[];
    assert.equal(actions[0]?.value, 'home');
    socket.close();
  });
  it('uses the controls, and is told in words when one fails', async () => {
    assert.deepEqual(await act('control', { name: 'drift' }), { status: 200, body: { answer: 'Drifted.' } });
    assert.deepEqual(await act('control', { name: 'drift' }), {
      status: 400,
      body: { error: 'Nothing is left to drift.' },
    });
    assert.match(String((await act('control', { name: 'heal' })).body['error']), /no control "heal"/);
  });
  it('is told in words what it asked wrongly', async () => {
    assert.deepEqual(await act('command', { person: ana, channel }), {
      status: 400,
      body: { error: 'The body has no text "text".' },
    });
  });

  const port = () => new URL(simulator.pageUrl).port;
  it('is reached only by the names of this computer', async () => {
    const status = async (host: string) => (await ask('/simulator/state', { headers: { host } })).status;
    assert.equal(await status(`127.0.0.1:${port()}`), 200);
    assert.equal(await status(`localhost:${port()}`), 200);
    assert.equal(await status('evil.example'), 403);
    assert.equal(await status(`evil.example:${port()}`), 403);
    assert.equal(await status('127.0.0.1'), 403);
  });
  it('takes nothing from pages of other sites', async () => {
    const status = async (headers: Record<string, string>) =>
      (await ask('/simulator/home', { headers, body: { person: 'nobody' } })).status;
    assert.equal(await status({ origin: `http://127.0.0.1:${port()}`, 'sec-fetch-site': 'same-origin' }), 400);
    assert.equal(await status({ origin: 'https://evil.example' }), 403);
    assert.equal(await status({ origin: `http://127.0.0.1:${Number(port()) + 1}` }), 403);
    assert.equal(await status({ origin: 'null' }), 403);
    assert.equal(await status({ 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await status({ 'content-type': 'text/plain' }), 400);
  });
  it('listens on this computer alone', async () => {
    await assert.rejects(startSimulator({ host: '0.0.0.0' }), /this computer alone/);
  });
});
