import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What people open to get into the new system: a page while it lets them in, and 403 while it turns them away. */
export interface FrontDoor {
  readonly url: string;
  readonly open: boolean;
  set(open: boolean): void;
  close(): Promise<void>;
}

/** Opens it on any free port of this computer. */
export async function openFrontDoor(): Promise<FrontDoor> {
  let open = true;
  const server = createServer((_request, response) => {
    response.writeHead(open ? 200 : 403, { 'content-type': 'text/plain; charset=utf-8' });
    response.end(open ? 'PlanWise Navigator: sign in' : 'PlanWise Navigator: access is disabled');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  server.unref();
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    get open() {
      return open;
    },
    set: (wanted) => {
      open = wanted;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
