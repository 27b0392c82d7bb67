import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isRecord } from '../arguments.ts';
import { readBody, send, sendJson } from '../http.ts';
import { refusalOfBrowser } from '../loopback.ts';
import { postToBot } from './delivery.ts';
import type { TeamsSimulator } from './types.ts';

export interface SigningRelay {
  /** Where to post activities without any signature: "http://127.0.0.1:<port>/api/messages". */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Longer than Teams waits: somebody may sit before it with a debugger. */
const patienceMilliseconds = 60_000;

/**
 * Starts a door for a client on this computer that plays Teams and signs nothing. What it posts is signed by the
 * simulator's own key and handed to the bot as it is, and the bot's answer goes back: so the bot takes no unsigned
 * activity, here as everywhere. Listens on 127.0.0.1; signs for clients on this computer and for the simulated tenant alone.
 * @param botEndpoint the messaging endpoint of a bot on this computer
 * @throws Error when the bot is elsewhere.
 */
export async function startSigningRelay(
  simulator: Pick<TeamsSimulator, 'signToken' | 'tenantId'>,
  botEndpoint: string,
): Promise<SigningRelay> {
  if (!isOnThisComputer(botEndpoint)) {
    throw new Error(`Only a bot on this computer gets activities signed by the simulator, not ${botEndpoint}.`);
  }
  const closing = new AbortController();
  let origin = '';

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const stranger = refusalOfBrowser(request.headers, new URL(origin));
    if (stranger !== undefined) return sendJson(response, 403, { error: stranger });
    // Clients ask in this way whether there is anybody.
    if (request.method === 'HEAD') return send(response, 200, 'text/plain', '');
    if (request.method !== 'POST') return sendJson(response, 404, { error: 'Activities are posted here.' });
    const activity: unknown = parse((await readBody(request)).toString('utf8'));
    if (!isRecord(activity)) return sendJson(response, 400, { error: 'The body is no activity.' });
    const { serviceUrl } = activity;
    if (typeof serviceUrl !== 'string' || !isOnThisComputer(serviceUrl)) {
      return sendJson(response, 403, { error: 'The activity comes from no client on this computer (serviceUrl).' });
    }
    if (tenantOf(activity) !== simulator.tenantId) {
      return sendJson(response, 403, { error: `The activity is not of the simulated tenant ${simulator.tenantId}.` });
    }
    const { status, body } = await postToBot({
      endpoint: botEndpoint,
      activity,
      authorization: `Bearer ${simulator.signToken({ serviceurl: serviceUrl })}`,
      patience: patienceMilliseconds,
      signal: closing.signal,
    });
    if (status === undefined) return sendJson(response, 502, { error: 'The bot did not answer.' });
    if (body === undefined) return send(response, status, 'text/plain', '');
    return sendJson(response, status, body);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      sendJson(response, 500, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint: `${origin}/api/messages`,
    close: async () => {
      closing.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function isOnThisComputer(address: string): boolean {
  return URL.canParse(address) && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(address).hostname);
}

function tenantOf({ channelData }: Readonly<Record<string, unknown>>): unknown {
  const tenant = isRecord(channelData) ? channelData['tenant'] : undefined;
  return isRecord(tenant) ? tenant['id'] : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
