import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay in front of a server, to take the network away from under a client. */
export interface Proxy {
  readonly port: number;
  /** Bytes pass. */
  pass(): void;
  /** Connections stay open and new ones are taken, but nothing gets through in either direction. */
  swallow(): void;
  /** Every connection is reset and new ones are refused, as when a server restarts. */
  cut(): void;
  /** Bytes pass until what a client sent on one connection matches: that arrives, and nothing gets through after it. */
  swallowAfter(sent: RegExp): void;
  close(): Promise<void>;
}

export async function startProxy(target: { host: string; port: number }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let mode: 'pass' | 'swallow' | 'cut' = 'pass';
  let last: RegExp | undefined;
  const server = createServer((client) => {
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(target);
    const pair = [client, upstream] as const;
    for (const [from, to] of [pair, pair.toReversed() as [Socket, Socket]]) {
      sockets.add(from);
      let sent = '';
      from.on('data', (bytes) => {
        if (mode !== 'pass') return;
        to.write(bytes);
        if (last === undefined || from !== client) return;
        sent += bytes.toString('latin1');
        if (last.test(sent)) mode = 'swallow';
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const reset = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: address.port,
    pass: () => {
      // What was swallowed is lost, so connections of that time are of no use any more.
      if (mode === 'swallow') reset();
      mode = 'pass';
      last = undefined;
    },
    swallow: () => {
      mode = 'swallow';
    },
    swallowAfter: (sent) => {
      last = sent;
    },
    cut: () => {
      mode = 'cut';
      reset();
    },
    close: () =>
      new Promise((resolve) => {
        reset();
        server.close(() => resolve());
      }),
  };
}
