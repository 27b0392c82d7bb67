import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import type { Log } from '../../src/core/log.ts';
import { startHttpServer } from '../../src/operate/http-server.ts';
import { createReadingsListener } from '../../src/operate/readings.ts';
import { createFakeStore } from '../support/fake-store.ts';
import { someMoment } from '../support/fixtures.ts';
import { servicesOver } from '../support/services.ts';

const [oldSecret, newSecret] = ['o'.repeat(32), 'n'.repeat(32)];
const report = { id: 'p95-1', metric: 'p95', value: '1.8', measuredAt: someMoment };
const seconds = Date.parse(someMoment) / 1_000;

interface Sent {
  readonly secret?: string;
  readonly timestamp?: string;
  readonly signature?: string;
  readonly method?: string;
}

describe('Readings that programs report over HTTP', () => {
  let store = createFakeStore();
  let services = servicesOver(store);
  let url = '';
  let close: () => Promise<void>;
  let logged: unknown[] = [];
  const log = Object.fromEntries(
    ['debug', 'info', 'warn', 'error'].map((level) => [level, (...said: unknown[]) => logged.push(said)]),
  ) as unknown as Log;

  const serve = async (secrets: readonly string[]): Promise<void> => {
    const server = await startHttpServer({
      host: '127.0.0.1',
      port: 0,
      health: async () => ({ status: 'ok', platforms: {}, problems: [] }),
      metrics: { render: async () => ({ contentType: 'text/plain', body: '' }), delivery: () => {}, run: () => {} },
      listeners: new Map(
        secrets.length === 0 ? [] : [['/readings', createReadingsListener({ services, secrets, log })]],
      ),
    });
    url = `http://127.0.0.1:${server.port}/readings`;
    close = server.close;
  };
  beforeEach(async () => {
    store = createFakeStore();
    services = servicesOver(store);
    logged = [];
    await serve([oldSecret, newSecret]);
  });
  afterEach(() => close());

  const send = async (given: unknown, { secret = oldSecret, timestamp = String(seconds), ...sent }: Sent = {}) => {
    const body = typeof given === 'string' ? given : JSON.stringify(given);
    const signature =
      sent.signature ?? `v1=${createHmac('sha256', secret).update(`v1:${timestamp}:${body}`).digest('hex')}`;
    const response = await fetch(url, {
      method: sent.method ?? 'POST',
      ...(sent.method === 'GET' ? {} : { body }),
      headers: {
        connection: 'close',
        'x-parallel-run-timestamp': timestamp,
        'x-parallel-run-signature': signature,
      },
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const stored = () => store.transaction((tx) => tx.metrics.newest('p95', 100));

  it('are stored with the audit', async () => {
    assert.equal((await send({ ...report, value: '1.80 s' })).status, 201);
    assert.deepEqual(await stored(), [
      {
        key: 'report/p95-1',
        metric: 'p95',
        value: '1.8',
        measuredAt: someMoment,
        recordedAt: someMoment,
        recordedBy: 'webhook',
        note: '',
      },
    ]);
    assert.deepEqual(
      store.audit.map(({ action, actor }) => [action, actor]),
      [['metric.reading', 'webhook']],
    );
  });

  it('are stored once under their id, and the second time is told so', async () => {
    const both = await Promise.all([send(report), send(report)]);
    assert.deepEqual(
      both.map(({ status }) => status).sort((one, other) => one - other),
      [200, 201],
    );
    assert.match((await send(report)).text, /stored before, under the same id/);
    assert.equal((await stored()).length, 1);
    assert.equal(store.audit.length, 1);
  });

  it('are refused when their id was used for another one, and nothing is changed', async () => {
    await send(report);
    for (const other of [
      { value: '1.9' },
      { metric: 'uptime', value: '99.95' },
      { measuredAt: '2026-11-23T11:00:00Z' },
    ]) {
      assert.equal((await send({ ...report, ...other })).status, 409);
    }
    assert.deepEqual(
      (await stored()).map(({ value }) => value),
      ['1.8'],
    );
  });

  it('may be signed with the old secret and the new one while both are set', async () => {
    assert.equal((await send(report, { secret: newSecret })).status, 201);
    assert.equal((await send(report, { secret: oldSecret })).status, 200);
  });

  describe('are not believed', () => {
    const forged: [how: string, sent: Sent][] = [
      ['with another secret', { secret: 'x'.repeat(32) }],
      ['without a signature', { signature: '' }],
      ['with a signature of another form', { signature: `v0=${'a'.repeat(64)}` }],
      ['with a signature that is cut', { signature: 'v1=abcd' }],
      ['with a time that is none', { timestamp: 'now' }],
      ['301 seconds late', { timestamp: String(seconds - 301) }],
      ['301 seconds early', { timestamp: String(seconds + 301) }],
    ];
    for (const [how, sent] of forged) {
      it(how, async () => {
        assert.equal((await send(report, sent)).status, 401);
        assert.deepEqual(await stored(), []);
      });
    }
    it('when one character of them is another', async () => {
      const timestamp = String(seconds);
      const signature = createHmac('sha256', oldSecret)
        .update(`v1:${timestamp}:${JSON.stringify(report)}`)
        .digest('hex');
      assert.equal((await send({ ...report, value: '1.9' }, { signature: `v1=${signature}` })).status, 401);
    });
    it('but 300 seconds off on either side is within the time', async () => {
      for (const timestamp of [seconds - 300, seconds + 300]) {
        assert.ok((await send(report, { timestamp: String(timestamp) })).status < 300);
      }
    });
  });

  describe('are refused with the reason', () => {
    const bad: [what: string, body: unknown, reason: RegExp][] = [
      [
        'of a metric that there is not',
        { ...report, metric: 'p99' },
        /There is no such metric; the playbook has: accuracy, adoption, p95/,
      ],
      ['of a metric that is computed', { ...report, metric: 'accuracy' }, /Data Accuracy is measured, not reported/],
      ['that are no number', { ...report, value: 'fast' }, /is not a figure of Performance/],
      ['below what can be', { ...report, value: '-1' }, /never less than 0/],
      ['that are binary floating point', { ...report, value: 1.8 }, /value: must be a text, such as/],
      ['of a time to come', { ...report, measuredAt: '2026-11-23T12:05:01Z' }, /measuredAt is in the future/],
      ['of a time that is none', { ...report, measuredAt: 'yesterday' }, /measuredAt: must be a time/],
      ['without an id', { ...report, id: undefined }, /^\{"error":"id: /],
      ['with a field that there is not', { ...report, unit: 's' }, /unit/],
    ];
    for (const [what, body, reason] of bad) {
      it(what, async () => {
        const { status, text } = await send(body);
        assert.equal(status, 422, text);
        assert.match(text, reason);
        assert.deepEqual(await stored(), []);
      });
    }
    it('that are no JSON', async () => assert.equal((await send('{"id": ')).status, 400));
    it('that are not posted', async () => assert.equal((await send(report, { method: 'GET' })).status, 405));
  });

  it('of more than 16 KB are refused, and of exactly as much are not', async () => {
    const padded = (bytes: number): string =>
      JSON.stringify(report) + ' '.repeat(bytes - JSON.stringify(report).length);
    assert.equal((await send(padded(16_384))).status, 201);
    assert.equal((await send(padded(16_385))).status, 413);
  });

  it('are put off after 60 in a minute, with how long to wait; forged ones do not count against them', async () => {
    for (let time = 0; time < 60; time += 1) assert.equal((await send(report, { signature: 'v1=' })).status, 401);
    assert.equal((await send(report, { signature: 'v1=' })).status, 429);
    for (let time = 0; time < 60; time += 1) assert.ok((await send(report)).status < 300);
    const late = await send(report);
    assert.equal(late.status, 429);
    assert.equal(late.headers.get('retry-after'), '1');
    services.setTime('2026-11-23T12:00:00.999Z');
    assert.equal((await send(report)).status, 429);
    services.setTime('2026-11-23T12:00:01.000Z');
    assert.equal((await send(report)).status, 200);
  });

  it('are told to come back while the database is not there, and are taken then', async () => {
    store.setUnavailable(true);
    const { status, headers } = await send(report);
    assert.equal(status, 503);
    assert.equal(headers.get('retry-after'), '30');
    store.setUnavailable(false);
    assert.equal((await send(report)).status, 201);
  });

  it('leave nothing of themselves or of a secret in the log', async () => {
    store.setUnavailable(true);
    await send(report);
    await send('p95-1 1.8');
    await send(report, { secret: newSecret, timestamp: '1' });
    assert.ok(logged.length > 0);
    assert.doesNotMatch(JSON.stringify(logged), /p95|1\.8|oooo|nnnn/);
  });

  it('have no path where no secret is set', async () => {
    await close();
    await serve([]);
    assert.equal((await send(report)).status, 404);
  });
});
