import assert from 'node:assert/strict';
import type { Health } from '../../src/operate/health.ts';
import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { startHttpServer, type HttpServerOptions } from '../../src/operate/http-server.ts';
import type { Metrics } from '../../src/operate/metrics.ts';

const metrics: Metrics = {
  render: async () => ({ contentType: 'text/plain; version=0.0.4', body: 'parallel_run_store_up 1\n' }),
  delivery: () => {},
  run: () => {},
};

describe('The HTTP server', () => {
  const servers: { port: number; close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  let health: () => Promise<Health> = async () => ({ status: 'ok', platforms: {}, problems: [] });
  const start = async (overrides: Partial<HttpServerOptions> = {}): Promise<string> => {
    const server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      health: () => health(),
      metrics,
      listeners: new Map(),
      ...overrides,
    });
    servers.push(server);
    return `http://127.0.0.1:${server.port}`;
  };
  // Without keeping connections alive, so that closing the server does not wait for them.
  const ask = (url: string, method = 'GET') => fetch(url, { method, headers: { connection: 'close' } });

  const kept = (url: string, agent: Agent): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => response.resume().once('end', () => resolve(response))).once('error', reject);
    });

  for (const [status, code] of [
    ['ok', 200],
    ['degraded', 200],
    ['down', 503],
  ] as const) {
    it(`answers /healthz with ${code} when the process is ${status}, and with what is wrong`, async () => {
      const problems = status === 'ok' ? [] : ['The clock has not started.'];
      const platforms = { slack: status === 'ok' ? 'ok' : 'down', teams: 'ok' } as const;
      health = async () => ({ status, platforms, problems });
      const response = await ask(`${await start()}/healthz`);
      assert.equal(response.status, code);
      assert.match(response.headers.get('content-type') ?? '', /json/);
      assert.deepEqual(await response.json(), { status, platforms, problems });
    });
  }

  it('serves the metrics, also when a query string is asked for', async () => {
    const response = await ask(`${await start()}/metrics?name[]=x`);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4');
    assert.equal(await response.text(), 'parallel_run_store_up 1\n');
  });

  it('keeps a connection for longer than a load balancer does, so that no click meets one that is being closed', async () => {
    const agent = new Agent({ keepAlive: true });
    const response = await kept(await start(), agent);
    assert.equal(response.headers['keep-alive'], 'timeout=75');
    agent.destroy();
  });

  it('closes with its last answer, although the connection could be used again', async () => {
    let closed: Promise<void> | undefined;
    const slow = (_: unknown, response: ServerResponse): void => {
      closed = servers.splice(0)[0]?.close();
      setImmediate(() => response.end('so far'));
    };
    const agent = new Agent({ keepAlive: true });
    const response = await kept(`${await start({ listeners: new Map([['/slow', slow]]) })}/slow`, agent);
    assert.equal(response.statusCode, 200);
    await closed;
    agent.destroy();
  });

  it('says what there is where there is nothing', async () => {
    const response = await ask(`${await start()}/`);
    assert.equal(response.status, 404);
    assert.match(await response.text(), /Here are \/healthz and \/metrics/);
  });

  it('hands a platform its requests only where it comes over HTTP', async () => {
    const listeners = new Map([
      ['/slack/events', (_request: unknown, response: ServerResponse) => void response.writeHead(202).end()],
    ]);
    const url = await start();
    assert.equal((await ask(`${url}/slack/events`, 'POST')).status, 404);
    const withSlack = await start({ listeners });
    assert.equal((await ask(`${withSlack}/slack/events`, 'POST')).status, 202);
    assert.equal((await ask(`${withSlack}/api/messages`, 'POST')).status, 404);
  });

  it('tells nobody outside what went wrong inside', async () => {
    health = () => Promise.reject(new Error('postgresql://ana:s3cr3t@db refused'));
    const response = await ask(`${await start()}/healthz`);
    assert.equal(response.status, 500);
    assert.doesNotMatch(await response.text(), /s3cr3t|postgresql/);
  });

  it('says which setting to change when the port is taken', async () => {
    const port = Number(new URL(await start()).port);
    await assert.rejects(start({ port }), {
      message: `Port ${port} on 127.0.0.1 is taken by another program: set PORT to a free one.`,
    });
  });

  it('answers no more once it is closed', async () => {
    const url = await start();
    await servers.pop()?.close();
    await assert.rejects(ask(`${url}/healthz`));
  });
});
