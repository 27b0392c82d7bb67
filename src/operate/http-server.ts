import { createServer, type RequestListener, type Server } from 'node:http';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly health: () => Promise<Health>;
  readonly metrics: Metrics;
  /** Who answers at which other path, such as "/slack/events": all that is asked for there. */
  readonly listeners: ReadonlyMap<string, RequestListener>;
}

/**
 * How long a connection may be idle before it is closed, in milliseconds: longer than what stands in front waits before it
 * uses it again (60 seconds in nginx and in AWS's load balancers), or a click would meet a connection that is just being
 * closed, and a click is not sent again.
 */
const keepAliveTimeout = 75_000;

/** Serves /healthz (200, or 503 when down), /metrics and the paths of the listeners. Rejects when the port is taken. */
export async function startHttpServer(options: HttpServerOptions): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer({ keepAliveTimeout }, (request, response) => {
    response.once('close', () => {
      if (!server.listening) server.closeIdleConnections();
    });
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const listener = options.listeners.get(path);
    if (listener !== undefined) {
      listener(request, response);
      return;
    }
    answer(path, options).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500, { 'content-type': 'text/plain' }).end('Something went wrong; the log says what.\n'),
    );
  });
  await listen(server, options);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function answer(
  path: string,
  { health, metrics }: HttpServerOptions,
): Promise<{ status: number; type: string; body: string }> {
  if (path === '/healthz') {
    const state = await health();
    return {
      status: state.status === 'down' ? 503 : 200,
      type: 'application/json',
      body: `${JSON.stringify(state, null, 2)}\n`,
    };
  }
  if (path === '/metrics') {
    const { contentType, body } = await metrics.render();
    return { status: 200, type: contentType, body };
  }
  return { status: 404, type: 'text/plain', body: 'Here are /healthz and /metrics.\n' };
}

async function listen(server: Server, { host, port }: HttpServerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Port ${port} on ${host} is taken by another program: set PORT to a free one.`, { cause: error })
          : error,
      ),
    );
    server.listen(port, host, resolve);
  });
}
