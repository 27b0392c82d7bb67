import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { probeClosed } from '../../src/sources/closed-address.ts';

describe('A web address that must turn people away', () => {
  let server: Server;
  let status = 200;
  let asked: IncomingMessage[] = [];
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request);
      response.writeHead(status, { location: '/sign-in' }).end('a page');
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => void server.close(resolve)));
  const host = (): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const probe = (url = `http://${host()}/`, signal = new AbortController().signal) =>
    probeClosed({ name: 'gone', kind: 'closed', title: 'Gone', url }, signal);

  for (const refused of [401, 403, 404, 410, 451, 503]) {
    it(`passes when it answers with HTTP ${refused}`, async () => {
      status = refused;
      assert.deepEqual(await probe(), {
        verdict: 'pass',
        said: `Nobody gets in: ${host()} answered with HTTP ${refused}`,
      });
    });
  }
  it('fails when it shows a page', async () => {
    status = 200;
    assert.equal((await probe()).verdict, 'fail');
  });
  it('shows nothing by sending people elsewhere, nor by an error of its own, and is not followed', async () => {
    for (status of [302, 500]) assert.equal((await probe()).verdict, 'unknown');
    assert.deepEqual(
      asked.map(({ url }) => url),
      ['/', '/'],
    );
  });
  it('shows nothing where it cannot be reached', async () => {
    const closed = host();
    await new Promise((resolve) => void server.close(resolve));
    assert.deepEqual(await probe(`http://${closed}/`), {
      verdict: 'unknown',
      said: `Nothing is shown by it: ${closed} can't be reached (ECONNREFUSED)`,
    });
    server.listen(0, '127.0.0.1');
  });
  it('is asked as whoever must be turned away, and nothing that is said names a password', async () => {
    status = 401;
    const { said } = await probe(`http://pilot:word%20pass@${host()}/`);
    assert.equal(asked[0]?.headers.authorization, `Basic ${Buffer.from('pilot:word pass').toString('base64')}`);
    assert.doesNotMatch(said, /word/);
  });
});
