import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Acts, Press } from './acts.ts';
import { isRecord } from './arguments.ts';
import { readBody, send, sendJson } from './http.ts';
import type { Page } from './page/build.ts';
import { stateOf, type StateOptions } from './page-state.ts';
import type { Control } from './types.ts';

export interface PageApiOptions extends StateOptions {
  readonly page: Page | undefined;
  readonly controls: readonly Control[];
  readonly acts: Acts;
}

/** Changes that follow each other this closely are told as one. */
const coalesceMilliseconds = 30;
const keepAliveMilliseconds = 15_000;

/** What the page asks for and does: its own files, the state, news of changes, and the acts of people. */
export function createPageApi(options: PageApiOptions) {
  const { workspace, acts, controls, teams } = options;
  const listeners = new Set<ServerResponse>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const listener of listeners) listener.write('event: changed\ndata: {}\n\n');
    }, coalesceMilliseconds);
  };
  const forget = [workspace.onChange(tell), teams?.onChange(tell)];
  const keepAlive = setInterval(() => {
    for (const listener of listeners) listener.write(': still here\n\n');
  }, keepAliveMilliseconds);
  keepAlive.unref();

  const posts: Readonly<Record<string, (body: Record<string, unknown>) => Promise<unknown>>> = {
    command: async (body) => {
      const { acknowledged, milliseconds } = await acts.command(
        textIn(body, 'person'),
        textIn(body, 'channel'),
        textIn(body, 'text'),
      );
      return { acknowledged, milliseconds };
    },
    press: async (body) => {
      const { acknowledged } = await acts.press(pressIn(body));
      if (!acknowledged) throw new Error('The app did not acknowledge the click within 3 seconds.');
      return {};
    },
    say: async (body) => {
      await acts.say(textIn(body, 'person'), textIn(body, 'channel'), textIn(body, 'text'));
      return {};
    },
    shortcut: async (body) => {
      const { acknowledged } = await acts.shortcut(
        textIn(body, 'person'),
        textIn(body, 'channel'),
        textIn(body, 'ts'),
        textIn(body, 'callbackId'),
      );
      if (!acknowledged) throw new Error('The app did not acknowledge the shortcut within 3 seconds.');
      return {};
    },
    home: async (body) => {
      await acts.openHome(textIn(body, 'person'));
      return {};
    },
    submit: async (body) => {
      const answer = await acts.submit(textIn(body, 'person'), textIn(body, 'viewId'), body['values']);
      return isRecord(answer) && answer['response_action'] === 'errors' ? { errors: answer['errors'] } : {};
    },
    'close-view': async (body) => {
      await acts.closeView(textIn(body, 'person'), textIn(body, 'viewId'));
      return {};
    },
    control: async (body) => {
      const control = controls.find(({ name }) => name === body['name']);
      if (control === undefined) throw new Error(`There is no control "${String(body['name'])}".`);
      const answer = await control.run();
      workspace.changed();
      return { answer };
    },
  };

  const actNamed = (name: string): ((body: Record<string, unknown>) => Promise<unknown>) | undefined => {
    const ofTeams = name.startsWith('teams/') ? teams?.acts.get(name.slice('teams/'.length)) : undefined;
    return ofTeams ?? (Object.hasOwn(posts, name) ? posts[name] : undefined);
  };

  const listen = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('event: changed\ndata: {}\n\n');
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  };

  return {
    /** False when the path is none of the page's. */
    handle: async (request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean> => {
      if (request.method === 'GET') {
        if (pathname === '/simulator/state') sendJson(response, 200, stateOf(options, controls));
        else if (pathname === '/simulator/events') listen(response);
        else return servePage(options.page, response, pathname);
        return true;
      }
      const name = pathname.startsWith('/simulator/') ? pathname.slice('/simulator/'.length) : '';
      const act = request.method === 'POST' ? actNamed(name) : undefined;
      if (act === undefined) return false;
      try {
        sendJson(response, 200, await act(await jsonBody(request)));
      } catch (error) {
        sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
      }
      return true;
    },
    close: () => {
      for (const stop of forget) stop?.();
      clearTimeout(timer);
      clearInterval(keepAlive);
      for (const listener of listeners) listener.end();
    },
  };
}

function servePage(page: Page | undefined, response: ServerResponse, pathname: string): boolean {
  if (page === undefined) return false;
  if (pathname === '/') send(response, 200, 'text/html; charset=utf-8', page.html);
  else if (pathname === '/page.js') send(response, 200, 'text/javascript; charset=utf-8', page.js);
  else if (pathname === '/page.css') send(response, 200, 'text/css; charset=utf-8', page.css);
  else return false;
  return true;
}

/** JSON alone: a form of another site can't send it without asking the browser first. */
async function jsonBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) {
    throw new Error('Send the body as application/json.');
  }
  const parsed: unknown = JSON.parse((await readBody(request)).toString('utf8'));
  if (!isRecord(parsed)) throw new Error('The body is no JSON object.');
  return parsed;
}

function textIn(body: Record<string, unknown>, name: string): string {
  const value = body[name];
  if (typeof value !== 'string') throw new Error(`The body has no text "${name}".`);
  return value;
}

function pressIn(body: Record<string, unknown>): Press {
  const { blockId, element } = body;
  return {
    person: textIn(body, 'person'),
    actionId: textIn(body, 'actionId'),
    place:
      body['home'] === true
        ? { home: true }
        : body['viewId'] === undefined
          ? { channel: textIn(body, 'channel'), ts: textIn(body, 'ts') }
          : { viewId: textIn(body, 'viewId') },
    ...(typeof blockId === 'string' ? { blockId } : {}),
    ...(element === undefined ? {} : { chosen: element }),
  };
}
